/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_UNIT_REPORT_FIXTURE_H
#define TESTS_UNIT_REPORT_FIXTURE_H

#include "analyzer/report/damage.h"
#include "analyzer/report/review.h"
#include "analyzer/report/timeline.h"

/*
 * A small incident made by hand for the tests of the reports: a retired
 * doctor's VPN account at night, an administrator's login through it, a
 * policy, a server that sends 40 GB out, the log switched off; around it two
 * ordinary sources, a line nobody understands, and lines of a stranger who
 * hopes to be markup, a formula or a change of direction.
 */
struct fixture {
	struct report r;
	struct casebook book;
	struct losses losses;
	struct site_nets internal;
	struct contacts contacts;
	struct verify_result evidence, cases;
};

/* full: more findings, sources and longer texts than any page can show. */
void fixture_init(struct fixture *f, bool full);
void fixture_fini(struct fixture *f);

/* Hand over all events, in an order that is not that of time. */
void fixture_events(struct fixture *f,
    void (*take)(void *cookie, const struct event *e, int64_t at),
    void *cookie);

/* "2026-11-22T02:14:07+09:00" as an instant. */
int64_t fixture_time(const char *s);

/* The three reports, whole; what is "timeline.csv", "review.html" ... */
void fixture_print(struct fixture *f, const char *what, struct buf *out);

#endif
