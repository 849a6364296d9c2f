/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RECORDS_H
#define ANALYZER_COMMAND_RECORDS_H

#include "analyzer/event/event.h"
#include "analyzer/format/formats.h"
#include "evidence/evread.h"
#include "site/site.h"

/*
 * One log as events, however the user named it: the folder of a log or of a
 * site, or a name as --log takes it.
 */
struct records;

struct records_call {
	const char *site; /* --site, or NULL */
	const char *log;  /* --log or what was given alone, or NULL: evidence */
	const char *command; /* for the record that it was read */
	const char *action;  /* "view", or "export" */
};

/*
 * Find and open the log; that it is read is recorded in the casebook of its
 * site, where it has one.  What is wrong is said, and NULL returned.
 */
struct records *records_open(const struct records_call *call);
void records_close(struct records *r); /* NULL is fine */

/* Its site; NULL if it is of none. */
const struct site *records_site(const struct records *r);

/* The folder of formats for it: of the site, else as installed. */
const char *records_rules(const struct records *r);

/*
 * Read by these formats.  zone: seconds east; the site's own counts if there
 * is one.
 */
void records_begin(struct records *r, struct formats *formats, int zone);
int records_zone(const struct records *r);

/* Go on with the newest n records, or a few more.  0, or -1 (said). */
int records_last(struct records *r, uint64_t n);

/*
 * The next record that is an event, its own part alone: 1 and *e, whose message
 * lives until the next call; 0 at the end, -1 (said).
 */
int records_take(struct records *r, struct event *e);

/*
 * The next record and its event (NULL: none, as in reading_event()): 1, 0 at
 * the end, -1 (said).
 */
int records_next(struct records *r, struct evread_record *rec,
    struct event **event);

#endif
