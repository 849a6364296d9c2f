/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/beacon_state.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/fact_flow.h"
#include "analyzer/rule/grow.h"
#include "common/num.h"
#include "common/utc.h"

#define QUIET (2 * UTC_DAY) /* without a session a pair may be forgotten */
#define NSEC_PER_USEC 1000

struct beacon *
beacon_new(const struct ruleset *rules, const struct fact_site *site)
{
	struct beacon *b;
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->detector == RULE_BEACON)
			break;
	if (i == rules->n)
		return NULL;
	if ((b = calloc(1, sizeof(*b))) == NULL)
		abort();
	b->rule = rules->rules[i];
	b->site = site;
	b->began = INT64_MAX / 2;
	b->newest = b->swept = INT64_MIN / 2;
	b->by_destination = index_new();
	b->by_pair = index_new();
	b->repeats = repeat_new();
	buf_init(&b->key);
	return b;
}

static void
pair_free(struct beacon_pair *p)
{
	free(p->source);
	free(p->destination);
	free(p->v);
	free(p);
}

void
beacon_free(struct beacon *b)
{
	size_t i;

	if (b == NULL)
		return;
	for (i = 0; i < b->n_p; i++)
		pair_free(b->p[i]);
	free(b->p);
	free(b->d);
	free(b->dirty);
	index_free(b->by_destination);
	index_free(b->by_pair);
	repeat_free(b->repeats);
	buf_fini(&b->key);
	free(b);
}

static int64_t
days_of(const struct beacon *b, enum setting which)
{
	return (int64_t)settings_count(b->site->settings, which) * UTC_DAY;
}

/* ---- room ---- */

static void
forget_beats(struct beacon *b, struct beacon_pair *p)
{
	b->beats -= p->n;
	free(p->v);
	p->v = NULL;
	p->n = p->cap = 0;
}

/* Where the destination of each old number is now, or INDEX_NONE. */
static uint32_t *
sweep_destinations(struct beacon *b)
{
	int64_t since = b->newest - days_of(b, SETTING_NET_NEW_DAYS);
	uint32_t *now = calloc(b->n_d + 1, sizeof(*now));
	size_t i, n = 0;

	if (now == NULL)
		abort();
	for (i = 0; i < b->n_d; i++) {
		now[i] = INDEX_NONE;
		b->d[i].pairs = NULL;
		if (b->d[i].last < since)
			continue;
		now[i] = (uint32_t)n;
		b->d[n++] = b->d[i];
	}
	b->n_d = n;
	index_remap(b->by_destination, now);
	return now;
}

/* Of a pair that was told the destination may have been forgotten before. */
static uint32_t
where(const uint32_t *now, uint32_t of)
{
	return of == INDEX_NONE ? INDEX_NONE : now[of];
}

/* Those that were told stay: they may have to be withdrawn. */
static void
sweep_pairs(struct beacon *b, const uint32_t *now)
{
	uint32_t *moved = calloc(b->n_p + 1, sizeof(*moved));
	struct beacon_pair *p;
	size_t i, n = 0;

	if (moved == NULL)
		abort();
	for (i = 0; i < b->n_p; i++) {
		p = b->p[i];
		moved[i] = INDEX_NONE;
		if (!p->told && !p->dirty &&
		    (where(now, p->of) == INDEX_NONE ||
			p->last < b->newest - QUIET)) {
			forget_beats(b, p);
			pair_free(p);
			continue;
		}
		p->of = where(now, p->of);
		if (p->of != INDEX_NONE) {
			p->next = b->d[p->of].pairs;
			b->d[p->of].pairs = p;
		}
		moved[i] = (uint32_t)n;
		b->p[n++] = p;
	}
	b->n_p = n;
	index_remap(b->by_pair, moved);
	free(moved);
}

/* At most once in an hour of the records: it looks at everything. */
static bool
make_room(struct beacon *b)
{
	uint32_t *now;

	if (b->newest < b->swept + UTC_HOUR)
		return false;
	b->swept = b->newest;
	now = sweep_destinations(b);
	sweep_pairs(b, now);
	free(now);
	return true;
}

static bool
has_room(struct beacon *b)
{
	bool full = b->n_d == BEACON_DESTINATIONS ||
	    b->n_p == BEACON_PAIRS || b->beats == BEACON_BEATS_ALL;

	if (full && make_room(b))
		full = b->n_d == BEACON_DESTINATIONS ||
		    b->n_p == BEACON_PAIRS || b->beats == BEACON_BEATS_ALL;
	b->dropped += full;
	return !full;
}

/* ---- sessions ---- */

/* When it began. */
static int64_t
time_of(const struct facts *fs)
{
	struct span duration = facts_field(fs, ECS_EVENT_DURATION);
	uint64_t nsec;

	if (num_parse(duration, UINT64_MAX, &nsec) == -1 ||
	    nsec / NSEC_PER_USEC > (uint64_t)UTC_DAY)
		return fs->time;
	return fs->time - (int64_t)(nsec / NSEC_PER_USEC);
}

/* The name that the record has for it, else its address; empty: neither. */
static struct span
destination_key(struct facts *fs, struct address *a)
{
	struct span s = facts_field(fs, ECS_DESTINATION_DOMAIN);

	if (s.len == 0)
		s = facts_field(fs, ECS_URL_DOMAIN);
	if (s.len > 0)
		return sheet_key(s, fs->arena);
	return fact_destination(fs, a) ? span_make(a->b, sizeof(a->b))
				       : (struct span){ NULL, 0 };
}

static struct beacon_destination *
destination_put(struct beacon *b, struct span key, int64_t time)
{
	uint32_t i = index_get(b->by_destination, key);
	struct beacon_destination *d;

	if (i == INDEX_NONE) {
		if (!has_room(b))
			return NULL;
		grow(&b->d, b->n_d, &b->cap_d, sizeof(*b->d));
		*index_put(b->by_destination, key) = (uint32_t)b->n_d;
		b->d[b->n_d++] = (struct beacon_destination){ .first = time,
			.last = time };
		return &b->d[b->n_d - 1];
	}
	d = &b->d[i];
	if (time < d->first)
		d->first = time;
	if (time > d->last)
		d->last = time;
	return d;
}

static void
touch(struct beacon *b, struct beacon_pair *p)
{
	if (p->dirty)
		return;
	p->dirty = true;
	grow(&b->dirty, b->n_dirty, &b->cap_dirty, sizeof(*b->dirty));
	b->dirty[b->n_dirty++] = p;
}

/* Whom many know is a service: nothing about it is told any more. */
static void
become_popular(struct beacon *b, struct beacon_destination *d)
{
	struct beacon_pair *p;

	d->popular = true;
	for (p = d->pairs; p != NULL; p = p->next) {
		forget_beats(b, p);
		if (p->told)
			touch(b, p);
	}
}

static struct beacon_pair *
pair_put(struct beacon *b, struct beacon_destination *d, struct span source,
    struct span destination)
{
	uint32_t of = (uint32_t)(d - b->d), i;
	struct beacon_pair *p;

	b->key.len = 0;
	buf_append(&b->key, destination.p, destination.len);
	buf_byte(&b->key, '\0');
	buf_span(&b->key, source);
	i = index_get(b->by_pair, buf_view(&b->key));
	if (i != INDEX_NONE && b->p[i]->of == of)
		return b->p[i];
	if (i != INDEX_NONE) /* its destination was forgotten, and is new */
		p = b->p[i];
	else {
		if ((p = calloc(1, sizeof(*p))) == NULL ||
		    (p->source = strndup((const char *)source.p,
			 source.len)) == NULL)
			abort();
		grow(&b->p, b->n_p, &b->cap_p, sizeof(*b->p));
		*index_put(b->by_pair, buf_view(&b->key)) = (uint32_t)b->n_p;
		b->p[b->n_p++] = p;
	}
	p->of = of;
	p->next = d->pairs;
	d->pairs = p;
	d->hosts++;
	return p;
}

static bool
is_before(const struct beacon_beat *x, const struct beacon_beat *y)
{
	int c;

	if (x->time != y->time)
		return x->time < y->time;
	c = strcmp(x->origin, y->origin);
	return c != 0 ? c < 0 : x->index < y->index;
}

/* The first BEACON_BEATS by time stay. */
static void
add_beat(struct beacon *b, struct beacon_pair *p, const struct beacon_beat *t)
{
	size_t i;

	for (i = p->n; i > 0 && is_before(t, &p->v[i - 1]); i--)
		;
	if (i == BEACON_BEATS)
		return;
	if (p->n < BEACON_BEATS) {
		grow(&p->v, p->n, &p->cap, sizeof(*p->v));
		p->n++;
		b->beats++;
	}
	memmove(p->v + i + 1, p->v + i, (p->n - 1 - i) * sizeof(*p->v));
	p->v[i] = *t;
}

static void
note_session(struct beacon *b, struct beacon_pair *p, const struct event *e,
    const struct beacon_beat *t)
{
	uint64_t bytes;

	p->sessions++;
	if (event_number(e, ECS_SOURCE_BYTES, &bytes) == 0)
		p->bytes += bytes < UINT32_MAX ? bytes : UINT32_MAX;
	if (t->time > p->last || p->n == 0)
		p->last = t->time;
	p->replay |= e->source != NULL && e->source->replay;
	add_beat(b, p, t);
	if (p->told ||
	    p->n >= settings_count(b->site->settings, SETTING_BEACON_TIMES))
		touch(b, p);
}

static bool
is_wanted(const struct beacon *b, const struct beacon_destination *d,
    int64_t time)
{
	return !d->popular &&
	    d->first >= b->began + days_of(b, SETTING_NET_NEW_LEARN) &&
	    time < d->first + days_of(b, SETTING_BEACON_NEW_DAYS);
}

void
beacon_note(struct beacon *b, const struct event *e, const char *origin,
    struct facts *fs)
{
	struct beacon_beat t = { time_of(fs), origin, e->index,
		{ 0 } };
	struct beacon_destination *d;
	struct beacon_pair *p;
	struct address a;
	struct span to = destination_key(fs, &a), from;
	char text[ADDRESS_TEXT];

	if (to.len == 0)
		return;
	if (t.time < b->began)
		b->began = t.time;
	if (t.time > b->newest)
		b->newest = t.time;
	if ((d = destination_put(b, to, t.time)) == NULL ||
	    !is_wanted(b, d, t.time) || repeat_seen(b->repeats, e))
		return;
	from = facts_get(fs, FACT_SOURCE_KEY);
	if (from.len == 0 || !has_room(b))
		return;
	d = destination_put(b, to, t.time);
	if (d == NULL)
		return;
	p = pair_put(b, d, from, to);
	if (to.p == a.b)
		to = span_str(address_print(&a, text));
	if (p->destination == NULL &&
	    (p->destination = strndup((const char *)to.p, to.len)) == NULL)
		abort();
	if (d->hosts >
	    settings_count(b->site->settings, SETTING_BEACON_HOSTS)) {
		become_popular(b, d);
		return;
	}
	memcpy(t.leaf, e->leaf, sizeof(t.leaf));
	note_session(b, p, e, &t);
}

void
beacon_judge(struct beacon *b, struct outbox *out, struct arena *arena)
{
	size_t i;

	for (i = 0; i < b->n_dirty; i++) {
		b->dirty[i]->dirty = false;
		beacon_tell(b, b->dirty[i], out, arena);
	}
	b->n_dirty = 0;
}

uint64_t
beacon_dropped(const struct beacon *b)
{
	return b->dropped;
}
