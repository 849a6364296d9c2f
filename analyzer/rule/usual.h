/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_USUAL_H
#define RULE_USUAL_H

#include "analyzer/rule/baseline.h"
#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/ruleset.h"

/*
 * What is usual for each key of the rules with a baseline, by its own past:
 * uses, records, values or sums by hour or day of the site's clock.  Filled in
 * any order; the same events give the same answers.  An hour or day that was
 * unusual is no reference for later ones until a person judged it normal.
 * Records that come twice count once (analyzer/rule/repeat.h, session.h).
 */
#define USUAL_KEYS 100000
#define USUAL_SLOTS 4000000 /* hours or days, of all keys */
#define USUAL_VALUES 2000000

struct usual;

struct usual *usual_new(const struct fact_site *site);
void usual_free(struct usual *u);

/*
 * An event that fits a rule with a baseline.  Return the earliest time that
 * its amount bears on.
 */
int64_t usual_note(struct usual *u, const struct rule *r, struct span key,
    const struct event *e, const char *origin, struct facts *fs);

/*
 * A finding about that key was judged normal: what was unusual in its window is
 * a reference for later ones, and stays unusual itself.  usual_accept_none: no
 * finding is.
 */
void usual_accept(struct usual *u, const struct rule *r, struct span key,
    int64_t from, int64_t until);
void usual_accept_none(struct usual *u);

struct usual_verdict {
	bool unusual;
	uint64_t past;	     /* hours, days or uses that were compared */
	uint64_t same;	     /* HOURS: of them, at that hour of the week */
	double percent;	     /* HOURS: how likely that hour is */
	uint64_t amount;     /* the others */
	struct baseline base;
};

/*
 * Whether the hour or day of an event, or one of those that it lasted, is
 * unusual for the key.  covered: days without records are missing, not zero.
 */
struct usual_verdict usual_judge(struct usual *u, const struct rule *r,
    struct span key, const struct event *e, int64_t time,
    const struct coverage *covered);

/* What found no room. */
uint64_t usual_dropped(const struct usual *u);

#endif
