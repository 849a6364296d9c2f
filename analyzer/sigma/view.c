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
	uint8_t *out = arena_bytes(v->scratch, at->text.len + 1);

	return at->folded = span_make(out, fold_case(at->text, out));
}

void
view_add(struct view *v, uint32_t field, struct span text, bool null)
{
	if (v->n == VIEW_VALUES) {
		v->dropped++;
		return;
	}
	if (v->n == v->cap) {
		v->cap = v->cap == 0 ? 64 : v->cap * 2;
		v->v = reallocarray(v->v, v->cap, sizeof(*v->v));
		if (v->v == NULL)
			abort();
	}
	v->v[v->n++] = (struct view_value){ .text = text,
		.field = field,
		.null = null };
	if (field >= v->nfield)
		return;
	if (v->first[field] == 0)
		v->first[field] = v->n;
	else
		v->v[v->last[field] - 1].next = v->n;
	v->last[field] = v->n;
}

void
view_add_bare(struct view *v, uint32_t field)
{
	uint32_t n = v->n;

	view_add(v, field, SPAN(""), false);
	if (v->n > n)
		v->v[n].bare = true;
}
