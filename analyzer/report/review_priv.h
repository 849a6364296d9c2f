/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_REVIEW_PRIV_H
#define ANALYZER_REPORT_REVIEW_PRIV_H

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
};

struct review {
	const struct report *r;
	int64_t from, until;
	struct sources *sources;
	struct logins *logins;
	struct connections *connections;
	struct review_sample samples[REVIEW_SAMPLES];
	size_t n_samples;
	bool replay;
};

/* Findings of the week in the order in which to look at them. */
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

/* The last review that was recorded, or NULL. */
const struct casebook_step *review_last(const struct review *v);

#endif
