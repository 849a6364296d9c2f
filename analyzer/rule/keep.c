/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/keep.h"

#include <stdlib.h>
#include <string.h>

struct keep {
	int64_t time;
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
	int64_t received, device_time;
	uint32_t stream;
	enum event_clock clock;
	uint8_t mark;
	struct event_source source;
	struct span message, time_text, format;
	size_t n;
	struct event_field f[]; /* the bytes stand behind them */
};

#define MESSAGE_MAX 4096 /* of the message itself: facts never ask for it */

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

struct keep *
keep_event(const struct event *e, const char *origin, int64_t time)
{
	struct span message = span_sub(e->message, 0, MESSAGE_MAX);
	struct span format = span_str(e->format);
	size_t i, len = message.len + e->time_text.len + format.len + 8;
	struct keep *k;
	uint8_t *to;

	for (i = 0; i < e->n; i++)
		len += e->f[i].value.len + 1;
	if (e->source != NULL)
		len += e->source->listener.len + e->source->transport.len +
		    e->source->peer.len;
	k = calloc(1, sizeof(*k) + e->n * sizeof(k->f[0]) + len);
	if (k == NULL)
		abort();
	k->time = time;
	k->origin = origin;
	k->index = e->index;
	memcpy(k->leaf, e->leaf, sizeof(k->leaf));
	k->received = e->received;
	k->device_time = e->time;
	k->stream = e->stream;
	k->clock = e->clock;
	k->mark = e->mark;
	k->n = e->n;
	to = (uint8_t *)&k->f[e->n];
	for (i = 0; i < e->n; i++) {
		k->f[i].field = e->f[i].field;
		k->f[i].value = copy(&to, e->f[i].value);
	}
	k->message = copy(&to, message);
	k->time_text = copy(&to, e->time_text);
	k->format = copy(&to, format);
	if (e->source != NULL) {
		k->source.listener = copy(&to, e->source->listener);
		k->source.transport = copy(&to, e->source->transport);
		k->source.peer = copy(&to, e->source->peer);
		k->source.replay = e->source->replay;
	}
	return k;
}

void
keep_free(struct keep *k)
{
	free(k);
}

void
keep_restore(const struct keep *k, struct event *e)
{
	e->origin = k->origin;
	e->index = k->index;
	memcpy(e->leaf, k->leaf, sizeof(e->leaf));
	e->stream = k->stream;
	e->received = k->received;
	e->source = &k->source;
	e->message = k->message;
	e->format = k->format.len > 0 ? (const char *)k->format.p : NULL;
	e->time = k->device_time;
	e->clock = k->clock;
	e->mark = k->mark;
	e->time_text = k->time_text;
	e->n = k->n;
	memcpy(e->f, k->f, k->n * sizeof(e->f[0]));
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
keep_compare(const struct keep *a, const struct keep *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	c = strcmp(a->origin, b->origin);
	if (c != 0)
		return c;
	return a->index < b->index ? -1 : a->index > b->index;
}
