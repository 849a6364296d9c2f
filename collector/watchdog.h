/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WATCHDOG_H
#define COLLECTOR_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/children.h"

/*
 * The service manager's watchdog hears from us only while receiver and writer
 * answer: what runs and does nothing is not alive.  A child that has just been
 * made has WATCHDOG_BEGIN_S to come that far, for a large log takes time.
 */
#define WATCHDOG_BEGIN_S 300

struct parent;

struct watchdog {
	int64_t next;		   /* when it is due */
	bool ready[CHILD_COUNT];   /* it works */
	bool heard[CHILD_COUNT];   /* since it was asked last */
	int64_t made[CHILD_COUNT]; /* when it was not there yet */
	bool silent;		   /* somebody does not answer */
};

/* A child was made, works, answers. */
void watchdog_made(struct parent *p, enum child child);
void watchdog_ready(struct parent *p, enum child child);
void watchdog_hears(struct parent *p, enum child child);

/* Feed it if all is well, and ask again.  watchdog_next(): when that is. */
void watchdog_tick(struct parent *p);
int64_t watchdog_next(const struct parent *p);

#endif
