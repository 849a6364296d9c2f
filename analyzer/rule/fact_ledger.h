/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_LEDGER_H
#define RULE_FACT_LEDGER_H

#include "analyzer/rule/fact.h"

/* For fact.c: the facts that hold a record against a line of a ledger. */
struct span fact_ledger(struct facts *fs, enum fact f);

/* Who did what where when, as plans are asked for it. */
struct plan_act fact_act(struct facts *fs, int64_t grace);

#endif
