/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_LOGINS_H
#define ANALYZER_REPORT_LOGINS_H

#include "analyzer/report/picture.h"
#include "analyzer/report/report.h"
#include "analyzer/report/subject.h"

/* Who logged in, from where, how often, in a period. */
enum logins_kind { LOGINS_VPN, LOGINS_ADMIN, LOGINS_OTHER, LOGINS_KINDS };

#define LOGINS_MAX 10000u

struct login { /* one account from one address on one device */
	enum logins_kind kind;
	struct span user, source;
	struct span country; /* of the source, as the device says; or empty */
	const char *device;  /* for people */
	uint64_t succeeded, failed;
	int64_t first, last;
	struct report_cite cite;     /* the first success, else the first */
	struct report_range records; /* that were counted */
};

struct logins_sum { /* of one kind */
	uint64_t succeeded, failed;
	size_t users;	/* that succeeded */
	size_t sources; /* of those that failed */
	struct report_range records;
};

struct logins;

struct logins *logins_new(const struct report *r, int64_t from, int64_t until);
void logins_event(struct logins *l, const struct event *e, int64_t at);

/* How many of VPN and of administrators succeeded in each hour of the week. */
const struct picture_hours *logins_hours(const struct logins *l);

/* "VPN", "管理者" ... */
const char *logins_kind_name(enum logins_kind k);

/* Records that came again; they are not counted. */
uint64_t logins_repeated(const struct logins *l);

/*
 * By first time; those of the subject alone, which must know by now all that
 * it will (NULL: everybody's).  *beyond = events that no row was left for.
 * To be called once.
 */
const struct login *logins_finish(struct logins *l,
    const struct subject *subject, size_t *n, uint64_t *beyond);
struct logins_sum logins_sum(const struct login *rows, size_t n,
    enum logins_kind kind);

#endif
