/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/grow.h"
#include "analyzer/rule/outbound_state.h"
#include "analyzer/rule/volume_hour.h"
#include "common/utc.h"

#define CLASS_DAYS 8192 /* since 2010 */
#define KEEP_DAYS 7	/* that citations of ordinary hours are kept */

/* Which rule has which layer; false if none has any. */
static bool
find_rules(struct outbound *o, const struct ruleset *rules)
{
	bool any = false;
	size_t i, k;

	for (i = 0; i < rules->n; i++)
		for (k = 0; k < RULE_LAYERS; k++)
			if (rules->rules[i]->layers[k].on) {
				o->of[k] = rules->rules[i];
				any = true;
			}
	return any;
}

struct outbound *
outbound_new(const struct ruleset *rules, const struct fact_site *site)
{
	struct volume_limits limits = { (int64_t)settings_count(site->settings,
					    SETTING_DST_DAYS) *
		    UTC_DAY,
		(int64_t)settings_count(site->settings, SETTING_DST_WINDOW) };
	struct outbound *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		abort();
	if (!find_rules(o, rules)) {
		free(o);
		return NULL;
	}
	if ((o->classes = malloc(CLASS_DAYS)) == NULL)
		abort();
	memset(o->classes, -1, CLASS_DAYS);
	o->site = site;
	o->volume = volume_new(site->calendar, &limits);
	o->sessions = session_new();
	o->by_end = index_new();
	o->judged_watermark = o->judged_replay = INT64_MIN;
	o->weigh_from = o->weigh_began = INT64_MAX;
	buf_init(&o->key);
	return o;
}

/* What is said of weeks says nothing of an hour that is in them. */
bool
outbound_is_rule(const struct outbound *o, const char *code)
{
	size_t k;

	for (k = 0; k < RULE_LAYERS; k++)
		if (o->of[k] != NULL && k != RULE_LAYER_WEEK &&
		    k != RULE_LAYER_DRIFT && strcmp(o->of[k]->code, code) == 0)
			return true;
	return false;
}

void
outbound_free(struct outbound *o)
{
	size_t i;

	if (o == NULL)
		return;
	for (i = 0; i < o->n_hits; i++) {
		free(o->hits[i].hours);
		free(o->hits[i].days);
		free(o->hits[i].past);
		free(o->hits[i].slow);
		free(o->hits[i].weights);
	}
	free(o->hits);
	volume_free(o->volume);
	session_free(o->sessions);
	index_free(o->by_end);
	buf_fini(&o->key);
	outbound_normal_free(o);
	free(o->classes);
	free(o);
}

int
outbound_class(struct outbound *o, int64_t day)
{
	int64_t i = day - utc_days(2010, 1, 1);

	if (i < 0 || i >= CLASS_DAYS)
		return calendar_week_class(o->site->calendar, day);
	if (o->classes[i] < 0)
		o->classes[i] =
		    (int8_t)calendar_week_class(o->site->calendar, day);
	return o->classes[i];
}

bool
outbound_complete(const struct outbound_judging *j, int64_t hour)
{
	const struct volume_hour *b = volume_get(j->h, hour);
	int64_t end = volume_hour_start(j->o->volume, hour + 1);

	if (j->clock->finish)
		return true;
	return (b != NULL && b->trusted ? j->clock->replay
					: j->clock->watermark) >= end;
}

struct outbound_hit *
outbound_hit_get(const struct outbound_hits *hits, int64_t hour)
{
	size_t lo = 0, hi = hits->n_hours, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (hits->hours[mid].hour < hour)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < hits->n_hours && hits->hours[lo].hour == hour
	    ? &hits->hours[lo]
	    : NULL;
}

/* A host of the ledger exists since it was registered, or since we look. */
static int64_t
exists_since(const struct outbound_judging *j)
{
	const struct calendar *c = j->o->site->calendar;
	int64_t since = volume_began(j->o->volume);

	if (j->device == NULL)
		since = j->h->first;
	else if (j->device->registered != INT64_MIN &&
	    calendar_midnight(c, j->device->registered) > since)
		since = calendar_midnight(c, j->device->registered);
	if (j->h->first < since)
		since = j->h->first;
	return volume_hour_of(j->o->volume, since);
}

/* The hits of a host by its number. */
static struct outbound_hits *
hits_of(struct outbound *o, uint32_t host)
{
	while (o->n_hits <= host) {
		grow(&o->hits, o->n_hits, &o->cap_hits, sizeof(*o->hits));
		o->hits[o->n_hits] =
		    (struct outbound_hits){ .judged = INT64_MIN,
			    .trimmed = INT64_MIN };
		o->n_hits++;
	}
	return &o->hits[host];
}

/* Whether an hour lies in, or within merging distance of, an incident. */
static bool
near_hit(const struct outbound_judging *j, int64_t hour)
{
	int64_t merge =
	    settings_usec(j->o->site->settings, SETTING_OUT_MERGE) / UTC_HOUR;
	size_t i;

	for (i = 0; i < j->hits->n_hours; i++)
		if (hour >= j->hits->hours[i].hour - merge &&
		    hour <= j->hits->hours[i].hour + merge)
			return true;
	for (i = 0; i < j->hits->n_days; i++)
		if (hour >= j->hits->days[i].hour &&
		    hour < j->hits->days[i].hour + 24)
			return true;
	for (i = 0; i < j->hits->n_slow; i++)
		if (hour < j->hits->slow[i].until &&
		    hour >= j->hits->slow[i].until - OUTBOUND_SLOW_CITED * 24)
			return true;
	return false;
}

/*
 * Days that were judged a week ago and found ordinary are needed as sums only:
 * the records behind them are most of what a host weighs.
 */
static void
trim(struct outbound_judging *j)
{
	int64_t newest = j->h->days[j->h->n - 1].day, until;
	struct volume_day *d;
	size_t i, k;

	until = (j->hits->judged == INT64_MAX ? newest : j->hits->judged / 24) -
	    KEEP_DAYS;
	for (i = 0; i < j->h->n && j->h->days[i].day < until; i++) {
		d = &j->h->days[i];
		if (d->day < j->hits->trimmed)
			continue;
		for (k = 0; k < 24; k++)
			if (!near_hit(j, d->day * 24 + (int64_t)k))
				volume_hour_trim(&d->hours[k]);
	}
	if (until > j->hits->trimmed)
		j->hits->trimmed = until;
}

/* What the judgement of a host rests on. */
static void
begin_host(struct outbound_judging *j, uint32_t host)
{
	struct volume_host *h = j->h;

	j->device = h->device == INDEX_NONE
	    ? NULL
	    : devices_at(j->o->site->ledgers->devices, h->device);
	j->exists = exists_since(j);
	j->learned =
	    volume_hour_of(j->o->volume, volume_began(j->o->volume)) +
	    (int64_t)outbound_count(j, SETTING_DST_LEARN) * 24;
	outbound_normal_of(j);
	j->hits = hits_of(j->o, host);
}

/* Judge from where something has changed or was not complete. */
static void
judge_host(struct outbound_judging *j, uint32_t host, int64_t changed)
{
	struct volume_host *h = j->h;

	begin_host(j, host);
	j->from =
	    j->hits->judged < h->dirty_from ? j->hits->judged : h->dirty_from;
	if (changed < j->from)
		j->from = changed;
	if (j->clock->finish)
		j->from = INT64_MIN;
	outbound_layers(j);
	outbound_weigh(j, host);
	j->hits->tell = true;
	/* A day that is not over is looked at again. */
	h->dirty = j->hits->judged != INT64_MAX;
	h->dirty_from = INT64_MAX;
}

static void
tell_host(struct outbound_judging *j, uint32_t host, struct outbox *out,
    struct arena *arena)
{
	char scope[64];

	begin_host(j, host);
	snprintf(scope, sizeof(scope), "host %u", (unsigned)host);
	outbox_scope(out, span_str(scope));
	outbound_incidents(j, out, arena);
	if (!j->clock->finish)
		trim(j);
	j->hits->tell = false;
}

/* Each host by itself, then all beside each other. */
static void
judge_hosts(struct outbound *o, const struct outbound_clock *clock,
    int64_t changed, struct outbox *out, struct arena *arena)
{
	struct outbound_judging j;
	uint32_t i;

	for (i = 0; i < volume_hosts(o->volume); i++) {
		j = (struct outbound_judging){ .o = o,
			.clock = clock,
			.h = volume_host_at(o->volume, i) };
		if (j.h->n > 0 &&
		    (j.h->dirty || changed != INT64_MAX || clock->finish))
			judge_host(&j, i, changed);
	}
	outbound_common(o);
	for (i = 0; i < o->n_hits; i++) {
		j = (struct outbound_judging){ .o = o,
			.clock = clock,
			.h = volume_host_at(o->volume, i) };
		if (o->hits[i].tell)
			tell_host(&j, i, out, arena);
	}
}

void
outbound_judge(struct outbound *o, const struct outbound_clock *clock,
    struct outbox *out, struct arena *arena)
{
	int64_t watermark = volume_hour_of(o->volume, clock->watermark);
	int64_t replay = volume_hour_of(o->volume, clock->replay), changed;

	/* Nothing new is complete before another hour has passed. */
	if (!clock->finish && watermark == o->judged_watermark &&
	    replay == o->judged_replay)
		return;
	changed = volume_take_changed(o->volume);
	/* What was judged before knew it as silent. */
	if (changed >= o->judged_watermark && changed >= o->judged_replay)
		changed = INT64_MAX;
	o->judged_watermark = watermark;
	o->judged_replay = replay;
	judge_hosts(o, clock, changed, out, arena);
}

uint64_t
outbound_dropped(const struct outbound *o)
{
	return volume_dropped(o->volume) + session_forgotten(o->sessions);
}

void
outbound_stats(const struct outbound *o, struct outbound_stats *s)
{
	int64_t learn =
	    (int64_t)settings_count(o->site->settings, SETTING_OUT_LEARN) *
	    UTC_DAY;
	const struct volume_host *h;
	int64_t newest = INT64_MIN;
	size_t i;

	*s = (struct outbound_stats){ o->records, o->duplicates,
		outbound_dropped(o), 0, 0 };
	for (i = 0; i < volume_hosts(o->volume); i++) {
		h = volume_host_at(o->volume, (uint32_t)i);
		s->hosts += !h->total;
		if (h->n > 0 && h->days[h->n - 1].day > newest)
			newest = h->days[h->n - 1].day;
	}
	for (i = 0; i < volume_hosts(o->volume); i++) {
		h = volume_host_at(o->volume, (uint32_t)i);
		if (!h->total && h->first >
		    calendar_midnight(o->site->calendar, newest) - learn)
			s->learning++;
	}
}
