/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_STALE_H
#define RULE_STALE_H

#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"
#include "analyzer/rule/usage.h"

/*
 * Accounts of the ledger held against what was used: long unused, never used,
 * about to expire.  Each says what period it looked at and how complete the
 * records of it are; below account.coverage it says that it cannot say.
 */
struct stale {
	const struct ruleset *rules;
	const struct fact_site *site;
	const struct usage *usage;
	const struct coverage *coverage;
	struct outbox *out;
	struct arena *arena; /* of the judgement */
	bool finish;	     /* also what cannot be said */
};

/* Judge as of the last day with records. */
void stale_judge(const struct stale *s);

#endif
