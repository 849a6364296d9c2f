/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_THIN_H
#define RULE_THIN_H

#include <stdbool.h>

#include "analyzer/sigma/correlation_link.h"
#include "analyzer/sigma/view.h"
#include "common/buf.h"

/*
 * A value_count that waits for many asks how many values there are: of events
 * with the same value, soon after each other, one says as much as all.  So of
 * each group and value one event is taken for each part of the timespan, and
 * a machine that talks to one server all day is no work.  A value that comes
 * again and again is thereby forgotten up to one part early.  What is
 * remembered is bounded; what is forgotten is taken again, which is only more
 * work.
 */
#define THIN_PARTS 8

struct thin;

struct thin *thin_new(void);
void thin_free(struct thin *t);

/* Whether events of a source of this correlation may be thinned. */
bool thin_may(const struct correlation_linked *l);

/* Append an event's group and value, as words of 64 bits. */
void thin_words(const struct correlation *c,
    const struct correlation_source *s, const struct view *v, struct buf *out);

/*
 * Whether one of these words was taken in its part of the timespan; else it
 * is.  which: a number for those that are thinned together.
 */
bool thin_seen(struct thin *t, uint64_t which, const struct correlation *c,
    int64_t time, struct span words);

#endif
