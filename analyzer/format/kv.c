/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/kv.h"

void
kv_quoted(struct kv *k, const uint8_t *from, struct kv_pair *pair)
{
	const uint8_t *p = from;

	while ((p = find_byte(p, k->end, '"', '\\')) < k->end && *p != '"') {
		if (k->end - p > 1) {
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
	kv_value(k, p + 1, pair);
	return true;
}
