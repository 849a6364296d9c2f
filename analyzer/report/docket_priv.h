/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DOCKET_PRIV_H
#define ANALYZER_REPORT_DOCKET_PRIV_H

#include "analyzer/case/weeks.h"
#include "analyzer/report/connections.h"
#include "analyzer/report/logins.h"
#include "analyzer/report/docket.h"
#include "analyzer/report/docket_sample.h"
#include "analyzer/report/sources.h"

/* What the pages of the pack share. */
#define DOCKET_ROWS 60u /* of a list on paper; the others are counted */

/* Columns of the tables, in the order of their files. */
enum { CHECKLIST_ITEM,
	CHECKLIST_JA,
	CHECKLIST_EN,
	CHECKLIST_WHO,
	CHECKLIST_FACT,
	CHECKLIST_SHOWS_JA,
	CHECKLIST_SHOWS_EN,
	CHECKLIST_EDITION,
	CHECKLIST_FROM };
enum { BODY_JA,
	BODY_EN,
	BODY_PHONE,
	BODY_MAIL,
	BODY_HOURS,
	BODY_PURPOSE_JA,
	BODY_PURPOSE_EN,
	BODY_WHO,
	BODY_DAY,
	BODY_FROM };
enum { CLAUSE_ITEM, CLAUSE_HEAD_JA, CLAUSE_HEAD_EN, CLAUSE_JA, CLAUSE_EN };
enum { LOGGING_JA,
	LOGGING_EN,
	LOGGING_FORMAT,
	LOGGING_WHAT_JA,
	LOGGING_WHAT_EN,
	LOGGING_HOW,
	LOGGING_CLOCK_JA,
	LOGGING_CLOCK_EN,
	LOGGING_FROM };

struct docket_session { /* of remote maintenance (リモート保守) */
	const struct visit *v;
	const struct account *account; /* or NULL */
	const struct plan *plan;       /* NULL: none covers its beginning */
	int64_t over; /* usec that it went on behind the plan; 0: none */
};

struct docket {
	struct docket_in in;
	const struct report *r; /* in.r */
	struct sources *sources;
	struct logins *logins;
	struct connections *connections;
	struct docket_sample *sample;
	bool replay;
	/* After docket_finish(). */
	const struct losses *losses;
	const struct sources_total *total;
	const struct login *login;
	size_t n_logins;
	uint64_t logins_beyond;
	struct weeks weeks;
	struct docket_session *sessions; /* by begin */
	size_t n_sessions, unplanned, late;
	const struct plan **idle; /* plans of the period without a session */
	size_t n_idle, n_plans;
	uint64_t sessions_missed;
};

/* A cell of a table as a string, in the user's language: two columns. */
const char *docket_cell(const struct docket *p, enum docket_table t, size_t row,
    size_t column);
const char *docket_cell2(const struct docket *p, enum docket_table t,
    size_t row, size_t ja, size_t en);

/* Begin a page: its title, what it is about, its number "INS-2026-11-27-03". */
struct docket_head {
	const char *title, *subtitle, *style;
	unsigned number;
	enum html_paper paper;
};
void docket_begin(const struct docket *p, struct buf *out,
    const struct docket_head *head);

/* "2025-11-28(金) – 2026-11-27(金)". */
const char *docket_period(const struct docket *p);

/* A source that a device of the ledger is, or NULL. */
const struct source *docket_source_of(const struct docket *p,
    const struct device *d);

/* Findings of the period with a code of that beginning ("ACC-"): how many are
 * heard, and of them how many could not be decided. */
size_t docket_findings(const struct docket *p, const char *code,
    size_t *unknown);

/* Plans held against sessions. */
void docket_match(struct docket *p);

/* The pages; each appends one. */
void docket_put_ledgers(const struct docket *p, struct buf *out);
void docket_put_contacts(const struct docket *p, struct buf *out);
void docket_put_rules(const struct docket *p, struct buf *out);
void docket_put_reviews(const struct docket *p, struct buf *out);
void docket_put_sample(const struct docket *p, struct buf *out);
void docket_put_store(const struct docket *p, struct buf *out);
void docket_put_maintenance(const struct docket *p, struct buf *out);
void docket_put_checklist(const struct docket *p, struct buf *out);
void docket_put_vendor(const struct docket *p, struct buf *out);
void docket_put_index(const struct docket *p, struct buf *out);

/* Files beside them: the sample as it was received, and both as CSV. */
void docket_put_sample_text(const struct docket *p, struct buf *out);
void docket_put_sample_csv(const struct docket *p, struct buf *out);
void docket_put_maintenance_csv(const struct docket *p, struct buf *out);

#endif
