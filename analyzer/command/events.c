/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/events.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/gaps.h"
#include "analyzer/command/reading.h"
#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "evidence/evchain.h"
#include "site/succession.h"

#define PROGRESS_RECORDS 4096
#define JOBS_DEFAULT 4 /* the collector works on the same machine */

struct events {
	const struct site *site;
	struct evchain *reader;
	struct formats *formats;
	struct reading *reading;
	struct ahead *ahead; /* NULL: one thread does all */
	struct arena *arena; /* for as long as the reader */
	uint64_t n;
	size_t gaps_said;
	bool part; /* of a log that is read: what was passed over comes later */
	const char *const *dirs;
	struct buf why;
};

const char *
events_rules(const struct site *site)
{
	return *site->analyzer.rules != '\0' ? site->analyzer.rules
					     : command_rules();
}

void
events_rules_report(const char *rules, const struct yaml_error *err)
{
	yaml_report(err);
	log_error(tr("the rules are those of %s (analyzer.rules of "
		     "konseki.yml, or KONSEKI_RULES)",
		      "ルールのフォルダーは %s です（konseki.ymlの"
		      "analyzer.rules、または環境変数KONSEKI_RULES）"),
	    rules);
}

struct formats *
events_formats(const char *rules)
{
	struct formats *f;
	struct yaml_error err;
	char dir[4096];

	if (io_join(dir, sizeof(dir), rules, "formats") != 0) {
		log_errno("%s", rules);
		return NULL;
	}
	f = formats_load(dir, &err);
	if (f == NULL)
		yaml_report(&err);
	return f;
}

int
events_check_format(const struct formats *formats, const char *name)
{
	size_t i;

	if (name == NULL || formats_named(formats, name) != NULL)
		return 0;
	log_error(tr("there is no format '%s'; formats are:",
		      "書式「%s」はありません。使える書式:"),
	    name);
	for (i = 0; i < formats_count(formats); i++)
		log_error("  %s (%s)", formats_name(formats, i),
		    formats_title(formats, i));
	return -1;
}

/* Say what the reader said, once. */
static int
said(struct events *e, int rc)
{
	if (rc < 0)
		log_error("%s", buf_cstr(&e->why));
	e->why.len = 0;
	return rc;
}

/* Of a log that is over: said, and the others are read all the same. */
static void
on_missing(void *cookie, const char *dir, const char *what)
{
	(void)cookie;
	command_missing(dir, what);
}

static int
open_chain(struct events *e, unsigned jobs, struct lend *lend)
{
	const struct site_log *log = site_log(e->site, "evidence");
	struct evchain_options opt = {
		.dirs = e->dirs = succession_dirs(e->site, log, e->arena),
		.n = log->generation,
		.leaves = jobs == 1, /* else workers make them */
		.lend = lend,
		.missing = on_missing,
	};

	return evchain_open(&e->reader, &opt, &e->why);
}

unsigned
events_jobs(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > JOBS_DEFAULT ? JOBS_DEFAULT : (unsigned)n;
}

int
events_parse_jobs(const char *text, unsigned *jobs)
{
	uint64_t n;

	if (num_parse(span_str(text), AHEAD_JOBS, &n) != 0 || n == 0)
		return -1;
	*jobs = (unsigned)n;
	return 0;
}

struct events *
events_open(const struct site *site, const char *rules)
{
	return events_open_jobs(site, rules, 1);
}

struct events *
events_open_jobs(const struct site *site, const char *rules, unsigned jobs)
{
	return events_open_beside(site, rules, jobs, NULL);
}

struct events *
events_open_beside(const struct site *site, const char *rules, unsigned jobs,
    struct lend *lend)
{
	struct events *e = calloc(1, sizeof(*e));

	if (e == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	e->site = site;
	e->arena = arena_new();
	buf_init(&e->why);
	e->formats = events_formats(rules);
	if (e->formats != NULL && said(e, open_chain(e, jobs, lend)) == 0) {
		e->reading = reading_new(e->formats, site->zone,
		    site->analyzer.devices);
		if (jobs > 1)
			e->ahead = ahead_new(jobs, e->reader, e->reading,
			    e->formats, site->zone);
		return e;
	}
	events_close(e);
	return NULL;
}

void
events_close(struct events *e)
{
	if (e == NULL)
		return;
	ahead_free(e->ahead);
	evchain_close(e->reader);
	reading_free(e->reading);
	formats_free(e->formats);
	arena_free(e->arena);
	buf_fini(&e->why);
	free(e);
}

void
events_set_look(struct events *e, const struct ahead_look *look)
{
	if (e->ahead != NULL)
		ahead_set_look(e->ahead, look);
}

static int
next_ahead(struct events *e, struct events_item *item)
{
	struct ahead_item it;
	int rc = ahead_next(e->ahead, &it, &e->why);

	if (rc == 1)
		*item = (struct events_item){ it.rec, it.origin, it.event,
			it.seen, it.n_seen };
	return rc;
}

static int
next(struct events *e, struct events_item *item)
{
	int rc;

	if (e->ahead != NULL)
		return next_ahead(e, item);
	rc = evchain_next(e->reader, &item->rec, &e->why);
	if (rc != 1)
		return rc;
	item->origin = evchain_origin(e->reader);
	item->event = reading_event(e->reading, &item->rec, item->origin);
	item->seen = NULL;
	item->n_seen = 0;
	return 1;
}

int
events_next(struct events *e, const char *what, struct events_item *item)
{
	int rc = next(e, item);

	if (rc == 0 && e->part)
		return 0;
	if (rc != 1) {
		if (what != NULL)
			log_progress_end();
		e->gaps_said = gaps_say(site_log(e->site, "evidence")->dir,
		    evread_gaps(evchain_newest(e->reader)), e->gaps_said);
		return said(e, rc);
	}
	if (what != NULL && ++e->n % PROGRESS_RECORDS == 0)
		log_progress(what, item->rec.index, events_size(e));
	return 1;
}

bool
events_narrow(struct events *e, const struct narrow_want *want, size_t n,
    uint64_t *left)
{
	const struct narrow *narrow =
	    narrow_make(formats_set(e->formats), want, n, e->arena);

	reading_narrow(e->reading, narrow, left);
	return narrow != NULL;
}

bool
events_gap(const struct evread_record *rec, int64_t *from, int64_t *until)
{
	uint64_t a, b;

	if (rec->r.kind != RECORD_GAP ||
	    record_word_get_u64(rec->r.body, "from", &a) != 1 ||
	    record_word_get_u64(rec->r.body, "until", &b) != 1 || a > b ||
	    b >= INT64_MAX)
		return false;
	*from = (int64_t)a;
	*until = (int64_t)b;
	return true;
}

void
events_run(struct events *e, const struct evchain_run *run)
{
	e->part = run->until != UINT64_MAX ||
	    run->log + 1 < events_logs(e);
	evchain_run(e->reader, run);
}

size_t
events_logs(const struct events *e)
{
	return site_log(e->site, "evidence")->generation;
}

const char *
events_dir(const struct events *e, size_t log)
{
	return e->dirs[log];
}

struct evread *
events_log(struct events *e, size_t log)
{
	return evchain_log(e->reader, log);
}

struct reading *
events_reading(struct events *e)
{
	return e->reading;
}

void
events_remember(struct events *e)
{
	if (e->ahead != NULL)
		ahead_remember(e->ahead);
}

int
events_rewind(struct events *e)
{
	e->part = false;
	reading_rewind(e->reading);
	if (e->ahead != NULL)
		ahead_reset(e->ahead);
	return said(e, evchain_rewind(e->reader, &e->why));
}

int
events_refresh(struct events *e)
{
	return said(e, evchain_refresh(e->reader, &e->why));
}

uint64_t
events_size(const struct events *e)
{
	return evread_size(evchain_newest(e->reader));
}

const struct evread_gaps *
events_gaps(const struct events *e)
{
	return evchain_gaps(e->reader);
}
