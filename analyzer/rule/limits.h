/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_LIMITS_H
#define RULE_LIMITS_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Memory is bounded, so a flood, or somebody who wants it, can make rules
 * forget.  That is itself a finding (detector: limits): one for each limit and
 * day, with the rules that it touched.
 */
enum limit {
#define LIMIT(id, name, ja, en) LIMIT_##id,
#include "analyzer/rule/limit_tbl.h"
#undef LIMIT
	LIMITS
};

/* The limit of that name.  Return 0, or -1. */
int limit_parse(struct span name, enum limit *which);

#define LIMITS_DAYS 4096 /* limits times days; what is beyond joins the last */
#define LIMITS_RULES 8	 /* that a finding names */

struct limits;

struct limits *limits_new(const struct ruleset *rules,
    const struct fact_site *site);
void limits_free(struct limits *l);

/* One more, at that time; code (may be NULL): of the rule, static. */
void limits_note(struct limits *l, enum limit which, int64_t time,
    const char *code);

/* Another rule that the last one touched. */
void limits_name(struct limits *l, enum limit which, int64_t time,
    const char *code);

void limits_judge(struct limits *l, struct outbox *out, struct arena *arena);

#endif
