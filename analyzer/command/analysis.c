/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/analysis.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/case/intake.h"
#include "analyzer/command/events.h"
#include "analyzer/ledger/calendar.h"
#include "analyzer/ledger/ledger.h"
#include "analyzer/rule/engine.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

#define CALENDAR_BYTES (1u << 20)
#define LATENESS (2 * UTC_MINUTE) /* a record may be sealed so much later */
#define QUIET (30 * UTC_SECOND)	  /* without a record: judge what there is */

struct analysis {
	const struct site *site;
	struct analysis_options options;
	struct events *events;
	struct ruleset *rules;
	struct ledgers *ledgers;
	struct calendar *calendar;
	struct prefixes internal, vpn;
	struct engine *engine;
	int64_t sealed; /* wall clock of the newest seal read */
	int64_t newest; /* receive time of the newest record read */
	bool unsettled; /* there are records that came after the last judgement
			 * of all */
	uint64_t records, unknown;
};

/* ---- what it needs ---- */

static void
add_nets(struct prefixes *to, const struct site_nets *nets)
{
	struct prefix p;
	size_t i;

	for (i = 0; i < nets->n; i++) {
		memcpy(p.address.b, nets->v[i].addr, sizeof(p.address.b));
		p.bits = nets->v[i].bits;
		prefixes_add(to, p);
	}
}

/*
 * One rule that is wrong, and nothing is analysed: a pack without it would be
 * taken for all of it.
 */
static int
load_rules(struct analysis *a, const char *rules)
{
	struct yaml_error err;
	size_t i;

	a->rules = ruleset_load(rules, a->site->analyzer.profile, &err);
	if (a->rules == NULL) {
		events_rules_report(rules, &err);
		return -1;
	}
	for (i = 0; i < a->rules->n_refused; i++)
		yaml_report(&a->rules->refused[i]);
	if (a->rules->n_refused == 0)
		return 0;
	log_error(tr("%zu rule files below %s are refused: nothing was "
		     "analysed",
		      "%2$s のルール %1$zu "
		      "件に誤りがあるため、分析していません"),
	    a->rules->n_refused, rules);
	return -1;
}

/* A ledger that is not kept is empty; one that cannot be read is an error. */
static int
read_ledger(const char *path, struct buf *out)
{
	if (io_read_file(path, LEDGER_BYTES, out) == 0)
		return 0;
	if (errno == ENOENT) {
		log_warn(tr("there is no ledger %s: rules that need it find "
			    "nothing",
			     "台帳 %s がありません。この台帳を使うルールは何も"
			     "検知しません"),
		    path);
		return 0;
	}
	log_errno(tr("cannot read ledger %s", "台帳 %s を読めません"), path);
	return -1;
}

static void
report_problems(const struct problems *ps)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < ps->n; i++) {
		line.len = 0;
		problem_print(&ps->v[i], &line);
		if (ps->v[i].error)
			log_error("%s", buf_cstr(&line));
		else
			log_warn("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

static int
load_ledgers(struct analysis *a)
{
	struct buf devices, accounts, plans;
	struct problems ps;
	int64_t today;

	buf_init(&devices);
	buf_init(&accounts);
	buf_init(&plans);
	problems_init(&ps);
	today = (utc_now() + a->site->zone * UTC_SECOND) / UTC_DAY;
	if (read_ledger(a->site->analyzer.devices, &devices) == 0 &&
	    read_ledger(a->site->analyzer.accounts, &accounts) == 0 &&
	    read_ledger(a->site->analyzer.maintenance, &plans) == 0)
		a->ledgers =
		    ledgers_parse(&(struct ledger_bytes){ .devices = buf_view(
							      &devices),
				      .accounts = buf_view(&accounts),
				      .maintenance = buf_view(&plans) },
			today, a->site->zone, &ps);
	report_problems(&ps);
	problems_fini(&ps);
	buf_fini(&devices);
	buf_fini(&accounts);
	buf_fini(&plans);
	return a->ledgers == NULL ? -1 : 0;
}

static int
load_calendar(struct analysis *a, uint8_t sha[SHA256_LEN])
{
	const char *path = a->site->analyzer.calendar;
	struct yaml_error err;
	struct buf text;

	buf_init(&text);
	memset(sha, 0, SHA256_LEN);
	if (io_read_file(path, CALENDAR_BYTES, &text) == 0) {
		sha256(buf_view(&text), sha);
		a->calendar = calendar_parse(buf_view(&text), path,
		    a->rules->holidays, &err);
		if (a->calendar == NULL)
			yaml_report(&err);
	} else if (errno == ENOENT) {
		a->calendar = calendar_default(a->rules->holidays);
	} else {
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	}
	buf_fini(&text);
	return a->calendar == NULL ? -1 : 0;
}

static void
deliver(void *arg, const struct finding *f)
{
	struct analysis *a = arg;
	struct arena *arena = arena_new();
	struct casebook_finding out;

	intake_finding(f, events_size(a->events), arena, &out);
	a->options.found(a->options.cookie, &out);
	arena_free(arena);
}

struct analysis *
analysis_open(const struct site *site, const struct analysis_options *options)
{
	struct analysis *a = calloc(1, sizeof(*a));
	struct engine_config config = { 0 };
	const char *rules = events_rules(site);

	if (a == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	a->site = site;
	a->options = *options;
	a->sealed = INT64_MIN;
	add_nets(&a->internal, &site->analyzer.internal);
	add_nets(&a->vpn, &site->analyzer.vpn);
	if (load_rules(a, rules) != 0 || load_ledgers(a) != 0 ||
	    load_calendar(a, config.calendar_sha256) != 0 ||
	    (a->events = events_open(site, rules)) == NULL) {
		analysis_close(a);
		return NULL;
	}
	config.rules = a->rules;
	config.ledgers = a->ledgers;
	config.calendar = a->calendar;
	config.internal = &a->internal;
	config.vpn = &a->vpn;
	config.deliver = deliver;
	config.arg = a;
	a->engine = engine_new(&config);
	return a;
}

void
analysis_close(struct analysis *a)
{
	if (a == NULL)
		return;
	engine_free(a->engine);
	events_close(a->events);
	calendar_free(a->calendar);
	ledgers_free(a->ledgers);
	ruleset_free(a->rules);
	prefixes_fini(&a->internal);
	prefixes_fini(&a->vpn);
	free(a);
}

/* ---- records ---- */

/* Words of system records: what was lost, and how far time is complete. */
static void
gap(struct analysis *a, const struct evread_record *rec)
{
	uint64_t from, until;

	if (record_word_get_u64(rec->r.body, "from", &from) == 1 &&
	    record_word_get_u64(rec->r.body, "until", &until) == 1 &&
	    from <= until && until < INT64_MAX)
		engine_gap(a->engine, (int64_t)from, (int64_t)until);
}

static void
one(struct analysis *a, const struct events_item *item)
{
	const struct evread_record *rec = &item->rec;
	uint64_t wall;

	if (item->event != NULL) {
		a->records++;
		a->newest = item->event->received;
		a->unsettled = true;
		a->unknown += item->event->format == NULL;
		engine_feed(a->engine, item->event);
	} else if (rec->r.kind == RECORD_GAP) {
		gap(a, rec);
	} else if (rec->r.kind == RECORD_SEAL &&
	    record_word_get_u64(rec->r.body, "wall", &wall) == 1 &&
	    wall < INT64_MAX && (int64_t)wall > a->sealed) {
		a->sealed = (int64_t)wall;
	}
}

/*
 * Live: what time has passed.  After a while of silence all of it: a device
 * that was switched off, or a sample that has ended, sends nothing that would
 * close its last hours.  What comes later revises.
 */
static void
judge(struct analysis *a)
{
	engine_advance(a->engine, a->sealed - LATENESS);
	if (!a->unsettled || a->sealed < a->newest + QUIET)
		return;
	engine_finish(a->engine);
	a->unsettled = false;
}

int64_t
analysis_step(struct analysis *a)
{
	const char *what =
	    a->options.progress ? tr("analysing", "分析中") : NULL;
	struct events_item item;
	int64_t n = 0;
	int rc = events_refresh(a->events);

	while (rc >= 0 && (rc = events_next(a->events, what, &item)) == 1) {
		one(a, &item);
		n++;
	}
	if (rc < 0)
		return -1;
	if (a->options.live && n > 0 && a->sealed != INT64_MIN)
		judge(a);
	return n;
}

void
analysis_finish(struct analysis *a)
{
	engine_finish(a->engine);
}

void
analysis_counts(const struct analysis *a, struct analysis_counts *c)
{
	*c = (struct analysis_counts){ a->records, a->unknown,
		events_size(a->events) };
}
