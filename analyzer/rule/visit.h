/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_VISIT_H
#define RULE_VISIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"

/*
 * From logins and logouts to visits: one person on one device, from when to
 * when.  Records of the same device belong together by the strongest key at
 * hand: the session's number (a Windows logon id too), the address that the
 * VPN gave out, the person's address and port, the process; else account and
 * address, if only one visit fits.  Where several do, none is ended: a wrong
 * end is worse than none.  Records are put in order by time before any is
 * paired, and those that came twice count once, so the order of arrival
 * changes nothing.
 */
#define VISIT_RECORDS 50000u /* of each kind that are remembered */

enum visit_kind { VISIT_VPN, VISIT_ADMIN, VISIT_OTHER, VISIT_KINDS };

enum visit_how {	  /* it ended */
	VISIT_SAID,	  /* the device said so */
	VISIT_SUPERSEDED, /* its key was given to a new login */
	VISIT_OPEN,	  /* not by the end of the evidence, though this device
			   * tells of logouts */
	VISIT_UNKNOWN,	  /* the device tells of none, has restarted since, or
			   * it is not clear whose end was told */
};

struct visit_cite {
	const char *origin; /* NULL: none */
	uint64_t index;
	uint8_t leaf[8]; /* its beginning */
};

struct visit {
	enum visit_kind kind;
	enum visit_how how;
	struct span device, user, source, tunnel; /* empty: not said */
	bool begun;	    /* a record tells of its beginning; else begin is
			     * reckoned from the duration, or is the end */
	int64_t begin, end; /* judged, utc usec; end = begin if not known */
	bool has_bytes;	    /* what was told last; never a sum of totals */
	uint64_t sent, received; /* by the person, to the person */
	struct visit_cite first, last;
	size_t records; /* that it rests on, repetitions not counted */
	bool replay;
};

struct visits;

/* [from, until): what matters; what lies farthest from it goes first when
 * there is no room. */
struct visits *visits_new(int64_t from, int64_t until);
void visits_free(struct visits *v);

/* Before the first record: of these kinds alone (bits 1 << kind), and of what
 * happens to devices. */
void visits_only(struct visits *v, unsigned kinds);

/*
 * Take the event if it tells of a visit; at = its judged time.  Its origin
 * must live as long as the visits, the rest is copied.  Return false if it is
 * a repetition.
 */
bool visits_add(struct visits *v, const struct event *e, int64_t at);

/*
 * In two steps, for who keeps what records tell (visit_pair.h): what the event
 * tells of a visit of VPN or administrators, or of the restart of a device,
 * with its strings still the event's; false: nothing.  And such a mark taken,
 * whose strings are copied.
 */
struct visit_mark;
bool visits_read(struct visit_mark *m, const struct event *e, int64_t at);
bool visits_mark(struct visits *v, const struct visit_mark *m);

/* By begin; valid until visits_free.  To be called once, at the end. */
const struct visit *visits_finish(struct visits *v, size_t *n);

/*
 * After visits_finish: who had that address of a VPN at that time; empty if
 * nobody did, or more than one.
 */
struct span visits_holder(const struct visits *v, struct span address,
    int64_t at);

struct visits_count {
	uint64_t repeated; /* records that came again */
	uint64_t evicted;  /* forgotten for want of room */
	uint64_t missed;   /* of those, of [from, until) */
};

struct visits_count visits_count(const struct visits *v);

#endif
