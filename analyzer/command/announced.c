/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/announced.h"

#include <stdlib.h>
#include <string.h>

#define GROWTH 64u

void
announced_init(struct announced *a)
{
	memset(a, 0, sizeof(*a));
}

void
announced_fini(struct announced *a)
{
	free(a->v);
	memset(a, 0, sizeof(*a));
}

/* A word as text of fewer than max bytes without NULs and controls, or -1. */
static int
word(struct span body, const char *key, char *out, size_t max)
{
	struct buf value;
	size_t i;
	int rc;

	buf_init(&value);
	rc = record_word_get(body, key, &value) == 1 && value.len > 0 &&
		value.len < max
	    ? 0
	    : -1;
	for (i = 0; rc == 0 && i < value.len; i++)
		if (value.p[i] <= ' ' || value.p[i] >= 0x7f)
			rc = -1;
	if (rc == 0) {
		memcpy(out, value.p, value.len);
		out[value.len] = '\0';
	}
	buf_fini(&value);
	return rc;
}

static int
parse(struct span body, struct announced_range *r)
{
	char text[ANNOUNCED_WORD];

	if (word(body, "action", text, sizeof(text)) != 0 ||
	    strcmp(text, "not-forwarded") != 0 ||
	    word(body, "target", r->target, sizeof(r->target)) != 0 ||
	    word(body, "origin", r->origin, sizeof(r->origin)) != 0 ||
	    word(body, "why", r->why, sizeof(r->why)) != 0 ||
	    record_word_get_u64(body, "first", &r->first) != 1 ||
	    word(body, "last", text, sizeof(text)) != 0)
		return -1;
	if (strcmp(text, "-") == 0)
		r->last = UINT64_MAX;
	else if (record_word_get_u64(body, "last", &r->last) != 1)
		return -1;
	return r->first <= r->last ? 0 : -1;
}

void
announced_add(struct announced *a, const struct record *r)
{
	struct announced_range range;

	if (r->kind != RECORD_OPERATOR || parse(r->body, &range) != 0)
		return;
	if (a->n == ANNOUNCED_MAX) {
		a->beyond++;
		return;
	}
	if (a->n % GROWTH == 0) {
		a->v = realloc(a->v, (a->n + GROWTH) * sizeof(a->v[0]));
		if (a->v == NULL)
			abort();
	}
	a->v[a->n++] = range;
}

const struct announced_range *
announced_find(const struct announced *a, const char *origin, uint64_t first,
    uint64_t last, uint64_t *end)
{
	const struct announced_range *r;

	*end = last;
	for (r = a->v; r < a->v + a->n; r++) {
		if (r->last < first || strcmp(r->origin, origin) != 0)
			continue;
		if (r->first <= first) {
			*end = r->last < last ? r->last : last;
			return r;
		}
		if (r->first <= *end)
			*end = r->first - 1;
	}
	return NULL;
}
