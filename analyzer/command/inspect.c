/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "analyzer/command/call.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/grounds.h"
#include "analyzer/command/holdings.h"
#include "analyzer/command/operator.h"
#include "analyzer/report/docket.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

/*
 * konseki inspect: one folder with what an on-site inspection (立入検査) asks
 * to see, made in one reading of the evidence.
 */
#define PERIOD (365 * UTC_DAY)
#define TABLE_BYTES (1u << 20)

struct inspect {
	struct feed *f;
	struct docket_in in;
	struct grounds grounds;
	struct docket *pack;
};

static void
say_problems(const struct problems *ps)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < ps->n; i++) {
		line.len = 0;
		problem_print(&ps->v[i], &line);
		log_warn("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

/* A table that cannot be read leaves its page empty, which says so. */
static void
load_tables(struct inspect *x)
{
	const struct report *r = feed_report(x->f);
	struct problems ps;
	char path[4096];
	struct buf b;
	int i;

	for (i = 0; i < DOCKET_TABLES; i++) {
		const char *file = docket_table_file((enum docket_table)i);

		buf_init(&b);
		problems_init(&ps);
		if (io_join(path, sizeof(path),
			events_rules(feed_site(x->f)), file) != 0 ||
		    io_read_file(path, TABLE_BYTES, &b) != 0)
			log_warn(tr("cannot read %s", "%s を読めません"),
			    path);
		else if (docket_table_read((enum docket_table)i, buf_view(&b),
			     arena_str(r->arena, span_str(path)), r->arena,
			     &x->in.tables[i], &ps) != 0)
			x->in.tables[i] = (struct sheet){ 0 };
		say_problems(&ps);
		problems_fini(&ps);
		buf_fini(&b); /* cells live in the arena */
	}
}

/* ---- what the disk holds ---- */

static void
count_segments(struct docket_log *l, const struct holdings *h)
{
	size_t i;

	for (i = 0; i < h->n; i++) {
		l->kept += h->v[i].state == HOLDING_KEPT;
		l->past += h->v[i].state == HOLDING_PAST;
		l->held += h->v[i].state == HOLDING_HELD;
		l->deleted += h->v[i].state == HOLDING_DELETED;
		l->missing += h->v[i].state == HOLDING_MISSING;
	}
}

static const char *
period_text(struct arena *a, const struct period *p)
{
	if (p->forever)
		return tr("without an end", "無期限（消去しない）");
	return p->years > 0
	    ? arena_printf(a, tr("%u years", "%u年間"), p->years)
	    : arena_printf(a, tr("%u days", "%u日間"), p->days);
}

static void
load_log(struct inspect *x)
{
	const struct site *site = feed_site(x->f);
	const struct site_log *log = site_log(site, "evidence");
	struct docket_log *l = &x->in.log;
	struct holdings h;
	struct buf text;

	buf_init(&text);
	if (holdings_load(&h, site, log, (uint64_t)utc_now(), &text) == 0)
		count_segments(l, &h);
	else
		log_warn("%s", buf_cstr(&text));
	holdings_free(&h);
	text.len = 0;
	(void)holdings_span(site, log, &l->low, &l->high, &text);
	l->retention = period_text(feed_report(x->f)->arena, &log->retention);
	buf_fini(&text);
}

/* ---- reading ---- */

static void
take(void *pack, const struct event *e, int64_t at)
{
	docket_event(pack, e, at);
}

static int64_t
midnight(int64_t at, int zone)
{
	struct utc_civil c;

	utc_to_civil(at, zone, &c);
	return utc_days(c.year, c.month, c.day) * UTC_DAY - zone * UTC_SECOND;
}

/* A year up to the end of the newest record's day, unless it was said; and the
 * newest day. */
static int
set_times(struct inspect *x, const struct call *c, int64_t newest)
{
	const int zone = feed_report(x->f)->zone;

	x->in.until = midnight(newest, zone) + UTC_DAY;
	x->in.day = midnight(newest, zone);
	if (c->value[CALL_TO] != NULL &&
	    feed_parse_time(x->f, c->value[CALL_TO], &x->in.until) != 0)
		return -1;
	x->in.from = x->in.until - PERIOD;
	if (c->value[CALL_FROM] != NULL &&
	    feed_parse_time(x->f, c->value[CALL_FROM], &x->in.from) != 0)
		return -1;
	if (c->value[CALL_DAY] != NULL &&
	    feed_parse_time(x->f, c->value[CALL_DAY], &x->in.day) != 0)
		return -1;
	x->in.day = midnight(x->in.day, zone);
	if (x->in.from < x->in.until && x->in.day >= x->in.from &&
	    x->in.day < x->in.until)
		return 0;
	log_error("%s",
	    tr("the period ends before it begins, or the day is not of it",
		"期間の指定が正しくないか、見本の日が期間の外です"));
	return -1;
}

/* Read all; once more if the newest record is not where it was thought. */
static int
gather(struct inspect *x, const struct call *c)
{
	int64_t newest = (int64_t)feed_report(x->f)->evidence->last_time;
	const int zone = feed_report(x->f)->zone;

	for (;;) {
		if (set_times(x, c, newest) != 0)
			return -1;
		x->pack = docket_new(&x->in);
		if (feed_events(x->f, take, x->pack) != 0)
			return -1;
		if (feed_newest(x->f) == 0 ||
		    midnight(feed_newest(x->f), zone) ==
			midnight(newest, zone) ||
		    (c->value[CALL_TO] != NULL && c->value[CALL_DAY] != NULL))
			return 0;
		docket_free(x->pack);
		newest = feed_newest(x->f);
	}
}

/* ---- writing ---- */

static int
write_page(const char *dir, const char *name, struct span bytes)
{
	char path[4096];

	if (io_join(path, sizeof(path), dir, name) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, bytes) == 0)
		return 0;
	log_errno(tr("cannot write %s", "%s に書けません"), path);
	return -1;
}

static int
write_pages(struct inspect *x, const struct call *c)
{
	const struct report *r = feed_report(x->f);
	struct utc_civil day;
	const char *name, *dir;
	size_t i = 0, n = 0;
	struct buf out;
	int rc = 0;

	utc_to_civil(report_made(r), r->zone, &day);
	dir = arena_printf(r->arena, "%s/inspection-%04d-%02d-%02d-%s",
	    c->value[CALL_OUTPUT] != NULL ? c->value[CALL_OUTPUT]
					  : feed_site(x->f)->reports,
	    day.year, day.month, day.day, log_lang() == LOG_JA ? "ja" : "en");
	if (io_mkdirs(dir, 0750) != 0) {
		log_errno(tr("cannot make %s", "%s を作れません"), dir);
		return -1;
	}
	buf_init(&out);
	while (rc == 0 && docket_page(x->pack, &i, &name, &out)) {
		rc = write_page(dir, name, buf_view(&out));
		out.len = 0;
		n++;
	}
	buf_fini(&out);
	if (rc == 0)
		printf(tr("%s/index.html\n%zu files\n",
			   "%s/index.html\n全%zuファイル\n"),
		    dir, n);
	return rc;
}

/* It has records on it, word for word: an operator's action. */
static void
recorded(const struct inspect *x)
{
	struct buf words;

	buf_init(&words);
	record_word_u64(&words, "since", (uint64_t)x->in.from);
	record_word_u64(&words, "until", (uint64_t)x->in.until);
	(void)operator_use(feed_site(x->f), "export", "inspect", "evidence",
	    buf_view(&words)); /* it said so */
	buf_fini(&words);
}

static int
run(const struct call *c, struct feed *f)
{
	struct inspect x = { .f = f };
	int rc = -1;

	x.in.r = feed_report(f);
	x.in.site = feed_site(f);
	if (grounds_load_ledgers(&x.grounds, feed_site(f)) == 0)
		x.in.ledgers = x.grounds.ledgers;
	load_tables(&x);
	load_log(&x);
	if (gather(&x, c) == 0) {
		recorded(&x);
		feed_verify(f, x.in.from, x.in.until);
		docket_finish(x.pack, feed_losses(f));
		rc = write_pages(&x, c);
	}
	docket_free(x.pack);
	grounds_free(&x.grounds);
	return rc;
}

int
command_inspect(int argc, char *argv[])
{
	return call_run(argc, argv,
	    CALL_BIT(CALL_FROM) | CALL_BIT(CALL_TO) | CALL_BIT(CALL_DAY), run);
}
