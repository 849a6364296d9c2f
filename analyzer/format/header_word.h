/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_HEADER_WORD_H
#define ANALYZER_FORMAT_HEADER_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/* The words that heads of log lines are made of.  Pure. */

/* Classes of bytes; a byte may be of several. */
#define HEADER_WORD_DIGIT 0x01
#define HEADER_WORD_ALNUM 0x02
#define HEADER_WORD_HOST 0x04 /* within a host's name or address */
#define HEADER_WORD_TAG 0x08  /* within a program's name */
#define HEADER_WORD_UPPER 0x10
#define HEADER_WORD_LETTER 0x20
#define HEADER_WORD_SIGN 0x40 /* in no field of RFC 5424, by what is sent */
extern const uint8_t header_word_class[256];

static inline bool
header_word_is(uint8_t c, uint8_t mask)
{
	return (header_word_class[c] & mask) != 0;
}

static inline struct span
header_word_skip(struct span s, size_t n)
{
	return span_sub(s, n, s.len);
}

static inline struct span
header_word_blanks(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.p[n] == ' ')
		n++;
	return header_word_skip(s, n);
}

/* Up to the next blank. */
static inline struct span
header_word_token(struct span s)
{
	const uint8_t *end = s.len ? memchr(s.p, ' ', s.len) : NULL;

	return end == NULL ? s : span_sub(s, 0, (size_t)(end - s.p));
}

/* How many digits s begins with. */
static inline size_t
header_word_digits(struct span s)
{
	size_t n = 0;

	while (n < s.len && header_word_is(s.p[n], HEADER_WORD_DIGIT))
		n++;
	return n;
}

/* Whether t can be the name or the address of a host, port and all. */
bool header_word_is_host(struct span t);

/*
 * The host that a token names, without what devices and relays put around it:
 * "[192.0.2.1]", "fw1.example.jp:514", "collector->192.0.2.1" (*relay is then
 * the collector), "(none)".  Return false if it names none; *host is empty if
 * it says that there is none.
 */
bool header_word_host(struct span t, struct span *host, struct span *relay);

/*
 * Whether t says how grave the line is: "notice", "ERROR", "local0.info".
 * *pri = what the last stands for, else -1.
 */
bool header_word_is_level(struct span t, int *pri);

/*
 * Bytes of "<local0.info>" at the start of s, which stands for a priority, 0
 * if there is none.
 */
size_t header_word_priority(struct span s, int *pri, struct span *text);

/*
 * Bytes of "name[pid]:", "name:", "name[123]", or "Some Name[123]:" at the
 * start of s, 0 if there is none; *app and *pid are its parts.
 */
size_t header_word_tag(struct span s, struct span *app, struct span *pid);

/* Bytes of a running time, "5d17h", "2y10w", "00:02:58", before a colon. */
size_t header_word_uptime(struct span s);

/* How many of the first sixteen bytes may be of a key: small letters and _. */
size_t header_word_key(struct span s);

#endif
