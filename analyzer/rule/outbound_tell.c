/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_tell.h"

/* The hit of a layer that says most, or NULL if the layer did not fire. */
static const struct outbound_hit *
worst(const struct outbound_incident *in, enum rule_layer_kind layer)
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
		else if (layer == RULE_LAYER_SESSIONS)
			more = v[i].counts.z > w->counts.z;
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

static void
say(struct outbound_telling *t, const struct rule_layer *layer, const char *ja,
    const char *en)
{
	bool more = t->ja[0] != '\0';

	t->ja = arena_printf(t->d.arena, "%s%s%s %s: %s", t->ja,
	    more ? "／" : "", layer->code, layer->title_ja, ja);
	t->en = arena_printf(t->d.arena, "%s%s%s %s: %s", t->en,
	    more ? "; " : "", layer->code, layer->title_en, en);
}

static void
tell_baseline(struct outbound_telling *t, const struct rule_layer *layer,
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
	if (floor != SETTING_DAY_BYTES) {
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
add_part(struct outbound_telling *t, const char **list, const char *between,
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
isolated_parts(struct outbound_telling *t, const struct outbound_hit *h,
    bool ja)
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
tell_isolated(struct outbound_telling *t, const struct rule_layer *layer,
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
tell_destination(struct outbound_telling *t, const struct rule_layer *layer,
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

static void
tell_sessions(struct outbound_telling *t, const struct rule_layer *layer,
    const struct outbound_hit *h)
{
	const struct settings *s = t->j->o->site->settings;
	/* On the scale of a baseline a thousand is one. */
	double median = h->counts.median / 1000;
	struct finding *f = &t->d.f;

	finding_count(f, layer->code, "sessions", "", h->unmeasured);
	finding_figure(f, layer->code, "median", "", median, 1);
	finding_figure(f, layer->code, "mad", "log10", h->counts.mad, 4);
	finding_figure(f, layer->code, "z", "", h->counts.z, 2);
	finding_count(f, layer->code, "n", "", h->counts.n);
	finding_count(f, layer->code, "floor", "",
	    settings_count(s, SETTING_SESSIONS_FLOOR));
	say(t, layer,
	    arena_printf(t->d.arena,
		"1時間に%u回（中央値%.1f回、z=%.1f、参照%zu件。"
		"送信量は記録にありません）",
		(unsigned)h->unmeasured, median, h->counts.z, h->counts.n),
	    arena_printf(t->d.arena,
		"%u sessions in an hour (median %.1f, z=%.1f, %zu references; "
		"their bytes are not logged)",
		(unsigned)h->unmeasured, median, h->counts.z, h->counts.n));
}

static void
tell_week(struct outbound_telling *t, const struct rule_layer *layer,
    const struct outbound_slow *w)
{
	const struct settings *s = t->j->o->site->settings;
	const char *sum = sentence_bytes((double)w->bytes, t->d.arena);
	const char *median = sentence_bytes((double)w->median, t->d.arena);
	struct finding *f = &t->d.f;

	finding_count(f, layer->code, "bytes", "bytes", w->bytes);
	finding_count(f, layer->code, "median", "bytes", w->median);
	finding_count(f, layer->code, "n", "weeks", w->n);
	finding_count(f, layer->code, "floor", "bytes",
	    settings_count(s, SETTING_SLOW_BYTES));
	finding_figure(f, layer->code, "ratio", "",
	    settings_number(s, SETTING_SLOW_RATIO), 2);
	say(t, layer,
	    arena_printf(t->d.arena, "7日間に%s（前%zu週の中央値%s）", sum,
		w->n, median),
	    arena_printf(t->d.arena,
		"%s in seven days (median of the %zu weeks before: %s)", sum,
		w->n, median));
}

static void
tell_drift(struct outbound_telling *t, const struct rule_layer *layer,
    const struct outbound_slow *w)
{
	const struct settings *s = t->j->o->site->settings;
	const char *excess = sentence_bytes((double)w->bytes, t->d.arena);
	int64_t days = (w->until - w->from) / 24;
	struct finding *f = &t->d.f;

	finding_count(f, layer->code, "excess", "bytes", w->bytes);
	finding_count(f, layer->code, "days", "days", (uint64_t)days);
	finding_figure(f, layer->code, "cusum", "", w->drift, 2);
	finding_figure(f, layer->code, "k", "",
	    settings_number(s, SETTING_SLOW_K), 2);
	finding_figure(f, layer->code, "h", "",
	    settings_number(s, SETTING_SLOW_H), 2);
	finding_count(f, layer->code, "floor", "bytes",
	    settings_count(s, SETTING_SLOW_BYTES));
	say(t, layer,
	    arena_printf(t->d.arena, "%lld日間で目安より%s多い（CUSUM %.1f）",
		(long long)days, excess, w->drift),
	    arena_printf(t->d.arena,
		"%s more than usual over %lld days (CUSUM %.1f)", excess,
		(long long)days, w->drift));
}

/* Of a slow layer what says most; whether it fired. */
static bool
tell_slow(struct outbound_telling *t, const struct rule_layer *layer,
    enum rule_layer_kind kind)
{
	const struct outbound_slow *w = NULL, *v = t->in->slow;
	size_t i;

	for (i = 0; i < t->in->n_slow; i++)
		if (v[i].layer == kind && (w == NULL || v[i].bytes > w->bytes))
			w = &v[i];
	if (w == NULL)
		return false;
	if (kind == RULE_LAYER_WEEK)
		tell_week(t, layer, w);
	else
		tell_drift(t, layer, w);
	return true;
}

/* What a layer comes to over the whole incident. */
static enum finding_severity
highest(const struct outbound_incident *in, enum rule_layer_kind layer)
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

/* One layer with its figures; whether it fired. */
static bool
tell_layer(struct outbound_telling *t, enum rule_layer_kind kind)
{
	const struct rule_layer *layer = &t->rule->layers[kind];
	const struct outbound_hit *h;

	if (kind == RULE_LAYER_WEEK || kind == RULE_LAYER_DRIFT)
		return tell_slow(t, layer, kind);
	if ((h = worst(t->in, kind)) == NULL)
		return false;
	if (kind == RULE_LAYER_ISOLATED)
		tell_isolated(t, layer, h);
	else if (kind == RULE_LAYER_DESTINATION)
		tell_destination(t, layer, h);
	else if (kind == RULE_LAYER_SESSIONS)
		tell_sessions(t, layer, h);
	else if (kind == RULE_LAYER_HOUR)
		tell_baseline(t, layer, h, SETTING_HOUR_BYTES,
		    SETTING_HOUR_MAD);
	else if (kind == RULE_LAYER_TOTAL)
		tell_baseline(t, layer, h, SETTING_TOTAL_BYTES,
		    SETTING_HOUR_MAD);
	else
		tell_baseline(t, layer, h, SETTING_DAY_BYTES, SETTING_DAY_MAD);
	return true;
}

void
outbound_tell_layers(struct outbound_telling *t)
{
	enum finding_severity cap =
	    settings_level(t->j->o->site->settings, SETTING_OUT_CAP);
	struct finding *f = &t->d.f;
	const struct rule_layer *layer;
	enum finding_severity level;
	size_t k;

	f->severity = FINDING_INFO;
	for (k = 0; k < RULE_LAYERS; k++) {
		layer = &t->rule->layers[k];
		if (!layer->on || !tell_layer(t, (enum rule_layer_kind)k))
			continue;
		level = t->in->n_slow > 0
		    ? layer->level
		    : highest(t->in, (enum rule_layer_kind)k);
		if (level > f->severity)
			f->severity = level;
		f->layers[f->n_layers++] = (struct finding_layer){ layer->code,
			layer->title_ja, layer->title_en, level };
	}
	/* A week that is too large and a drift say it twice over. */
	if (t->in->n_slow > 0 && f->n_layers > 1)
		f->severity = finding_severity_raise(f->severity, 1, cap);
}

/* Why it can wait. */
static void
say_sheet(struct outbound_telling *t, const struct outbound_weight *w)
{
	const struct settings *s = t->j->o->site->settings;
	double week = settings_number(s, SETTING_COMMON_WEEK);
	unsigned long long day = settings_count(s, SETTING_COMMON_DAY);
	const char *limit = sentence_bytes(w->limit, t->d.arena);
	struct arena *a = t->d.arena;

	if (w->common) {
		t->ja = arena_printf(a,
		    "%s。この施設では%sまでの増加が週%g件ほどあるため、"
		    "週次の確認に回します",
		    t->ja, limit, week);
		t->en = arena_printf(a,
		    "%s. Up to %s more than usual is common here, about %g a "
		    "week, so it is for the weekly review",
		    t->en, limit, week);
		return;
	}
	t->ja = arena_printf(a,
	    "%s。この日は他に%llu件を知らせたため、週次の確認に回します", t->ja,
	    day);
	t->en = arena_printf(a,
	    "%s. %llu others of the day were told, so it is for the weekly "
	    "review",
	    t->en, day);
}

void
outbound_tell_weight(struct outbound_telling *t)
{
	const struct outbound_weight *w = t->in->weight;
	struct finding *f = &t->d.f;

	if (w == NULL || w->always)
		return;
	finding_count(f, "", "excess", "bytes", w->excess);
	finding_figure(f, "", "common", "bytes", w->limit, 0);
	if (w->before > 0)
		finding_count(f, "", "excess_before", "bytes", w->before);
	if (!w->sheet)
		return;
	f->kind = FINDING_SHEET;
	f->severity = FINDING_INFO;
	say_sheet(t, w);
}
