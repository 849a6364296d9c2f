/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_KV_H
#define ANALYZER_FORMAT_KV_H

#include <stdbool.h>
#include <stdint.h>

#include "common/find.h"
#include "common/span.h"

/*
 * key=value pairs, one after another, in one pass.  What is no pair is
 * skipped.  Pure; key and value lie inside the input.
 */
struct kv {
	const uint8_t *p, *end;
	uint8_t pair; /* between key and value: '=' */
	uint8_t sep;  /* between pairs: ' ' */
};

struct kv_pair {
	struct span key, value; /* value without its quotes */
	bool escaped;		/* quoted, with a backslash inside */
	bool open;		/* quoted, and the quote never closed */
};

static inline struct kv
kv_make(struct span in, uint8_t pair, uint8_t sep)
{
	return (
	    struct kv){ in.p, in.len == 0 ? in.p : in.p + in.len, pair, sep };
}

/* The next pair.  Return false at the end. */
bool kv_next(struct kv *k, struct kv_pair *pair);

/* A quoted value that begins at from, behind its opening quote. */
void kv_quoted(struct kv *k, const uint8_t *from, struct kv_pair *pair);

/* The value at p, behind the byte that pairs it with its key. */
static inline void
kv_value(struct kv *k, const uint8_t *p, struct kv_pair *pair)
{
	pair->escaped = pair->open = false;
	if (p < k->end && *p == '"') {
		kv_quoted(k, p + 1, pair);
		return;
	}
	k->p = find_byte(p, k->end, k->sep, k->sep);
	pair->value = span_make(p, (size_t)(k->p - p));
}

#endif
