/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_EVENTS_H
#define ANALYZER_COMMAND_EVENTS_H

#include "analyzer/command/ahead.h"
#include "analyzer/event/event.h"
#include "analyzer/format/formats.h"
#include "analyzer/format/narrow.h"
#include "evidence/evread.h"
#include "site/site.h"

/*
 * The evidence log of a site as events, all its generations: reader and
 * formats together.
 */
struct events;

struct events_item {
	struct evread_record rec;
	const char *origin;  /* of the log that the record stands in */
	struct event *event; /* of a received record; NULL if it is none, or
			      * blanks between messages */
	const uint32_t *seen; /* what the look said (ahead.h), or NULL */
	size_t n_seen;
};

/*
 * Open the evidence log with the formats below rules.  What is wrong is said,
 * and NULL returned.
 */
struct events *events_open(const struct site *site, const char *rules);
void events_close(struct events *e);

/*
 * The same, understood by jobs threads beside the one that asks (ahead.h); by
 * that one alone if jobs is 1.  look (may be NULL) is borrowed.
 */
struct events *events_open_jobs(const struct site *site, const char *rules,
    unsigned jobs);

/* The same; lend (may be NULL): as in evread_borrow(). */
struct events *events_open_beside(const struct site *site, const char *rules,
    unsigned jobs, struct lend *lend);
void events_set_look(struct events *e, const struct ahead_look *look);

/* As many jobs as there are processors, within reason. */
unsigned events_jobs(void);

/* --jobs: 0 and *jobs, or -1. */
int events_parse_jobs(const char *text, unsigned *jobs);

/*
 * The next record: 1 and *item, which lives until the next call; 0 at the
 * checkpoint's size; -1 (said).  what (may be NULL): shown as progress.
 */
int events_next(struct events *e, const char *what, struct events_item *item);

/*
 * Read no line that could have none of n wants (narrow.h); *left counts those
 * left out.  Return false if none can be.
 */
bool events_narrow(struct events *e, const struct narrow_want *want, size_t n,
    uint64_t *left);

/* Whether a record says that records between two instants were lost. */
bool events_gap(const struct evread_record *rec, int64_t *from,
    int64_t *until);

/* Begin at the first record again.  0, or -1 (said). */
int events_rewind(struct events *e);

/*
 * Part by part (evchain.h): events_next() ends where the run does; what was
 * passed over is said after the last, which is that of the newest log with all
 * that is looked at in its end.
 */
void events_run(struct events *e, const struct evchain_run *run);
size_t events_logs(const struct events *e);
const char *events_dir(const struct events *e, size_t log);
struct evread *events_log(struct events *e, size_t log); /* as evchain_log() */

/* What lines mean that depends on those before; what is put back of it by
 * reading_put_memory() must be told. */
struct reading *events_reading(struct events *e);
void events_remember(struct events *e);

/* Read the checkpoint again, to follow a live log.  1 if it grew, 0, -1. */
int events_refresh(struct events *e);

uint64_t events_size(const struct events *e); /* of the newest checkpoint */

/* Load the formats below rules; what is wrong is said, and NULL returned. */
struct formats *events_formats(const char *rules);

/* Whether formats has that name (NULL: none asked for): 0, or -1 (said). */
int events_check_format(const struct formats *formats, const char *name);

/* What was passed over so far, as its segments are gone. */
const struct evread_gaps *events_gaps(const struct events *e);

/* The folder of formats and rules of a site: its own, else as installed. */
const char *events_rules(const struct site *site);

/* Report what is wrong below that folder, and which folder it is. */
void events_rules_report(const char *rules, const struct yaml_error *err);

#endif
