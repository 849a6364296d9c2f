/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_NARROW_H
#define ANALYZER_FORMAT_NARROW_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/event/event.h"
#include "common/arena.h"

/*
 * For who looks for a few events among many: which lines cannot be read as
 * one that has what is wanted.  For a format to fill a field so, the line must
 * have some word: one that a case asks for before it sets the field, or the
 * value itself.  A line that has none of them need not be read.  It errs to
 * one side alone: what it leaves out would have had no such field.
 */
struct narrow;
struct format_set;
struct formats;

/* A field and what must stand in it; empty: any value. */
struct narrow_want {
	enum ecs field;
	bool whole;	  /* text is the value, else stands in it */
	struct span text; /* in lower case */
};

/*
 * For lines of which one of n wants could come true, by any format of set.
 * NULL: no line can be left out.  It lies in the arena, and borrows nothing.
 */
struct narrow *narrow_make(const struct format_set *set,
    const struct narrow_want *want, size_t n, struct arena *a);

/* Room for lines; one for each thread. */
struct narrow_room;
struct narrow_room *narrow_room_new(void);
void narrow_room_free(struct narrow_room *r); /* NULL is fine */

/*
 * Whether the message of e, as formats_apply() gets it, must be read by that
 * handle.  Else nothing is lost by not applying it: neither a field that is
 * wanted, nor what the handle remembers of the stream.
 */
bool narrow_may(const struct narrow *n, struct formats *f,
    const struct event *e, struct narrow_room *room);

#endif
