/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_SAY_H
#define VERIFY_SAY_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the verifier says, in English and Japanese: every sentence is a row of
 * say_tbl.h, with {a} and {b} for numbers, {t} for a time and {s} for a text.
 */
enum say_what {
#define SAY(id, en, ja) SAY_##id,
#include "verify/say_tbl.h"
#undef SAY
};

struct say {
	enum say_what what;
	uint64_t a, b;
	const char *s; /* may be NULL */
	uint64_t t;    /* usec since 1970 */
};

static inline struct say
say2(enum say_what what, uint64_t a, uint64_t b)
{
	return (struct say){ what, a, b, NULL, 0 };
}

static inline struct say
say1(enum say_what what, uint64_t a)
{
	return say2(what, a, 0);
}

static inline struct say
say0(enum say_what what)
{
	return say2(what, 0, 0);
}

/* "ja", "en", or NULL: as LC_ALL, LC_MESSAGES or LANG says. */
void say_set_lang(const char *lang);

/* The sentence as it stands in the table. */
const char *say_text(enum say_what what);

/* Write the sentence, filled in and cut to size. */
void say_print(struct say say, char *out, size_t size);

#endif
