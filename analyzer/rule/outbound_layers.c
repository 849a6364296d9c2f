/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_state.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/grow.h"

#define REFS 1024 /* more than three hours of each of a year's days */

static double
number(const struct outbound_judging *j, enum setting which)
{
	return settings_number(j->o->site->settings, which);
}

static uint64_t
count(const struct outbound_judging *j, enum setting which)
{
	return settings_count(j->o->site->settings, which);
}

static bool
is_on(const struct outbound_judging *j, enum rule_layer_kind layer)
{
	return j->o->rule->layers[layer].on;
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
static bool
is_poisoned(const struct outbound_judging *j, int64_t hour)
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

/* The bytes of an hour as a reference: false if it is none. */
static bool
reference(const struct outbound_judging *j, int64_t hour, uint64_t *bytes)
{
	const struct volume_hour *b;

	if (hour < j->exists || !volume_covered(j->o->volume, j->h, hour) ||
	    is_poisoned(j, hour))
		return false;
	b = volume_get(j->h, hour);
	*bytes = b != NULL ? b->bytes : 0;
	return true;
}

/* The same hour of the week, one before and one behind, for weeks back. */
static size_t
hour_references(const struct outbound_judging *j, int64_t hour, uint64_t *refs)
{
	int64_t day = hour / 24, d, k;
	int64_t back = (int64_t)count(j, SETTING_OUT_HISTORY);
	int class = outbound_class(j->o, day);
	size_t n = 0;

	for (d = day - 1; d >= day - back && d * 24 + 24 > j->exists; d--) {
		if (outbound_class(j->o, d) != class)
			continue;
		for (k = -1; k <= 1; k++)
			if (n < REFS &&
			    reference(j, d * 24 + hour % 24 + k, &refs[n]))
				n++;
	}
	return n;
}

/*
 * The largest of those three hours for each of those days.  A job of one hour
 * every night, a backup or images for remote reading, leaves two of three
 * references empty, so that their median says nothing of it and each night
 * would be unusual; its largest hour is what it always was.
 */
static size_t
job_references(const struct outbound_judging *j, int64_t hour, uint64_t *refs)
{
	int64_t day = hour / 24, d, k;
	int64_t back = (int64_t)count(j, SETTING_OUT_HISTORY);
	int class = outbound_class(j->o, day);
	uint64_t bytes, most;
	size_t n = 0;
	bool any;

	for (d = day - 1; d >= day - back && d * 24 + 24 > j->exists; d--) {
		if (outbound_class(j->o, d) != class || n == REFS)
			continue;
		any = false;
		most = 0;
		for (k = -1; k <= 1; k++) {
			if (!reference(j, d * 24 + hour % 24 + k, &bytes))
				continue;
			any = true;
			most = bytes > most ? bytes : most;
		}
		if (any)
			refs[n++] = most;
	}
	return n;
}

static bool
is_night(const struct outbound_judging *j, int64_t hour)
{
	uint64_t of_day = (uint64_t)(hour % 24);

	return of_day >= count(j, SETTING_OUT_NIGHT_FROM) ||
	    of_day < count(j, SETTING_OUT_NIGHT_UNTIL) ||
	    calendar_closed(j->o->site->calendar, hour / 24);
}

/* Bytes of an hour that went where nobody of the site had been before. */
static uint64_t
bytes_to_new(const struct outbound_judging *j, int64_t hour)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < j->h->n_news; i++)
		if (j->h->news[i].hour == hour)
			bytes += j->h->news[i].bytes;
	return bytes;
}

static void
judge_hour(struct outbound_judging *j, int64_t hour,
    const struct volume_hour *b)
{
	struct baseline_limits limits = { count(j, SETTING_HOUR_N),
		number(j, SETTING_HOUR_Z), number(j, SETTING_HOUR_MAD),
		count(j, SETTING_HOUR_BYTES), number(j, SETTING_HOUR_RATIO) };
	struct baseline base, job;
	struct outbound_hit *h;
	uint64_t refs[REFS];
	unsigned up;

	if (b->bytes < limits.bytes ||
	    hour / 24 - j->exists / 24 < (int64_t)count(j, SETTING_OUT_LEARN))
		return;
	j->settled = outbound_is_normal(j, hour, hour + 1);
	base = baseline_of(b->bytes, refs, hour_references(j, hour, refs),
	    limits.mad_floor);
	if (!baseline_exceeds(&base, b->bytes, &limits))
		return;
	limits.n /= 3; /* a day gives one reference and not three */
	job = baseline_of(b->bytes, refs, job_references(j, hour, refs),
	    limits.mad_floor);
	if (!baseline_exceeds(&job, b->bytes, &limits))
		return;
	up = j->device != NULL && j->device->server ? 1 : 0;
	up += is_night(j, hour) ? 1 : 0;
	up += bytes_to_new(j, hour) * 2 >= b->bytes ? 1 : 0;
	h = outbound_hit_put(j->hits, hour);
	h->base = base;
	h->job = job;
	h->bytes = b->bytes;
	hit(h, RULE_LAYER_HOUR,
	    finding_severity_raise(j->o->rule->layers[RULE_LAYER_HOUR].level,
		up, settings_level(j->o->site->settings, SETTING_OUT_CAP)));
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
	enum finding_severity level =
	    j->o->rule->layers[RULE_LAYER_ISOLATED].level;
	uint32_t peers = new_peers(j, hour);
	struct outbound_hit *h;

	if (b->bytes < count(j, SETTING_ISO_BYTES) &&
	    b->sessions < count(j, SETTING_ISO_SESSIONS) && peers == 0) {
		if (b->blocked < count(j, SETTING_ISO_BLOCKED))
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

static bool
same_day_class(struct outbound *o, int64_t a, int64_t b)
{
	int p = outbound_class(o, a), q = outbound_class(o, b);

	p = p == 0 || p == 6 ? p : 1;
	q = q == 0 || q == 6 ? q : 1;
	return p == q;
}

/* The sum of a day as a reference: false if it is none. */
static bool
day_reference(const struct outbound_judging *j, int64_t day, uint64_t *bytes)
{
	uint64_t covered = 0, of_hour = 0;
	int64_t hour;

	*bytes = 0;
	for (hour = day * 24; hour < day * 24 + 24; hour++) {
		if (is_poisoned(j, hour))
			return false;
		if (!reference(j, hour, &of_hour))
			continue;
		covered++;
		*bytes += of_hour;
	}
	return covered >= count(j, SETTING_DAY_HOURS);
}

static size_t
day_references(const struct outbound_judging *j, int64_t day, uint64_t *refs)
{
	int64_t back = (int64_t)count(j, SETTING_OUT_HISTORY), d;
	size_t n = 0;

	for (d = day - 1; d >= day - back && d * 24 + 24 > j->exists; d--)
		if (n < REFS && same_day_class(j->o, d, day) &&
		    day_reference(j, d, &refs[n]))
			n++;
	return n;
}

static void
judge_day(struct outbound_judging *j, const struct volume_day *d)
{
	struct baseline_limits limits = { count(j, SETTING_DAY_N),
		number(j, SETTING_DAY_Z), number(j, SETTING_DAY_MAD),
		count(j, SETTING_DAY_BYTES), number(j, SETTING_DAY_RATIO) };
	struct baseline base;
	uint64_t refs[REFS], sum = 0;
	size_t i;

	for (i = 0; i < 24; i++)
		sum += d->hours[i].bytes;
	if (sum < limits.bytes ||
	    d->day - j->exists / 24 < (int64_t)count(j, SETTING_OUT_LEARN))
		return;
	j->settled = outbound_is_normal(j, d->day * 24, d->day * 24 + 24);
	base = baseline_of(sum, refs, day_references(j, d->day, refs),
	    limits.mad_floor);
	if (!baseline_exceeds(&base, sum, &limits))
		return;
	grow(&j->hits->days, j->hits->n_days, &j->hits->cap_days,
	    sizeof(*j->hits->days));
	j->hits->days[j->hits->n_days++] =
	    (struct outbound_hit){ .hour = d->day * 24,
		    .layers = 1u << RULE_LAYER_DAY,
		    .level[RULE_LAYER_DAY] =
			j->o->rule->layers[RULE_LAYER_DAY].level,
		    .base = base,
		    .bytes = sum };
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
	int64_t learned =
	    volume_hour_of(j->o->volume, volume_began(j->o->volume)) +
	    (int64_t)count(j, SETTING_DST_LEARN) * 24;
	const struct rule_layer *layer =
	    &j->o->rule->layers[RULE_LAYER_DESTINATION];
	bool server = j->device != NULL && j->device->server;
	const struct seen_stretch *s;
	struct outbound_hit *h;
	int64_t first, began = INT64_MIN;
	uint64_t sum = 0;
	size_t i, k, stretches;

	s = seen_stretches(volume_networks(j->o->volume), v->network,
	    &stretches);
	for (i = 0; i < n; i++) {
		for (k = 0, first = INT64_MIN; k < stretches; k++)
			if (volume_hour_of(j->o->volume, s[k].first) <=
			    v[i].hour)
				first =
				    volume_hour_of(j->o->volume, s[k].first);
		if (first < learned ||
		    v[i].hour >= first + (int64_t)count(j, SETTING_DST_WINDOW))
			continue;
		sum = first == began ? sum + v[i].bytes : v[i].bytes;
		began = first;
		if (sum < count(j, SETTING_DST_BYTES) ||
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
	while (hits->n_days > 0 &&
	    hits->days[hits->n_days - 1].hour + 24 > j->from)
		hits->n_days--;
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

/* Hour by hour, so that what is unusual is no reference for what follows. */
void
outbound_layers(struct outbound_judging *j)
{
	const struct volume_day *d;
	size_t i, k;
	int64_t hour;

	forget(j);
	judge_networks(j);
	j->hits->judged = INT64_MAX;
	for (i = 0; i < j->h->n; i++) {
		d = &j->h->days[i];
		if (d->day * 24 + 24 <= j->from)
			continue;
		for (k = 0; k < 24; k++) {
			hour = d->day * 24 + (int64_t)k;
			if (hour < j->from || d->hours[k].records == 0 ||
			    !outbound_complete(j, hour))
				continue;
			if (j->h->isolated && is_on(j, RULE_LAYER_ISOLATED))
				judge_isolated(j, hour, &d->hours[k]);
			if (is_on(j, RULE_LAYER_HOUR))
				judge_hour(j, hour, &d->hours[k]);
		}
		if (!day_complete(j, d->day)) {
			if (d->day * 24 < j->hits->judged)
				j->hits->judged = d->day * 24;
		} else if (is_on(j, RULE_LAYER_DAY))
			judge_day(j, d);
	}
}
