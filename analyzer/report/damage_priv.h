/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DAMAGE_PRIV_H
#define ANALYZER_REPORT_DAMAGE_PRIV_H

#include "analyzer/report/connections.h"
#include "analyzer/report/damage.h"
#include "analyzer/report/logins.h"
#include "analyzer/report/outflow.h"
#include "analyzer/report/sources.h"

/* What the gathering, the chapters and the annexes of the report share. */
#define DAMAGE_TOUCHED 200u
#define DAMAGE_ACTIONS 200u
#define DAMAGE_SESSIONS 200u /* rows; the others are counted */
#define DAMAGE_CITES 4u /* of a finding, in its text; all stand in the log */

struct damage_touched { /* a device inside that was connected to */
	struct span source, destination, ports;
	uint64_t records;
	int64_t first;
	struct report_cite cite;
};

struct damage_action { /* what was changed on a device */
	int64_t at;
	const char *text, *device;
	bool blinds; /* it stops or deletes logs */
	struct report_cite cite;
};

struct damage {
	const struct report *r;
	const struct casebook_group *group;
	const struct casebook_finding **findings; /* of the case, by time */
	size_t n_findings;
	int64_t from, until;
	bool replay;
	struct subject *subject;
	struct sources *sources;
	struct logins *logins;
	struct connections *connections;
	struct outflow *outflow;
	struct damage_touched touched[DAMAGE_TOUCHED];
	size_t n_touched;
	struct damage_action actions[DAMAGE_ACTIONS];
	size_t n_actions;
	uint64_t beyond; /* of both arrays */
	/* Ready when the page is printed. */
	const struct sources_total *received;
	const struct losses *losses;
	struct outflow_total sent;
	const struct login *accounts;
	size_t n_accounts;
	uint64_t accounts_beyond;
	const struct visit **sessions; /* of the subject */
	size_t n_sessions;
};

/* The seven chapters, and the annexes. */
void damage_put_chapters(const struct damage *d, struct buf *out);
void damage_put_annexes(const struct damage *d, struct buf *out);

/* The headings in the user's language. */
enum damage_heading {
#define HEADING(id, en, ja) DAMAGE_##id,
#include "analyzer/report/heading_tbl.h"
#undef HEADING
};

/* Pieces of pages. */
void damage_put_tag(struct buf *out, enum report_certainty c);
void damage_put_cites(const struct damage *d, struct buf *out,
    const struct casebook_finding *f);
/* In one line: the first record, how many in all, the casebook's record. */
void damage_put_ground(const struct damage *d, struct buf *out,
    const struct casebook_finding *f);
void damage_put_recorded(struct buf *out, const struct casebook_finding *f);
void damage_put_step(struct buf *out, const struct casebook_step *s);
void damage_put_fill(struct buf *out, const char *label, unsigned lines);

/* "…（調査範囲：期間、情報源、記録、欠測、解釈できない行）". */
const char *damage_scope(const struct damage *d);

#endif
