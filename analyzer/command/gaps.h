/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_GAPS_H
#define ANALYZER_COMMAND_GAPS_H

#include "evidence/evread_gap.h"

/*
 * Say which records a reader of the log in dir passed over, but for the first
 * n gaps, which were said before.  Return how many are said now.
 */
size_t gaps_say(const char *dir, const struct evread_gaps *gaps, size_t n);

#endif
