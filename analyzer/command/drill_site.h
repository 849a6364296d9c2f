/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_DRILL_SITE_H
#define ANALYZER_COMMAND_DRILL_SITE_H

#include <stdint.h>
#include <sys/types.h>

#include "common/arena.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * A site of a drill's own below the real one: its own logs and keys, named as a
 * drill, one listener that marks what it gets as played; of the real site the
 * ledgers, the calendar, the contact tree and the ways to reach people.
 */
struct drill_site {
	const char *dir;    /* drill/20261128-0312 below the site */
	const char *origin; /* of its evidence log */
	struct site *site;
	pid_t collector, watch;
	int port; /* of the listener */
};

/* Make it and start its collector.  0, or -1 (said). */
int drill_site_open(const struct site *real, int64_t now, struct arena *arena,
    struct drill_site *d);

/* Watch it, and wait until it does.  0, or -1 (said). */
int drill_site_watch(struct drill_site *d);

/* End both, seal the rest. */
void drill_site_close(struct drill_site *d);

/* Run a subcommand of this program on it, quietly.  0, or -1 (said). */
int drill_site_run(const struct drill_site *d, const char *const words[]);

/* The link to the drill that goes on, below the real site. */
#define DRILL_CURRENT "drill/current"

#endif
