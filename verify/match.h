/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_MATCH_H
#define VERIFY_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Take what the pattern describes from the front of *in; nothing if it does
 * not fit.  Only canonical writing fits.  Pure.
 *
 *	%u	decimal without leading zeros		uint64_t *
 *	%x	64 digits of lower-case hex		uint8_t[32]
 *	%n	32 digits of lower-case hex		uint8_t[16]
 *	%b	base64 of 32 bytes			uint8_t[32]
 *	%o	an origin: 1 to 120 of a-z 0-9 . / -	struct span *
 *	%s	bytes, at least one, up to the pattern's
 *		next byte, LF excepted			struct span *
 *
 * All else stands for itself.
 */
bool match(struct span *in, const char *pattern, ...);

/* Bytes of the canonical decimal at the start of in, and its value; or 0. */
size_t match_number(struct span in, uint64_t *n);

/* Words of a system record's body (FORMAT.md, 4). */
struct match_words {
	struct span body;
	bool bad; /* a word was not there, or not as specified */
};

/* The value as it stands, escapes and all; of those only canonical ones. */
struct span match_word(struct match_words *w, const char *key);
uint64_t match_word_u64(struct match_words *w, const char *key, uint64_t max);
void match_word_hash(struct match_words *w, const char *key, uint8_t hash[32]);

/* Whether there is such a word. */
bool match_word_has(const struct match_words *w, const char *key);

/* Copy a value without its escapes to out, cut to size. */
void match_unescape(struct span value, char *out, size_t size);

#endif
