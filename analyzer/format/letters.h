/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_LETTERS_H
#define ANALYZER_FORMAT_LETTERS_H

#include "common/arena.h"
#include "common/span.h"

/*
 * s with its ASCII letters of one case turned into the other: from is 'A'
 * (upper case becomes lower) or 'a'.  s itself if it has none, else in a.
 */
struct span letters_turn(struct span s, uint8_t from, struct arena *a);

#endif
