/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_DRAFT_H
#define RULE_DRAFT_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/finding.h"
#include "analyzer/rule/rule.h"
#include "analyzer/rule/sentence.h"
#include "common/arena.h"

/*
 * A finding in the making.  Everything it points to lives in the arena of the
 * judgement or in the rule.
 */
struct draft {
	struct finding f;
	struct sentence_values v;
	const struct rule *rule;
	const struct fact_site *site;
	struct arena *arena;
};

/* Begin from a rule: its texts, level and tags. */
void draft_begin(struct draft *d, const struct rule *r,
    const struct fact_site *site, struct arena *arena);

/* Complete it: key and window are set; fill sentences, compute the id. */
void draft_end(struct draft *d);

/* "11/22(日・3連休) 02:14" and "Sun 2026-11-22 (...) 02:14" into a variable. */
void draft_time(struct draft *d, enum sentence_var var, int64_t usec);
void draft_day(struct draft *d, enum sentence_var var, int64_t day);

/* Variables and entities of an account and of a device; NULL adds nothing. */
void draft_account(struct draft *d, const struct account *a, struct span user);
void draft_device(struct draft *d, const char *kind,
    const struct device *device, struct span name);

/* What version is in use and which is mended, after FACT_DEVICE_FIRMWARE. */
void draft_firmware(struct draft *d, const struct facts *fs);

/* The version of the ledger, and until when it got updates. */
void draft_support(struct draft *d, const struct facts *fs);

/* Cite a record; the first FINDING_CITES are kept, all are counted. */
void draft_cite(struct draft *d, const struct finding_cite *cite);

/* The text of a span, in the arena. */
const char *draft_text(struct draft *d, struct span s);

#endif
