/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_state.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/volume_hour.h"
#include "common/utc.h"

/* Hits of one host that are near enough to be one thing. */
struct incident {
	int64_t from, until; /* hours; until is not part of it */
	const struct outbound_hit *hours, *days;
	size_t n_hours, n_days;
};

/* The finding in the making. */
struct telling {
	struct outbound_judging *j;
	const struct incident *in;
	struct draft d;
	struct volume_cite cites[FINDING_CITES]; /* by bytes */
	size_t n_cites;
	uint64_t bytes, sessions, blocked, records;
	uint64_t index_first, index_last;
	bool both, replay;
	const char *ja, *en; /* the layers with their figures */
};

/* The hit of a layer that says most, or NULL if the layer did not fire. */
static const struct outbound_hit *
worst(const struct incident *in, enum rule_layer_kind layer)
{
	const struct outbound_hit *v =
	    layer == RULE_LAYER_DAY ? in->days : in->hours;
	size_t i, n = layer == RULE_LAYER_DAY ? in->n_days : in->n_hours;
	const struct outbound_hit *w = NULL;
	bool more = false;

	for (i = 0; i < n; i++) {
		if ((v[i].layers >> layer & 1) == 0)
			continue;
		if (w == NULL)
			more = true;
		else if (layer == RULE_LAYER_DESTINATION)
			more = v[i].new_bytes > w->new_bytes;
		else if (layer == RULE_LAYER_ISOLATED)
			more = v[i].bytes != w->bytes
			    ? v[i].bytes > w->bytes
			    : v[i].sessions + v[i].blocked >
				w->sessions + w->blocked;
		else
			more = v[i].base.z > w->base.z;
		if (more)
			w = &v[i];
	}
	return w;
}

/*
 * The same record may have shares in several hours: they are added.  It is
 * cited at the place that its whole share deserves.
 */
static void
gather_cite(struct telling *t, const struct volume_cite *c)
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

static void
gather(struct telling *t)
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
		for (i = 0; i < b->n_cites; i++)
			gather_cite(t, &b->cites[i]);
	}
}

static void
say(struct telling *t, const struct rule_layer *layer, const char *ja,
    const char *en)
{
	bool more = t->ja[0] != '\0';

	t->ja = arena_printf(t->d.arena, "%s%s%s %s: %s", t->ja,
	    more ? "／" : "", layer->code, layer->title_ja, ja);
	t->en = arena_printf(t->d.arena, "%s%s%s %s: %s", t->en,
	    more ? "; " : "", layer->code, layer->title_en, en);
}

static void
tell_baseline(struct telling *t, const struct rule_layer *layer,
    const struct outbound_hit *h, enum setting floor, enum setting mad_floor)
{
	const struct settings *s = t->j->o->site->settings;
	const struct baseline *b = &h->base;
	struct finding *f = &t->d.f;
	const char *bytes, *median;

	finding_count(f, layer->code, "bytes", "bytes", h->bytes);
	finding_figure(f, layer->code, "median", "bytes", b->median, 0);
	finding_figure(f, layer->code, "x", "log10 kB", b->x, 4);
	finding_figure(f, layer->code, "x_median", "log10 kB", b->x_median, 4);
	finding_figure(f, layer->code, "mad", "log10 kB", b->mad, 4);
	finding_figure(f, layer->code, "mad_floor", "log10 kB",
	    settings_number(s, mad_floor), 4);
	finding_figure(f, layer->code, "z", "", b->z, 2);
	finding_count(f, layer->code, "n", "", b->n);
	if (floor == SETTING_HOUR_BYTES) {
		finding_figure(f, layer->code, "median_largest", "bytes",
		    h->job.median, 0);
		finding_figure(f, layer->code, "z_largest", "", h->job.z, 2);
	}
	finding_count(f, layer->code, "floor", "bytes",
	    settings_count(s, floor));
	bytes = sentence_bytes((double)h->bytes, t->d.arena);
	median = sentence_bytes(b->median, t->d.arena);
	say(t, layer,
	    arena_printf(t->d.arena, "%s（中央値%s、z=%.1f、参照%zu件）", bytes,
		median, b->z, b->n),
	    arena_printf(t->d.arena, "%s (median %s, z=%.1f, %zu references)",
		bytes, median, b->z, b->n));
}

/* Append a part with its number, unless it is none. */
static void
add_part(struct telling *t, const char **list, const char *between,
    const char *before, uint64_t n, const char *after)
{
	if (n == 0)
		return;
	*list = arena_printf(t->d.arena, "%s%s%s%llu%s", *list,
	    (*list)[0] == '\0' ? "" : between, before, (unsigned long long)n,
	    after);
}

/* "8.0 GB, 3 sessions (1 new destinations)", without what is zero. */
static const char *
isolated_parts(struct telling *t, const struct outbound_hit *h, bool ja)
{
	const char *main = "", *more = "", *comma = ja ? "、" : ", ";

	if (h->bytes > 0)
		main = sentence_bytes((double)h->bytes, t->d.arena);
	add_part(t, &main, comma, "", h->sessions, ja ? "回" : " sessions");
	add_part(t, &more, comma, ja ? "新しい宛先" : "", h->new_peers,
	    ja ? "" : " new destinations");
	add_part(t, &more, comma, ja ? "遮断" : "", h->blocked,
	    ja ? "回" : " blocked");
	if (main[0] == '\0' || more[0] == '\0')
		return main[0] == '\0' ? more : main;
	return arena_printf(t->d.arena, ja ? "%s（%s）" : "%s (%s)", main,
	    more);
}

static void
tell_isolated(struct telling *t, const struct rule_layer *layer,
    const struct outbound_hit *h)
{
	const struct settings *s = t->j->o->site->settings;
	struct finding *f = &t->d.f;

	finding_count(f, layer->code, "bytes", "bytes", h->bytes);
	finding_count(f, layer->code, "sessions", "", h->sessions);
	finding_count(f, layer->code, "new_destinations", "", h->new_peers);
	finding_count(f, layer->code, "blocked", "", h->blocked);
	finding_count(f, layer->code, "floor", "bytes",
	    settings_count(s, SETTING_ISO_BYTES));
	finding_count(f, layer->code, "floor_sessions", "",
	    settings_count(s, SETTING_ISO_SESSIONS));
	finding_count(f, layer->code, "floor_blocked", "",
	    settings_count(s, SETTING_ISO_BLOCKED));
	say(t, layer,
	    arena_printf(t->d.arena, "1時間に%s", isolated_parts(t, h, true)),
	    arena_printf(t->d.arena, "in an hour %s",
		isolated_parts(t, h, false)));
}

static void
tell_destination(struct telling *t, const struct rule_layer *layer,
    const struct outbound_hit *h)
{
	const struct settings *s = t->j->o->site->settings;
	struct finding *f = &t->d.f;
	const char *bytes = sentence_bytes((double)h->new_bytes, t->d.arena);
	unsigned long long hours = settings_count(s, SETTING_DST_WINDOW);

	finding_count(f, layer->code, "bytes", "bytes", h->new_bytes);
	finding_count(f, layer->code, "window_hours", "hours", hours);
	finding_count(f, layer->code, "new_days", "days",
	    settings_count(s, SETTING_DST_DAYS));
	finding_count(f, layer->code, "floor", "bytes",
	    settings_count(s, SETTING_DST_BYTES));
	say(t, layer,
	    arena_printf(t->d.arena, "初めての宛先へ%llu時間以内に%s", hours,
		bytes),
	    arena_printf(t->d.arena,
		"%s within %llu hours to a destination never seen here", bytes,
		hours));
}

/* What a layer comes to over the whole incident. */
static enum finding_severity
highest(const struct incident *in, enum rule_layer_kind layer)
{
	enum finding_severity level = FINDING_INFO;
	size_t i;

	for (i = 0; i < in->n_hours; i++)
		if (in->hours[i].level[layer] > level)
			level = in->hours[i].level[layer];
	for (i = 0; i < in->n_days; i++)
		if (in->days[i].level[layer] > level)
			level = in->days[i].level[layer];
	return level;
}

static void
tell_layers(struct telling *t)
{
	const struct rule_layer *layer;
	const struct outbound_hit *h;
	struct finding *f = &t->d.f;
	enum finding_severity level;
	size_t k;

	f->severity = FINDING_INFO;
	for (k = 0; k < RULE_LAYERS; k++) {
		layer = &t->j->o->rule->layers[k];
		if ((h = worst(t->in, (enum rule_layer_kind)k)) == NULL)
			continue;
		level = highest(t->in, (enum rule_layer_kind)k);
		if (level > f->severity)
			f->severity = level;
		f->layers[f->n_layers++] = (struct finding_layer){ layer->code,
			layer->title_ja, layer->title_en, level };
		if (k == RULE_LAYER_ISOLATED)
			tell_isolated(t, layer, h);
		else if (k == RULE_LAYER_DESTINATION)
			tell_destination(t, layer, h);
		else if (k == RULE_LAYER_HOUR)
			tell_baseline(t, layer, h, SETTING_HOUR_BYTES,
			    SETTING_HOUR_MAD);
		else
			tell_baseline(t, layer, h, SETTING_DAY_BYTES,
			    SETTING_DAY_MAD);
	}
}

#define NAMED 3 /* destinations in the sentence; the rest is in the list */

static void
tell_ends(struct telling *t)
{
	const struct volume_host *h = t->j->h;
	char text[ADDRESS_TEXT];
	struct draft *d = &t->d;
	const char *host, *list = "", *peer;
	size_t i, k, named = 0;

	host = arena_printf(d->arena, "%s", address_print(&h->address, text));
	draft_device(d, "host", t->j->device, h->key);
	d->v.ja[SENTENCE_HOST] =
	    arena_printf(d->arena, "%s（%s）", d->v.ja[SENTENCE_DEVICE], host);
	d->v.en[SENTENCE_HOST] =
	    arena_printf(d->arena, "%s (%s)", d->v.en[SENTENCE_DEVICE], host);
	finding_entity(&d->f, "ip", host, "");
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
tell_sums(struct telling *t)
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
tell_cites(struct telling *t)
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
tell(struct outbound_judging *j, const struct incident *in, struct outbox *out,
    struct arena *arena)
{
	struct telling *t = arena_alloc(arena, sizeof(*t));

	t->j = j;
	t->in = in;
	t->ja = t->en = "";
	draft_begin(&t->d, j->o->rule, j->o->site, arena);
	t->d.f.key = arena_printf(arena, "host=%.*s", (int)j->h->key.len,
	    (const char *)j->h->key.p);
	t->d.f.from = volume_hour_start(j->o->volume, in->from);
	t->d.f.until = volume_hour_start(j->o->volume, in->until);
	gather(t);
	t->d.f.replay = t->replay;
	tell_ends(t);
	tell_layers(t);
	tell_sums(t);
	tell_cites(t);
	draft_end(&t->d);
	outbox_add(out, &t->d.f);
}

/* Days belong to the incident that lies in them, if there is one. */
static bool
take_day(struct incident *v, size_t n, const struct outbound_hit *day)
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

/* Incidents from the hours; hits nearer than the merging time are one. */
static size_t
from_hours(const struct outbound_judging *j, struct incident *v)
{
	int64_t merge =
	    settings_usec(j->o->site->settings, SETTING_OUT_MERGE) / UTC_HOUR;
	const struct outbound_hit *h;
	size_t i, n = 0;

	for (i = 0; i < j->hits->n_hours; i++) {
		h = &j->hits->hours[i];
		if (n == 0 || h->hour - v[n - 1].until >= merge) {
			v[n++] =
			    (struct incident){ .from = h->hour, .hours = h };
		}
		v[n - 1].until = h->hour + 1;
		v[n - 1].n_hours++;
	}
	return n;
}

void
outbound_incidents(struct outbound_judging *j, struct outbox *out,
    struct arena *arena)
{
	const struct outbound_hit *day;
	struct incident *v;
	size_t i, n, hours;

	v = calloc(j->hits->n_hours + j->hits->n_days + 1, sizeof(*v));
	if (v == NULL)
		abort();
	hours = n = from_hours(j, v);
	for (i = 0; i < j->hits->n_days; i++) {
		day = &j->hits->days[i];
		if (!take_day(v, hours, day))
			v[n++] = (struct incident){ .from = day->hour,
				.until = day->hour + 24,
				.days = day,
				.n_days = 1 };
	}
	for (i = 0; i < n; i++)
		tell(j, &v[i], out, arena);
	free(v);
}
