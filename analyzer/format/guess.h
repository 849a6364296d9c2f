/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_GUESS_H
#define ANALYZER_FORMAT_GUESS_H

#include "analyzer/format/model.h"

/*
 * Which format to ask first, by how a line begins: the program, if it is
 * named, and the first bytes of the message, all digits alike.  It is learnt
 * from the examples of the format files when they are loaded and never again,
 * so that a line means the same whatever came before it.  How no two formats
 * have an example is no guess.
 */
struct guess;

#define GUESS_NONE UINT16_MAX

struct guess *guess_make(struct arena *a, struct format *const *format,
    size_t n);

/* The number of the format, or GUESS_NONE. */
uint16_t guess_format(const struct guess *g, const struct header *h);

#endif
