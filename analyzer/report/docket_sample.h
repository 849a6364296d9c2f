/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DOCKET_SAMPLE_H
#define ANALYZER_REPORT_DOCKET_SAMPLE_H

#include "analyzer/report/report.h"
#include "common/sha256.h"

/*
 * Records of one day, for somebody to read: of those that name a user and of
 * the others each the ones with the smallest SHA-256 of day and leaf, so that
 * nobody can choose them beforehand and everybody can find them again.
 */
#define DOCKET_SAMPLE_USERS 60u
#define DOCKET_SAMPLE_OTHERS 20u
#define DOCKET_SAMPLE_BYTES 2000u /* of a line; longer ones are cut */

struct docket_record {
	uint8_t order[SHA256_LEN];
	int64_t at;
	struct span raw; /* as received, at most DOCKET_SAMPLE_BYTES */
	const char *text; /* the same for people, or that it is left out */
	struct span user, name, category, action, outcome, source;
	const char *device;
	bool patient, cut; /* it names a patient: its text is left out */
	struct report_cite cite;
};

struct docket_sample {
	const struct report *r;
	int64_t from, until;
	struct docket_record *v; /* after the finish: by time */
	size_t n;
	size_t n_users, n_others;	/* of them while they are taken */
	uint64_t users, others;		/* records of the day, in all */
	struct report_range cited;
	struct docket_record *of_users, *of_others;
};

struct docket_sample *docket_sample_new(const struct report *r, int64_t day);
void docket_sample_event(struct docket_sample *s, const struct event *e,
    int64_t at);
void docket_sample_finish(struct docket_sample *s);

#endif
