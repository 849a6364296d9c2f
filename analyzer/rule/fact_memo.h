/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_FACT_MEMO_H
#define RULE_FACT_MEMO_H

#include "analyzer/rule/fact.h"

/*
 * What the ledgers say of the addresses and names of devices that came lately:
 * a network has some hundreds of both, and each stands in thousands of records.
 * Exact: a text is known by all of its bytes.  One for each thread, as long as
 * the ledgers are the same.
 */
struct fact_place {
	bool is_address;
	struct address address;
	const struct device *device; /* that has it, or NULL */
	struct span side;	     /* lan, vpn, wan */
};

struct fact_memo *fact_memo_new(const struct fact_site *site);
void fact_memo_free(struct fact_memo *m); /* NULL is fine */

/* Lives until the next call. */
const struct fact_place *fact_memo_place(struct fact_memo *m,
    struct span text);

/* As devices_by_name(). */
const struct device *fact_memo_device(struct fact_memo *m, struct span name);

#endif
