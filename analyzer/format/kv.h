/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_KV_H
#define ANALYZER_FORMAT_KV_H

#include <stdbool.h>
#include <stdint.h>

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

struct kv kv_make(struct span in, uint8_t pair, uint8_t sep);

/* The next pair.  Return false at the end. */
bool kv_next(struct kv *k, struct kv_pair *pair);

#endif
