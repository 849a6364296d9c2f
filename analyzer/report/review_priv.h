/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_REVIEW_PRIV_H
#define ANALYZER_REPORT_REVIEW_PRIV_H

#include "analyzer/case/weeks.h"
#include "analyzer/report/connections.h"
#include "analyzer/report/logins.h"
#include "analyzer/report/review.h"
#include "analyzer/report/sources.h"
#include "common/sha256.h"

/* What the review's counting and its page share. */
#define REVIEW_RAW_COLUMNS 80

struct review_sample { /* a record to look at by hand */
	uint8_t order[SHA256_LEN];
	int64_t at;
	const char *text;
	struct report_cite cite;
	bool replay;
};

struct review {
	const struct report *r;
	int64_t from, until;
	struct sources *sources;
	struct logins *logins;
	struct connections *connections;
	struct review_sample samples[REVIEW_SAMPLES];
	size_t n_samples;
	struct weeks weeks; /* what was reviewed before */
	bool replay, real; /* there is of a sample or drill; of what is not */
	bool full, dense; /* no pictures at all; no strips of hours */
};

/* Whether its last records can be known: it ended before the newest seal. */
bool review_is_over(const struct review *v);

/* What is shown of samples and what is not, for the banner. */
void review_note_samples(struct review *v, const struct sources_total *t);

/* Whether a finding is of the week. */
bool review_is_of(const struct review *v, const struct casebook_finding *f);

/* Incidents that reach into the week, the gravest first; but for those that
 * were judged normal. */
const struct casebook_group **review_incidents(const struct review *v,
    size_t *n);

/* Whether a loss is of the week, or of the time in which its records came in.
 */
bool review_loss_is_of(const struct review *v, const struct loss *row,
    const struct sources_total *t);

/* How many breaks of the log there were, and the last. */
size_t review_breaks(const struct review *v, const struct losses *l,
    const struct sources_total *t, const struct loss **last);

/* The first section of the page. */
void review_put_look(struct review *v, struct buf *out,
    const struct losses *losses, const struct sources_total *sources);

/* Findings of the week that are heard and of none of these incidents, in the
 * order in which to look at them. */
const struct casebook_finding **review_findings(const struct review *v,
    size_t *n);

/*
 * Sessions of the week by VPN and of administrators: those without a record of
 * their end first, then the longest.  To be called once.
 */
const struct visit **review_sessions(const struct review *v, size_t *n,
    size_t *without_end);

/* Cases from before the week that nobody has settled. */
const struct casebook_group **review_open(const struct review *v, size_t *n);

/* "WR-2026-11-16". */
const char *review_number(const struct review *v);

/* At which hours of the week VPN and administrators logged in, drawn. */
void review_put_hours(const struct review *v, struct buf *out);

/* Who logged in. */
void review_put_logins(const struct review *v, struct buf *out);

/* Who signed the week before, and which weeks nobody signed. */
void review_put_before(const struct review *v, struct buf *out);
void review_put_before_text(const struct review *v, struct buf *out);

/* The fields to sign in, with whoever signed already, and how to enter it. */
void review_put_signatures(const struct review *v, struct buf *out);

/* The mark of what is a sample, where not all of the sheet is one: then its
 * banner says so.  After review_note_samples(). */
const char *review_mark(const struct review *v, bool replay);

#endif
