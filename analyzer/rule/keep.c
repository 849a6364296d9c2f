/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/keep.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 4096 /* of the message itself: facts never ask for it */

/*
 * What a copy is ordered by stands open, the rest packed behind it: the leaf,
 * origin and source (pointers), numbers of seven bits a byte, texts with their
 * lengths, and of its fields those that its base does not have in that place.
 * There are hundreds of thousands of them.
 */
struct keep {
	int64_t time;
	uint64_t index;
	struct keep *base; /* or NULL */
	uint32_t refs;	   /* its window, and copies whose base it is */
	uint16_t n;
	uint8_t like; /* bits: what the base has */
	uint8_t bytes[];
};

#define LIKE_ORIGIN 0x01
#define LIKE_SOURCE 0x02
#define LIKE_FORMAT 0x04

#define LEAF 32

static const struct event_source nowhere;

/* ---- packing ---- */

struct out { /* at NULL: only to see how long it gets */
	uint8_t *at;
	size_t len;
};

static void
put(struct out *o, const void *p, size_t len)
{
	if (o->at != NULL && len > 0)
		memcpy(o->at + o->len, p, len);
	o->len += len;
}

static void
put_number(struct out *o, uint64_t n)
{
	uint8_t b;

	do {
		b = (uint8_t)(n & 0x7f) | (n > 0x7f ? 0x80 : 0);
		put(o, &b, 1);
		n >>= 7;
	} while (n > 0);
}

static void
put_text(struct out *o, struct span s)
{
	put_number(o, s.len);
	put(o, s.p, s.len);
}

/* How far a time is from another, either way. */
static void
put_time(struct out *o, int64_t time, int64_t from)
{
	uint64_t ahead = (uint64_t)time - (uint64_t)from;

	put_number(o, ahead >> 63 != 0 ? ~ahead << 1 | 1 : ahead << 1);
}

static uint64_t
get_number(const uint8_t **at)
{
	uint64_t n = 0;
	unsigned shift;

	for (shift = 0;; shift += 7) {
		n |= (uint64_t)(**at & 0x7f) << shift;
		if ((*(*at)++ & 0x80) == 0)
			return n;
	}
}

static struct span
get_text(const uint8_t **at)
{
	size_t len = get_number(at);
	struct span s = { *at, len };

	*at += len;
	return s;
}

static int64_t
get_time(const uint8_t **at, int64_t from)
{
	uint64_t n = get_number(at), ahead = n >> 1;

	return (int64_t)((uint64_t)from + ((n & 1) != 0 ? ~ahead : ahead));
}

static const void *
get_pointer(const uint8_t **at)
{
	const void *p;

	memcpy(&p, *at, sizeof(p));
	*at += sizeof(p);
	return p;
}

/* ---- fields ---- */

static struct event_field
get_field(const uint8_t **at)
{
	struct event_field f;

	f.field = (enum ecs)get_number(at);
	f.value = get_text(at);
	return f;
}

/* What is written of an event beside its base. */
struct making {
	const struct event *e;
	const struct keep *base;
	const char *origin;
	const struct event_source *source;
	struct span message, time_text;
	int64_t time;
	uint8_t like;
	uint8_t same[EVENT_FIELDS / 8]; /* bits: fields that the base has */
};
_Static_assert(EVENT_FIELDS % 8 == 0, "each has a bit");

static const uint8_t *fields_of(const struct keep *k);

/* Which fields the base has in the same place. */
static void
compare_fields(struct making *m)
{
	const struct keep *base = m->base;
	const struct event *e = m->e;
	struct event_field was;
	const uint8_t *at;
	size_t i;

	if (base == NULL)
		return;
	at = fields_of(base);
	for (i = 0; i < e->n && i < base->n; i++) {
		was = get_field(&at);
		if (was.field == e->f[i].field &&
		    span_eq(was.value, e->f[i].value))
			m->same[i / 8] |= (uint8_t)(1u << i % 8);
	}
}

static bool
is_same(const uint8_t *same, size_t i)
{
	return (same[i / 8] >> i % 8 & 1) != 0;
}

static void
pack(const struct making *m, struct out *o)
{
	const struct event *e = m->e;
	size_t i;

	put(o, e->leaf, LEAF);
	if ((m->like & LIKE_ORIGIN) == 0)
		put(o, &m->origin, sizeof(m->origin));
	if ((m->like & LIKE_SOURCE) == 0)
		put(o, &m->source, sizeof(m->source));
	put_number(o, e->stream);
	put_time(o, e->received, m->time);
	put_time(o, e->time, m->time);
	put_number(o, (uint64_t)e->clock);
	put_number(o, e->mark);
	put_text(o, m->message);
	put_text(o, m->time_text);
	if ((m->like & LIKE_FORMAT) == 0) {
		put_text(o, span_str(e->format));
		put(o, "", 1);
	}
	if (m->base != NULL)
		put(o, m->same, (e->n + 7) / 8);
	for (i = 0; i < e->n; i++) {
		if (is_same(m->same, i))
			continue;
		put_number(o, (uint64_t)e->f[i].field);
		put_text(o, e->f[i].value);
	}
}

/* ---- unpacking ---- */

/* The base has no base; what a copy does not have is there. */
struct unpacked {
	const char *origin, *format;
	const struct event_source *source;
	uint32_t stream;
	int64_t received, device_time;
	uint8_t clock, mark;
	struct span message, time_text;
	const uint8_t *fields; /* and before them, with a base, the bits */
};

static void
unpack(const struct keep *k, struct unpacked *u)
{
	const uint8_t *at = k->bytes + LEAF;
	struct span format;

	if ((k->like & LIKE_ORIGIN) == 0)
		u->origin = get_pointer(&at);
	if ((k->like & LIKE_SOURCE) == 0)
		u->source = get_pointer(&at);
	u->stream = (uint32_t)get_number(&at);
	u->received = get_time(&at, k->time);
	u->device_time = get_time(&at, k->time);
	u->clock = (uint8_t)get_number(&at);
	u->mark = (uint8_t)get_number(&at);
	u->message = get_text(&at);
	u->time_text = get_text(&at);
	if ((k->like & LIKE_FORMAT) == 0) {
		format = get_text(&at);
		at++;
		u->format =
		    format.len > 0 ? (const char *)format.p : NULL;
	}
	u->fields = at;
}

/* First of the base, if there is one. */
static void
unpack_whole(const struct keep *k, struct unpacked *u)
{
	if (k->base != NULL)
		unpack(k->base, u);
	unpack(k, u);
}

static const uint8_t *
fields_of(const struct keep *k)
{
	struct unpacked u;

	unpack(k, &u);
	return u.fields;
}

/* ---- copies ---- */

static struct span
copy(uint8_t **to, struct span s)
{
	struct span c = { *to, s.len };

	if (s.len > 0)
		memcpy(*to, s.p, s.len);
	*to += s.len;
	*(*to)++ = '\0';
	return c;
}

static bool
is_source(const struct event_source *a, const struct event_source *b)
{
	return span_eq(a->listener, b->listener) &&
	    span_eq(a->transport, b->transport) && span_eq(a->peer, b->peer) &&
	    a->replay == b->replay;
}

/* Its strings in one block. */
static const struct event_source *
source_new(const struct event_source *from)
{
	struct event_source *s;
	uint8_t *to;

	if (from == NULL)
		return &nowhere;
	s = calloc(1, sizeof(*s) + from->listener.len + from->transport.len +
		from->peer.len + 3);
	if (s == NULL)
		abort();
	to = (uint8_t *)(s + 1);
	s->listener = copy(&to, from->listener);
	s->transport = copy(&to, from->transport);
	s->peer = copy(&to, from->peer);
	s->replay = from->replay;
	return s;
}

static bool
same_format(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
compare(struct making *m)
{
	const struct event_source *source =
	    m->e->source != NULL ? m->e->source : &nowhere;
	struct unpacked was;

	if (m->base != NULL) {
		unpack(m->base, &was);
		if (was.origin == m->origin)
			m->like |= LIKE_ORIGIN;
		if (is_source(source, was.source))
			m->like |= LIKE_SOURCE;
		if (same_format(m->e->format, was.format))
			m->like |= LIKE_FORMAT;
	}
	if ((m->like & LIKE_SOURCE) == 0)
		m->source = source_new(m->e->source);
	compare_fields(m);
}

struct keep *
keep_event_like(const struct event *e, const char *origin, int64_t time,
    bool whole, struct keep *like)
{
	struct keep *base = like == NULL || like->base == NULL ? like
							       : like->base;
	struct making m = { .e = e,
		.base = base,
		.origin = origin,
		.time = time };
	struct out o = { NULL, 0 };
	struct keep *k;

	if (whole) {
		m.message = span_sub(e->message, 0, MESSAGE_MAX);
		m.time_text = e->time_text;
	}
	compare(&m);
	pack(&m, &o);
	if ((k = malloc(sizeof(*k) + o.len)) == NULL)
		abort();
	*k = (struct keep){ .time = time,
		.index = e->index,
		.base = base,
		.refs = 1,
		.n = (uint16_t)e->n,
		.like = m.like };
	o = (struct out){ k->bytes, 0 };
	pack(&m, &o);
	if (base != NULL)
		base->refs++;
	return k;
}

struct keep *
keep_event(const struct event *e, const char *origin, int64_t time)
{
	return keep_event_like(e, origin, time, true, NULL);
}

void
keep_free(struct keep *k)
{
	struct unpacked u;
	struct keep *base;

	if (k == NULL || --k->refs > 0)
		return;
	base = k->base;
	unpack(k, &u);
	if ((k->like & LIKE_SOURCE) == 0 && u.source != &nowhere)
		free((void *)(uintptr_t)u.source);
	free(k);
	keep_free(base);
}

static void
restore_fields(const struct keep *k, const uint8_t *at, struct event *e)
{
	const uint8_t *same = at, *base_at = NULL;
	size_t i;

	e->n = k->n;
	if (k->base != NULL) {
		at += (k->n + 7) / 8;
		base_at = fields_of(k->base);
	}
	for (i = 0; i < k->n; i++) {
		if (base_at != NULL && i < k->base->n)
			e->f[i] = get_field(&base_at);
		if (k->base == NULL || !is_same(same, i))
			e->f[i] = get_field(&at);
	}
}

void
keep_restore(const struct keep *k, struct event *e)
{
	struct unpacked u;

	unpack_whole(k, &u);
	e->origin = u.origin;
	e->index = k->index;
	memcpy(e->leaf, k->bytes, LEAF);
	e->stream = u.stream;
	e->received = u.received;
	e->source = u.source;
	e->message = u.message;
	e->format = u.format;
	e->time = u.device_time;
	e->clock = (enum event_clock)u.clock;
	e->mark = u.mark;
	e->time_text = u.time_text;
	e->dropped = 0;
	restore_fields(k, u.fields, e);
}

int64_t
keep_time(const struct keep *k)
{
	return k->time;
}

uint64_t
keep_index(const struct keep *k)
{
	return k->index;
}

const char *
keep_origin(const struct keep *k)
{
	struct unpacked u;

	unpack_whole(k, &u);
	return u.origin;
}

int
keep_compare_place(const struct keep_place *a, const struct keep *b)
{
	const char *origin;
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	origin = keep_origin(b);
	c = a->origin == origin ? 0 : strcmp(a->origin, origin);
	if (c != 0)
		return c;
	return a->index < b->index ? -1 : a->index > b->index;
}

int
keep_compare(const struct keep *a, const struct keep *b)
{
	const struct keep_place at = { a->time, keep_origin(a), a->index };

	return keep_compare_place(&at, b);
}
