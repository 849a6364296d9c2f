/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_LOSSES_H
#define ANALYZER_REPORT_LOSSES_H

#include "analyzer/report/report.h"
#include "evidence/evread_gap.h"
#include "evidence/record.h"

/*
 * What the collector itself says it lost (欠測): g1 records, and the time
 * between two starts that b1 records tell.
 */
#define LOSSES_MAX 10000u

struct loss {
	const char *text;      /* in the user's language */
	uint64_t count, bytes; /* 0: not known or none */
	int64_t from, until;   /* utc usec */
	struct report_cite cite;
	const char *broke; /* origin of the log that a break ended, or NULL */
};

struct losses_place {	    /* of a record */
	const char *origin; /* of its log */
	uint64_t index;
	const uint8_t *leaf; /* 32 bytes */
};

struct losses {
	const struct report *r;
	struct loss *rows;
	size_t n, cap;
	size_t beyond; /* LOSSES_MAX */
};

void losses_init(struct losses *l, const struct report *r);

/* Take a system record of the evidence log; only g1 and b1 say something. */
void losses_record(struct losses *l, const struct record *rec,
    const struct losses_place *at);

/*
 * Take an x1 record: the segment it names is not here any more.  gaps: what
 * the reader of the log passed over so far.
 */
void losses_deletion(struct losses *l, const struct evread_gaps *gaps,
    const struct record *rec, const struct losses_place *at);

/* How many overlap [from, until), and whether one does. */
size_t losses_between(const struct losses *l, int64_t from, int64_t until);
bool losses_is_between(const struct loss *row, int64_t from, int64_t until);

#endif
