/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DAMAGE_PRIV_H
#define ANALYZER_REPORT_DAMAGE_PRIV_H

#include "analyzer/report/connections.h"
#include "analyzer/report/damage.h"
#include "analyzer/report/disagree.h"
#include "analyzer/report/logins.h"
#include "analyzer/report/outflow.h"
#include "analyzer/report/sources.h"
#include "analyzer/report/timeline.h"
#include "analyzer/report/touched.h"

/* What the gathering, the chapters and the annexes of the report share. */
#define DAMAGE_TOUCHED 200u
#define DAMAGE_ACTIONS 200u
#define DAMAGE_STAFF 12u
#define DAMAGE_SESSIONS 200u /* rows; the others are counted */
#define DAMAGE_CITES 4u /* of a finding, in its text; all stand in the log */

struct damage_touched { /* a device inside that was connected to */
	struct span source, destination, ports;
	uint64_t records;
	int64_t first;
	struct report_cite cite;
};

struct damage_staff { /* somebody told of something odd */
	int64_t at;
	const char *text;
	struct report_cite cite;
};

struct damage_action { /* what was changed on a device */
	int64_t at;
	const char *text, *device;
	bool blinds; /* it stops or deletes logs */
	struct report_cite cite;
};

/*
 * How much may have been taken: at most told, what all devices told; once, the
 * same where two devices that see the same packets count once; least, of that
 * only the hours that findings of that kind speak of, without what is usual.
 */
struct damage_amount {
	uint64_t told, once, least;
	size_t hours;	      /* that least was added up from */
	size_t without_usual; /* of them, with too short a past to compare */
};

/* What a host sent at that hour of the weeks before. */
struct damage_usual {
	size_t n; /* weeks with records; fewer than 3: nothing is known */
	uint64_t least, median, most;
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
	struct disagree *disagree;
	struct touched *patients;
	struct timeline_maker *timeline_maker;
	struct damage_version version;
	struct damage_touched touched[DAMAGE_TOUCHED];
	size_t n_touched;
	struct damage_action actions[DAMAGE_ACTIONS];
	size_t n_actions;
	struct damage_staff staff[DAMAGE_STAFF];
	size_t n_staff;
	uint64_t beyond; /* of these arrays */
	/* Ready when the page is printed. */
	const struct sources_total *received;
	const struct losses *losses;
	struct outflow_total sent;
	struct damage_amount amount;
	const struct disagree_row *disagreements;
	size_t n_disagreements;
	uint64_t disagreements_beyond;
	struct touched_sum handled; /* patients' records */
	const struct timeline *timeline;
	const struct login *accounts;
	size_t n_accounts;
	uint64_t accounts_beyond;
	const struct visit **sessions; /* of the subject */
	size_t n_sessions;
};

/* The seven chapters, and the annexes. */
void damage_put_chapters(const struct damage *d, struct buf *out);
void damage_put_annexes(struct damage *d, struct buf *out);

/* The headings in the user's language. */
enum damage_heading {
#define HEADING(id, en, ja) DAMAGE_##id,
#include "analyzer/report/heading_tbl.h"
#undef HEADING
};

/* The findings' places: hosts and devices, each one once.  A connection of a
 * device ("fw01/wan1") is a place, by its key that device if the ledger has it,
 * else none of its own. */
struct span damage_place_key(const struct damage *d,
    const struct casebook_entity *e);
bool damage_is_device(const struct damage *d, const struct casebook_entity *e);
bool damage_is_place(const struct damage *d, const struct casebook_entity *e);
bool damage_same_place(const struct damage *d, const struct casebook_entity *x,
    const struct casebook_entity *y);
bool damage_named_before(const struct damage *d, size_t i, size_t j,
    const struct casebook_entity *e);
/* When the last record that a finding cites was made. */
int64_t damage_last_of(const struct casebook_finding *f);
int damage_gravity(const void *a, const void *b); /* of findings, for qsort */

/* Amounts (damage_amount.c), and the picture of the hours. */
#define DAMAGE_WEEKS 3u /* fewer say nothing of what is usual */
struct damage_amount damage_amount(const struct damage *d);
struct damage_usual damage_usual(const struct damage *d, struct span host,
    int64_t hour);
/* What a host sent in that hour by the device that tells most. */
uint64_t damage_hour(const struct damage *d, struct span host, int64_t hour);
/* Whether a finding of data taken speaks of that hour of the host. */
bool damage_flagged(const struct damage *d, struct span host, int64_t hour);
void damage_put_hours(const struct damage *d, struct buf *out);

/* Pieces of pages. */
void damage_put_tag(struct buf *out, enum report_certainty c);
void damage_put_cites(const struct damage *d, struct buf *out,
    const struct casebook_finding *f);
/* In one line: the first record, how many in all, the casebook's record. */
void damage_put_ground(const struct damage *d, struct buf *out,
    const struct casebook_finding *f);
void damage_put_recorded(struct buf *out, const struct casebook_finding *f);
void damage_put_step(struct buf *out, const struct casebook_step *s);
void damage_put_version(const struct damage *d, struct buf *out);
void damage_put_fill(struct buf *out, const char *label, unsigned lines);

/* "…（調査範囲：期間、情報源、記録、欠測、解釈できない行）". */
const char *damage_scope(const struct damage *d);

#endif
