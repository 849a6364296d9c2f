/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_NUMBERED_H
#define RULE_NUMBERED_H

#include "analyzer/rule/draft.h"
#include "analyzer/rule/ruleset.h"

/*
 * Records with a number that a device gives once and that only rises, also
 * over restarts, while filters let some of them through (event.sequence, where
 * konseki.sequence.kind is "filtered").  A counter is that of a device, by
 * serial number where the line has one (the halves of a pair share a name),
 * in the log that konseki.sequence.scope names, as read by one format: what
 * two formats make of the same record cannot be compared.
 */
#define NUMBERED_COUNTERS 2000

struct numbered_counter {
	const char *key;  /* of findings: device, serial, counter, format */
	const char *name; /* of the device */
	const char *scope;
	const struct device *device; /* or NULL */
};

struct numbered_record {
	uint64_t n;
	int64_t clock; /* of the device, else when it was received */
	bool replay;
	struct finding_cite cite;
};

struct numbered;

struct numbered *numbered_new(void);
void numbered_free(struct numbered *x);

/*
 * The number of an event, judged at fs->time; origin outlives r.  Return the
 * counter, or -1 if there is none, or no room for one more.
 */
int numbered_read(struct numbered *x, const struct event *e, const char *origin,
    struct facts *fs, struct numbered_record *r);

/* Valid until the next numbered_read. */
const struct numbered_counter *numbered_counter(const struct numbered *x,
    size_t i);

/* Records whose counter found no room. */
uint64_t numbered_dropped(const struct numbered *x);

/* Whether a stands before b: by number, then as findings cite. */
bool numbered_before(const struct numbered_record *a,
    const struct numbered_record *b);

/* Begin a finding about a counter on a day. */
void numbered_draft(struct draft *d, const struct rule *rule,
    const struct fact_site *site, const struct numbered_counter *c, int64_t day,
    struct arena *arena);

/* The first rule of that detector, or NULL. */
const struct rule *numbered_rule(const struct ruleset *rules,
    enum rule_detector detector);

#endif
