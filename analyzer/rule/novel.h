/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_NOVEL_H
#define RULE_NOVEL_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/rule.h"

/*
 * What is new (x-konseki: new): the first time that fields and facts of an
 * event come together as they do, for a rule, or the first for so many days.
 * Filled in any order; the same events give the same answers.  Memory is that
 * of analyzer/rule/seen.h for each rule: what finds no room is never new.
 */
struct novel;

struct novel *novel_new(void);
void novel_free(struct novel *n);

/*
 * An event that fits a rule.  Return whether it is new by what is known so
 * far; later events can make it old, but never an old one new.  *bears: the
 * earliest time that this bears on, INT64_MAX if nothing has changed.
 */
bool novel_note(struct novel *n, const struct rule *r, struct facts *fs,
    int64_t *bears);

/* Whether an event that was new when it came still is, and says something. */
bool novel_is_first(struct novel *n, const struct rule *r, struct facts *fs);

/* What found no room. */
uint64_t novel_dropped(const struct novel *n);

#endif
