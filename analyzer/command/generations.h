/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_GENERATIONS_H
#define ANALYZER_COMMAND_GENERATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "site/site.h"

/*
 * Of the other generations of a log, say which hold records received from
 * since on and before until (usec), and how to name them: who asks one log for
 * a time must not take its answer for all there is.  Return how many.
 */
size_t generations_say(struct site *site, const struct site_log *log,
    uint64_t since, uint64_t until);

#endif
