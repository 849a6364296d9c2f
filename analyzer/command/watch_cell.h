/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_WATCH_CELL_H
#define ANALYZER_COMMAND_WATCH_CELL_H

#include "site/site.h"

/*
 * What the processes of konseki watch are left with (confine.h).  All return 0,
 * or -1: it was said why.  The accounts are watch.c's.
 */

/* Logs, rules and ledgers to read, and what is open to write into. */
int watch_cell_matcher(const struct site *site);

/* The same and the ways to people: network, mail secrets, writer's socket; no
 * program (runner_apart.h runs those). */
/* Who keeps summaries of closed segments: as the matcher, and it writes into
 * the folder of what can be computed again. */
int watch_cell_summing(const struct site *site);
int watch_cell_notifier(const struct site *site);

/* What it takes to make notifiers, and to end them and the matcher: files as
 * they are, no program; another call is refused.  The matcher comes before. */
int watch_cell_keeper(void);

#endif
