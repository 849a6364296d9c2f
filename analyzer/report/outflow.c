/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/outflow.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/session.h"
#include "common/buf.h"
#include "common/utc.h"

#define BUCKETS 4096u

#define HOURS 200000u
#define FLOWS 512u

struct flow { /* a host and who tells of it */
	struct span host, observer;
};

struct hour {
	struct hour *next;
	uint32_t flow;
	int64_t hour;
	uint64_t sent;
};

struct pair { /* a host and whom it sent to, as one device tells */
	struct pair *next;
	struct span host, destination, observer;
	uint32_t number, flow;
};

struct slot {
	struct outflow_row row;
	struct slot *next;
	uint32_t pair;
};

struct outflow {
	const struct report *r;
	const struct subject *subject;
	int64_t from, until;
	struct session *sessions;
	struct buf key;
	struct pair *pairs[BUCKETS];
	struct slot *slots[BUCKETS];
	struct hour *hours[BUCKETS];
	struct flow flows[FLOWS];
	struct pair **by_number;
	size_t n, n_pairs, n_hours, n_flows;
	uint64_t beyond, hours_beyond;
};

struct outflow *
outflow_new(const struct report *r, const struct subject *subject, int64_t from,
    int64_t until)
{
	struct outflow *v = arena_alloc(r->arena, sizeof(*v));

	v->r = r;
	v->subject = subject;
	v->from = from;
	v->until = until;
	v->by_number =
	    arena_alloc(r->arena, OUTFLOW_ROWS * sizeof(struct pair *));
	v->sessions = session_new();
	buf_init(&v->key);
	return v;
}

static uint32_t
hash(uint32_t h, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ s.p[i]) * 16777619u;
	return h * 16777619u;
}

/* Device, session number and both ends: a number alone comes again. */
static struct span
key_of(struct outflow *v, const struct event *e)
{
	static const enum ecs fields[] = { ECS_OBSERVER_SERIAL,
		ECS_OBSERVER_NAME, ECS_NETWORK_SESSION, ECS_SOURCE_IP,
		ECS_DESTINATION_IP };
	size_t i;

	v->key.len = 0;
	if (event_get(e, ECS_NETWORK_SESSION).len == 0)
		return buf_view(&v->key);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		buf_span(&v->key, event_get(e, fields[i]));
		buf_byte(&v->key, 0);
	}
	return buf_view(&v->key);
}

static uint32_t
flow_of(struct outflow *v, struct span host, struct span observer)
{
	size_t i;

	for (i = 0; i < v->n_flows; i++)
		if (span_eq(v->flows[i].host, host) &&
		    span_eq(v->flows[i].observer, observer))
			return (uint32_t)i;
	if (v->n_flows == FLOWS)
		return FLOWS;
	v->flows[v->n_flows] = (struct flow){ host, observer };
	return (uint32_t)v->n_flows++;
}

static struct pair *
pair_of(struct outflow *v, struct span host, struct span to,
    struct span observer)
{
	uint32_t b =
	    hash(hash(hash(2166136261u, host), to), observer) % BUCKETS;
	struct pair *p;

	for (p = v->pairs[b]; p != NULL; p = p->next)
		if (span_eq(p->host, host) && span_eq(p->destination, to) &&
		    span_eq(p->observer, observer))
			return p;
	if (v->n_pairs == OUTFLOW_ROWS)
		return NULL;
	p = arena_alloc(v->r->arena, sizeof(*p));
	p->host = arena_copy(v->r->arena, host);
	p->destination = arena_copy(v->r->arena, to);
	p->observer = arena_copy(v->r->arena, observer);
	p->flow = flow_of(v, p->host, p->observer);
	v->by_number[v->n_pairs] = p;
	p->number = (uint32_t)v->n_pairs++;
	p->next = v->pairs[b];
	v->pairs[b] = p;
	return p;
}

/* Start of the site's hour. */
static int64_t
hour_of(const struct outflow *v, int64_t at)
{
	int64_t local = at + v->r->zone * UTC_SECOND, rest = local % UTC_HOUR;

	return at - (rest < 0 ? rest + UTC_HOUR : rest);
}

static struct slot **
bucket(struct outflow *v, uint32_t pair, int64_t hour)
{
	return &v->slots[(pair * 2654435761u + (uint32_t)(hour / UTC_HOUR)) %
	    BUCKETS];
}

static struct outflow_row *
find(struct outflow *v, uint32_t pair, int64_t hour)
{
	struct slot *s = *bucket(v, pair, hour);

	while (s != NULL && (s->pair != pair || s->row.hour != hour))
		s = s->next;
	return s == NULL ? NULL : &s->row;
}

static struct outflow_row *
row_of(struct outflow *v, const struct pair *p, int64_t hour)
{
	struct outflow_row *row = find(v, p->number, hour);
	struct slot *s, **b = bucket(v, p->number, hour);

	if (row != NULL || v->n == OUTFLOW_ROWS)
		return row;
	v->n++;
	s = arena_alloc(v->r->arena, sizeof(*s));
	s->row.host = p->host;
	s->row.destination = p->destination;
	s->row.observer = p->observer;
	s->row.hour = hour;
	s->pair = p->number;
	s->next = *b;
	*b = s;
	return &s->row;
}

/* The amounts of the weeks before, by the hour. */
static void
book_hour(struct outflow *v, uint32_t flow, int64_t at, uint64_t bytes)
{
	int64_t hour = hour_of(v, at);
	struct hour *h, **b;

	if (flow == FLOWS || at >= v->until ||
	    at < v->from - (int64_t)OUTFLOW_WEEKS * 7 * UTC_DAY)
		return;
	b = &v->hours[(flow * 2654435761u + (uint32_t)(hour / UTC_HOUR)) %
	    BUCKETS];
	for (h = *b; h != NULL; h = h->next)
		if (h->flow == flow && h->hour == hour) {
			h->sent += bytes;
			return;
		}
	if (v->n_hours == HOURS) {
		v->hours_beyond++;
		return;
	}
	v->n_hours++;
	h = arena_alloc(v->r->arena, sizeof(*h));
	*h = (struct hour){ *b, flow, hour, bytes };
	*b = h;
}

/*
 * Add what a record adds, or take it back.  Of the first that we see of a
 * session that began before the period, or nobody knows when, only what it
 * says of itself: what was before it may not belong here.
 */
static void
book(void *arg, const struct session_part *part, bool take_back)
{
	const struct session_record *r = part->record;
	struct outflow *v = arg;
	struct outflow_row *row = find(v, r->host, hour_of(v, r->end));
	uint64_t bytes = part->bytes;

	if (part->begins && r->has_delta && r->delta < bytes &&
	    (r->untimed || part->from < v->from))
		bytes = r->delta;
	if (row != NULL && r->end >= v->from && r->end < v->until)
		row->sent += take_back ? 0 - bytes : bytes;
	book_hour(v, v->by_number[r->host]->flow, r->end,
	    take_back ? 0 - bytes : bytes);
}

/* Whether it was not told before. */
static bool
count(struct outflow *v, const struct event *e, int64_t at,
    const struct pair *p)
{
	struct session_record s = { .key = key_of(v, e),
		.end = at,
		.host = p->number,
		.interim = event_get(e, ECS_INTERIM).len > 0 };
	uint64_t duration;

	s.has_total = event_number(e, ECS_SOURCE_BYTES, &s.total) == 0;
	s.has_delta = event_number(e, ECS_DELTA_SENT, &s.delta) == 0;
	if (event_number(e, ECS_EVENT_DURATION, &duration) == 0 &&
	    duration / 1000 < INT64_MAX / 2)
		s.duration = (int64_t)(duration / 1000);
	else
		s.untimed = true;
	return session_add(v->sessions, &s, book, v);
}

void
outflow_event(struct outflow *v, const struct event *e, int64_t at)
{
	bool within = at >= v->from && at < v->until;
	struct outflow_row *row = NULL;
	struct pair *p;

	if (!span_is(event_get(e, ECS_KIND), "traffic") ||
	    report_direction(v->r, e) != SAY_OUT ||
	    !subject_has_host(v->subject, event_get(e, ECS_SOURCE_IP), at))
		return;
	p = pair_of(v, event_get(e, ECS_SOURCE_IP),
	    event_get(e, ECS_DESTINATION_IP), report_observer(e));
	if (p != NULL && within)
		row = row_of(v, p, hour_of(v, at));
	if (within && row == NULL)
		v->beyond++;
	if (p == NULL || !count(v, e, at, p) || row == NULL)
		return;
	if (row->records++ == 0)
		row->first = report_cite_event(e);
	row->last = report_cite_event(e);
}

static int
span_order(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int c = len == 0 ? 0 : memcmp(a.p, b.p, len);

	return c != 0 ? c : a.len < b.len ? -1 : a.len > b.len;
}

static int
order(const void *a, const void *b)
{
	const struct outflow_row *x = a, *y = b;
	int c = span_order(x->host, y->host);

	if (c == 0)
		c = span_order(x->destination, y->destination);
	if (c == 0)
		c = x->hour < y->hour ? -1 : x->hour > y->hour;
	return c != 0 ? c : span_order(x->observer, y->observer);
}

static int
hour_order(const void *a, const void *b)
{
	const struct outflow_hour *x = a, *y = b;
	int c = span_order(x->host, y->host);

	if (c == 0)
		c = x->hour < y->hour ? -1 : x->hour > y->hour;
	return c != 0 ? c : span_order(x->observer, y->observer);
}

static bool
same_flow(const struct outflow_row *x, const struct outflow_row *y)
{
	return x->hour == y->hour && span_eq(x->host, y->host) &&
	    span_eq(x->destination, y->destination);
}

/* Two devices that see the same packets tell of them twice. */
static void
sum_once(struct outflow_total *t)
{
	size_t i, end;
	uint64_t most;

	for (i = 0; i < t->n; i = end) {
		most = 0;
		for (end = i;
		     end < t->n && same_flow(&t->rows[i], &t->rows[end]); end++)
			if (t->rows[end].sent > most)
				most = t->rows[end].sent;
		t->once += most;
		t->several += end - i > 1;
	}
}

static void
put_hours(struct outflow *v, struct outflow_total *t)
{
	struct outflow_hour *rows =
	    arena_alloc(v->r->arena, (v->n_hours + 1) * sizeof(*rows));
	const struct hour *h;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (h = v->hours[i]; h != NULL; h = h->next)
			if (h->sent > 0)
				rows[t->n_hours++] = (struct outflow_hour){
					v->flows[h->flow].host,
					v->flows[h->flow].observer, h->hour,
					h->sent };
	if (t->n_hours > 0)
		qsort(rows, t->n_hours, sizeof(*rows), hour_order);
	t->hours = rows;
	t->hours_beyond = v->hours_beyond;
}

struct outflow_total
outflow_finish(struct outflow *v)
{
	struct outflow_row *rows =
	    arena_alloc(v->r->arena, (v->n + 1) * sizeof(*rows));
	struct outflow_total t = { .rows = rows, .beyond = v->beyond };
	const struct slot *s;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (s = v->slots[i]; s != NULL; s = s->next) {
			rows[t.n++] = s->row;
			t.sent += s->row.sent;
		}
	if (t.n > 0)
		qsort(rows, t.n, sizeof(*rows), order);
	sum_once(&t);
	put_hours(v, &t);
	session_free(v->sessions);
	v->sessions = NULL;
	buf_fini(&v->key);
	return t;
}
