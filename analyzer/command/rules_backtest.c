/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/analysis.h"
#include "analyzer/command/backtest.h"
#include "analyzer/command/backtest_rules.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/grounds.h"
#include "analyzer/command/reading.h"
#include "analyzer/command/verdicts.h"
#include "analyzer/rule/engine.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * konseki rules backtest: what rules would have found in all the evidence of a
 * site.  It reads and computes and writes nothing.
 */
struct trial { /* one set of rules */
	struct engine *engine;
	struct verdicts *verdicts; /* what people judged normal */
	struct backtest_hits hits;
};

struct backtest {
	struct backtest_rules rules;
	struct grounds grounds;
	struct arena *arena;
	struct arena *pass; /* of one record */
	struct casebook book;
	struct events *events;
	struct trial tried, before; /* before: without an engine if the same */
	int64_t from, until;
	int64_t first, last; /* of the evidence */
	struct backtest_report report;
};

static void
start(struct backtest *b, struct trial *t, const struct ruleset *rules,
    bool whole)
{
	struct engine_config c = { .rules = rules,
		.ledgers = b->grounds.ledgers,
		.calendar = b->grounds.calendar,
		.internal = &b->grounds.internal,
		.vpn = &b->grounds.vpn,
		.firmware = b->rules.pack.all->firmware,
		.deliver = backtest_take,
		.arg = &t->hits };

	memcpy(c.calendar_sha256, b->grounds.calendar_sha256,
	    sizeof(c.calendar_sha256));
	t->hits.from = b->from;
	t->hits.until = b->until;
	t->hits.whole = whole;
	t->hits.exceptions = b->grounds.ledgers->exceptions;
	t->hits.zone = b->rules.pack.site->zone;
	backtest_hits_init(&t->hits, &b->book);
	t->engine = engine_new(&c);
	t->verdicts = verdicts_new(b->rules.pack.site);
	(void)verdicts_refresh(t->verdicts, t->engine);
}

static void
stop(struct trial *t)
{
	if (t->engine == NULL)
		return;
	verdicts_free(t->verdicts);
	engine_free(t->engine);
	backtest_hits_fini(&t->hits);
}

/* How far the evidence goes, by the records that are read in any case. */
static void
note_time(struct backtest *b, const struct event *e)
{
	const struct settings *set = &b->rules.tried->settings;
	bool replay = e->source != NULL && e->source->replay;
	int64_t at = e->received;

	if (e->index % READING_ALL != 0)
		return;
	if (e->clock != EVENT_CLOCK_NONE)
		at = event_judged_time(e,
		    settings_usec(set, SETTING_SKEW_MAX));
	else if (replay)
		return;
	if (at < b->from || at >= b->until)
		return;
	b->first = at < b->first ? at : b->first;
	b->last = at > b->last ? at : b->last;
}

static void
feed(struct backtest *b, const struct events_item *item)
{
	if (item->event != NULL) {
		b->report.records++;
		note_time(b, item->event);
	}
	analysis_tell(b->tried.engine, item, b->pass);
	if (b->before.engine != NULL)
		analysis_tell(b->before.engine, item, b->pass);
}

static int
read_all(struct backtest *b)
{
	const char *what = tr("backtesting", "過去の記録で確認中");
	struct events_item item;
	int rc;

	while ((rc = events_next(b->events, what, &item)) == 1)
		feed(b, &item);
	return rc;
}

/* Also what was found: the first and the last of it are evidence, too. */
static void
widen(struct backtest *b, const struct backtest_hits *h)
{
	size_t i;

	for (i = 0; i < h->n; i++) {
		if (h->v[i].first < b->first)
			b->first = h->v[i].first;
		if (h->v[i].first > b->last)
			b->last = h->v[i].first;
	}
}

static void
report(struct backtest *b)
{
	struct backtest_report *r = &b->report;
	struct engine_stats stats;

	engine_finish(b->tried.engine);
	engine_stats(b->tried.engine, &stats);
	r->dropped = stats.dropped;
	r->hits = &b->tried.hits;
	widen(b, r->hits);
	if (b->before.engine != NULL) {
		engine_finish(b->before.engine);
		backtest_compare(&b->before.hits, &b->tried.hits);
		r->before = &b->before.hits;
		widen(b, r->before);
	}
	backtest_compare(&b->tried.hits, r->before);
	r->from = b->first < b->last ? b->first : 0;
	r->until = b->first < b->last ? b->last : 0;
	r->zone = b->rules.pack.site->zone;
	r->n_rules = b->rules.tried->n;
	r->book = b->book.n_findings;
	backtest_count(r, b->arena);
}

static int
print(const struct backtest *b, const struct rules_call *c)
{
	struct buf out;
	int rc;

	buf_init(&out);
	if (c->json)
		backtest_print_json(&b->report, &out);
	else if (c->csv)
		backtest_print_csv(&b->report, &out);
	else
		backtest_print_text(&b->report, &out);
	rc = fwrite(out.p, 1, out.len, stdout) == out.len && fflush(stdout) == 0
	    ? 0
	    : 1;
	buf_fini(&out);
	return rc;
}

static int
window(struct backtest *b, const struct rules_call *c)
{
	const struct site *site = b->rules.pack.site;

	b->from = INT64_MIN;
	b->until = INT64_MAX;
	if ((c->from != NULL && command_time(site, c->from, &b->from) == -1) ||
	    (c->to != NULL && command_time(site, c->to, &b->until) == -1))
		return -1;
	if (b->from < b->until)
		return 0;
	log_error(tr("--to %s is not after --from %s",
		      "--to %s は --from %s より後ではありません"),
	    c->to, c->from);
	return -1;
}

static int
load(struct backtest *b, const struct rules_call *c)
{
	const struct site *site;
	struct buf why;
	int rc;

	if (backtest_rules_open(&b->rules, c) == -1)
		return -1;
	site = b->rules.pack.site;
	if (window(b, c) == -1 ||
	    rules_pack_take(&b->rules.pack, &b->grounds) == -1)
		return -1;
	buf_init(&why);
	rc = command_casebook(site, b->arena, &b->book, &why);
	if (rc != 0)
		log_error("%s", buf_cstr(&why));
	buf_fini(&why);
	if (rc != 0)
		return -1;
	/* What is left out is left out by one that reads alone. */
	b->events = events_open_jobs(site, events_rules(site),
	    b->rules.wants.n > 0 ? 1 : events_jobs());
	return b->events == NULL ? -1 : 0;
}

static int
run(struct backtest *b, const struct rules_call *c)
{
	struct backtest_wants *w = &b->rules.wants;

	b->arena = arena_new();
	b->pass = arena_new();
	b->first = INT64_MAX;
	b->last = INT64_MIN;
	if (load(b, c) == -1)
		return 1;
	if (w->n > 0)
		(void)events_narrow(b->events, w->v, w->n, &b->report.left);
	start(b, &b->tried, b->rules.tried, c->json);
	if (b->rules.before != NULL)
		start(b, &b->before, b->rules.before, c->json);
	if (read_all(b) == -1)
		return 1;
	report(b);
	return print(b, c);
}

int
rules_backtest(struct rules_call *c)
{
	struct backtest b = { .first = 0 };
	int status;

	if ((c->json && c->csv) ||
	    (c->narg == 0 && c->profile == NULL && c->nset == 0))
		return RULES_USAGE;
	c->site = command_site_dir(c->site);
	status = run(&b, c);
	stop(&b.tried);
	stop(&b.before);
	events_close(b.events);
	grounds_free(&b.grounds);
	backtest_rules_close(&b.rules);
	arena_free(b.pass);
	arena_free(b.arena);
	return status;
}
