/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_BACKTEST_RULES_H
#define ANALYZER_COMMAND_BACKTEST_RULES_H

#include "analyzer/command/rules_pack.h"
#include "analyzer/format/narrow.h"

/*
 * What `konseki rules backtest` tries: rules of the pack or files, with the
 * settings in force or others; and what stands against it, the same rules as
 * they are now.
 */
struct backtest_wants { /* what events must have; none: all are read */
	struct narrow_want *v;
	size_t n;
};

struct backtest_rules {
	struct rules_pack pack;
	struct arena *arena;
	struct settings settings; /* that are tried */
	struct ruleset *tried;
	struct ruleset *before; /* NULL: nothing of it is in force */
	struct backtest_wants wants;
};

/* Return 0, or -1 (said).  Close it in both cases. */
int backtest_rules_open(struct backtest_rules *r, const struct rules_call *c);
void backtest_rules_close(struct backtest_rules *r);

#endif
