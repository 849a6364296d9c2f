/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/analyzing.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/gencheck.h"
#include "analyzer/command/history.h"
#include "analyzer/ledger/ledger.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/logfile.h"

#define REVIEW_DAYS 3u /* in which to sign a week, where nobody is reminded */

struct feed {
	struct site *site;
	struct arena *arena;
	struct events *events; /* NULL: not opened yet */
	unsigned jobs;
	struct devices *devices;
	struct accounts *accounts;
	struct contacts contacts;
	struct casebook book;
	struct verify_result evidence, cases;
	struct gencheck *gens, *case_gens; /* the older ones of both */
	struct logfile evidence_log, cases_log;
	struct report report;
	struct losses losses;
	struct judging judging;
	bool all; /* what is kept of segments is not looked at */
	bool distrusted;
	/* While it is analysed, or read. */
	feed_take *take;
	void *cookie;
	const struct feed_week *week;
	const char *origin; /* of the last record; in the arena */
};

/* ---- what it needs ---- */

/* A report must come out on a bad night too: without its ledger it is poorer,
 * and says which device it could not name by showing its address. */
static void
load_devices(struct feed *f)
{
	const char *path = f->site->analyzer.devices, *name;
	struct problems ps;
	struct buf bytes;

	buf_init(&bytes);
	problems_init(&ps);
	if (ledger_file_read(path, f->arena, &bytes, &name, &ps) == 1)
		f->devices = devices_parse(buf_view(&bytes), name, &ps);
	if (f->devices == NULL)
		log_warn(tr("no device ledger from %s: devices are shown by "
			    "address",
			     "機器台帳 %s を使えません。機器はアドレスで表示"
			     "します"),
		    path);
	problems_fini(&ps);
	buf_fini(&bytes);
}

/* The same of accounts; without any none is compared, which the page says. */
static void
load_accounts(struct feed *f)
{
	const int64_t today =
	    (utc_now() + f->site->zone * UTC_SECOND) / UTC_DAY;
	const char *name;
	struct problems ps;
	struct buf bytes;

	buf_init(&bytes);
	problems_init(&ps);
	if (ledger_file_read(f->site->analyzer.accounts, f->arena, &bytes,
		&name, &ps) == 1)
		f->accounts = accounts_parse(buf_view(&bytes), name, today,
		    &ps);
	problems_fini(&ps);
	buf_fini(&bytes);
}

static void
load_contacts(struct feed *f)
{
	struct yaml_error err;

	if (access(f->site->analyzer.contacts, F_OK) != 0)
		return;
	if (contacts_load(f->site->analyzer.contacts,
		f->site->escalation.answer_min, f->arena, &f->contacts,
		&err) == 0)
		f->report.contacts = &f->contacts;
	else
		yaml_report(&err);
}

/* R of a log, which goes on paper with its checkpoint; NULL: not readable,
 * which the verification says. */
static const uint8_t *
load_r(const struct feed *f, const char *name, struct logfile *log)
{
	char path[4096];
	struct buf text;
	unsigned line;
	bool good;

	buf_init(&text);
	good = io_join(path, sizeof(path), site_log(f->site, name)->dir,
		   "log") == 0 &&
	    io_read_file(path, LOGFILE_MAX, &text) == 0 &&
	    logfile_parse(buf_view(&text), log, &line) == 0;
	buf_fini(&text);
	return good ? log->r : NULL;
}

static int
open_events(struct feed *f)
{
	if (f->events == NULL)
		f->events = events_open_jobs(f->site, events_rules(f->site),
		    f->jobs);
	return f->events != NULL ? 0 : -1;
}

static int
load_book(struct feed *f)
{
	struct buf why;
	int rc;

	buf_init(&why);
	rc = command_casebook(f->site, f->arena, &f->book, &why);
	if (rc != 0)
		log_error("%s", buf_cstr(&why));
	buf_fini(&why);
	return rc;
}

static void
verify(struct feed *f, const char *name, struct verify_result *result)
{
	gencheck_log(f->site, site_log(f->site, name), f->jobs, result);
}

static void
begin_report(struct feed *f)
{
	const struct site *site = f->site;

	f->report.site = site->name;
	f->report.zone = site->zone;
	f->report.internal = &site->analyzer.internal;
	f->report.devices = f->devices;
	f->report.accounts = f->accounts;
	f->report.book = &f->book;
	f->report.evidence = &f->evidence;
	f->report.cases = &f->cases;
	f->report.evidence_r = load_r(f, "evidence", &f->evidence_log);
	f->report.cases_r = load_r(f, "casebook", &f->cases_log);
	f->report.arena = f->arena;
	f->report.grace = (int64_t)(site->review.remind_days > 0
		? site->review.remind_days
		: REVIEW_DAYS) * UTC_DAY;
}

static struct gencheck *
older(struct feed *f, const char *name)
{
	return gencheck_new(f->site, site_log(f->site, name), f->jobs,
	    f->arena);
}

struct feed *
feed_open_part(const char *dir, const char *lang, unsigned jobs)
{
	struct site *site = command_site(dir);
	struct feed *f;

	if (site == NULL)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	command_page_lang(site, lang);
	f->site = site;
	f->jobs = jobs;
	f->arena = arena_new();
	if (history_skew(site, f->arena, &f->judging.skew) != 0) {
		feed_close(f);
		return NULL;
	}
	f->gens = older(f, "evidence");
	f->case_gens = older(f, "casebook");
	load_devices(f);
	load_accounts(f);
	load_contacts(f);
	begin_report(f);
	return f;
}

struct feed *
feed_open(const char *dir, const char *lang, unsigned jobs)
{
	struct feed *f = feed_open_part(dir, lang, jobs);

	if (f == NULL)
		return NULL;
	if (open_events(f) != 0 || load_book(f) != 0) {
		feed_close(f);
		return NULL;
	}
	verify(f, "evidence", &f->evidence);
	verify(f, "casebook", &f->cases);
	return f;
}

void
feed_close(struct feed *f)
{
	if (f == NULL)
		return;
	events_close(f->events);
	devices_free(f->devices);
	accounts_free(f->accounts);
	site_free(f->site);
	arena_free(f->arena);
	free(f);
}

const struct site *
feed_site(const struct feed *f)
{
	return f->site;
}

const struct report *
feed_report(const struct feed *f)
{
	return &f->report;
}

const struct losses *
feed_losses(const struct feed *f)
{
	return &f->losses;
}

int64_t
feed_newest(const struct feed *f)
{
	return f->judging.newest;
}

/* ---- events ---- */

static void
begin(struct feed *f)
{
	f->judging.newest = 0;
	losses_init(&f->losses, &f->report);
	gencheck_rewind(f->gens);
}

static void
take_item(struct feed *f, const struct events *events,
    const struct events_item *item, int64_t at)
{
	const struct losses_place place = { item->origin, item->rec.index,
		item->rec.leaf };

	gencheck_record(f->gens, item->origin, (int64_t)item->rec.r.rx, at);
	if (item->rec.r.kind != RECORD_RECEIVED)
		losses_record(&f->losses, &item->rec.r, &place);
	if (item->rec.r.kind == RECORD_DELETION)
		losses_deletion(&f->losses, events_gaps(events), &item->rec.r,
		    &place);
	if (item->event != NULL)
		f->take(f->cookie, item->event, at);
}

static int64_t
judged(struct feed *f, const struct events_item *item)
{
	return item->event == NULL ? (int64_t)item->rec.r.rx
				   : judging_time(&f->judging, item->event);
}

int
feed_events(struct feed *f, feed_take *take, void *cookie)
{
	const char *what = tr("reading the evidence", "証跡を読んでいます");
	struct events_item item;
	int rc;

	begin(f);
	f->take = take;
	f->cookie = cookie;
	if (open_events(f) != 0)
		return -1;
	rc = events_rewind(f->events);
	while (rc >= 0 && (rc = events_next(f->events, what, &item)) == 1)
		take_item(f, f->events, &item, judged(f, &item));
	return rc < 0 ? -1 : 0;
}

/* ---- by the week ---- */

void
feed_read_all(struct feed *f)
{
	f->all = true;
}

static void
week_item(void *cookie, const struct events *events,
    const struct events_item *item, int64_t at)
{
	take_item(cookie, events, item, at);
}

static const char *
lasting(struct feed *f, const char *origin)
{
	if (f->origin == NULL || strcmp(f->origin, origin) != 0)
		f->origin = arena_str(f->arena, span_str(origin));
	return f->origin;
}

static bool
week_past(void *cookie, struct evread *log, const struct past *p)
{
	struct feed *f = cookie;
	const char *origin = lasting(f, evread_origin(log));
	uint8_t leaf[SHA256_LEN] = { 0 };
	struct record r;
	size_t i;

	gencheck_past(f->gens, origin, p);
	for (i = 0; i < p->n_told; i++) {
		const struct past_told *t = &p->told[i];
		const struct losses_place place = { origin, t->index, leaf };

		memcpy(leaf, t->leaf, sizeof(t->leaf));
		r = (struct record){ .kind = t->kind,
			.rx = t->rx,
			.body = t->body };
		losses_record(&f->losses, &r, &place);
		if (t->kind == RECORD_DELETION)
			losses_deletion(&f->losses, evread_gaps(log), &r,
			    &place);
	}
	return f->week->past(f->week->cookie, p, origin);
}

static void
say_book(const struct pastbook *b)
{
	struct buf why = b->unkept;

	if (b->wrong > 0)
		log_warn(tr("%llu summaries of segments did not fit them and "
			    "are made again",
			     "セグメントと合わない集計が%llu個あり、作り直しま"
			     "す"),
		    b->wrong);
	if (why.len > 0)
		log_warn(tr("summaries of segments could not be kept, and the "
			    "next sheet will read everything again: %s",
			     "セグメントの集計を保存できないため、次回も全記録"
			     "を読みます: %s"),
		    buf_cstr(&why));
}

int
feed_week(struct feed *f, const struct feed_week *week)
{
	static const int ends[] = { [HISTORY_READ] = 0,
		[HISTORY_ANEW] = 1,
		[HISTORY_FAILED] = -1 };
	uint8_t program[SHA256_LEN];
	struct pastbook book;
	enum history_end end;

	if (f->all || pastbook_program(program) != 0)
		return feed_events(f, week->take, week->cookie);
	begin(f);
	f->take = week->take;
	f->cookie = week->cookie;
	f->week = week;
	if (open_events(f) != 0 || events_rewind(f->events) < 0)
		return -1;
	pastbook_open(&book, f->site, program, f->judging.skew);
	book.distrusted = f->distrusted;
	end = history_read(&(struct history){ .events = f->events,
	    .judging = &f->judging,
	    .book = &book,
	    .from = week->from,
	    .until = week->until,
	    .what = tr("reading the evidence", "証跡を読んでいます"),
	    .item = week_item,
	    .past = week_past,
	    .cookie = f });
	f->distrusted = end == HISTORY_ANEW;
	say_book(&book);
	pastbook_close(&book);
	return ends[end];
}

/* ---- analysed ---- */

static void
analyzed_item(void *cookie, const struct events *events,
    const struct events_item *item)
{
	struct feed *f = cookie;
	struct events_item it = *item;

	/* What takes it may keep it, and the analysis ends before. */
	it.origin = lasting(f, it.origin);
	if (it.event != NULL)
		it.event->origin = it.origin;
	take_item(f, events, &it, judged(f, &it));
}

static void
analyzed_log(void *cookie, const char *log, const struct verify_result *r)
{
	struct feed *f = cookie;

	if (strcmp(log, site_log(f->site, "evidence")->label) == 0)
		f->evidence = *r;
}

int
feed_analyze(struct feed *f, feed_take *take, void *cookie)
{
	struct analyzing how = { .jobs = f->jobs,
		.item = analyzed_item,
		.verified = analyzed_log,
		.cookie = f };

	begin(f);
	f->take = take;
	f->cookie = cookie;
	if (analyzing_run(f->site, &how) != 0 || load_book(f) != 0)
		return -1;
	verify(f, "casebook", &f->cases); /* of what it holds by now */
	return 0;
}

void
feed_verify(struct feed *f, int64_t from, int64_t until)
{
	gencheck_verify(f->gens, from, until, &f->report.evidence_before);
	gencheck_verify(f->case_gens, 0, INT64_MAX, &f->report.cases_before);
}

/* ---- the command line ---- */

const struct casebook_group *
feed_case(const struct feed *f, const char *id)
{
	const struct casebook_group *found = NULL, *g;
	size_t i;

	if (id != NULL) {
		found = casebook_group(&f->book, id);
		if (found == NULL)
			log_error(tr("there is no case '%s', or more than one; "
				     "see 'konseki case list'",
				      "事案「%s」はないか、1つに決まりません。"
				      "konseki case list を見てください"),
			    id);
		return found;
	}
	for (i = 0; i < f->book.n_groups; i++) {
		g = &f->book.groups[i];
		if (g->n_findings > 0 &&
		    (found == NULL || g->severity > found->severity))
			found = g;
	}
	if (found == NULL)
		log_error("%s",
		    tr("there are no cases yet: run 'konseki "
		       "analyze' first",
			"事案がまだありません。先に konseki analyze "
			"を実行してください"));
	return found;
}

int
feed_parse_time(const struct feed *f, const char *text, int64_t *usec)
{
	return command_time(f->site, text, usec);
}

int
feed_write(const struct feed *f, const char *dir, const char *stem,
    const char *suffix, struct span bytes)
{
	char path[4096];
	int n;

	if (dir == NULL)
		dir = f->site->reports;
	n = snprintf(path, sizeof(path), "%s/%s-%s.%s", dir, stem,
	    log_lang() == LOG_JA ? "ja" : "en", suffix);
	if (n < 0 || (size_t)n >= sizeof(path))
		errno = ENAMETOOLONG;
	else if (io_mkdirs(dir, 0750) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, bytes) == 0) {
		puts(path);
		return 0;
	}
	log_errno(tr("cannot write a report to %s", "報告書を %s に書けません"),
	    dir);
	return -1;
}
