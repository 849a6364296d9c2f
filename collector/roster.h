/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ROSTER_H
#define COLLECTOR_ROSTER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/site.h"
#include "site/talker.h"

/*
 * The senders as the writer shows them to the monitor, in memory that they
 * share (gauges.h): ROSTER_MAX of them, who are taken before who is refused.
 * The reader sees all of one showing, or nothing.
 */
#define ROSTER_MAX 1000u

struct roster_row {
	char log[40], listener[40], transport[16], peer[72], name[136], why[40];
	_Atomic uint64_t records, bytes, last, silent, lost[TALKER_LOSSES];
};
#define ROSTER_WORDS (sizeof(struct roster_row) / sizeof(uint64_t))
_Static_assert(sizeof(struct roster_row) == ROSTER_WORDS * sizeof(uint64_t),
    "words and nothing else");

struct roster {
	_Atomic uint64_t turn; /* odd: it is being written */
	_Atomic uint64_t n;    /* rows */
	_Atomic uint64_t row[ROSTER_MAX][ROSTER_WORDS];
};

/* What was read of it. */
struct roster_copy {
	size_t n;
	struct roster_row row[ROSTER_MAX];
};

/* Show them as of that time.  Return how many were shown. */
size_t roster_show(struct roster *r, const struct talker *row, size_t n,
    const struct site *site, uint64_t at);

/* Whoever wrote it, each text has its end.  Nobody, if it changes each time. */
void roster_read(const struct roster *r, struct roster_copy *copy);

#endif
