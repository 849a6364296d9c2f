/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_TIMELINE_H
#define ANALYZER_REPORT_TIMELINE_H

#include "analyzer/case/phase.h"
#include "analyzer/report/losses.h"
#include "analyzer/report/report.h"
#include "analyzer/report/sources.h"

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
	/* The same three as --entity takes them: number of the ledger, else
	 * name or address; "": none. */
	const char *device_key, *user_key, *peer_key;
	bool outwards;	       /* from the device to the other side */
	const char *kind;      /* konseki.kind, or "" */
	const char *rule;      /* of the finding that cites it, or "" */
	const char *time_text; /* as the device wrote it, or "" */
	bool has_clock;	       /* the device told a time: clock */
	bool live;	       /* received as it was said: clocks compare */
	uint8_t mark;	       /* of that clock: EVENT_MARK_... */
	int64_t clock, received; /* utc usec */
	struct report_cite cite;
	bool replay;
	const char *ecs; /* its fields, "\"source.ip\":\"...\",..."; or "" */
};

struct timeline_options {
	const struct casebook_group *group; /* NULL: all cases */
	/* Only what is about this one (entity_kind NULL: whoever findings
	 * name): host, user or ip, as timeline_entity() reads it. */
	const char *entity_kind, *entity;
	/* utc usec; else a day around the case.  A window leaves out even what
	 * is cited beyond it; without a case it holds whatever people did on
	 * devices.  One end alone, and no case: a week. */
	bool has_from, has_until;
	int64_t from, until;
};

struct timeline {
	const struct casebook_group *group;
	const char *entity_kind, *entity; /* NULL: not asked for */
	int64_t from, until; /* the window; from = until: nothing to show */
	bool windowed;	     /* it was asked for */
	const struct sources_total *received; /* who sent in it, and when not */
	const struct losses *losses;	      /* of the collector, or NULL */
	struct timeline_row *rows; /* by time */
	size_t n;
	size_t skipped; /* rows beyond TIMELINE_ROWS */
	bool replay;
};

#define TIMELINE_ROWS 200000u

/* Read "host=007", "user=tanaka", "ip=198.51.100.77" (a device: host as well).
 * Texts lie in text.  0, or -1 if it is none. */
int timeline_entity(char *text, struct timeline_options *opt);

/* Lives in r's arena. */
struct timeline_maker;
struct timeline_maker *timeline_new(const struct report *r,
    const struct timeline_options *opt);

/* Take the event if it belongs here; at = its judged time. */
void timeline_event(struct timeline_maker *m, const struct event *e,
    int64_t at);

/* All rows, sorted.  The maker is done.  losses: borrowed, or NULL. */
const struct timeline *timeline_finish(struct timeline_maker *m,
    const struct losses *losses);

/*
 * What tells it from others, for its number and its file: "all" or the case,
 * and the window that was asked for, "all-20261122T0000-20261123T0000".
 */
const char *timeline_name(const struct report *r, const struct timeline *t);

/* "機器の時計" ... */
const char *timeline_basis_name(enum timeline_basis b);

/* How far a row's time may be off (誤差), and what is known of the clock:
 * "±3秒", "不明、年は推定". */
const char *timeline_error(const struct report *r,
    const struct timeline_row *row);

/*
 * Rows for people: where there are more than a page bears, rows of one kind
 * about the same parties that follow each other within a span of time stand in
 * one line, the span as long as it must be.
 */
#define TIMELINE_LINES 2000u

struct timeline_line {
	const struct timeline_row *row; /* the first; its number is no */
	const struct timeline_row *last;
	size_t no, n;	/* rows that it stands for */
	bool many_devices, many_peers; /* not all of one */
};

struct timeline_lines {
	const struct timeline_line *v;
	size_t n;
	size_t beyond; /* rows that no line was left for */
	int64_t within; /* usec; 0: a line is a row */
};

const struct timeline_lines *timeline_fold(const struct report *r,
    const struct timeline *t);

void timeline_print_csv(const struct report *r, const struct timeline *t,
    struct buf *out);

/* Timesketch JSON Lines: message, datetime, timestamp_desc and our columns. */
void timeline_print_jsonl(const struct report *r, const struct timeline *t,
    struct buf *out);

/* JSON Lines with the dotted names of ECS 8, for Elastic and the like. */
void timeline_print_ecs(const struct report *r, const struct timeline *t,
    struct buf *out);

/* A4 landscape. */
void timeline_print_html(const struct report *r, const struct timeline *t,
    struct buf *out);

/*
 * The phases over time, who was silent and which clocks are off, as inline SVG
 * that zooms without a script; nothing if there are no rows.
 */
void timeline_print_strip(const struct report *r, const struct timeline *t,
    const struct timeline_lines *lines, struct buf *out);

/*
 * Who is in it and where to look next (手がかり): a table with links, and the
 * links from a row's cells to it.
 */
struct timeline_pivot;
struct timeline_pivot *timeline_pivot_new(const struct report *r,
    const struct timeline *t, const struct timeline_lines *lines);
void timeline_pivot_print(const struct timeline_pivot *p, struct buf *out);
/* A cell: text, linked where that entity has a row in the table. */
void timeline_pivot_cell(const struct timeline_pivot *p, struct buf *out,
    const char *key, const char *text);

#endif
