/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/volume.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/volume_hour.h"
#include "common/arena.h"
#include "common/utc.h"

#define BASE_YEAR 2010
#define SPAN_HOURS (8192 * 24) /* what coverage can tell of */
#define SPREAD_MAX (31 * UTC_DAY)

struct volume {
	int64_t zone; /* usec east: days begin with an hour */
	struct volume_limits limits;
	struct index *by_key, *by_observer, *by_new;
	struct volume_host **hosts;
	size_t n, cap;
	int64_t base; /* hour number of bit 0 */
	struct arena *arena; /* of names */
	struct span observers[VOLUME_OBSERVERS];
	uint8_t *alive[VOLUME_OBSERVERS];
	uint32_t observer; /* the last one, or INDEX_NONE */
	struct seen *networks, *peers;
	int64_t began;
	int64_t changed; /* first hour of which coverage has changed */
	uint64_t dropped;
	size_t totals;
};

struct volume *
volume_new(const struct calendar *calendar, const struct volume_limits *limits)
{
	struct volume *v = calloc(1, sizeof(*v));

	if (v == NULL)
		abort();
	v->zone = calendar_zone(calendar) * UTC_SECOND;
	v->limits = *limits;
	v->arena = arena_new();
	v->observer = INDEX_NONE;
	v->by_key = index_new();
	v->by_observer = index_new();
	v->by_new = index_new();
	v->base = utc_days(BASE_YEAR, 1, 1) * 24;
	v->networks = seen_new(limits->new_after);
	v->peers = seen_new(limits->new_after);
	v->began = v->changed = INT64_MAX;
	return v;
}

static void
host_free(struct volume_host *h)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		volume_day_fini(&h->days[i]);
	free((void *)(uintptr_t)h->key.p);
	free(h->days);
	free(h->news);
	free(h->peers);
	free(h);
}

void
volume_free(struct volume *v)
{
	size_t i;

	if (v == NULL)
		return;
	for (i = 0; i < v->n; i++)
		host_free(v->hosts[i]);
	for (i = 0; i < VOLUME_OBSERVERS; i++)
		free(v->alive[i]);
	free(v->hosts);
	arena_free(v->arena);
	index_free(v->by_key);
	index_free(v->by_observer);
	index_free(v->by_new);
	seen_free(v->networks);
	seen_free(v->peers);
	free(v);
}

struct volume_host *
volume_host(struct volume *v, struct span key, uint32_t device, bool isolated)
{
	uint32_t i = index_get(v->by_key, key);
	struct volume_host *h;
	uint8_t *copy;

	if (i != INDEX_NONE)
		return v->hosts[i];
	if (v->n == VOLUME_HOSTS || key.len == 0) {
		v->dropped++;
		return NULL;
	}
	if ((h = calloc(1, sizeof(*h))) == NULL ||
	    (copy = malloc(key.len)) == NULL)
		abort();
	memcpy(copy, key.p, key.len);
	h->key = span_make(copy, key.len);
	h->device = device;
	h->isolated = isolated;
	h->first = h->dirty_from = INT64_MAX;
	memset(h->address.b, 0xff, sizeof(h->address.b));
	grow(&v->hosts, v->n, &v->cap, sizeof(struct volume_host *));
	h->number = (uint32_t)v->n;
	*index_put(v->by_key, key) = h->number;
	v->hosts[v->n++] = h;
	return h;
}

struct volume_host *
volume_total(struct volume *v, struct span key)
{
	uint32_t i = index_get(v->by_key, key);
	struct volume_host *h;

	if (i != INDEX_NONE)
		return v->hosts[i];
	if (v->totals == VOLUME_TOTALS) {
		v->dropped++;
		return NULL;
	}
	if ((h = volume_host(v, key, INDEX_NONE, false)) == NULL)
		return NULL;
	h->total = true;
	v->totals++;
	return h;
}

struct volume_host *
volume_host_at(struct volume *v, uint32_t i)
{
	return v->hosts[i];
}

size_t
volume_hosts(const struct volume *v)
{
	return v->n;
}

int64_t
volume_hour_of(const struct volume *v, int64_t usec)
{
	int64_t local = usec + v->zone;

	return local >= 0 ? local / UTC_HOUR
			  : -((UTC_HOUR - 1 - local) / UTC_HOUR);
}

int64_t
volume_hour_start(const struct volume *v, int64_t hour)
{
	return hour * UTC_HOUR - v->zone;
}

static uint32_t
observer_number(struct volume *v, struct span observer)
{
	uint32_t i = v->observer;

	if (i != INDEX_NONE && span_eq(observer, v->observers[i]))
		return i;
	i = index_get(v->by_observer, observer);
	if (i != INDEX_NONE)
		return v->observer = i;
	i = (uint32_t)index_count(v->by_observer);
	if (i == VOLUME_OBSERVERS)
		return INDEX_NONE;
	*index_put(v->by_observer, observer) = i;
	v->observers[i] = arena_copy(v->arena, observer);
	if ((v->alive[i] = calloc(SPAN_HOURS / 8, 1)) == NULL)
		abort();
	return v->observer = i;
}

static void
host_dirty(struct volume_host *h, int64_t hour)
{
	h->dirty = true;
	if (hour < h->dirty_from)
		h->dirty_from = hour;
}

/* A host that is seen earlier, or by another firewall, is judged anew. */
static void
observe_host(struct volume_host *h, uint32_t observer, int64_t time)
{
	uint64_t bit = observer == INDEX_NONE ? 0 : UINT64_C(1) << observer;

	if (time < h->first || (h->observers | bit) != h->observers)
		host_dirty(h, INT64_MIN);
	if (time < h->first)
		h->first = time;
	h->observers |= bit;
}

void
volume_observe(struct volume *v, struct span observer, struct volume_host *h,
    int64_t time)
{
	uint32_t i = observer_number(v, observer);
	int64_t hour = volume_hour_of(v, time), bit = hour - v->base;
	uint8_t mask = (uint8_t)(1u << (bit & 7));

	if (time < v->began)
		v->began = time;
	if (h != NULL)
		observe_host(h, i, time);
	if (i == INDEX_NONE || bit < 0 || bit >= SPAN_HOURS ||
	    (v->alive[i][bit / 8] & mask) != 0)
		return;
	v->alive[i][bit / 8] |= mask;
	if (hour < v->changed)
		v->changed = hour;
}

int64_t
volume_take_changed(struct volume *v)
{
	int64_t hour = v->changed;

	v->changed = INT64_MAX;
	return hour;
}

bool
volume_covered(const struct volume *v, const struct volume_host *h,
    int64_t hour)
{
	int64_t bit = hour - v->base;
	size_t i;

	if (bit < 0 || bit >= SPAN_HOURS)
		return false;
	for (i = 0; i < VOLUME_OBSERVERS && v->alive[i] != NULL; i++)
		if ((h->observers >> i & 1) != 0 &&
		    (v->alive[i][bit / 8] >> bit % 8 & 1) != 0)
			return true;
	return false;
}

struct volume_hour *
volume_get(const struct volume_host *h, int64_t hour)
{
	int64_t day = hour >= 0 ? hour / 24 : -((23 - hour) / 24);
	size_t i = volume_day_search(h, day);

	return i < h->n && h->days[i].day == day
	    ? &h->days[i].hours[hour - day * 24]
	    : NULL;
}

static struct volume_hour *
put(struct volume_host *h, int64_t hour)
{
	int64_t day = hour >= 0 ? hour / 24 : -((23 - hour) / 24);
	size_t i = volume_day_search(h, day);

	if (i == h->n || h->days[i].day != day) {
		grow(&h->days, h->n, &h->cap, sizeof(*h->days));
		memmove(h->days + i + 1, h->days + i,
		    (h->n - i) * sizeof(*h->days));
		memset(&h->days[i], 0, sizeof(h->days[i]));
		h->days[i].day = day;
		h->n++;
	}
	return &h->days[i].hours[hour - day * 24];
}

__extension__ typedef unsigned __int128 wide;

/* Bytes that fall before an instant if they flow evenly over the whole. */
static uint64_t
before(const struct volume_flow *f, int64_t from, int64_t t)
{
	if (t <= from)
		return 0;
	if (t >= f->until)
		return f->bytes;
	return (uint64_t)((wide)f->bytes * (wide)(t - from) /
	    (wide)(f->until - from));
}

/* Bytes of a host to a network in an hour in which that was new. */
static void
add_news(struct volume *v, struct volume_host *h, const struct volume_new *add,
    bool take_back)
{
	struct {
		uint32_t host, network;
		int64_t hour;
	} key = { h->number, add->network, add->hour };
	uint32_t *slot;

	if (index_count(v->by_new) >= VOLUME_NEWS) {
		v->dropped++;
		return;
	}
	slot = index_put(v->by_new, span_make(&key, sizeof(key)));
	if (*slot == INDEX_NONE) {
		grow(&h->news, h->n_news, &h->cap_news, sizeof(*h->news));
		*slot = (uint32_t)h->n_news;
		h->news[h->n_news++] =
		    (struct volume_new){ add->network, add->hour, 0 };
	}
	h->news[*slot].bytes += take_back ? 0 - add->bytes : add->bytes;
}

static void
note_network(struct volume *v, struct volume_host *h,
    const struct volume_flow *f, int64_t hour, uint64_t bytes, bool take_back)
{
	struct address net = address_network(&f->peer);
	int64_t start = volume_hour_start(v, hour);
	const struct seen_stretch *s;
	uint32_t n;

	n = seen_note(v->networks, span_make(net.b, sizeof(net.b)),
	    f->from > start ? f->from : start);
	s = n == INDEX_NONE
	    ? NULL
	    : seen_at(v->networks, n, f->from > start ? f->from : start);
	if (s == NULL ||
	    hour >= volume_hour_of(v, s->first) + v->limits.new_hours)
		return;
	add_news(v, h, &(struct volume_new){ n, hour, bytes }, take_back);
}

/* An isolated host's peers are few: each is remembered. */
static void
note_peer(struct volume *v, struct volume_host *h, const struct volume_flow *f)
{
	uint8_t key[20];
	uint32_t n;
	size_t i;

	memcpy(key, &h->number, sizeof(h->number));
	memcpy(key + 4, f->peer.b, sizeof(f->peer.b));
	n = seen_note(v->peers, span_make(key, sizeof(key)), f->from);
	if (n == INDEX_NONE)
		return;
	(void)seen_note(v->peers, span_make(key, sizeof(key)), f->until);
	for (i = 0; i < h->n_peers; i++)
		if (h->peers[i] == n)
			return;
	grow(&h->peers, h->n_peers, &h->cap_peers, sizeof(*h->peers));
	h->peers[h->n_peers++] = n;
}

static void
book_hour(struct volume *v, struct volume_host *h, const struct volume_flow *f,
    int64_t hour, int64_t from, bool take_back)
{
	struct volume_hour *b = put(h, hour);
	int64_t start = volume_hour_start(v, hour);
	struct volume_share share = { f, 0, hour == volume_hour_of(v, from),
		take_back };

	share.bytes =
	    before(f, from, start + UTC_HOUR) - before(f, from, start);
	if (f->from == f->until)
		share.bytes = f->bytes;
	volume_hour_add(b, &share);
	if (!f->blocked && share.bytes > 0 && !h->total)
		note_network(v, h, f, hour, share.bytes, take_back);
}

void
volume_book(struct volume *v, struct volume_host *h,
    const struct volume_flow *f, bool take_back)
{
	int64_t from = f->from, first, last, hour;

	if (f->until - from > SPREAD_MAX)
		from = f->until - SPREAD_MAX;
	first = volume_hour_of(v, from);
	/* What ends on the hour has no share in the next. */
	last = volume_hour_of(v, f->until > from ? f->until - 1 : f->until);
	for (hour = first; hour <= last; hour++)
		book_hour(v, h, f, hour, from, take_back);
	if (h->isolated && !f->blocked && !take_back)
		note_peer(v, h, f);
	host_dirty(h, first);
}

const struct seen *
volume_networks(const struct volume *v)
{
	return v->networks;
}

const struct seen *
volume_peers(const struct volume *v)
{
	return v->peers;
}

int64_t
volume_began(const struct volume *v)
{
	return v->began;
}

uint64_t
volume_dropped(const struct volume *v)
{
	return v->dropped;
}
