/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REGEX_REGEX_CLASS_H
#define ANALYZER_REGEX_REGEX_CLASS_H

#include <stdbool.h>

#include "common/span.h"

/*
 * Which of the 256 bytes one place of an expression takes: literals, escapes
 * and classes of PCRE2, as analyzer/regex/regex.h compiles them.
 */
struct regex_set {
	uint64_t w[4];
};

static inline bool
regex_set_has(const struct regex_set *s, unsigned byte)
{
	return s->w[byte / 64 & 3] >> byte % 64 & 1;
}

static inline bool
regex_set_none(const struct regex_set *s)
{
	return (s->w[0] | s->w[1] | s->w[2] | s->w[3]) == 0;
}

static inline bool
regex_set_all(const struct regex_set *s)
{
	return (s->w[0] & s->w[1] & s->w[2] & s->w[3]) == UINT64_MAX;
}

void regex_set_add(struct regex_set *s, unsigned from, unsigned to);
void regex_set_not(struct regex_set *s);

/* a without what is in b; what is in both. */
struct regex_set regex_set_less(struct regex_set a, struct regex_set b);
struct regex_set regex_set_both(struct regex_set a, struct regex_set b);

/* With both cases of each ASCII letter. */
void regex_set_fold(struct regex_set *s);

/* What an escape is. */
enum regex_escape {
	REGEX_ESCAPE_SET,    /* one byte out of a set */
	REGEX_ESCAPE_ASSERT, /* a border, no bytes: \b */
	REGEX_ESCAPE_END,    /* the end of the text: \z */
	REGEX_ESCAPE_QUOTE,  /* \Q: what follows is literal */
	REGEX_ESCAPE_NONE,   /* nothing: \K, \E alone */
	REGEX_ESCAPE_OTHER,  /* a back reference, a property, a recursion */
};

/*
 * The escape at pos, a backslash; pos is put behind it.  What cannot be read
 * is REGEX_ESCAPE_OTHER.
 */
enum regex_escape regex_escape_take(struct span regex, size_t *pos,
    struct regex_set *set);

/*
 * The class at pos, a "["; pos is put behind it.  False if it does not close
 * or holds what is not understood.
 */
bool regex_class_take(struct span regex, size_t *pos, bool fold,
    struct regex_set *set);

#endif
