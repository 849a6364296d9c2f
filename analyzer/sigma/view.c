/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/view.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/regex/regex.h"
#include "analyzer/sigma/fold.h"

void
view_init(struct view *v, uint32_t nfield)
{
	*v = (struct view){ .nfield = nfield, .event = 1 };
	v->first = calloc(nfield + 1, sizeof(*v->first));
	v->last = calloc(nfield + 1, sizeof(*v->last));
	if (v->first == NULL || v->last == NULL)
		abort();
	v->match = regex_match_new();
	v->scratch = arena_new();
}

void
view_fini(struct view *v)
{
	regex_match_free(v->match);
	arena_free(v->scratch);
	free(v->v);
	free(v->first);
	free(v->last);
	free(v->answer);
}

void
view_clear(struct view *v)
{
	uint32_t i;

	for (i = 0; i < v->n; i++)
		if (v->v[i].field < v->nfield)
			v->first[v->v[i].field] = 0;
	v->n = 0;
	if (++v->event > UINT32_MAX / 2) { /* a bit is for the answer */
		if (v->n_answer > 0)
			memset(v->answer, 0,
			    v->n_answer * sizeof(*v->answer));
		v->event = 1;
	}
	v->whole = (struct view_value){ .field = VIEW_OTHER };
	arena_reset(v->scratch);
}

void
view_make_room(struct view *v, uint32_t number)
{
	uint32_t n = number / 256 * 256 + 256;

	v->answer = reallocarray(v->answer, n, sizeof(*v->answer));
	if (v->answer == NULL)
		abort();
	memset(v->answer + v->n_answer, 0,
	    (n - v->n_answer) * sizeof(*v->answer));
	v->n_answer = n;
}

struct span
view_fold(struct view *v, struct view_value *at)
{
	uint8_t *out;

	if (fold_is_done(at->text)) /* most are */
		return at->folded = span_make(at->text.p != NULL
			       ? at->text.p
			       : (const uint8_t *)"",
			   at->text.len);
	out = arena_bytes(v->scratch, at->text.len + 1);
	return at->folded = span_make(out, fold_case(at->text, out));
}

#define FIRST 64 /* values that there is room for */

/* The bound is looked at when the room is used up, which doubles. */
_Static_assert(VIEW_VALUES % FIRST == 0 &&
	(VIEW_VALUES / FIRST & (VIEW_VALUES / FIRST - 1)) == 0,
    "the room comes to be the bound");

struct view_value *
view_more(struct view *v)
{
	if (v->n == VIEW_VALUES) {
		v->dropped++;
		return NULL;
	}
	v->cap = v->cap == 0 ? FIRST : v->cap * 2;
	v->v = reallocarray(v->v, v->cap, sizeof(*v->v));
	if (v->v == NULL)
		abort();
	return &v->v[v->n++];
}

void
view_add_bare(struct view *v, uint32_t field)
{
	uint32_t n = v->n;

	view_add(v, field, SPAN(""), false);
	if (v->n > n)
		v->v[n].bare = true;
}
