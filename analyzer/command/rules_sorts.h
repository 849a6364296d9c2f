/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_SORTS_H
#define ANALYZER_COMMAND_RULES_SORTS_H

#include "analyzer/event/event.h"
#include "common/arena.h"
#include "site/site.h"

/*
 * The sorts of events of a site: by format and konseki.kind, those that came,
 * and those that the formats in use could tell of.
 */
struct rules_sort {
	const char *format;    /* "" of what no format knew */
	struct event sample;   /* its kind and what rules are routed by */
	bool field[ECS_COUNT]; /* that some event of it has, or may have */
	bool own;	       /* konseki tells of it wherever it is */
};

struct rules_sorts {
	struct arena *arena;
	struct rules_sort *came, *can;
	size_t ncame, ncan;
};

/* Reads all the evidence.  rules: folder of the formats.  NULL: it was said. */
struct rules_sorts *rules_sorts_of(const struct site *site, const char *rules);
void rules_sorts_free(struct rules_sorts *s); /* NULL is fine */

#endif
