/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/outflow.h"

#include <stdlib.h>
#include <string.h>

#include "common/utc.h"

#define BUCKETS 4096u

struct session { /* one that interim records told of */
	struct session *next;
	struct span key;
	uint64_t sent, received; /* told so far */
};

struct slot {
	struct outflow_row row;
	struct slot *next;
};

struct outflow {
	const struct report *r;
	const struct subject *subject;
	int64_t from, until;
	struct session *sessions[BUCKETS];
	struct slot *slots[BUCKETS];
	size_t n_sessions, n;
	uint64_t beyond;
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
static struct session *
session_of(struct outflow *v, const struct event *e, bool make)
{
	static const enum ecs fields[] = { ECS_OBSERVER_SERIAL,
		ECS_OBSERVER_NAME, ECS_NETWORK_SESSION, ECS_SOURCE_IP,
		ECS_DESTINATION_IP };
	struct session *s;
	struct buf key;
	uint32_t b;
	size_t i;

	buf_init(&key);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		buf_span(&key, event_get(e, fields[i]));
		buf_byte(&key, 0);
	}
	b = hash(2166136261u, buf_view(&key)) % BUCKETS;
	for (s = v->sessions[b]; s != NULL; s = s->next)
		if (span_eq(s->key, buf_view(&key)))
			break;
	if (s == NULL && make && v->n_sessions < OUTFLOW_SESSIONS) {
		v->n_sessions++;
		s = arena_alloc(v->r->arena, sizeof(*s));
		s->key = arena_copy(v->r->arena, buf_view(&key));
		s->next = v->sessions[b];
		v->sessions[b] = s;
	}
	buf_fini(&key);
	return s;
}

static uint64_t
number(const struct event *e, enum ecs field)
{
	uint64_t n;

	return event_number(e, field, &n) == 0 ? n : 0;
}

static uint64_t
less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* What this record adds to what was told before. */
static void
increase(struct outflow *v, const struct event *e, uint64_t *sent,
    uint64_t *received)
{
	bool interim = event_get(e, ECS_INTERIM).len > 0;
	struct session *s = NULL;

	*sent = number(e, ECS_SOURCE_BYTES);
	*received = number(e, ECS_DESTINATION_BYTES);
	if (event_get(e, ECS_NETWORK_SESSION).len > 0)
		s = session_of(v, e, interim);
	if (s == NULL) {
		if (interim) { /* at least what it says itself */
			*sent = number(e, ECS_DELTA_SENT);
			*received = number(e, ECS_DELTA_RECEIVED);
		}
		return;
	}
	/* The first that we see of it may not be its first. */
	if (interim && s->sent == 0 && s->received == 0 &&
	    event_get(e, ECS_DELTA_SENT).len > 0) {
		s->sent = less(*sent, number(e, ECS_DELTA_SENT));
		s->received = less(*received, number(e, ECS_DELTA_RECEIVED));
	}
	*sent = less(*sent, s->sent);
	*received = less(*received, s->received);
	s->sent += *sent;
	s->received += *received;
	if (!interim) /* its number may come again */
		s->sent = s->received = 0;
}

static struct outflow_row *
row_of(struct outflow *v, const struct event *e, int64_t hour)
{
	struct span host = event_get(e, ECS_SOURCE_IP);
	struct span to = event_get(e, ECS_DESTINATION_IP);
	uint32_t b =
	    (hash(hash(2166136261u, host), to) + (uint32_t)(hour / UTC_HOUR)) %
	    BUCKETS;
	struct slot *s;

	for (s = v->slots[b]; s != NULL; s = s->next)
		if (s->row.hour == hour && span_eq(s->row.host, host) &&
		    span_eq(s->row.destination, to))
			return &s->row;
	if (v->n == OUTFLOW_ROWS)
		return NULL;
	v->n++;
	s = arena_alloc(v->r->arena, sizeof(*s));
	s->row.host = arena_copy(v->r->arena, host);
	s->row.destination = arena_copy(v->r->arena, to);
	s->row.hour = hour;
	s->next = v->slots[b];
	v->slots[b] = s;
	return &s->row;
}

/* Start of the site's hour. */
static int64_t
hour_of(const struct outflow *v, int64_t at)
{
	int64_t local = at + v->r->zone * UTC_SECOND, rest = local % UTC_HOUR;

	return at - (rest < 0 ? rest + UTC_HOUR : rest);
}

void
outflow_event(struct outflow *v, const struct event *e, int64_t at)
{
	struct outflow_row *row;
	uint64_t sent, received;

	if (!span_is(event_get(e, ECS_KIND), "traffic") ||
	    report_direction(v->r, e) != SAY_OUT ||
	    !subject_has_host(v->subject, event_get(e, ECS_SOURCE_IP), at))
		return;
	increase(v, e, &sent, &received);
	if (at < v->from || at >= v->until)
		return;
	row = row_of(v, e, hour_of(v, at));
	if (row == NULL) {
		v->beyond++;
		return;
	}
	row->sent += sent;
	row->received += received;
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
	return c != 0 ? c : x->hour < y->hour ? -1 : x->hour > y->hour;
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
	return t;
}
