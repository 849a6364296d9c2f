/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_KEEP_H
#define RULE_KEEP_H

#include "analyzer/event/event.h"

/*
 * A copy of an event that outlives its pass: fields, record, source, in one
 * block of memory.  For the few events that findings rest on.
 */
struct keep;

/* origin must outlive the copy.  time = judged. */
struct keep *keep_event(const struct event *e, const char *origin,
    int64_t time);

/*
 * The same beside a copy of an event of the same sort (NULL: there is none),
 * which may be freed before: what both have is in memory once.  whole: with
 * the message itself, and the device's time as written, which few ask for.
 */
struct keep *keep_event_like(const struct event *e, const char *origin,
    int64_t time, bool whole, struct keep *like);

/* NULL is fine. */
void keep_free(struct keep *k);

/* Set *e to the event; it borrows from k. */
void keep_restore(const struct keep *k, struct event *e);
int64_t keep_time(const struct keep *k);
uint64_t keep_index(const struct keep *k);
const char *keep_origin(const struct keep *k);

/* By judged time, then origin and index: the order that findings use. */
int keep_compare(const struct keep *a, const struct keep *b);

/* The same of an event that was not copied. */
struct keep_place {
	int64_t time;
	const char *origin;
	uint64_t index;
};
int keep_compare_place(const struct keep_place *a, const struct keep *b);

#endif
