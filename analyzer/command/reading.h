/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_READING_H
#define ANALYZER_COMMAND_READING_H

#include "analyzer/event/event.h"
#include "analyzer/format/formats.h"
#include "analyzer/format/narrow.h"
#include "common/buf.h"
#include "evidence/evread.h"

/*
 * From the records of a log to events: what a stream's definition says of its
 * messages, and the formats, together.  Records are handed in as they stand in
 * the log, none left out, for what a record means may depend on those of its
 * stream before it.
 */
struct reading;

/*
 * The formats are borrowed; zone is the site's, seconds east.  devices (may be
 * NULL) is the file of the device ledger, which may tell the zone of a device
 * and the format of its lines; without it both are as the lines say.
 */
struct reading *reading_new(struct formats *formats, int zone,
    const char *devices);
void reading_free(struct reading *r); /* NULL is fine */

/*
 * The record's part of an event into *e: true; false if it is none, or blanks
 * between messages.  Its message is borrowed from the record.
 */
bool reading_take(struct reading *r, const struct evread_record *rec,
    const char *origin, struct event *e);

/* What the formats make of it, by a handle of the caller's; values lie in a. */
void reading_understand(struct formats *formats, int zone, struct event *e,
    struct arena *a);

/*
 * From here on lines that narrow says need not be read become events without
 * a field; *left counts them.  Every READING_ALL-th record is read in any
 * case, to tell how far time has come.
 */
#define READING_ALL 64
void reading_narrow(struct reading *r, const struct narrow *narrow,
    uint64_t *left);

/*
 * The event of a received record; NULL if it is none, or blanks between
 * messages.  It lives until the next call; origin is borrowed for as long.
 */
struct event *reading_event(struct reading *r, const struct evread_record *rec,
    const char *origin);

/* Forget what streams said: the log is read from its beginning again. */
void reading_rewind(struct reading *r);

/*
 * What lines are read by that their streams said before, at the borders of
 * segments.  From reading_note() on it is noted which streams of that log
 * asked for it, and what was remembered of them then; reading_noted() hands
 * out each with what is remembered now, and ends it.  0; -1: too many.
 */
void reading_note(struct reading *r, const char *origin);
typedef void reading_memory(void *cookie, uint32_t stream, struct span before,
    struct span after);
int reading_noted(struct reading *r, reading_memory *each, void *cookie);

/* A line of that stream asked, which another than the reading understood. */
void reading_asked(struct reading *r, uint32_t stream);

/* What is remembered of a stream, appended; and put back: 0, or -1. */
void reading_get_memory(struct reading *r, const char *origin, uint32_t stream,
    struct buf *out);
int reading_put_memory(struct reading *r, const char *origin, uint32_t stream,
    struct span memory);

/*
 * The same of an event with a record's part only, which may be e itself; and
 * whether lines of that stream are read by what it said before (formats.h).
 */
struct event *reading_again(struct reading *r, const struct event *record);
bool reading_remembers(struct reading *r, const char *origin, uint32_t stream);

/* What is remembered of a stream, valid until the next call; NULL: nothing. */
const struct stream *reading_stream(struct reading *r, const char *origin,
    uint32_t stream);

#endif
