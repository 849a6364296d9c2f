/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/kept.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 65536u	 /* a power of two */
#define CHUNK 65536u	 /* bytes; a larger event has one of its own */
#define BESIDE 1024	 /* bytes of values beside the message, as a rule */
#define SOURCES 8	 /* that are compared, by their stream */
#define MESSAGE_MAX 4096 /* of the message itself: facts never ask for it */

struct chunk {
	struct chunk *newer;
	size_t size, used;
	size_t n; /* events that are in it still */
	uint8_t bytes[];
};

struct source { /* its texts stand behind it */
	struct event_source s;
	size_t refs;
};

struct value { /* a field's */
	uint32_t at; /* in the bytes behind the values */
	uint32_t len;
	uint16_t field;
};

/* Its values, the message, and behind that what is not part of it. */
struct kept_event {
	uint64_t number;
	int64_t time;
	struct kept_event *chain, *newer;
	struct chunk *in;
	struct source *source; /* or NULL */
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
	int64_t received, device_time;
	struct value time_text, format; /* format: len 0: none */
	uint32_t message_len, stream;
	uint16_t n;
	uint8_t clock, mark;
	struct value v[];
};

struct kept {
	struct kept_event **bucket;
	struct kept_event *oldest, *newest; /* as they came */
	struct chunk *first, *last, *spare;
	struct source *source[SOURCES];
	size_t n, max;
	size_t bytes, max_bytes; /* of the chunks */
};

static const struct event_source nowhere;

struct kept *
kept_new(size_t max, size_t bytes)
{
	struct kept *k = calloc(1, sizeof(*k));

	if (k == NULL ||
	    (k->bucket = calloc(BUCKETS, sizeof(struct kept_event *))) == NULL)
		abort();
	k->max = max;
	k->max_bytes = bytes;
	return k;
}

/* Numbers that follow each other lie side by side. */
static struct kept_event **
place_of(const struct kept *k, uint64_t number)
{
	struct kept_event **p =
	    &k->bucket[(number ^ number >> 40) & (BUCKETS - 1)];

	while (*p != NULL && (*p)->number != number)
		p = &(*p)->chain;
	return p;
}

/* ---- their memory ---- */

static void
let_go(struct source *s)
{
	if (s != NULL && --s->refs == 0)
		free(s);
}

static struct span
copy(uint8_t **to, struct span s)
{
	struct span c = { *to, s.len };

	if (s.len > 0)
		memcpy(*to, s.p, s.len);
	*to += s.len;
	return c;
}

static struct source *
source_new(const struct event_source *from)
{
	struct source *s = calloc(1, sizeof(*s) + from->listener.len +
		from->transport.len + from->peer.len);
	uint8_t *to;

	if (s == NULL)
		abort();
	to = (uint8_t *)(s + 1);
	s->s.listener = copy(&to, from->listener);
	s->s.transport = copy(&to, from->transport);
	s->s.peer = copy(&to, from->peer);
	s->s.replay = from->replay;
	s->refs = 1;
	return s;
}

static bool
is_source(const struct event_source *a, const struct event_source *b)
{
	return a->replay == b->replay && span_eq(a->peer, b->peer) &&
	    span_eq(a->listener, b->listener) &&
	    span_eq(a->transport, b->transport);
}

/* The same for all events of a source, as long as it does not change. */
static struct source *
source_of(struct kept *k, const struct event *e)
{
	struct source **s = &k->source[e->stream % SOURCES];

	if (e->source == NULL)
		return NULL;
	if (*s == NULL || !is_source(e->source, &(*s)->s)) {
		let_go(*s);
		*s = source_new(e->source);
	}
	(*s)->refs++;
	return *s;
}

static struct chunk *
chunk_new(struct kept *k, size_t size)
{
	struct chunk *c = k->spare;

	if (c != NULL && c->size >= size)
		k->spare = NULL;
	else {
		size = size < CHUNK ? CHUNK : size;
		if ((c = malloc(sizeof(*c) + size)) == NULL)
			abort();
		c->size = size;
	}
	c->newer = NULL;
	c->used = c->n = 0;
	k->bytes += c->size;
	if (k->last != NULL)
		k->last->newer = c;
	else
		k->first = c;
	k->last = c;
	return c;
}

/* Room for so much, not taken yet. */
static void *
reserve(struct kept *k, size_t len)
{
	struct chunk *c = k->last;

	if (c == NULL || c->size - c->used < len)
		c = chunk_new(k, len);
	return c->bytes + c->used;
}

/* Of what was reserved, that much is taken. */
static void
take(struct kept *k, size_t len)
{
	size_t step = _Alignof(struct kept_event);
	size_t left = k->last->size - k->last->used;

	len = (len + step - 1) / step * step;
	k->last->used += len < left ? len : left;
}

/* Chunks that have nothing any more. */
static void
free_chunks(struct kept *k)
{
	struct chunk *c;

	while ((c = k->first) != NULL && c->n == 0) {
		k->bytes -= c->size;
		k->first = c->newer;
		if (k->first == NULL)
			k->last = NULL;
		if (k->spare == NULL && c->size == CHUNK)
			k->spare = c;
		else
			free(c);
	}
}

static void
drop(struct kept *k)
{
	struct kept_event *o = k->oldest, **p = place_of(k, o->number);

	*p = o->chain;
	k->oldest = o->newer;
	if (k->oldest == NULL)
		k->newest = NULL;
	k->n--;
	let_go(o->source);
	if (--o->in->n == 0)
		free_chunks(k);
}

void
kept_free(struct kept *k)
{
	size_t i;

	if (k == NULL)
		return;
	while (k->n > 0)
		drop(k);
	free_chunks(k);
	for (i = 0; i < SOURCES; i++)
		let_go(k->source[i]);
	free(k->spare);
	free(k->bucket);
	free(k);
}

/* ---- events ---- */

/* Most values are part of the message, and are copied with it. */
static inline bool
is_within(struct span whole, struct span part)
{
	uintptr_t at = (uintptr_t)part.p - (uintptr_t)whole.p;

	return at < whole.len && part.len <= whole.len - at;
}

/* What stands behind the message of an event that is being copied. */
struct copying {
	struct span message;
	uint8_t *bytes;	 /* that and the rest */
	size_t len, max; /* of the rest and what it may be */
};

static inline bool
put_value(struct copying *c, struct span value, struct value *v)
{
	v->len = (uint32_t)value.len;
	if (is_within(c->message, value)) {
		v->at = (uint32_t)(value.p - c->message.p);
		return true;
	}
	if (value.len > c->max - c->len)
		return false;
	v->at = (uint32_t)(c->message.len + c->len);
	if (value.len > 0)
		memcpy(c->bytes + v->at, value.p, value.len);
	c->len += value.len;
	return true;
}

/* False: it has more than max bytes that are not of its message. */
static bool
copy_values(struct kept *k, const struct event *e, size_t max,
    struct kept_event **out)
{
	struct span m = span_sub(e->message, 0, MESSAGE_MAX);
	struct kept_event *o = reserve(k, sizeof(*o) +
		e->n * sizeof(o->v[0]) + m.len + max + 1);
	struct copying c = { m, (uint8_t *)&o->v[e->n], 0, max };
	size_t i;

	for (i = 0; i < e->n; i++) {
		if (!put_value(&c, e->f[i].value, &o->v[i]))
			return false;
		o->v[i].field = (uint16_t)e->f[i].field;
	}
	if (!put_value(&c, e->time_text, &o->time_text) ||
	    !put_value(&c, span_str(e->format), &o->format))
		return false;
	c.bytes[m.len + c.len] = '\0'; /* behind the format, which is last */
	if (m.len > 0)
		memcpy(c.bytes, m.p, m.len);
	o->message_len = (uint32_t)m.len;
	o->n = (uint16_t)e->n;
	take(k, (size_t)(c.bytes - (uint8_t *)o) + m.len + c.len + 1);
	*out = o;
	return true;
}

static struct kept_event *
copy_event(struct kept *k, const struct event *e)
{
	size_t max = BESIDE;
	struct kept_event *o;

	while (!copy_values(k, e, max, &o))
		max *= 2;
	return o;
}

void
kept_put(struct kept *k, uint64_t number, const struct event *e,
    const char *origin, int64_t time)
{
	struct kept_event *o, **place = place_of(k, number);

	if (*place != NULL)
		return;
	if (kept_is_full(k)) {
		do
			drop(k);
		while (kept_is_full(k));
		place = place_of(k, number);
	}
	o = copy_event(k, e);
	o->number = number;
	o->time = time;
	o->chain = o->newer = NULL;
	o->in = k->last;
	o->in->n++;
	o->source = source_of(k, e);
	o->origin = origin;
	o->index = e->index;
	memcpy(o->leaf, e->leaf, sizeof(o->leaf));
	o->received = e->received;
	o->device_time = e->time;
	o->stream = e->stream;
	o->clock = (uint8_t)e->clock;
	o->mark = e->mark;
	*place = o;
	if (k->newest != NULL)
		k->newest->newer = o;
	else
		k->oldest = o;
	k->newest = o;
	k->n++;
}

const struct kept_event *
kept_find(const struct kept *k, uint64_t number)
{
	return *place_of(k, number);
}

static struct span
get(const struct kept_event *o, const struct value *v)
{
	return span_make((const uint8_t *)&o->v[o->n] + v->at, v->len);
}

void
kept_restore(const struct kept_event *o, struct event *e)
{
	const struct value message = { 0, o->message_len, 0 };
	size_t i;

	e->origin = o->origin;
	e->index = o->index;
	memcpy(e->leaf, o->leaf, sizeof(e->leaf));
	e->stream = o->stream;
	e->received = o->received;
	e->source = o->source != NULL ? &o->source->s : &nowhere;
	e->message = get(o, &message);
	e->format = o->format.len == 0
	    ? NULL
	    : (const char *)get(o, &o->format).p;
	e->time = o->device_time;
	e->clock = (enum event_clock)o->clock;
	e->mark = o->mark;
	e->time_text = get(o, &o->time_text);
	e->n = o->n;
	for (i = 0; i < o->n; i++) {
		e->f[i].field = (enum ecs)o->v[i].field;
		e->f[i].value = get(o, &o->v[i]);
	}
	e->dropped = 0;
}

int64_t
kept_time(const struct kept_event *o)
{
	return o->time;
}

/* What came after one that waits does so as well. */
void
kept_forget(struct kept *k, int64_t before)
{
	while (k->oldest != NULL && k->oldest->time < before)
		drop(k);
}

bool
kept_is_full(const struct kept *k)
{
	return k->n == k->max || (k->n > 0 && k->bytes > k->max_bytes);
}

int64_t
kept_early(const struct kept *k)
{
	int64_t first = k->oldest->time, some = (k->newest->time - first) / 8;

	return first + (some > 0 ? some : 1);
}

size_t
kept_count(const struct kept *k)
{
	return k->n;
}
