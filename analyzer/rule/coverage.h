/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_COVERAGE_H
#define RULE_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/ledger/calendar.h"

/*
 * From when to when, and on which days, there were records at all.  "Nobody
 * used it" is only true if nothing was lost; so every rule about absence asks
 * here first.  Notes may come in any order.
 */
struct coverage;

struct coverage *coverage_new(const struct calendar *calendar);
void coverage_free(struct coverage *c);

/* A record that tells of logins was judged at this instant.  Whether it is the
 * first of its day. */
bool coverage_note(struct coverage *c, int64_t usec);

/* Records were lost between two instants (a g1 record, a silent source). */
void coverage_gap(struct coverage *c, int64_t from, int64_t until);

/* Day numbers of the first and last record; 0 is returned if there is none. */
int coverage_days(const struct coverage *c, int64_t *first, int64_t *last);

/*
 * Of the days first ... last: how many should have records (open days, and
 * closed ones that have some), and how many of them have records and no gap
 * of an hour or more.
 */
struct coverage_share {
	int64_t days, covered;
	double percent; /* 0 if days is 0 */
};

struct coverage_share coverage_share(const struct coverage *c, int64_t first,
    int64_t last);

#endif
