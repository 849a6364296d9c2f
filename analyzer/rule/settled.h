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
 * It can be known of a rule whose history asks whether an account is dormant
 * and for nothing else, by account and day: if that account was used so few
 * days before that it is not, every event of it on that day is none, and what
 * comes later can only bring another use, nearer by.
 */
bool settled_may(const struct rule *r, const struct fact_site *site);

/* Whether it is known of this event of such a rule; usage has the event. */
bool settled_is(struct facts *fs, const struct usage *usage);

#endif
