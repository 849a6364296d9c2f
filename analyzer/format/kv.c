/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/kv.h"

#include <string.h>

struct kv
kv_make(struct span in, uint8_t pair, uint8_t sep)
{
	return (
	    struct kv){ in.p, in.len == 0 ? in.p : in.p + in.len, pair, sep };
}

/* A quoted value; k->p stands behind its opening quote. */
static void
take_quoted(struct kv *k, struct kv_pair *pair)
{
	const uint8_t *from = k->p, *p = from;

	while (p < k->end && *p != '"') {
		if (*p == '\\' && k->end - p > 1) {
			pair->escaped = true;
			p++;
		}
		p++;
	}
	pair->value = span_make(from, (size_t)(p - from));
	pair->open = p == k->end;
	k->p = pair->open ? p : p + 1;
}

bool
kv_next(struct kv *k, struct kv_pair *pair)
{
	const uint8_t *p = k->p, *end = k->end, *from;

	for (;;) {
		while (p < end && (*p == k->sep || *p == ' '))
			p++;
		if (p == end)
			return false;
		for (from = p; p < end && *p != k->pair && *p != k->sep; p++)
			if (*p == '"')
				break;
		if (p < end && *p == k->pair && p > from)
			break;
		if (p < end)
			p++; /* no pair: go on behind it */
	}
	pair->key = span_make(from, (size_t)(p - from));
	pair->escaped = pair->open = false;
	if (++p < end && *p == '"') {
		k->p = p + 1;
		take_quoted(k, pair);
		return true;
	}
	for (from = p; p < end && *p != k->sep; p++)
		;
	pair->value = span_make(from, (size_t)(p - from));
	k->p = p;
	return true;
}
