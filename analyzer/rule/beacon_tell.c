/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/beacon_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/rule/draft.h"
#include "analyzer/rule/near.h"
#include "common/utc.h"

#define ONE_BEAT (2 * UTC_SECOND)

struct beats {
	uint32_t of[BEACON_BEATS]; /* the session that each begins with */
	double sum[BEACON_BEATS], squares[BEACON_BEATS]; /* of intervals, s */
	size_t n;
};

struct run { /* from one beat to another, both included */
	size_t from, until;
	double mean, spread;
};

/* Intervals up to each beat, and their squares, as sums. */
static void
count_beats(const struct beacon_pair *p, struct beats *b)
{
	double interval, sum = 0, squares = 0;
	size_t i;

	b->n = 0;
	for (i = 0; i < p->n; i++) {
		if (b->n > 0 &&
		    p->v[i].time < p->v[b->of[b->n - 1]].time + ONE_BEAT)
			continue;
		interval = b->n == 0
		    ? 0
		    : (double)(p->v[i].time - p->v[b->of[b->n - 1]].time) /
			UTC_SECOND;
		b->sum[b->n] = sum += interval;
		b->squares[b->n] = squares += interval * interval;
		b->of[b->n++] = (uint32_t)i;
	}
}

/* The coefficient of variation of the intervals from one to another. */
static void
measure(const struct beats *b, struct run *r)
{
	double n = (double)(r->until - r->from);
	double variance;

	r->mean = (b->sum[r->until] - b->sum[r->from]) / n;
	variance = (b->squares[r->until] - b->squares[r->from]) / n -
	    r->mean * r->mean;
	r->spread = r->mean > 0 && variance > 0 ? sqrt(variance) / r->mean : 0;
}

static double
length(const struct beats *b, const struct run *r)
{
	return b->sum[r->until] - b->sum[r->from];
}

/*
 * The first stretch of so many beats that lasts as long as it must and is
 * even, as far as it goes on so; else the most even one.  False: there is no
 * such stretch at all.
 */
static bool
find_run(const struct settings *s, const struct beats *b, struct run *best)
{
	size_t times = (size_t)settings_count(s, SETTING_BEACON_TIMES);
	double lasts = (double)settings_usec(s, SETTING_BEACON_LASTS) /
	    UTC_SECOND;
	double within = (double)settings_usec(s, SETTING_BEACON_WITHIN) /
	    UTC_SECOND;
	double limit = settings_number(s, SETTING_BEACON_SPREAD);
	struct run r = { 0, 0, 0, 0 };
	bool any = false;

	for (r.from = 0; r.from < b->n; r.from++) {
		if (r.until + 1 < r.from + times)
			r.until = r.from + times - 1;
		while (r.until < b->n && length(b, &r) < lasts)
			r.until++;
		if (r.until >= b->n)
			break;
		if (length(b, &r) > within)
			continue;
		measure(b, &r);
		if (!any || r.spread < best->spread)
			*best = r;
		any = true;
		if (r.spread < limit)
			break;
	}
	while (any && best->spread < limit && best->until + 1 < b->n) {
		r = *best;
		r.until++;
		measure(b, &r);
		if (r.spread >= limit || length(b, &r) > within)
			break;
		*best = r;
	}
	return any;
}

static void
tell_near(const struct beacon *b, const struct beacon_pair *p,
    const struct run *r, double bytes)
{
	const struct settings *s = b->site->settings;
	char key[256];
	struct near n = { .rule = b->rule, .layer = "", .key = key,
		.time = p->v[0].time };

	snprintf(key, sizeof(key), "source=%s destination=%s", p->source,
	    p->destination);
	(void)near_value(&n, "spread", r->spread, NEAR_LT,
	    settings_number(s, SETTING_BEACON_SPREAD));
	(void)near_value(&n, "bytes", bytes, NEAR_LTE,
	    settings_number(s, SETTING_BEACON_BYTES));
	b->site->near->tell(b->site->near->arg, &n);
}

static void
put_interval(struct draft *d, double seconds)
{
	unsigned long s = (unsigned long)(seconds + 0.5), m = (s + 30) / 60;

	d->v.ja[SENTENCE_INTERVAL] = s < 120
	    ? arena_printf(d->arena, "約%lu秒", s)
	    : arena_printf(d->arena, "約%lu分", m);
	d->v.en[SENTENCE_INTERVAL] = s < 120
	    ? arena_printf(d->arena, "about %lu seconds", s)
	    : arena_printf(d->arena, "about %lu minutes", m);
}

/* The machine, if the ledger has it; its address; where it goes. */
static void
describe(struct draft *d, const struct beacon_pair *p)
{
	const struct device *device;
	struct address a;

	sentence_set(&d->v, SENTENCE_SOURCE, p->source);
	sentence_set(&d->v, SENTENCE_HOST, p->source);
	sentence_set(&d->v, SENTENCE_DESTINATION, p->destination);
	if (address_parse(span_str(p->source), &a) == 0) {
		finding_entity(&d->f, "ip", p->source, "");
		device = devices_by_address(d->site->ledgers->devices, &a);
		if (device != NULL) {
			draft_device(d, "host", device, device->name);
			d->v.ja[SENTENCE_HOST] = d->v.ja[SENTENCE_DEVICE];
			d->v.en[SENTENCE_HOST] = d->v.en[SENTENCE_DEVICE];
		}
	}
	if (address_parse(span_str(p->destination), &a) == 0)
		finding_entity(&d->f, "ip", p->destination, "");
}

static void
tell(const struct beacon *b, const struct beacon_pair *p,
    const struct beats *beats, const struct run *r, double bytes,
    struct outbox *out, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	const struct beacon_beat *t;
	size_t i;

	draft_begin(d, b->rule, b->site, arena);
	d->f.key = arena_printf(arena, "source=%s destination=%s", p->source,
	    p->destination);
	d->f.from = d->f.first = p->v[beats->of[r->from]].time;
	d->f.until = p->v[beats->of[r->until]].time + 1;
	d->f.replay = p->replay;
	describe(d, p);
	draft_time(d, SENTENCE_TIME, d->f.from);
	draft_time(d, SENTENCE_FROM, d->f.from);
	draft_time(d, SENTENCE_TO, d->f.until);
	put_interval(d, r->mean);
	for (i = beats->of[r->from]; i <= beats->of[r->until]; i++) {
		struct finding_cite cite = { .origin = p->v[i].origin };

		t = &p->v[i];
		cite.index = t->index;
		cite.time = t->time;
		memcpy(cite.leaf, t->leaf, sizeof(cite.leaf));
		draft_cite(d, &cite);
	}
	finding_count(&d->f, "", "times", "", r->until - r->from + 1);
	finding_figure(&d->f, "", "interval", "seconds", r->mean, 1);
	finding_figure(&d->f, "", "spread", "", r->spread, 3);
	finding_figure(&d->f, "", "mean_bytes", "bytes", bytes, 0);
	draft_end(d);
	outbox_add(out, &d->f);
}

/* It may have lost its ground: then nothing is added, and it is withdrawn. */
void
beacon_tell(const struct beacon *b, struct beacon_pair *p, struct outbox *out,
    struct arena *arena)
{
	const struct settings *s = b->site->settings;
	struct beats *beats = arena_alloc(arena, sizeof(*beats));
	double bytes =
	    p->sessions == 0 ? 0 : (double)p->bytes / (double)p->sessions;
	bool found, told = p->told;
	struct run r;

	count_beats(p, beats);
	found = find_run(s, beats, &r);
	if (found && b->site->near != NULL)
		tell_near(b, p, &r, bytes);
	p->told = found &&
	    r.spread < settings_number(s, SETTING_BEACON_SPREAD) &&
	    bytes <= settings_number(s, SETTING_BEACON_BYTES);
	if (!p->told && !told)
		return;
	outbox_scope(out,
	    span_str(arena_printf(arena, "beacon %s %s", p->source,
		p->destination)));
	if (p->told)
		tell(b, p, beats, &r, bytes, out, arena);
}
