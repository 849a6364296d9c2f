/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_tell.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/volume_hour.h"
#include "common/utc.h"

/*
 * The same record may have shares in several hours: they are added.  It is
 * cited at the place that its whole share deserves.
 */
static void
gather_cite(struct outbound_telling *t, const struct volume_cite *c)
{
	struct volume_cite whole = *c;
	size_t i;

	for (i = 0; i < t->n_cites; i++) {
		if (t->cites[i].index != c->index ||
		    strcmp(t->cites[i].origin, c->origin) != 0)
			continue;
		whole.bytes += t->cites[i].bytes;
		t->n_cites--;
		memmove(t->cites + i, t->cites + i + 1,
		    (t->n_cites - i) * sizeof(*t->cites));
		break;
	}
	for (i = t->n_cites; i > 0; i--)
		if (volume_cite_before(&t->cites[i - 1], &whole))
			break;
	if (i == FINDING_CITES)
		return;
	if (t->n_cites == FINDING_CITES)
		t->n_cites--;
	memmove(t->cites + i + 1, t->cites + i,
	    (t->n_cites - i) * sizeof(*t->cites));
	t->cites[i] = whole;
	t->n_cites++;
}

/*
 * A finding that speaks of weeks cites the last days before each of its hits:
 * older records are given up as time goes on, and live and replay must agree.
 */
static bool
is_cited(const struct outbound_incident *in, int64_t hour)
{
	size_t i;

	for (i = 0; i < in->n_slow; i++)
		if (hour < in->slow[i].until &&
		    hour >= in->slow[i].until - OUTBOUND_SLOW_CITED * 24)
			return true;
	return in->n_slow == 0;
}

static void
gather(struct outbound_telling *t)
{
	const struct volume_hour *b;
	int64_t hour;
	size_t i;

	for (hour = t->in->from; hour < t->in->until; hour++) {
		b = volume_get(t->j->h, hour);
		if (b == NULL || b->records == 0)
			continue;
		if (t->records == 0 || b->index_first < t->index_first)
			t->index_first = b->index_first;
		if (t->records == 0 || b->index_last > t->index_last)
			t->index_last = b->index_last;
		/* What came over from the hour before is counted there. */
		t->records += b->records - (t->records > 0 ? b->carried : 0);
		t->bytes += b->bytes;
		t->sessions += b->sessions;
		t->blocked += b->blocked;
		t->both |= b->both;
		t->replay |= b->replay;
		for (i = 0; i < b->n_cites && is_cited(t->in, hour); i++)
			gather_cite(t, &b->cites[i]);
	}
}

#define NAMED 3 /* destinations in the sentence; the rest is in the list */

/* A host, or an interface whose sum it is. */
static void
tell_host(struct outbound_telling *t)
{
	const struct volume_host *h = t->j->h;
	char text[ADDRESS_TEXT];
	struct draft *d = &t->d;
	const char *host;

	if (h->total) {
		host = draft_text(d, span_sub(h->key, 10, h->key.len));
		finding_entity(&d->f, "device", host, "");
		sentence_set(&d->v, SENTENCE_HOST, host);
		return;
	}
	host = arena_printf(d->arena, "%s", address_print(&h->address, text));
	draft_device(d, "host", t->j->device, h->key);
	d->v.ja[SENTENCE_HOST] =
	    arena_printf(d->arena, "%s（%s）", d->v.ja[SENTENCE_DEVICE], host);
	d->v.en[SENTENCE_HOST] =
	    arena_printf(d->arena, "%s (%s)", d->v.en[SENTENCE_DEVICE], host);
	finding_entity(&d->f, "ip", host, "");
}

static void
tell_ends(struct outbound_telling *t)
{
	char text[ADDRESS_TEXT];
	struct draft *d = &t->d;
	const char *list = "", *peer;
	size_t i, k, named = 0;

	tell_host(t);
	for (i = 0; i < t->n_cites; i++) {
		for (k = 0; k < i; k++)
			if (address_eq(&t->cites[k].peer, &t->cites[i].peer))
				break;
		if (k < i)
			continue;
		peer = arena_printf(d->arena, "%s",
		    address_print(&t->cites[i].peer, text));
		finding_entity(&d->f, "ip", peer, "destination");
		if (named++ < NAMED)
			list = arena_printf(d->arena, "%s%s%s", list,
			    named > 1 ? ", " : "", peer);
	}
	sentence_set(&d->v, SENTENCE_DESTINATIONS, list);
}

static void
tell_sums(struct outbound_telling *t)
{
	struct draft *d = &t->d;
	const char *bytes = sentence_bytes((double)t->bytes, d->arena);

	finding_count(&d->f, "", "bytes", "bytes", t->bytes);
	finding_count(&d->f, "", "sessions", "", t->sessions);
	finding_count(&d->f, "", "blocked", "", t->blocked);
	finding_count(&d->f, "", "hours", "hours",
	    (uint64_t)(t->in->until - t->in->from));
	d->v.ja[SENTENCE_BYTES] =
	    t->both ? arena_printf(d->arena, "%s（送受信合計）", bytes) : bytes;
	d->v.en[SENTENCE_BYTES] = t->both
	    ? arena_printf(d->arena, "%s (both directions together)", bytes)
	    : bytes;
	sentence_set(&d->v, SENTENCE_SESSIONS,
	    arena_printf(d->arena, "%llu", (unsigned long long)t->sessions));
	draft_time(d, SENTENCE_FROM, d->f.from);
	draft_time(d, SENTENCE_TO, d->f.until);
	d->v.ja[SENTENCE_LAYERS] = t->ja;
	d->v.en[SENTENCE_LAYERS] = t->en;
}

/*
 * Cite in the order of time.  The first evidence is a record, not the start of
 * the window; bytes spread over a session count at the record of its end.
 */
static void
tell_cites(struct outbound_telling *t)
{
	struct finding *f = &t->d.f;
	struct finding_cite c;
	size_t i;

	for (i = 0; i < t->n_cites; i++) {
		c = (struct finding_cite){ .origin = t->cites[i].origin,
			.index = t->cites[i].index,
			.time = t->cites[i].time };
		memcpy(c.leaf, t->cites[i].leaf, sizeof(c.leaf));
		draft_cite(&t->d, &c);
	}
	f->n_evidence = t->records;
	f->index_first = t->index_first;
	f->index_last = t->index_last;
	f->first = f->n_cites > 0 ? f->cites[0].time : f->from;
}

static void
tell(struct outbound_judging *j, const struct rule *rule,
    const struct outbound_incident *in, struct outbox *out, struct arena *arena)
{
	struct outbound_telling *t = arena_alloc(arena, sizeof(*t));

	t->j = j;
	t->rule = rule;
	t->in = in;
	t->ja = t->en = "";
	draft_begin(&t->d, rule, j->o->site, arena);
	t->d.f.key = arena_printf(arena, "%s%.*s", j->h->total ? "" : "host=",
	    (int)j->h->key.len, (const char *)j->h->key.p);
	t->d.f.from = volume_hour_start(j->o->volume, in->from);
	t->d.f.until = volume_hour_start(j->o->volume, in->until);
	gather(t);
	t->d.f.replay = t->replay;
	tell_ends(t);
	outbound_tell_layers(t);
	outbound_tell_weight(t);
	tell_sums(t);
	tell_cites(t);
	draft_end(&t->d);
	outbox_add(out, &t->d.f);
}

/* Days belong to the incident that lies in them, if there is one. */
static bool
take_day(struct outbound_incident *v, size_t n, const struct outbound_hit *day)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i].until <= day->hour || v[i].from >= day->hour + 24)
			continue;
		if (v[i].n_days == 0)
			v[i].days = day;
		v[i].n_days = (size_t)(day - v[i].days) + 1;
		return true;
	}
	return false;
}

/* Whether a layer of the rule is among those of a hit. */
static bool
is_of(const struct rule *r, unsigned layers)
{
	size_t k;

	for (k = 0; k < RULE_LAYERS; k++)
		if (r->layers[k].on && (layers >> k & 1) != 0)
			return true;
	return false;
}

/* Incidents from the hours; hits nearer than the merging time are one. */
static size_t
from_hours(const struct outbound_judging *j, const struct rule *r,
    struct outbound_incident *v)
{
	int64_t merge =
	    settings_usec(j->o->site->settings, SETTING_OUT_MERGE) / UTC_HOUR;
	const struct outbound_hit *h;
	size_t i, n = 0;

	for (i = 0; i < j->hits->n_hours; i++) {
		h = &j->hits->hours[i];
		if (!is_of(r, h->layers))
			continue;
		if (n == 0 || h->hour - v[n - 1].until >= merge)
			v[n++] = (struct outbound_incident){ .from = h->hour,
				.hours = h };
		v[n - 1].until = h->hour + 1;
		v[n - 1].n_hours = (size_t)(h - v[n - 1].hours) + 1;
	}
	return n;
}

/* Stretches of days that overlap are one. */
static size_t
from_slow(const struct outbound_judging *j, const struct rule *r,
    struct outbound_incident *v)
{
	const struct outbound_slow *s;
	size_t i, n = 0;

	for (i = 0; i < j->hits->n_slow; i++) {
		s = &j->hits->slow[i];
		if (!r->layers[s->layer].on)
			continue;
		if (n == 0 || s->from > v[n - 1].until)
			v[n++] = (struct outbound_incident){ .from = s->from,
				.slow = s };
		if (s->from < v[n - 1].from)
			v[n - 1].from = s->from;
		v[n - 1].until = s->until;
		v[n - 1].n_slow = (size_t)(s - v[n - 1].slow) + 1;
	}
	return n;
}

struct outbound_incident *
outbound_incidents_of(const struct outbound_judging *j, const struct rule *r,
    size_t *n)
{
	const struct outbound_hits *hits = j->hits;
	const struct outbound_hit *day;
	struct outbound_incident *v;
	size_t i, hours;

	v = calloc(hits->n_hours + hits->n_days + hits->n_slow + 1,
	    sizeof(*v));
	if (v == NULL)
		abort();
	hours = *n = from_hours(j, r, v);
	for (i = 0; r->layers[RULE_LAYER_DAY].on && i < hits->n_days; i++) {
		day = &hits->days[i];
		if (!take_day(v, hours, day))
			v[(*n)++] =
			    (struct outbound_incident){ .from = day->hour,
				    .until = day->hour + 24,
				    .days = day,
				    .n_days = 1 };
	}
	*n += from_slow(j, r, v + *n);
	return v;
}

static void
tell_rule(struct outbound_judging *j, const struct rule *r, struct outbox *out,
    struct arena *arena)
{
	struct outbound_incident *v;
	size_t i, n;

	v = outbound_incidents_of(j, r, &n);
	for (i = 0; i < n; i++) {
		if (v[i].n_slow == 0)
			v[i].weight = outbound_weight_of(j, r, v[i].from);
		tell(j, r, &v[i], out, arena);
	}
	free(v);
}

void
outbound_incidents(struct outbound_judging *j, struct outbox *out,
    struct arena *arena)
{
	size_t i, k;

	for (k = 0; k < RULE_LAYERS; k++) {
		if (j->o->of[k] == NULL)
			continue;
		/* Each rule once, at the first of its layers. */
		for (i = 0; i < k && j->o->of[i] != j->o->of[k]; i++)
			;
		if (i == k)
			tell_rule(j, j->o->of[k], out, arena);
	}
}
