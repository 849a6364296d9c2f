/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_LOSSEVENT_H
#define ANALYZER_COMMAND_LOSSEVENT_H

#include "analyzer/event/event.h"
#include "common/arena.h"
#include "evidence/evread.h"
#include "verify/verify.h"

/*
 * What the collector says of itself, as an event that rules may ask for: of a
 * g1 record (docs/losses.md) konseki.kind evidence-loss, its kind in
 * event.action, its words in event.reason, whose it was in source.ip.  It is
 * of the time at which it was recorded.  Pure.
 */
#define LOSSEVENT_FORMAT "konseki"

/* Return false if the record is no such one.  Values live in a; origin and the
 * record are borrowed. */
bool lossevent_make(const struct evread_record *rec, const char *origin,
    struct arena *a, struct event *e);

/*
 * The same of a log (its name in the site) that verification found tampered
 * with: event.action is "verification", and it is of the time of what is
 * wrong, else of the newest seal.  It is no record's.
 */
void lossevent_verified(const struct verify_result *r, const char *log,
    struct arena *a, struct event *e);

#endif
