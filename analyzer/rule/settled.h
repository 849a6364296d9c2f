/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SETTLED_H
#define RULE_SETTLED_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/rule.h"
#include "analyzer/rule/usage.h"

/*
 * Events of which it is known when they come that no finding will rest on
 * them, whatever comes later and in whatever order: they need not be kept.
 *
 * It can be known of a rule whose history asks for one fact and for nothing
 * else, if that can only turn to "no".  Whether an account is dormant, by
 * account and day: if it was used so few days before that it is not, every
 * event of it on that day is none, and what comes later can only bring another
 * use, nearer by.  Whether an account came from an address (or a network) for
 * the first time: once an earlier use from there is known, it did not.
 */
enum settled {
	SETTLED_NEVER, /* nothing is known before all is */
	SETTLED_USED,	 /* not dormant */
	SETTLED_SOURCE,	 /* not the first time from that address */
	SETTLED_NETWORK, /* nor from that network */
};

/* What may be known of the events of a rule. */
enum settled settled_by(const struct rule *r, const struct fact_site *site);

/* Whether it is known of this event of such a rule; usage has the event. */
bool settled_is(enum settled by, struct facts *fs, const struct usage *usage);

#endif
