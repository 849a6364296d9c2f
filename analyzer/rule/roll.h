/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_ROLL_H
#define RULE_ROLL_H

#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"
#include "analyzer/rule/usage.h"

/*
 * Row by row of a ledger (accounts, devices, exported accounts): the rows that
 * fit what the rule says of them (RULE_LEDGER), or of which no event came for
 * so many days (RULE_UNSEEN).  What the records or the ledgers do not allow
 * to say becomes one line, with how many rows it is about.
 */
struct roll {
	const struct rule *rule;
	const struct fact_site *site;
	const struct coverage *shared;	 /* gives the last day */
	const struct coverage *coverage; /* of the rule */
	const struct usage *seen;	 /* RULE_UNSEEN */
	bool any; /* of somebody such an event came: the logs show them */
	struct outbox *out;
	struct arena *arena;
	bool finish; /* also what cannot be said */
};

void roll_judge(const struct roll *r);

#endif
