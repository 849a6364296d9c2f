/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_GENERATIONS_H
#define ANALYZER_COMMAND_GENERATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "evidence/predecessor.h"
#include "site/site.h"

/*
 * Of the other generations of a log, say which hold records received from
 * since on and before until (usec), and how to name them: who asks one log for
 * a time must not take its answer for all there is.  Return how many.
 */
size_t generations_say(struct site *site, const struct site_log *log,
    uint64_t since, uint64_t until);

/*
 * Why and when a log that is over was followed, as its successor's file says.
 * Return 0, or -1: that cannot be read, and p is empty.
 */
int generations_ended(struct site *site, const struct site_log *log,
    struct predecessor *p);

/*
 * "evidence.1 is over since 2026-11-20 14:03:05 and evidence.2 follows it", in
 * the user's language.
 */
void generations_print_over(struct site *site, const struct site_log *log,
    struct buf *out);

#endif
