/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/analysis.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/intake.h"
#include "analyzer/command/events.h"
#include "analyzer/command/command.h"
#include "analyzer/command/grounds.h"
#include "analyzer/command/standing.h"
#include "analyzer/command/verdicts.h"
#include "analyzer/command/lossevent.h"
#include "analyzer/rule/engine.h"
#include "analyzer/rule/roster.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/gap.h"

#define LATENESS (2 * UTC_MINUTE) /* a record may be sealed so much later */
#define QUIET (30 * UTC_SECOND)	  /* without a record: judge what there is */

struct analysis {
	const struct site *site;
	struct analysis_options options;
	struct events *events;
	struct ruleset *rules;
	struct grounds grounds;
	struct engine *engine;
	struct verdicts *verdicts;
	struct standing *standing; /* or NULL: nothing is taken back */
	enum { REVISED_NOT, REVISED_PARTLY, REVISED } revised;
	struct ahead_look look; /* by workers: which rules an event may fit */
	int64_t sealed; /* wall clock of the newest seal read */
	bool fresh;	/* records were read since the last judgement */
	bool unsettled; /* there are records that came after the last judgement
			 * of all */
	bool unread;	/* it was said that the casebook cannot be read */
	uint64_t size;	  /* of the newest log, as it was read */
	int64_t replayed; /* engine_replayed() */
	uint64_t records, unknown;
	struct arena *pass; /* of one event of our own */
};

/* ---- what it needs ---- */

/*
 * One rule that is wrong, and nothing is analysed: a pack without it would be
 * taken for all of it.
 */
static int
load_rules(struct analysis *a, const char *rules)
{
	struct arena *arena = arena_new();
	struct yaml_error err;
	size_t i;

	a->rules = ruleset_load_for(rules, a->site->analyzer.profile,
	    roster_names(a->grounds.ledgers, &a->grounds.internal,
		&a->grounds.vpn, arena),
	    &err);
	arena_free(arena);
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

static void
deliver(void *arg, const struct finding *f)
{
	struct analysis *a = arg;
	struct arena *arena = arena_new();
	struct casebook_finding out;

	if (a->standing != NULL)
		standing_told(a->standing, span_str(f->id));
	intake_finding(f, events_size(a->events), arena, &out);
	intake_except(&out, a->grounds.ledgers->exceptions, a->site->zone,
	    arena);
	a->options.found(a->options.cookie, &out);
	arena_free(arena);
}

static void *
look_open(void *arg)
{
	return engine_look_new(arg);
}

static void
look_close(void *mine)
{
	engine_look_free(mine);
}

static size_t
look_at(void *mine, const struct event *e, const uint32_t **seen)
{
	return engine_look_at(mine, e, seen);
}

/* Without the ledgers that every site is to keep much is not found. */
static bool
may_revise(const struct analysis *a)
{
	const bool *kept = a->grounds.ledgers->kept;

	return kept[LEDGER_DEVICES] && kept[LEDGER_ACCOUNTS] &&
	    kept[LEDGER_MAINTENANCE];
}

struct analysis *
analysis_open(const struct site *site, const struct analysis_options *options)
{
	struct analysis *a = calloc(1, sizeof(*a));
	struct engine_config config = { 0 };
	const char *rules = events_rules(site);
	size_t i;

	if (a == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	a->site = site;
	a->options = *options;
	a->sealed = INT64_MIN;
	a->pass = arena_new();
	if (grounds_load_ledgers(&a->grounds, site) != 0 ||
	    load_rules(a, rules) != 0 ||
	    grounds_load_calendar(&a->grounds, site, a->rules->holidays) !=
		0 ||
	    (a->events = events_open_beside(site, rules,
		options->jobs > 0 ? options->jobs : 1, options->lend)) ==
		NULL) {
		analysis_close(a);
		return NULL;
	}
	config.rules = a->rules;
	config.ledgers = a->grounds.ledgers;
	config.calendar = a->grounds.calendar;
	memcpy(config.calendar_sha256, a->grounds.calendar_sha256,
	    sizeof(config.calendar_sha256));
	config.internal = &a->grounds.internal;
	config.vpn = &a->grounds.vpn;
	config.deliver = deliver;
	config.arg = a;
	a->engine = engine_new(&config);
	a->look = (struct ahead_look){ look_open, look_close, look_at,
		a->engine };
	events_set_look(a->events, &a->look);
	a->standing =
	    options->revise && may_revise(a) ? standing_new() : NULL;
	a->verdicts = verdicts_new(site);
	(void)verdicts_refresh(a->verdicts, a->engine);
	for (i = 0; options->ledger != NULL && i < a->grounds.n_versions; i++)
		options->ledger(options->cookie, &a->grounds.versions[i]);
	return a;
}

void
analysis_close(struct analysis *a)
{
	if (a == NULL)
		return;
	events_close(a->events); /* its workers look by the engine */
	verdicts_free(a->verdicts);
	standing_free(a->standing);
	engine_free(a->engine);
	grounds_free(&a->grounds);
	ruleset_free(a->rules);
	arena_free(a->pass);
	free(a);
}

/* ---- records ---- */

/* What senders cannot bring about: else one could hide that he cut another
 * off. */
static bool
is_down(const struct event *e)
{
	static const enum gap_kind down[] = { GAP_DOWN, GAP_DISK_FULL,
		GAP_WRITE_ERROR, GAP_RECEIVER_LOST, GAP_WRITER_LOST,
		GAP_LISTENER_CLOSED };
	struct span action = event_get(e, ECS_EVENT_ACTION);
	enum gap_kind kind;
	size_t i;

	if (gap_parse(action, &kind) != 0)
		return false;
	for (i = 0; i < sizeof(down) / sizeof(down[0]); i++)
		if (kind == down[i])
			return true;
	return false;
}

/* What the collector says of itself: what was lost. */
static void
gap(struct engine *e, const struct events_item *item, struct arena *pass)
{
	struct event *own;
	int64_t from, until;

	arena_reset(pass);
	own = arena_alloc(pass, sizeof(*own));
	if (!lossevent_make(&item->rec, item->origin, pass, own))
		return;
	engine_feed(e, own);
	if (!events_gap(&item->rec, &from, &until))
		return;
	engine_gap(e, from, until);
	if (is_down(own))
		engine_down(e, from, until);
}

/* Whether a record says how far time is complete. */
static bool
seal(const struct evread_record *rec, int64_t *wall)
{
	uint64_t at;

	if (rec->r.kind != RECORD_SEAL ||
	    record_word_get_u64(rec->r.body, "wall", &at) != 1 ||
	    at >= INT64_MAX)
		return false;
	*wall = (int64_t)at;
	return true;
}

void
analysis_tell(struct engine *e, const struct events_item *item,
    struct arena *pass)
{
	int64_t wall;

	if (item->event != NULL && item->seen != NULL)
		engine_feed_seen(e, item->event, item->seen, item->n_seen);
	else if (item->event != NULL)
		engine_feed(e, item->event);
	else if (item->rec.r.kind == RECORD_GAP)
		gap(e, item, pass);
	else if (seal(&item->rec, &wall)) {
		engine_sealed(e, wall - LATENESS);
		if (engine_received(e) != INT64_MIN &&
		    wall >= engine_received(e) + QUIET)
			engine_settle(e);
	}
}

static void
one(struct analysis *a, const struct events_item *item)
{
	int64_t wall;

	analysis_tell(a->engine, item, a->pass);
	if (a->standing != NULL)
		standing_read(a->standing, item->origin, item->rec.index,
		    (int64_t)item->rec.r.rx);
	if (item->event != NULL) {
		a->records++;
		a->unsettled = true;
		a->unknown += item->event->format == NULL;
	} else if (seal(&item->rec, &wall) && wall > a->sealed)
		a->sealed = wall;
	if (a->options.item != NULL)
		a->options.item(a->options.item_cookie, a->events, item);
}

/* ---- what was told before ---- */

/* 0, or -1: the casebook could not be read, which is said once. */
static int
withdraw(struct analysis *a, const struct standing_scope *scope)
{
	struct arena *arena = arena_new();
	struct casebook book;
	struct buf why;
	int rc;

	buf_init(&why);
	rc = command_casebook(a->site, arena, &book, &why);
	if (rc == 0)
		(void)standing_withdraw(a->standing, &book, scope,
		    a->options.found, a->options.cookie);
	else if (!a->unread)
		log_warn(tr("what is not found any more is not withdrawn: %s",
			     "検知されなくなったものを取り下げられません: %s"),
		    buf_cstr(&why));
	a->unread |= rc != 0;
	buf_fini(&why);
	arena_free(arena);
	return rc;
}

/*
 * Once of what live records told of the days before this one, which is judged
 * in any case; and once of all, when all is judged.  From then on the analysis
 * takes back what it told itself, and need not know what that was.
 */
static void
revise(struct analysis *a, bool partly)
{
	char rules[2 * SHA256_LEN + 1];
	struct standing_scope scope = {
		.logs = site_log(a->site, "evidence")->generation,
		.size = a->size,
		.rules_sha256 = rules,
		.partly = partly,
		.since = a->replayed,
		.until = a->sealed < INT64_MIN + UTC_DAY
		    ? INT64_MIN /* nothing was sealed */
		    : a->sealed - UTC_DAY,
	};

	if (a->standing == NULL ||
	    a->revised >= (partly ? REVISED_PARTLY : REVISED))
		return;
	hex_print(a->rules->sha256, SHA256_LEN, rules);
	rules[2 * SHA256_LEN] = '\0';
	if (withdraw(a, &scope) != 0)
		return;
	a->revised = partly ? REVISED_PARTLY : REVISED;
	if (partly)
		return;
	standing_free(a->standing);
	a->standing = NULL;
}

static void
measure(struct analysis *a)
{
	a->size = events_size(a->events);
	a->replayed = engine_replayed(a->engine);
}

/*
 * Live: what time has passed.  After a while of silence all of it: a device
 * that was switched off, or a sample that has ended, sends nothing that would
 * close its last hours.  What comes later revises.  That there was silence a
 * seal says, so who reads the evidence later knows of it at the same place.
 */
static void
judge(struct analysis *a)
{
	a->unsettled |= verdicts_refresh(a->verdicts, a->engine);
	engine_advance(a->engine, a->sealed - LATENESS);
	measure(a);
	revise(a, true);
	if (!a->unsettled || !engine_is_settled(a->engine))
		return;
	engine_finish(a->engine);
	revise(a, false);
	a->unsettled = false;
}

int64_t
analysis_step_some(struct analysis *a, int64_t max, bool *all)
{
	const char *what =
	    a->options.progress ? tr("analysing", "分析中") : NULL;
	struct events_item item;
	int64_t n = 0;
	int rc = events_refresh(a->events);

	*all = false;
	while (rc >= 0 && n < max &&
	    (rc = events_next(a->events, what, &item)) == 1) {
		one(a, &item);
		a->fresh = true;
		n++;
	}
	if (rc < 0)
		return -1;
	*all = n < max;
	if (a->options.live && *all && a->fresh && a->sealed != INT64_MIN) {
		judge(a);
		a->fresh = false;
	}
	return n;
}

int64_t
analysis_step(struct analysis *a)
{
	bool all;

	return analysis_step_some(a, INT64_MAX, &all);
}

void
analysis_tampered(struct analysis *a, const char *log,
    const struct verify_result *r)
{
	struct event *own;

	arena_reset(a->pass);
	own = arena_alloc(a->pass, sizeof(*own));
	lossevent_verified(r, log, a->pass, own);
	engine_feed(a->engine, own);
	a->fresh = a->unsettled = true;
}

void
analysis_judge(struct analysis *a)
{
	engine_advance(a->engine,
	    a->sealed == INT64_MIN ? INT64_MIN / 2 : a->sealed - LATENESS);
}

void
analysis_finish(struct analysis *a)
{
	engine_finish(a->engine);
	measure(a);
	/* Before the casebook is read: who held most of the memory. */
	events_close(a->events);
	engine_free(a->engine);
	a->events = NULL;
	a->engine = NULL;
	revise(a, false);
}

void
analysis_counts(const struct analysis *a, struct analysis_counts *c)
{
	*c = (struct analysis_counts){ a->records, a->unknown,
		a->events != NULL ? events_size(a->events) : a->size };
}
