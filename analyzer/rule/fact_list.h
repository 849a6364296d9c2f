/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_LIST_H
#define RULE_FACT_LIST_H

#include "analyzer/rule/fact.h"

/*
 * For fact.c: what the lists beside the ledgers say (personnel, exported
 * accounts, networks, firmware), and what the account ledger declares.
 */
struct span fact_list(struct facts *fs, enum fact f);

#endif
