/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SILENCE_H
#define COLLECTOR_SILENCE_H

#include <stddef.h>
#include <stdint.h>

#include "site/site.h"
#include "site/talker.h"

/*
 * Who fell silent (talker_is_silent) is said in the messages without anybody
 * asking: once for each silence, also across restarts, and once more when he
 * is heard again.  If it is many at a time, a switch may have failed: then the
 * first SILENCE_SAID are named, and how many more there are.
 */
#define SILENCE_SAID 16u

/* Judge them as of that time.  Return how many are silent. */
size_t silence_look(struct talker *row, size_t n, const struct site *site,
    uint64_t at);

#endif
