/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_CALL_H
#define ANALYZER_COMMAND_CALL_H

#include "analyzer/command/feed.h"

/*
 * How the commands that write reports are called: all take --site, --jobs,
 * --lang and --output, each takes what else it is about.
 */
enum call_option {
#define CALL(id, option, value) CALL_##id,
#include "analyzer/command/call_tbl.h"
#undef CALL
	CALL_COUNT
};

#define CALL_BIT(option) (1u << (option))

struct call {
	const char *value[CALL_COUNT]; /* NULL: not given; "" without value */
};

/*
 * Parse the command line of a subcommand that takes the options in also (of
 * CALL_BITs) too, open its site (with CALL_ANALYZE by feed_open_part()), and
 * hand both to run, which returns 0 or -1 (said).  Return the exit status; a
 * wrong call is answered with the usage.
 */
int call_run(int argc, char *argv[], unsigned also,
    int (*run)(const struct call *c, struct feed *f));

#endif
