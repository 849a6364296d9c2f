/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FEED_H
#define ANALYZER_COMMAND_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/ledger/device.h"
#include "analyzer/report/losses.h"
#include "analyzer/report/report.h"
#include "common/arena.h"
#include "site/site.h"

/*
 * What every report needs of a site: ledger, contacts, casebook, verification
 * of both logs; and the evidence as events.  The reports themselves parse
 * nothing.
 */
struct feed;

typedef void feed_take(void *cookie, const struct event *e, int64_t at);

/*
 * Open the site at dir (NULL: command_site()'s) and read all but the events.
 * lang (may be NULL) is the user's word on the report's language, else that
 * of the site.  By jobs threads.  What is wrong is said, and NULL returned.
 */
struct feed *feed_open(const char *dir, const char *lang, unsigned jobs);

/*
 * The same without casebook and verification: for who analyses first, which
 * changes the one, and does the other.  feed_analyze() does both and the rest,
 * and hands the records that it reads to take as feed_events() does.
 */
struct feed *feed_open_part(const char *dir, const char *lang, unsigned jobs);
int feed_analyze(struct feed *f, feed_take *take, void *cookie);
void feed_close(struct feed *f);

/* Lives as long as the feed. */
const struct site *feed_site(const struct feed *f);
const struct report *feed_report(const struct feed *f);

/*
 * Hand every record of the evidence log to take, with the time it is judged
 * by; what the log lost stands in feed_losses() afterwards.  Return 0, or -1
 * (said).  May be called again.
 */
int feed_events(struct feed *f, feed_take *take, void *cookie);

/*
 * The same for a sheet of [from, until): segments of which no event is of then
 * are given to past, in their place among the events, as what is kept of them
 * (history.h); origin lives as long as the feed.  Return 1 if that was not
 * good, or past returned false: what was taken is to be forgotten, and this
 * called again, which then reads all.
 */
struct past;
struct feed_week {
	int64_t from, until;
	feed_take *take;
	bool (*past)(void *cookie, const struct past *p, const char *origin);
	void *cookie;
};
int feed_week(struct feed *f, const struct feed_week *week);

/* Before it: nothing that is kept is looked at, and nothing is kept. */
void feed_read_all(struct feed *f);
const struct losses *feed_losses(const struct feed *f);

/*
 * After feed_events: verify the older generations that hold records of
 * [from, until), too, for report_proof(); and those of the casebook.
 */
void feed_verify(struct feed *f, int64_t from, int64_t until);

/*
 * The time of the newest record that tells one, as it is judged; known after
 * feed_events.  0: none does.
 */
int64_t feed_newest(const struct feed *f);

/*
 * The case of --case (a unique beginning of its id is enough), or with NULL
 * the gravest, of equal ones the first; NULL (said) if there is none.
 */
const struct casebook_group *feed_case(const struct feed *f, const char *id);

/* "2026-11-22", "2026-11-22T08:00" at the site, or RFC 3339.  0, or -1. */
int feed_parse_time(const struct feed *f, const char *text, int64_t *usec);

/*
 * Write dir/stem-LANG.suffix (dir NULL: the site's folder of reports) and say
 * where on standard output.  Return 0, or -1 (said).
 */
int feed_write(const struct feed *f, const char *dir, const char *stem,
    const char *suffix, struct span bytes);

#endif
