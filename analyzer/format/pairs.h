/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_PAIRS_H
#define ANALYZER_FORMAT_PAIRS_H

#include "analyzer/format/kv.h"

/*
 * Pairs of key and value in the forms that kv.h, which is made for speed,
 * does not read: separators of several bytes, other quotes, values that have
 * blanks without being quoted (CEF).  Pure; what comes out lies in the input;
 * one pass, plus at most PAIRS_KEY_MAX bytes back for each candidate.
 */
#define PAIRS_TEXT_MAX 8 /* bytes of pair and sep */
#define PAIRS_KEY_MAX 128

struct pairs_form {
	struct span pair; /* between key and value */
	struct span sep;  /* between pairs */
	struct span quotes; /* bytes that open and close a value */
	bool blanks; /* a value without quotes runs to the next " key=" */
};

struct pairs {
	const uint8_t *p, *end;
	const struct pairs_form *form;
};

struct pairs pairs_make(struct span in, const struct pairs_form *form);

/*
 * The next pair, key and value without blanks around them.  Return false at
 * the end.  pair->escaped: there is a backslash in the value.
 */
bool pairs_next(struct pairs *k, struct kv_pair *pair);

#endif
