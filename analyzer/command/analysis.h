/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_ANALYSIS_H
#define ANALYZER_COMMAND_ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "common/buf.h"
#include "site/site.h"
#include "verify/verify.h"

/*
 * The way from a site's evidence to findings: reader, formats, ledgers, rules.
 * It reads and computes and writes nothing, so that it can run in a process
 * that holds nothing.
 */
struct analysis;
struct events;
struct events_item;

struct analysis_options {
	/* Each finding, in order; it lives until the call returns. */
	void (*found)(void *cookie, const struct casebook_finding *f);
	void *cookie;
	/* Each ledger that it goes by, when it is opened; or NULL. */
	void (*ledger)(void *cookie, const struct version *v);
	bool live;     /* judge at each step, not only at the end */
	bool revise;   /* what the casebook has and is not found is withdrawn */
	bool progress; /* on a terminal */
	unsigned jobs; /* threads that understand records; 0: 1 */
	struct lend *lend; /* as in evread_borrow(); may be NULL */
	/* Each record, after the rules have seen it; or NULL. */
	void (*item)(void *cookie, const struct events *events,
	    const struct events_item *item);
	void *item_cookie;
};

struct analysis_counts {
	uint64_t records; /* received ones read so far */
	uint64_t unknown; /* that no format understood */
	uint64_t size;	  /* of the evidence log, at the last step */
};

/*
 * Load formats, rules, ledgers, calendar and open the evidence log.  What is
 * wrong with any of them is said with its place, and NULL returned.
 */
struct analysis *analysis_open(const struct site *site,
    const struct analysis_options *options);
void analysis_close(struct analysis *a);

/*
 * Read what was sealed since the last step and let the rules see it.  Return
 * how many records that were, or -1 (said).
 */
int64_t analysis_step(struct analysis *a);

/*
 * The same of at most max records; *all: no more are sealed.  Only then is
 * anything judged: what a part of the evidence says is not said.
 */
int64_t analysis_step_some(struct analysis *a, int64_t max, bool *all);

/* A log of the site, by its name, that verification found tampered with. */
void analysis_tampered(struct analysis *a, const char *log,
    const struct verify_result *r);

/* Judge live what there is, although no more can be read. */
void analysis_judge(struct analysis *a);

/*
 * No more will come: open windows are judged as they stand.  Behind it nothing
 * is asked but the counts.
 */
void analysis_finish(struct analysis *a);

void analysis_counts(const struct analysis *a, struct analysis_counts *c);

/*
 * The way of one record to rules, for who has an engine of his own: an event,
 * what was lost, how far time is complete.  pass is reset.
 */
struct arena;
struct engine;
void analysis_tell(struct engine *e, const struct events_item *item,
    struct arena *pass);

#endif
