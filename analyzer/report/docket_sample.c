/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/docket_sample.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

struct docket_sample *
docket_sample_new(const struct report *r, int64_t day)
{
	struct docket_sample *s = arena_alloc(r->arena, sizeof(*s));

	s->r = r;
	s->from = day;
	s->until = day + UTC_DAY;
	s->of_users =
	    arena_alloc(r->arena, DOCKET_SAMPLE_USERS * sizeof(*s->of_users));
	s->of_others =
	    arena_alloc(r->arena, DOCKET_SAMPLE_OTHERS * sizeof(*s->of_others));
	return s;
}

static void
order_of(const struct docket_sample *s, const struct event *e,
    uint8_t order[SHA256_LEN])
{
	uint64_t day = (uint64_t)s->from;
	struct sha256 sha;
	uint8_t b[8];
	size_t i;

	for (i = 0; i < sizeof(b); i++)
		b[i] = (uint8_t)(day >> 8 * i);
	sha256_init(&sha);
	sha256_update(&sha, b, sizeof(b));
	sha256_update(&sha, e->leaf, sizeof(e->leaf));
	sha256_final(&sha, order);
}

static struct span
get(const struct docket_sample *s, const struct event *e, enum ecs f)
{
	return arena_copy(s->r->arena, event_get(e, f));
}

static void
fill(const struct docket_sample *s, const struct event *e,
    struct docket_record *rec)
{
	struct arena *a = s->r->arena;
	struct span raw = e->message;

	rec->patient = event_get(e, ECS_PATIENT_ID).len > 0;
	rec->cut = raw.len > DOCKET_SAMPLE_BYTES;
	if (rec->cut)
		raw.len = DOCKET_SAMPLE_BYTES;
	rec->text = word_of(WORD_PATIENT);
	if (!rec->patient) {
		rec->raw = arena_copy(a, raw);
		rec->text = arena_str(a, figure_line(a, raw, e->encoding));
	}
	rec->user = get(s, e, ECS_USER_NAME);
	rec->name = get(s, e, ECS_USER_FULL_NAME);
	rec->category = get(s, e, ECS_EVENT_CATEGORY);
	rec->action = get(s, e, ECS_EVENT_ACTION);
	rec->outcome = get(s, e, ECS_EVENT_OUTCOME);
	rec->source = get(s, e, ECS_SOURCE_IP);
	rec->device = report_device_text(s->r, report_observer(e));
	rec->cite = report_cite_event(e);
}

static void
take(const struct docket_sample *s, const struct event *e, int64_t at,
    struct docket_record *v, size_t *n, size_t most)
{
	struct docket_record rec = { .at = at };
	size_t i;

	order_of(s, e, rec.order);
	for (i = *n; i > 0 &&
	     memcmp(rec.order, v[i - 1].order, sizeof(rec.order)) < 0;
	     i--)
		;
	if (i == most)
		return;
	fill(s, e, &rec);
	if (*n < most)
		++*n;
	memmove(&v[i + 1], &v[i], (*n - 1 - i) * sizeof(*v));
	v[i] = rec;
}

void
docket_sample_event(struct docket_sample *s, const struct event *e, int64_t at)
{
	if (at < s->from || at >= s->until)
		return;
	report_range_add(&s->cited, e);
	if (event_get(e, ECS_USER_NAME).len > 0) {
		s->users++;
		take(s, e, at, s->of_users, &s->n_users, DOCKET_SAMPLE_USERS);
	} else {
		s->others++;
		take(s, e, at, s->of_others, &s->n_others,
		    DOCKET_SAMPLE_OTHERS);
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct docket_record *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->cite.index < y->cite.index ? -1
					     : x->cite.index > y->cite.index;
}

void
docket_sample_finish(struct docket_sample *s)
{
	s->n = s->n_users + s->n_others;
	s->v = arena_alloc(s->r->arena, (s->n + 1) * sizeof(*s->v));
	memcpy(s->v, s->of_users, s->n_users * sizeof(*s->v));
	memcpy(s->v + s->n_users, s->of_others, s->n_others * sizeof(*s->v));
	if (s->n > 0)
		qsort(s->v, s->n, sizeof(*s->v), by_time);
}
