/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/keep.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 4096 /* of the message itself: facts never ask for it */

struct value { /* its bytes stand behind those before it, a NUL behind each */
	uint32_t len;
	uint16_t field;
};

/* A copy with a base has the values that differ from those of the base. */
struct keep {
	int64_t time;
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
	int64_t received, device_time;
	struct keep *base; /* or NULL */
	const struct event_source *source;
	const char *format; /* or NULL */
	struct span message, time_text;
	uint32_t stream;
	uint32_t refs; /* its window, and copies whose base it is */
	uint16_t n, n_own;
	uint8_t clock, mark;
	uint8_t same[EVENT_FIELDS / 8]; /* bits: fields that the base has */
	struct value own[]; /* n_own; the bytes stand behind them */
};

static const struct event_source nowhere;

static bool
is_same(const struct keep *k, size_t i)
{
	return (k->same[i / 8] >> i % 8 & 1) != 0;
}

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

static struct span
next_value(const struct value *v, const uint8_t **at)
{
	struct span s = { *at, v->len };

	*at += v->len + 1;
	return s;
}

static const uint8_t *
bytes_of(const struct keep *k)
{
	return (const uint8_t *)&k->own[k->n_own];
}

/* Which fields the base has in the same place; how many bytes the others. */
static size_t
compare_fields(const struct event *e, const struct keep *base, struct keep *k)
{
	const uint8_t *at = base == NULL ? NULL : bytes_of(base);
	struct span was;
	size_t i, len = 0;

	for (i = 0; i < e->n; i++) {
		if (base != NULL && i < base->n) {
			was = next_value(&base->own[i], &at);
			if (base->own[i].field == e->f[i].field &&
			    span_eq(was, e->f[i].value)) {
				k->same[i / 8] |= (uint8_t)(1u << i % 8);
				continue;
			}
		}
		k->n_own++;
		len += e->f[i].value.len + 1;
	}
	return len;
}

static bool
is_source(const struct event_source *a, const struct event_source *b)
{
	return span_eq(a->listener, b->listener) &&
	    span_eq(a->transport, b->transport) && span_eq(a->peer, b->peer) &&
	    a->replay == b->replay;
}

/* Its strings in one block; as the base has it, if that is the same. */
static const struct event_source *
keep_source(const struct event_source *from, const struct keep *base)
{
	struct event_source *s;
	uint8_t *to;

	if (from == NULL)
		return &nowhere;
	if (base != NULL && is_source(from, base->source))
		return base->source;
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

static void
take_values(struct keep *k, const struct event *e, uint8_t **to)
{
	struct value *v = k->own;
	size_t i;

	for (i = 0; i < e->n; i++) {
		if (is_same(k, i))
			continue;
		*v++ = (struct value){ (uint32_t)e->f[i].value.len,
			(uint16_t)e->f[i].field };
		(void)copy(to, e->f[i].value);
	}
}

static void
take_record(struct keep *k, const struct event *e, const char *origin,
    int64_t time)
{
	k->time = time;
	k->origin = origin;
	k->index = e->index;
	memcpy(k->leaf, e->leaf, sizeof(k->leaf));
	k->received = e->received;
	k->device_time = e->time;
	k->stream = e->stream;
	k->clock = (uint8_t)e->clock;
	k->mark = e->mark;
	k->n = (uint16_t)e->n;
}

struct keep *
keep_event_like(const struct event *e, const char *origin, int64_t time,
    bool message, struct keep *like)
{
	struct keep *base = like == NULL || like->base == NULL ? like
							       : like->base;
	struct span m = span_sub(e->message, 0, message ? MESSAGE_MAX : 0);
	struct span format = span_str(e->format);
	struct keep head = { .base = base, .refs = 1 }, *k;
	size_t len = compare_fields(e, base, &head);
	uint8_t *to;

	len += head.n_own * sizeof(k->own[0]) + m.len + e->time_text.len +
	    format.len + 3;
	if ((k = malloc(sizeof(*k) + len)) == NULL)
		abort();
	*k = head;
	take_record(k, e, origin, time);
	to = (uint8_t *)&k->own[k->n_own];
	take_values(k, e, &to);
	k->message = copy(&to, m);
	k->time_text = copy(&to, e->time_text);
	if (format.len > 0)
		k->format = (const char *)copy(&to, format).p;
	k->source = keep_source(e->source, base);
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
	struct keep *base;

	if (k == NULL || --k->refs > 0)
		return;
	base = k->base;
	if (k->source != &nowhere &&
	    (base == NULL || k->source != base->source))
		free((void *)(uintptr_t)k->source);
	free(k);
	keep_free(base);
}

static void
restore_values(const struct keep *k, struct event *e)
{
	const struct value *own = k->own, *v;
	const uint8_t *at = bytes_of(k), *base_at = NULL;
	struct span was = { NULL, 0 };
	size_t i;

	if (k->base != NULL)
		base_at = bytes_of(k->base);
	for (i = 0; i < k->n; i++) {
		v = k->base != NULL && i < k->base->n ? &k->base->own[i] : NULL;
		if (v != NULL)
			was = next_value(v, &base_at);
		if (!is_same(k, i)) {
			v = own++;
			was = next_value(v, &at);
		}
		e->f[i].field = (enum ecs)v->field;
		e->f[i].value = was;
	}
}

void
keep_restore(const struct keep *k, struct event *e)
{
	e->origin = k->origin;
	e->index = k->index;
	memcpy(e->leaf, k->leaf, sizeof(e->leaf));
	e->stream = k->stream;
	e->received = k->received;
	e->source = k->source;
	e->message = k->message;
	e->format = k->format;
	e->time = k->device_time;
	e->clock = (enum event_clock)k->clock;
	e->mark = k->mark;
	e->time_text = k->time_text;
	e->n = k->n;
	restore_values(k, e);
	e->dropped = 0;
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
	return k->origin;
}

int
keep_compare_place(const struct keep_place *a, const struct keep *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	c = a->origin == b->origin ? 0 : strcmp(a->origin, b->origin);
	if (c != 0)
		return c;
	return a->index < b->index ? -1 : a->index > b->index;
}

int
keep_compare(const struct keep *a, const struct keep *b)
{
	const struct keep_place at = { a->time, a->origin, a->index };

	return keep_compare_place(&at, b);
}
