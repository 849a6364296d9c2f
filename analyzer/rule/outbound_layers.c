/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_state.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/grow.h"

#define REFS 1024 /* more than three hours of each of a year's days */

double
outbound_number(const struct outbound_judging *j, enum setting which)
{
	return settings_number(j->o->site->settings, which);
}

uint64_t
outbound_count(const struct outbound_judging *j, enum setting which)
{
	return settings_count(j->o->site->settings, which);
}

static bool
is_on(const struct outbound_judging *j, enum rule_layer_kind layer)
{
	return j->o->of[layer] != NULL;
}

static const struct rule_layer *
layer_of(const struct outbound_judging *j, enum rule_layer_kind layer)
{
	return &j->o->of[layer]->layers[layer];
}

struct outbound_hit *
outbound_hit_put(struct outbound_hits *hits, int64_t hour)
{
	struct outbound_hit *h = outbound_hit_get(hits, hour);
	size_t i;

	if (h != NULL)
		return h;
	grow(&hits->hours, hits->n_hours, &hits->cap_hours,
	    sizeof(*hits->hours));
	for (i = hits->n_hours; i > 0 && hits->hours[i - 1].hour > hour; i--)
		hits->hours[i] = hits->hours[i - 1];
	hits->n_hours++;
	hits->hours[i] = (struct outbound_hit){ .hour = hour };
	return &hits->hours[i];
}

static void
hit(struct outbound_hit *h, enum rule_layer_kind layer,
    enum finding_severity level)
{
	h->layers |= 1u << layer;
	if (level > h->level[layer])
		h->level[layer] = level;
}

/*
 * A reference must not rest on what was itself unusual, until a person has
 * said that it was normal.  What that person judged stays as it was found.
 */
bool
outbound_is_told(const struct outbound_judging *j, int64_t hour)
{
	int64_t day;
	size_t i;

	for (i = 0; i < j->hits->n_days; i++) {
		day = j->hits->days[i].hour;
		if (hour >= day && hour < day + 24 &&
		    (j->settled || !outbound_is_normal(j, day, day + 24)))
			return true;
	}
	return outbound_hit_get(j->hits, hour) != NULL &&
	    (j->settled || !outbound_is_normal(j, hour, hour + 1));
}

/* What of an hour is held against the same of others. */
static uint64_t
measure(const struct volume_hour *b, enum rule_layer_kind layer)
{
	if (b == NULL)
		return 0;
	/* On the scale of a baseline a thousand is one. */
	return layer == RULE_LAYER_SESSIONS ? UINT64_C(1000) * b->unmeasured
					    : b->bytes;
}

/* The amount of an hour as a reference: false if it is none. */
static bool
reference(const struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour, uint64_t *amount)
{
	if (hour < j->exists || !volume_covered(j->o->volume, j->h, hour) ||
	    outbound_is_told(j, hour))
		return false;
	*amount = measure(volume_get(j->h, hour), layer);
	return true;
}

/* The same hour of the week, one before and one behind, for weeks back. */
static size_t
hour_references(const struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour, uint64_t *refs)
{
	int64_t day = hour / 24, d, k;
	int64_t back = (int64_t)outbound_count(j, SETTING_OUT_HISTORY);
	int class = outbound_class(j->o, day);
	size_t n = 0;

	for (d = day - 1; d >= day - back && d * 24 + 24 > j->exists; d--) {
		if (outbound_class(j->o, d) != class)
			continue;
		for (k = -1; k <= 1; k++)
			if (n < REFS &&
			    reference(j, layer, d * 24 + hour % 24 + k,
				&refs[n]))
				n++;
	}
	return n;
}

/* The largest of those three hours of one day: false if none is known. */
static bool
largest(const struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour, uint64_t *most)
{
	uint64_t amount;
	bool any = false;
	int64_t k;

	*most = 0;
	for (k = -1; k <= 1; k++) {
		if (!reference(j, layer, hour + k, &amount))
			continue;
		any = true;
		*most = amount > *most ? amount : *most;
	}
	return any;
}

/*
 * The largest of those three hours for each of those days.  A job of one hour
 * every night, a backup or images for remote reading, leaves two of three
 * references empty, so that their median says nothing of it and each night
 * would be unusual; its largest hour is what it always was.
 */
static size_t
job_references(const struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour, uint64_t *refs)
{
	int64_t day = hour / 24, d;
	int64_t back = (int64_t)outbound_count(j, SETTING_OUT_HISTORY);
	int class = outbound_class(j->o, day);
	size_t n = 0;

	for (d = day - 1; d >= day - back && d * 24 + 24 > j->exists; d--)
		if (outbound_class(j->o, d) == class && n < REFS &&
		    largest(j, layer, d * 24 + hour % 24, &refs[n]))
			n++;
	return n;
}

/*
 * The same for that day of the week, holiday or not: a weekly job knows no
 * holidays.
 */
static size_t
weekly_references(const struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour, uint64_t *refs)
{
	int64_t back = (int64_t)outbound_count(j, SETTING_OUT_HISTORY) * 24, h;
	size_t n = 0;

	for (h = hour - 168; h >= hour - back && h >= j->exists; h -= 168)
		if (n < REFS && largest(j, layer, h, &refs[n]))
			n++;
	return n;
}

static bool
is_night(const struct outbound_judging *j, int64_t hour)
{
	uint64_t of_day = (uint64_t)(hour % 24);

	return of_day >= outbound_count(j, SETTING_OUT_NIGHT_FROM) ||
	    of_day < outbound_count(j, SETTING_OUT_NIGHT_UNTIL) ||
	    calendar_closed(j->o->site->calendar, hour / 24);
}

/*
 * Since when a network of the hour is new, INT64_MIN if it is not: what was
 * new when a record came may have turned out to be known.
 */
static int64_t
new_since(const struct outbound_judging *j, const struct volume_new *v)
{
	struct volume *volume = j->o->volume;
	const struct seen_stretch *s;
	int64_t first = INT64_MIN, at;
	size_t i, n;

	s = seen_stretches(volume_networks(volume), v->network, &n);
	for (i = 0; i < n; i++)
		if ((at = volume_hour_of(volume, s[i].first)) <= v->hour)
			first = at;
	return first < j->learned ||
		v->hour >= first +
			(int64_t)outbound_count(j, SETTING_DST_WINDOW)
	    ? INT64_MIN
	    : first;
}

/* Bytes of an hour that went where nobody of the site had been before. */
static uint64_t
bytes_to_new(const struct outbound_judging *j, int64_t hour)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < j->h->n_news; i++)
		if (j->h->news[i].hour == hour &&
		    new_since(j, &j->h->news[i]) != INT64_MIN)
			bytes += j->h->news[i].bytes;
	return bytes;
}

/*
 * The z of that of the two that is farther, and the ratio to the largest
 * median: all must be exceeded.
 */
static void
tell_near(struct outbound_judging *j, enum rule_layer_kind layer, int64_t hour,
    struct baseline_limits limits)
{
	uint64_t amount = measure(volume_get(j->h, hour), layer), refs[REFS];
	struct baseline base, job, week;
	double median;

	j->settled = outbound_is_normal(j, hour, hour + 1);
	base = baseline_of(amount, refs, hour_references(j, layer, hour, refs),
	    limits.mad_floor);
	job = baseline_of(amount, refs, job_references(j, layer, hour, refs),
	    limits.mad_floor);
	week = baseline_of(amount, refs,
	    weekly_references(j, layer, hour, refs), limits.mad_floor);
	median = base.median > job.median ? base.median : job.median;
	if (week.n >= BASELINE_HABIT && week.median > median)
		median = week.median;
	if (job.z < base.z) {
		base = job;
		limits.n /= 3;
	}
	base.median = median;
	outbound_near_baseline(j, layer, hour, amount, &base, &limits);
}

/* An hour against its like; the figures go into h if it is unusual. */
static bool
is_unusual(struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour, const struct baseline_limits *want, struct outbound_hit *h)
{
	uint64_t amount = measure(volume_get(j->h, hour), layer), refs[REFS];
	struct baseline_limits limits = *want;
	struct baseline week;

	if (j->o->site->near != NULL)
		tell_near(j, layer, hour, limits);
	if (amount < limits.bytes ||
	    hour / 24 - j->exists / 24 <
		(int64_t)outbound_count(j, SETTING_OUT_LEARN))
		return false;
	j->settled = outbound_is_normal(j, hour, hour + 1);
	h->base = baseline_of(amount, refs,
	    hour_references(j, layer, hour, refs), limits.mad_floor);
	if (!baseline_exceeds(&h->base, amount, &limits))
		return false;
	limits.n /= 3; /* a day gives one reference and not three */
	h->job = baseline_of(amount, refs, job_references(j, layer, hour, refs),
	    limits.mad_floor);
	if (!baseline_exceeds(&h->job, amount, &limits))
		return false;
	week = baseline_of(amount, refs,
	    weekly_references(j, layer, hour, refs), limits.mad_floor);
	return week.n < BASELINE_HABIT ||
	    (double)amount >= limits.ratio * week.median;
}

static void
judge_hour(struct outbound_judging *j, int64_t hour,
    const struct volume_hour *b)
{
	struct baseline_limits limits = { outbound_count(j, SETTING_HOUR_N),
		outbound_number(j, SETTING_HOUR_Z),
		outbound_number(j, SETTING_HOUR_MAD),
		outbound_count(j, SETTING_HOUR_BYTES),
		outbound_number(j, SETTING_HOUR_RATIO) };
	struct outbound_hit found = { 0 }, *h;
	unsigned up;

	if (!is_unusual(j, RULE_LAYER_HOUR, hour, &limits, &found))
		return;
	up = j->device != NULL && j->device->server ? 1 : 0;
	up += is_night(j, hour) ? 1 : 0;
	found.away = bytes_to_new(j, hour) * 2 >= b->bytes;
	up += found.away ? 1 : 0;
	h = outbound_hit_put(j->hits, hour);
	h->away = found.away;
	h->base = found.base;
	h->job = found.job;
	h->bytes = b->bytes;
	hit(h, RULE_LAYER_HOUR,
	    finding_severity_raise(layer_of(j, RULE_LAYER_HOUR)->level, up,
		settings_level(j->o->site->settings, SETTING_OUT_CAP)));
}

/* How often, where the logs do not say how much. */
static void
judge_sessions(struct outbound_judging *j, int64_t hour,
    const struct volume_hour *b)
{
	struct baseline_limits limits = { outbound_count(j, SETTING_HOUR_N),
		outbound_number(j, SETTING_HOUR_Z),
		outbound_number(j, SETTING_HOUR_MAD),
		outbound_count(j, SETTING_SESSIONS_FLOOR) * 1000,
		outbound_number(j, SETTING_HOUR_RATIO) };
	struct outbound_hit found = { 0 }, *h;

	if (!is_unusual(j, RULE_LAYER_SESSIONS, hour, &limits, &found))
		return;
	h = outbound_hit_put(j->hits, hour);
	h->counts = found.base;
	h->unmeasured = b->unmeasured;
	hit(h, RULE_LAYER_SESSIONS, layer_of(j, RULE_LAYER_SESSIONS)->level);
}

/* All that an interface sent. */
static void
judge_total(struct outbound_judging *j, int64_t hour,
    const struct volume_hour *b)
{
	struct baseline_limits limits = { outbound_count(j, SETTING_HOUR_N),
		outbound_number(j, SETTING_HOUR_Z),
		outbound_number(j, SETTING_HOUR_MAD),
		outbound_count(j, SETTING_TOTAL_BYTES),
		outbound_number(j, SETTING_TOTAL_RATIO) };
	struct outbound_hit found = { 0 }, *h;

	if (!is_unusual(j, RULE_LAYER_TOTAL, hour, &limits, &found))
		return;
	h = outbound_hit_put(j->hits, hour);
	h->base = found.base;
	h->job = found.job;
	h->bytes = b->bytes;
	hit(h, RULE_LAYER_TOTAL, layer_of(j, RULE_LAYER_TOTAL)->level);
}

/* Peers that an isolated host first reached in this hour. */
static uint32_t
new_peers(const struct outbound_judging *j, int64_t hour)
{
	const struct seen *peers = volume_peers(j->o->volume);
	const struct seen_stretch *s;
	uint32_t found = 0;
	size_t i, k, n;

	for (i = 0; i < j->h->n_peers; i++) {
		s = seen_stretches(peers, j->h->peers[i], &n);
		for (k = 0; k < n; k++)
			found +=
			    volume_hour_of(j->o->volume, s[k].first) == hour;
	}
	return found;
}

static void
judge_isolated(struct outbound_judging *j, int64_t hour,
    const struct volume_hour *b)
{
	enum finding_severity level = layer_of(j, RULE_LAYER_ISOLATED)->level;
	uint32_t peers = new_peers(j, hour);
	struct outbound_hit *h;

	outbound_near_amount(j, RULE_LAYER_ISOLATED, hour, b->bytes,
	    outbound_number(j, SETTING_ISO_BYTES));
	if (b->bytes < outbound_count(j, SETTING_ISO_BYTES) &&
	    b->sessions < outbound_count(j, SETTING_ISO_SESSIONS) &&
	    peers == 0) {
		if (b->blocked < outbound_count(j, SETTING_ISO_BLOCKED))
			return;
		/* It only tried: a step less. */
		level = level > FINDING_WARNING ? FINDING_WARNING : level;
	}
	h = outbound_hit_put(j->hits, hour);
	h->bytes = b->bytes;
	h->sessions = b->sessions;
	h->blocked = b->blocked;
	h->new_peers = peers;
	hit(h, RULE_LAYER_ISOLATED, level);
}

static int
by_network(const void *a, const void *b)
{
	const struct volume_new *p = a, *q = b;

	if (p->network != q->network)
		return p->network < q->network ? -1 : 1;
	return p->hour < q->hour ? -1 : p->hour > q->hour;
}

/*
 * Rows of one network: the sum since it was new, hour by hour; from where it
 * passes the limit, each hour is a hit.
 */
static void
judge_network(struct outbound_judging *j, const struct volume_new *v, size_t n)
{
	const struct rule_layer *layer = layer_of(j, RULE_LAYER_DESTINATION);
	bool server = j->device != NULL && j->device->server;
	struct outbound_hit *h;
	int64_t first, began = INT64_MIN;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if ((first = new_since(j, &v[i])) == INT64_MIN)
			continue;
		sum = first == began ? sum + v[i].bytes : v[i].bytes;
		began = first;
		outbound_near_amount(j, RULE_LAYER_DESTINATION, v[i].hour, sum,
		    outbound_number(j, SETTING_DST_BYTES));
		if (sum < outbound_count(j, SETTING_DST_BYTES) ||
		    !outbound_complete(j, v[i].hour))
			continue;
		h = outbound_hit_put(j->hits, v[i].hour);
		if (sum > h->new_bytes) {
			h->new_bytes = sum;
			h->network = v->network;
		}
		hit(h, RULE_LAYER_DESTINATION,
		    server ? finding_severity_raise(layer->level, 1,
				 FINDING_SERIOUS)
			   : layer->level);
	}
}

static void
judge_networks(struct outbound_judging *j)
{
	struct volume_new *v;
	size_t i, from;

	if (j->h->n_news == 0 || !is_on(j, RULE_LAYER_DESTINATION))
		return;
	if ((v = calloc(j->h->n_news, sizeof(*v))) == NULL)
		abort();
	memcpy(v, j->h->news, j->h->n_news * sizeof(*v));
	qsort(v, j->h->n_news, sizeof(*v), by_network);
	for (i = from = 0; i < j->h->n_news; i++) {
		if (i + 1 < j->h->n_news && v[i + 1].network == v[i].network)
			continue;
		judge_network(j, v + from, i + 1 - from);
		from = i + 1;
	}
	free(v);
}

/*
 * Forget the hits from j->from on; those of new destinations are all worked
 * out again, because what was new may have turned out to be known.
 */
static void
forget(struct outbound_judging *j)
{
	struct outbound_hits *hits = j->hits;
	size_t i, kept = 0;

	for (i = 0; i < hits->n_hours; i++) {
		struct outbound_hit *h = &hits->hours[i];

		h->layers &= ~(1u << RULE_LAYER_DESTINATION);
		h->level[RULE_LAYER_DESTINATION] = FINDING_INFO;
		h->new_bytes = 0;
		if (h->layers != 0 && h->hour < j->from)
			hits->hours[kept++] = *h;
	}
	hits->n_hours = kept;
	outbound_forget_days(j);
}

static bool
day_complete(const struct outbound_judging *j, int64_t day)
{
	int64_t hour;

	for (hour = day * 24; hour < day * 24 + 24; hour++)
		if (!outbound_complete(j, hour))
			return false;
	return true;
}

static void
judge_hours(struct outbound_judging *j, const struct volume_day *d)
{
	const struct volume_hour *b;
	int64_t hour;
	size_t k;

	for (k = 0; k < 24; k++) {
		hour = d->day * 24 + (int64_t)k;
		b = &d->hours[k];
		if (hour < j->from || b->records == 0 ||
		    !outbound_complete(j, hour))
			continue;
		if (j->h->total) {
			if (is_on(j, RULE_LAYER_TOTAL))
				judge_total(j, hour, b);
			continue;
		}
		if (j->h->isolated && is_on(j, RULE_LAYER_ISOLATED))
			judge_isolated(j, hour, b);
		if (is_on(j, RULE_LAYER_HOUR))
			judge_hour(j, hour, b);
		if (is_on(j, RULE_LAYER_SESSIONS))
			judge_sessions(j, hour, b);
	}
}

/* Hour by hour, so that what is unusual is no reference for what follows. */
void
outbound_layers(struct outbound_judging *j)
{
	const struct volume_day *d;
	size_t i;

	forget(j);
	judge_networks(j);
	j->hits->judged = INT64_MAX;
	for (i = 0; i < j->h->n; i++) {
		d = &j->h->days[i];
		if (d->day * 24 + 24 <= j->from)
			continue;
		judge_hours(j, d);
		if (!day_complete(j, d->day)) {
			if (d->day * 24 < j->hits->judged)
				j->hits->judged = d->day * 24;
		} else if (!j->h->total)
			outbound_judge_day(j, d);
	}
}
