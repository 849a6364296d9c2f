/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DAMAGE_H
#define ANALYZER_REPORT_DAMAGE_H

#include "analyzer/report/losses.h"
#include "analyzer/report/report.h"

/*
 * The damage report (被害状況報告書): what the evidence can fill of the
 * guidance's list of things to report, each with its citation and how sure it
 * is, under the guidance's headings; what only people can say stands open.
 * It says what may be, never what is the case beyond the records.
 */
struct damage;

/*
 * For one case.  The period is that of the case and a day on either side,
 * unless from < until says another.
 */
struct damage *damage_new(const struct report *r,
    const struct casebook_group *group, int64_t from, int64_t until);
void damage_event(struct damage *d, const struct event *e, int64_t at);

/* Which report it is of its kind: each is a step in the casebook with the hash
 * of its file, and names the one before. */
struct damage_version {
	unsigned number;		   /* from 1 on */
	bool recorded;			   /* it will be in the casebook */
	const struct casebook_step *before; /* its predecessor, or NULL */
};

/* All events came.  losses: of the evidence log; borrowed until printed. */
void damage_finish(struct damage *d, const struct losses *losses,
    const struct damage_version *version);

void damage_print_html(struct damage *d, struct buf *out);

/* The guidance's headings in order, as printed there (Japanese). */
#define DAMAGE_HEADINGS 7
const char *damage_heading(size_t i);
const char *damage_heading_en(size_t i);

#endif
