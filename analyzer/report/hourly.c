/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/hourly.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/session.h"
#include "common/utc.h"

#define WEEK (24u * 7u)
#define ENOUGH 3u /* weeks that make an hour usual */

struct hourly {
	const struct report *r;
	int64_t from, begin; /* of the period; of the first hour kept */
	size_t n, n_before;  /* hours kept; of them before the period */
	struct hourly_hour *v;
	struct session *sessions;
	struct buf key;
};

struct hourly *
hourly_new(const struct report *r, int64_t from, int64_t until)
{
	struct hourly *h = arena_alloc(r->arena, sizeof(*h));
	int64_t hours = (until - from + UTC_HOUR - 1) / UTC_HOUR;

	h->r = r;
	h->from = from;
	h->n_before = HOURLY_WEEKS * WEEK;
	h->begin = from - (int64_t)h->n_before * UTC_HOUR;
	h->n = h->n_before + (hours > 0 ? (size_t)hours : 0);
	if (h->n > HOURLY_MAX)
		h->n = HOURLY_MAX;
	h->v = arena_alloc(r->arena, (h->n + 1) * sizeof(*h->v));
	h->sessions = session_new();
	buf_init(&h->key);
	return h;
}

static struct hourly_hour *
hour_of(struct hourly *h, int64_t at)
{
	size_t i;

	if (at < h->begin)
		return NULL;
	i = (size_t)((at - h->begin) / UTC_HOUR);
	return i < h->n ? &h->v[i] : NULL;
}

static struct span
key_of(struct hourly *h, const struct event *e)
{
	static const enum ecs fields[] = { ECS_OBSERVER_SERIAL,
		ECS_OBSERVER_NAME, ECS_NETWORK_SESSION, ECS_SOURCE_IP,
		ECS_DESTINATION_IP };
	size_t i;

	h->key.len = 0;
	if (event_get(e, ECS_NETWORK_SESSION).len == 0)
		return buf_view(&h->key);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		buf_span(&h->key, event_get(e, fields[i]));
		buf_byte(&h->key, 0);
	}
	return buf_view(&h->key);
}

static void
book(void *arg, const struct session_part *part, bool take_back)
{
	const struct session_record *rec = part->record;
	struct hourly *h = arg;
	struct hourly_hour *hour = hour_of(h, rec->end);
	uint64_t bytes = part->bytes;

	if (part->begins && rec->has_delta && rec->delta < bytes &&
	    (rec->untimed || part->from < h->begin))
		bytes = rec->delta;
	if (hour != NULL)
		hour->sent += take_back ? 0 - bytes : bytes;
}

void
hourly_event(struct hourly *h, const struct event *e, int64_t at)
{
	struct hourly_hour *hour = hour_of(h, at);
	struct session_record s = { .end = at };
	uint64_t duration;

	if (hour != NULL)
		hour->heard = true;
	if (!span_is(event_get(e, ECS_KIND), "traffic") ||
	    report_direction(h->r, e) != SAY_OUT)
		return;
	s.key = key_of(h, e);
	s.interim = event_get(e, ECS_INTERIM).len > 0;
	s.has_total = event_number(e, ECS_SOURCE_BYTES, &s.total) == 0;
	s.has_delta = event_number(e, ECS_DELTA_SENT, &s.delta) == 0;
	if (event_number(e, ECS_EVENT_DURATION, &duration) == 0 &&
	    duration / 1000 < INT64_MAX / 2)
		s.duration = (int64_t)(duration / 1000);
	else
		s.untimed = true;
	(void)session_add(h->sessions, &s, book, h);
}

static int
by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
find_usual(struct hourly *h, size_t i)
{
	struct hourly_hour *hour = &h->v[i];
	uint64_t past[HOURLY_WEEKS];
	size_t k, n = 0;

	for (k = 1; k <= HOURLY_WEEKS && k * WEEK <= i; k++)
		if (h->v[i - k * WEEK].heard && !h->v[i - k * WEEK].flagged)
			past[n++] = h->v[i - k * WEEK].sent;
	if (n < ENOUGH)
		return;
	qsort(past, n, sizeof(past[0]), by_size);
	hour->usual = true;
	hour->low = past[0];
	hour->high = past[n - 1];
	hour->median = past[n / 2];
}

/* What a rule found unusual is no reference, until somebody says normal. */
static void
flag(struct hourly *h, const struct casebook_finding *f)
{
	struct hourly_hour *hour;
	int64_t at;

	if (f->withdrawn || f->normal || strncmp(f->rule, "OUT", 3) != 0 ||
	    (f->judged != NULL && strcmp(f->judged->how, "normal") == 0))
		return;
	for (at = f->from > h->begin ? f->from : h->begin; at < f->until;
	     at += UTC_HOUR) {
		hour = hour_of(h, at);
		if (hour == NULL)
			return;
		hour->flagged = true;
	}
}

const struct hourly_hour *
hourly_finish(struct hourly *h, size_t *n)
{
	size_t i;

	for (i = 0; i < h->r->book->n_findings; i++)
		flag(h, &h->r->book->findings[i]);
	for (i = h->n_before; i < h->n; i++)
		find_usual(h, i);
	session_free(h->sessions);
	h->sessions = NULL;
	buf_fini(&h->key);
	*n = h->n - h->n_before;
	return h->v + h->n_before;
}
