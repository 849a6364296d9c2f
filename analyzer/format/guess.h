/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_GUESS_H
#define ANALYZER_FORMAT_GUESS_H

#include "analyzer/format/header.h"

/*
 * Which format lines that begin alike were of: it is asked first, before one
 * pass over the line tells which others may be.  No line of one format looks
 * like one of another (`konseki formats test` sees to it), so this only saves
 * time.
 */
#define GUESS_KINDS 4096 /* a power of two */
#define GUESS_NONE UINT16_MAX

struct guess {
	uint16_t format[GUESS_KINDS]; /* 1 + its number; 0: none yet */
};

/* The program, if it is named, and how the message begins; digits are alike. */
uint32_t guess_kind(const struct header *h);

static inline uint16_t
guess_format(const struct guess *g, uint32_t kind)
{
	return (uint16_t)(g->format[kind] - 1);
}

static inline void
guess_learn(struct guess *g, uint32_t kind, size_t format)
{
	g->format[kind] = (uint16_t)(format + 1);
}

#endif
