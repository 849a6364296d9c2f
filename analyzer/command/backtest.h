/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_BACKTEST_H
#define ANALYZER_COMMAND_BACKTEST_H

#include "analyzer/case/casebook.h"
#include "analyzer/ledger/index.h"
#include "analyzer/rule/finding.h"
#include "common/arena.h"

/*
 * What rules that are tried would have found, and what of it was found
 * already: by the same rule (it stands in the casebook), by another one (of
 * the same person or device at that time), or by the rule as it is now.
 */
#define BACKTEST_HITS 200000 /* more are counted and not listed */
#define BACKTEST_CITES 5     /* of each; the others are counted */
#define BACKTEST_WEEKS 5300  /* a hundred years */

struct backtest_hit {
	char id[65];
	const char *rule, *key, *what, *also; /* codes of others; or "" */
	const char *json;		      /* the whole finding, or NULL */
	enum finding_kind kind;
	enum finding_severity severity;
	int64_t first;
	uint64_t n_evidence;
	struct casebook_cite cites[BACKTEST_CITES];
	size_t n_cites;
	bool known;  /* stands in the casebook */
	bool excepted; /* by an exception of the site: nobody is told */
	bool before; /* found with the settings in force, too */
};

struct backtest_hits {
	struct arena *arena;
	const struct casebook *book;
	const struct exceptions *exceptions; /* of the site; may be NULL */
	int zone;
	int64_t from, until; /* first evidence that is asked for */
	bool whole;	     /* keep the findings themselves */
	struct backtest_hit *v;
	size_t n, cap, max;
	uint64_t more; /* beyond max, each once */
	struct index *by_id; /* of those, too */
	/* The casebook's, by their begin; until is the latest so far. */
	struct backtest_past {
		const struct casebook_finding *f;
		int64_t until;
	} *past;
	size_t n_past;
};

/* Borrow the casebook and what it is asked for: members are set before. */
void backtest_hits_init(struct backtest_hits *h, const struct casebook *book);
void backtest_hits_fini(struct backtest_hits *h);

/* A finding as an engine delivers it; arg is a struct backtest_hits. */
void backtest_take(void *arg, const struct finding *f);

/* Sort by time, rule and id; mark what before has as well. */
void backtest_compare(struct backtest_hits *h,
    const struct backtest_hits *before);

struct backtest_week {
	int64_t day; /* its Monday, since 1970 */
	unsigned alerts, known, also, fresh, before;
};

struct backtest_report {
	const struct backtest_hits *hits;
	const struct backtest_hits *before; /* NULL: nothing was changed */
	int zone;
	int64_t from, until; /* of the evidence, or as asked */
	uint64_t records, left, dropped, untrusted;
	size_t n_rules, book;
	struct backtest_week *week; /* with alerts */
	size_t n_weeks;
	struct backtest_week all;
	/* Listed alerts of before; those that are not found any more. */
	size_t in_force, lost;
	size_t sheets, unknown, excepted;
	unsigned severity[5];
};

/* Count; the report's first members are set. */
void backtest_count(struct backtest_report *r, struct arena *arena);

void backtest_print_text(const struct backtest_report *r, struct buf *out);
void backtest_print_json(const struct backtest_report *r, struct buf *out);
void backtest_print_csv(const struct backtest_report *r, struct buf *out);

/* Weeks of the evidence; at least one. */
double backtest_weeks(const struct backtest_report *r);

#endif
