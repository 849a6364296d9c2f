/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_TIMELINE_H
#define ANALYZER_REPORT_TIMELINE_H

#include "analyzer/case/phase.h"
#include "analyzer/report/report.h"

/*
 * The timeline (時系列表) of a case or of a window: every record that a
 * finding cites, what else the evidence says of the same hosts, users and
 * addresses, and what people did.  Events are handed over one by one and
 * nothing of them is kept but the row.
 */
enum timeline_basis { /* what a row's time goes by (時刻の根拠) */
	TIMELINE_DEVICE,
	TIMELINE_RECEIVED,
	TIMELINE_PERSON, /* receive time of a casebook record */
};

struct timeline_row {
	int64_t time; /* judged, utc usec */
	enum timeline_basis basis;
	enum phase phase;
	enum report_certainty certainty;
	const char *text;
	const char *device; /* 対象機器: number, name, place */
	const char *user;
	const char *peer;      /* 相手先 */
	const char *rule;      /* of the finding that cites it, or "" */
	const char *time_text; /* as the device wrote it, or "" */
	int64_t received;
	struct report_cite cite;
	bool replay;
};

struct timeline_options {
	const struct casebook_group *group; /* NULL: all cases */
	/* utc usec; else a day around the case.  A window leaves out even what
	 * is cited beyond it; without a case it holds whatever people did on
	 * devices.  One end alone, and no case: a week. */
	bool has_from, has_until;
	int64_t from, until;
};

struct timeline {
	const struct casebook_group *group;
	int64_t from, until; /* the window; from = until: nothing to show */
	bool windowed;	     /* it was asked for */
	struct timeline_row *rows; /* by time */
	size_t n;
	size_t skipped; /* rows beyond TIMELINE_ROWS */
	bool replay;
};

#define TIMELINE_ROWS 200000u

/* Lives in r's arena. */
struct timeline_maker;
struct timeline_maker *timeline_new(const struct report *r,
    const struct timeline_options *opt);

/* Take the event if it belongs here; at = its judged time. */
void timeline_event(struct timeline_maker *m, const struct event *e,
    int64_t at);

/* All rows, sorted.  The maker is done. */
const struct timeline *timeline_finish(struct timeline_maker *m);

/*
 * What tells it from others, for its number and its file: "all" or the case,
 * and the window that was asked for, "all-20261122T0000-20261123T0000".
 */
const char *timeline_name(const struct report *r, const struct timeline *t);

/* "機器の時計" ... */
const char *timeline_basis_name(enum timeline_basis b);

void timeline_print_csv(const struct report *r, const struct timeline *t,
    struct buf *out);

/* Timesketch JSON Lines: message, datetime, timestamp_desc and our columns. */
void timeline_print_jsonl(const struct report *r, const struct timeline *t,
    struct buf *out);

/* A4 landscape. */
void timeline_print_html(const struct report *r, const struct timeline *t,
    struct buf *out);

/* The phases over time as inline SVG; nothing if there are no rows. */
void timeline_print_strip(const struct report *r, const struct timeline *t,
    struct buf *out);

#endif
