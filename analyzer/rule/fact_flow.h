/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_FLOW_H
#define RULE_FACT_FLOW_H

#include "analyzer/rule/fact.h"

/* For fact.c: the facts about the two ends of a connection. */
struct span fact_flow(struct facts *fs, enum fact f);

#endif
