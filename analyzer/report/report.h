/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_REPORT_H
#define ANALYZER_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "analyzer/event/event.h"
#include "analyzer/ledger/account.h"
#include "analyzer/ledger/device.h"
#include "analyzer/report/html.h"
#include "analyzer/report/say.h"
#include "common/arena.h"
#include "common/buf.h"
#include "site/site.h"
#include "verify/verify.h"

/* The generations of a log before the one in force, the oldest first. */
struct report_generation {
	const char *name;		    /* as commands take it */
	const struct verify_result *result; /* NULL: not of the period, and
					       not checked */
};

struct report_generations {
	const char *name; /* of the one in force */
	const struct report_generation *v;
	size_t n;
};

/*
 * What every report stands on.  A report is computed from these and from the
 * events handed to it, never from the clock: the same inputs give the same
 * bytes, and `made` is the time of the newest seal.
 */
struct report {
	const char *site; /* name of the hospital */
	int zone;	  /* seconds east of UTC */
	const struct site_nets *internal;
	const struct devices *devices;	 /* NULL: no ledger */
	const struct contacts *contacts; /* NULL: no contact tree */
	const struct accounts *accounts; /* NULL: no ledger */
	const struct casebook *book;
	const struct verify_result *evidence, *cases; /* of the two logs */
	struct report_generations evidence_before, cases_before;
	const uint8_t *evidence_r, *cases_r; /* R of both, or NULL: unknown */
	int64_t grace; /* usec after a week in which its sheet is signed */
	struct arena *arena;
};

/* How sure it is that a line belongs to the matter; printed with each. */
enum report_certainty {
	REPORT_CONFIRMED, /* 確認済 */
	REPORT_ESTIMATED, /* 推定 */
	REPORT_OPEN,	  /* 調査中 */
};

const char *report_certainty_name(enum report_certainty c);

/* One record of a log. */
struct report_cite {
	const char *origin; /* NULL: none */
	uint64_t index;
	char leaf[17]; /* the first 16 digits of the leaf hash */
};

struct report_cite report_cite_event(const struct event *e);
struct report_cite report_cite_finding(const struct casebook_cite *c);

/* The casebook's own record of a finding, of a step. */
struct report_cite report_cite_recorded(const struct casebook_finding *f);
struct report_cite report_cite_step(const struct casebook_step *s);

/* Append as markup, and as text: "origin#index 0123456789abcdef". */
void report_put_cite(struct buf *out, const struct report_cite *c);
const char *report_cite_text(const struct report *r,
    const struct report_cite *c);

/*
 * The records that a count was made from, where citing each would not fit:
 * all of them lie between first and last of one log.
 */
struct report_range {
	const char *origin; /* NULL: none */
	uint64_t first, last;
};

void report_range_add(struct report_range *range, const struct event *e);
void report_range_join(struct report_range *range,
    const struct report_range *more);

/* Append as markup "#first–#last"; one record as one, none as "—". */
void report_put_range(struct buf *out, const struct report_range *range);

/* The time of the newest seal, utc usec. */
int64_t report_made(const struct report *r);

/*
 * Begin the page: shell, banner of a sample or drill, site, title, subtitle
 * (may be ""), number of the document, time made, zone.
 */
struct report_page {
	const char *title, *subtitle;
	const char *number; /* of the document: letters, digits and '-' */
	const char *style;
	enum html_paper paper;
	bool replay; /* something in it came from a sample or drill */
	bool real;   /* and something did not: what did is marked */
};

/* "【見本】" in front of what came from a sample or drill, else "". */
const char *report_mark(bool replay);

void report_begin(const struct report *r, struct buf *out,
    const struct report_page *page);

/* "正常" ... of a verified log; and what that does not say. */
const char *report_verdict(const struct verify_result *v);
const char *report_limits(const struct verify_result *v);

/*
 * The same of a log with the generations before it: the worst verdict of them
 * all, and of which it speaks.
 */
struct report_proof {
	const char *verdict, *limits;
	const char *why; /* "" if nothing is wrong */
};

struct report_proof report_proof(const struct report *r,
    const struct verify_result *newest,
    const struct report_generations *before);

/* Append the three lines of the newest checkpoint, preformatted. */
void report_put_note(struct buf *out, const struct verify_result *v);

/* Whether an address is one of the site's own. */
bool report_is_inside(const struct report *r, struct span address);
enum say_direction report_direction(const struct report *r,
    const struct event *e);

/* The device of an address or name by the ledger, or NULL. */
const struct device *report_device(const struct report *r, struct span key);

/* "001 emr01（サーバ室）", or the key itself; "" for an empty one. */
const char *report_device_text(const struct report *r, struct span key);

/* The name of the event's own device: as it calls itself, else its address. */
struct span report_observer(const struct event *e);

/* "山田 太郎（システム運用担当者）" for a person of the contact tree. */
const char *report_person(const struct report *r, const char *id);

/* Who took a step: such a person, or "佐藤 花子（連絡網外）". */
const char *report_who(const struct report *r, const struct casebook_step *s);

/* What a step of a case was: "通知", "引受" ... */
const char *report_step(const struct casebook_step *s);

#endif
