/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/engine.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/continuity.h"
#include "analyzer/rule/coverage.h"
#include "analyzer/rule/disorder.h"
#include "analyzer/rule/doubles.h"
#include "analyzer/rule/fact_memo.h"
#include "analyzer/rule/gather.h"
#include "analyzer/rule/match.h"
#include "analyzer/rule/outbound.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/presence.h"
#include "analyzer/rule/senders.h"
#include "analyzer/rule/stale.h"
#include "analyzer/rule/unmet.h"
#include "analyzer/rule/usage.h"
#include "common/utc.h"

/* Records are in order but for this much. */
#define LATENESS (5 * UTC_MINUTE)

/* Events after which rules that count look at their clocks. */
#define COUNT_EVERY 1024

struct engine {
	struct engine_config config;
	struct fact_site site;
	struct arena *pass;  /* of one event */
	struct arena *judge; /* of one judgement */
	struct arena *names; /* origins */
	struct index *by_origin;
	const char **origins;
	size_t n_origins;
	const char *origin; /* the last one, or NULL */
	struct facts facts; /* of the event that is fed */
	struct fact_memo *memo;
	struct limits *limits;
	struct match *match;
	struct usage *usage;
	struct coverage *coverage;
	struct gather *gather;
	struct presence *presence;
	struct outbound *outbound;     /* or NULL */
	struct continuity *continuity; /* or NULL */
	struct numbered *numbered;     /* of the next two */
	struct doubles *doubles;       /* or NULL */
	struct senders *senders;       /* or NULL */
	struct unmet *unmet;	       /* or NULL */
	struct disorder *disorder;     /* or NULL */
	struct outbox *outbox;
	int64_t watermark, replay; /* clocks */
	int64_t received;	   /* the last event */
	bool settled;		   /* no event came since engine_settle() */
	int64_t arrived;	   /* live records, as they were received */
	int64_t counted;	   /* replayed ones, of this file */
	uint32_t stream;	   /* of the last of them */
	uint32_t restarted;	   /* the file that began anew */
	int64_t stale_day;	   /* the last day with records, as judged */
	bool stale_dirty;
	/* What found no room so far; past_known: after the last event. */
	uint64_t numbers_dropped, past_dropped;
	bool past_known;
	struct engine_stats stats;
};

struct engine *
engine_new(const struct engine_config *config)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL)
		abort();
	e->config = *config;
	e->site = (struct fact_site){ .ledgers = config->ledgers,
		.calendar = config->calendar,
		.internal = config->internal,
		.vpn = config->vpn,
		.settings = &config->rules->settings,
		.firmware = config->firmware != NULL
		    ? config->firmware
		    : config->rules->firmware,
		.support = config->rules->support,
		.near = config->near };
	memcpy(e->site.rules_sha256, config->rules->sha256, 32);
	memcpy(e->site.calendar_sha256, config->calendar_sha256, 32);
	e->pass = arena_new();
	e->judge = arena_new();
	e->names = arena_new();
	e->memo = fact_memo_new(&e->site);
	e->by_origin = index_new();
	e->limits = limits_new(config->rules, &e->site);
	e->usage = usage_new();
	e->coverage = coverage_new(config->calendar);
	e->presence = presence_new();
	e->gather = gather_new(config->rules, &e->site, e->coverage);
	e->match =
	    match_new(config->rules, &e->site, e->limits, e->gather, e->usage);
	e->outbound = outbound_new(config->rules, &e->site);
	e->continuity = continuity_new(config->rules, &e->site);
	e->numbered = numbered_new();
	e->doubles = doubles_new(config->rules, &e->site);
	e->disorder = disorder_new(config->rules, &e->site);
	e->senders = senders_new(config->rules, &e->site, e->limits);
	e->unmet = unmet_new(config->rules, &e->site);
	e->outbox = outbox_new();
	e->watermark = e->replay = e->stale_day = INT64_MIN / 2;
	e->arrived = e->counted = INT64_MIN / 2;
	e->received = INT64_MIN;
	e->restarted = UINT32_MAX;
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	match_free(e->match);
	limits_free(e->limits);
	usage_free(e->usage);
	gather_free(e->gather);
	presence_free(e->presence);
	coverage_free(e->coverage);
	outbound_free(e->outbound);
	continuity_free(e->continuity);
	doubles_free(e->doubles);
	disorder_free(e->disorder);
	senders_free(e->senders);
	unmet_free(e->unmet);
	numbered_free(e->numbered);
	outbox_free(e->outbox);
	index_free(e->by_origin);
	free(e->origins);
	arena_free(e->pass);
	arena_free(e->judge);
	arena_free(e->names);
	fact_memo_free(e->memo);
	free(e);
}

/* The same text for the same log for as long as the engine lives. */
static const char *
intern_origin(struct engine *e, const char *origin)
{
	struct span s = span_str(origin != NULL ? origin : "");
	uint32_t *slot;

	if (e->origin != NULL && span_is(s, e->origin)) /* nearly always */
		return e->origin;
	slot = index_put(e->by_origin, s);
	if (*slot == INDEX_NONE) {
		e->origins = reallocarray(e->origins, e->n_origins + 1,
		    sizeof(*e->origins));
		if (e->origins == NULL)
			abort();
		e->origins[e->n_origins] = arena_str(e->names, s);
		*slot = (uint32_t)e->n_origins++;
	}
	return e->origin = e->origins[*slot];
}

static bool
is_trusted(const struct event *ev)
{
	return ev->source != NULL &&
	    (ev->source->replay || span_is(ev->source->transport, "import"));
}

/* Kinds of event by which an account is used; by VPN or on an appliance. */
static bool
is_use(struct span kind, bool *privileged)
{
	*privileged = false;
	if (kind.len == 0 || kind.p[0] == 't') /* traffic: nearly all */
		return false;
	*privileged = sheet_is_one_of(kind, "vpn-login|admin-login");
	return *privileged || sheet_is_one_of(kind, "login|sudo|emr-operation");
}

/* Who came in by VPN and left again. */
static void
feed_presence(struct engine *e, const struct event *ev, struct facts *fs)
{
	struct span kind = facts_field(fs, ECS_KIND);
	const struct fact_actor *a;
	uint64_t nsec = 0;

	if (!span_starts(kind, SPAN("vpn-log")) ||
	    span_is(facts_field(fs, ECS_EVENT_OUTCOME), "failure"))
		return;
	a = facts_actor(fs);
	if (a->user_key.len == 0)
		return;
	if (span_is(kind, "vpn-login"))
		presence_login(e->presence, a->user_key, fs->time,
		    a->has_source ? &a->source : NULL);
	else if (event_number(ev, ECS_EVENT_DURATION, &nsec) == -1 ||
	    nsec / 1000 < INT64_MAX / 4)
		presence_end(e->presence, a->user_key, fs->time,
		    (int64_t)(nsec / 1000));
	match_touch(e->match, fs->time - (int64_t)(nsec / 1000));
}

static void
feed_usage(struct engine *e, const struct event *ev, const char *origin,
    struct facts *fs)
{
	const struct fact_actor *a;
	struct usage_cite cite = { fs->time, origin, ev->index, { 0 },
		ev->source != NULL && ev->source->replay };
	bool privileged;
	int64_t day;

	if (!is_use(facts_field(fs, ECS_KIND), &privileged))
		return;
	day = calendar_day(e->config.calendar, fs->time);
	coverage_note(e->coverage, fs->time);
	if (span_is(facts_field(fs, ECS_EVENT_OUTCOME), "failure"))
		return;
	a = facts_actor(fs);
	if (a->user_key.len == 0)
		return;
	memcpy(cite.leaf, ev->leaf, sizeof(cite.leaf));
	usage_note(e->usage, a->user_key, day, privileged, &cite,
	    a->has_source ? &a->source : NULL);
	match_touch(e->match, fs->time);
	e->stale_dirty |= day < e->stale_day;
}

static void
feed_numbers(struct engine *e, const struct event *ev, const char *origin,
    struct facts *fs)
{
	struct numbered_record r;
	int counter;

	if (e->continuity != NULL)
		continuity_feed(e->continuity, ev, origin, fs);
	if (e->doubles == NULL && e->disorder == NULL)
		return;
	if ((counter = numbered_read(e->numbered, ev, origin, fs, &r)) == -1)
		return;
	if (e->doubles != NULL)
		doubles_feed(e->doubles, (size_t)counter, &r, ev);
	if (e->disorder != NULL)
		disorder_feed(e->disorder, (size_t)counter, &r);
}

static uint64_t
numbers_dropped(const struct engine *e)
{
	uint64_t n = numbered_dropped(e->numbered);

	if (e->continuity != NULL)
		n += continuity_dropped(e->continuity);
	if (e->doubles != NULL)
		n += doubles_dropped(e->doubles);
	if (e->disorder != NULL)
		n += disorder_dropped(e->disorder);
	return n;
}

/* What came before, of accounts and of what is usual. */
static uint64_t
past_dropped(const struct engine *e)
{
	uint64_t n = gather_dropped(e->gather) +
	    presence_forgotten(e->presence) + match_past_dropped(e->match) +
	    usage_forgotten(e->usage);

	return e->outbound == NULL ? n : n + outbound_dropped(e->outbound);
}

/* Whether something found no room since past_dropped was looked at. */
static void
note_past(struct engine *e, int64_t time)
{
	uint64_t n = past_dropped(e);

	if (n > e->past_dropped)
		limits_note(e->limits, LIMIT_PAST, time, NULL);
	e->past_dropped = n;
	e->past_known = true;
}

static void
come_to(int64_t *clock, int64_t time)
{
	if (time - LATENESS > *clock)
		*clock = time - LATENESS;
}

/*
 * Files are imported, or played, one after the other, each from its beginning.
 * One that stands beside another does not set the clock back again and again.
 */
static bool
is_another_file(const struct engine *e, const struct event *ev, int64_t time)
{
	return time < e->counted - UTC_HOUR && ev->stream != e->stream &&
	    ev->stream != e->restarted;
}

/* How far the records have come. */
static void
note_clock(struct engine *e, const struct event *ev, int64_t time)
{
	if (!is_trusted(ev)) {
		come_to(&e->arrived, ev->received);
		return;
	}
	if (ev->clock == EVENT_CLOCK_NONE) /* when it was brought, no more */
		return;
	if (is_another_file(e, ev, time)) {
		/* First what that file had come to, judged by now or not. */
		match_advance(e->match, e->arrived, e->counted, false);
		match_restart(e->match);
		e->counted = INT64_MIN / 2;
		e->restarted = ev->stream;
	}
	e->stream = ev->stream;
	come_to(&e->counted, time);
	come_to(&e->replay, time);
}

/* ---- what others may do beside ---- */

struct engine_look {
	const struct fact_site *site;
	struct match_look *match;
	struct arena *pass; /* of one event */
	struct fact_memo *memo;
	struct facts facts;
};

struct engine_look *
engine_look_new(const struct engine *e)
{
	struct engine_look *l = calloc(1, sizeof(*l));

	if (l == NULL)
		abort();
	l->site = &e->site;
	l->match = match_look_new(e->match);
	l->pass = arena_new();
	l->memo = fact_memo_new(l->site);
	return l;
}

void
engine_look_free(struct engine_look *l)
{
	if (l == NULL)
		return;
	match_look_free(l->match);
	fact_memo_free(l->memo);
	arena_free(l->pass);
	free(l);
}

static int64_t
time_of(const struct fact_site *site, const struct event *ev)
{
	return event_judged_time(ev,
	    settings_usec(site->settings, SETTING_SKEW_MAX));
}

size_t
engine_look_at(struct engine_look *l, const struct event *ev,
    const uint32_t **seen)
{
	arena_reset(l->pass);
	facts_init(&l->facts, l->site, ev, time_of(l->site, ev), l->pass);
	l->facts.memo = l->memo;
	return match_look_at(l->match, ev, &l->facts, seen);
}

/* ---- events ---- */

static void
feed(struct engine *e, const struct event *ev, const uint32_t *seen, size_t n)
{
	int64_t time = time_of(&e->site, ev);
	const char *origin = intern_origin(e, ev->origin);
	uint64_t dropped = e->numbers_dropped;
	struct facts *fs = &e->facts;

	arena_reset(e->pass);
	facts_init(fs, &e->site, ev, time, e->pass);
	fs->memo = e->memo;
	e->stats.events++;
	e->received = ev->received;
	e->settled = false;
	e->stats.untrusted += ev->clock != EVENT_CLOCK_NONE && time != ev->time;
	note_clock(e, ev, time);
	if (!e->past_known)
		e->past_dropped = past_dropped(e);
	feed_usage(e, ev, origin, fs);
	feed_presence(e, ev, fs);
	if (e->outbound != NULL)
		outbound_feed(e->outbound, ev, origin, fs);
	if (e->senders != NULL)
		senders_feed(e->senders, ev, origin, fs);
	if (e->unmet != NULL)
		unmet_feed(e->unmet, ev, fs);
	feed_numbers(e, ev, origin, fs);
	e->numbers_dropped = numbers_dropped(e);
	if (e->numbers_dropped > dropped)
		limits_note(e->limits, LIMIT_NUMBERS, time, NULL);
	match_come(e->match, e->arrived, e->counted);
	if (seen != NULL)
		match_feed_seen(e->match, ev, origin, fs, seen, n);
	else
		match_feed(e->match, ev, origin, fs);
	note_past(e, time);
	if (e->stats.events % COUNT_EVERY == 0)
		match_advance(e->match, e->arrived, e->counted, false);
}

void
engine_feed(struct engine *e, const struct event *ev)
{
	feed(e, ev, NULL, 0);
}

void
engine_feed_seen(struct engine *e, const struct event *ev,
    const uint32_t *seen, size_t n)
{
	feed(e, ev, seen, n);
}

void
engine_limit(struct engine *e, enum limit which, int64_t time, const char *rule)
{
	limits_note(e->limits, which, time, rule);
}

void
engine_accept(struct engine *e, const struct normal *v, size_t n)
{
	e->past_known = false;
	match_accept(e->match, v, n);
	if (e->outbound != NULL)
		outbound_accept(e->outbound, v, n);
}

void
engine_gap(struct engine *e, int64_t from, int64_t until)
{
	coverage_gap(e->coverage, from, until);
	gather_gap(e->gather, from, until);
	match_touch(e->match, from);
	e->stale_dirty = true;
}

void
engine_down(struct engine *e, int64_t from, int64_t until)
{
	if (e->senders != NULL)
		senders_gap(e->senders, from, until);
}

static void
deliver(void *arg, const struct finding *f)
{
	struct engine *e = arg;

	e->stats.delivered += !f->withdrawn;
	e->stats.withdrawn += f->withdrawn;
	e->config.deliver(e->config.arg, f);
}

/* Ledger against use: once a day, and when older days have changed. */
static void
judge_stale(struct engine *e, bool finish)
{
	struct stale s = { e->config.rules, &e->site, e->usage, e->coverage,
		e->outbox, e->judge, finish };
	int64_t first, last;

	if (!coverage_days(e->coverage, &first, &last))
		return;
	if (last == e->stale_day && !e->stale_dirty && !finish)
		return;
	e->stale_day = last;
	e->stale_dirty = false;
	stale_judge(&s);
}

static void
judge(struct engine *e, bool finish)
{
	struct outbound_clock clock = { e->watermark, e->replay, finish };
	struct match_history history = { e->usage, e->coverage, e->presence };

	e->past_known = false;
	arena_reset(e->judge);
	outbox_begin(e->outbox);
	match_advance(e->match, e->watermark, e->counted, finish);
	match_judge(e->match, &history, e->outbox, e->judge);
	judge_stale(e, finish);
	gather_judge(e->gather, finish, e->outbox, e->judge);
	if (e->outbound != NULL)
		outbound_judge(e->outbound, &clock, e->outbox, e->judge);
	if (e->continuity != NULL)
		continuity_judge(e->continuity, e->watermark, e->replay, finish,
		    e->outbox, e->judge);
	if (e->doubles != NULL)
		doubles_judge(e->doubles, e->numbered, e->outbox, e->judge);
	if (e->disorder != NULL)
		disorder_judge(e->disorder, e->numbered, e->outbox, e->judge);
	if (e->senders != NULL)
		senders_judge(e->senders,
		    &(struct senders_clock){ e->watermark, e->replay, finish },
		    e->outbox, e->judge);
	if (e->unmet != NULL)
		unmet_judge(e->unmet,
		    e->watermark > e->replay ? e->watermark : e->replay,
		    e->coverage, e->outbox, e->judge);
	limits_judge(e->limits, e->outbox, e->judge);
	outbox_flush(e->outbox, deliver, e);
}

void
engine_sealed(struct engine *e, int64_t watermark)
{
	if (watermark > e->watermark)
		e->watermark = watermark;
}

void
engine_settle(struct engine *e)
{
	if (!e->settled)
		match_advance(e->match, e->arrived, e->counted, true);
	e->settled = true;
}

bool
engine_is_settled(const struct engine *e)
{
	return e->settled;
}

int64_t
engine_received(const struct engine *e)
{
	return e->received;
}

int64_t
engine_replayed(const struct engine *e)
{
	return e->replay + LATENESS;
}

void
engine_advance(struct engine *e, int64_t watermark)
{
	engine_sealed(e, watermark);
	judge(e, false);
}

void
engine_finish(struct engine *e)
{
	judge(e, true);
}

void
engine_stats(const struct engine *e, struct engine_stats *s)
{
	struct outbound_stats out;

	*s = e->stats;
	s->dropped = match_dropped(e->match) + numbers_dropped(e) +
	    past_dropped(e);
	if (e->outbound == NULL)
		return;
	outbound_stats(e->outbound, &out);
	s->traffic = out.records;
	s->duplicates = out.duplicates;
	s->hosts = out.hosts;
	s->learning = out.learning;
}
