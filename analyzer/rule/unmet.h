/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_UNMET_H
#define RULE_UNMET_H

#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Maintenance plans within which nobody they name did anything that the logs
 * tell of (detector: plan-unused).  Nothing is said of plans that are not over,
 * or of days of which too few records are here.
 */
struct unmet;

/* NULL if no rule of the set asks for it, or there are no plans. */
struct unmet *unmet_new(const struct ruleset *rules,
    const struct fact_site *site);
void unmet_free(struct unmet *u);

/* An event; every plan that covers it was met. */
void unmet_feed(struct unmet *u, const struct event *e, struct facts *fs);

/* Records have come up to now. */
void unmet_judge(struct unmet *u, int64_t now, const struct coverage *coverage,
    struct outbox *out, struct arena *arena);

#endif
