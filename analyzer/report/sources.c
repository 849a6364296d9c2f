/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/sources.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/report/figure.h"
#include "common/utc.h"

struct entry {
	struct source s;
	struct span name;
	uint8_t *heard;	    /* one byte for each hour of the period */
	int64_t ever_first; /* of all its records */
};

struct speaker { /* who spoke last on a stream */
	uint32_t stream;
	struct span where;
	size_t entry;
};


struct sources {
	const struct report *r;
	int64_t from, until;
	size_t hours;
	struct entry *entries;
	size_t n, cap;
	struct speaker *speakers;
	size_t n_speakers, speakers_cap;
	struct index *by_stream; /* a stream's number and peer -> speaker */
	struct buf key;
	size_t last; /* who spoke */
	bool any;    /* record */
	struct sources_total total;
};

struct sources *
sources_new(const struct report *r, int64_t from, int64_t until)
{
	struct sources *s = arena_alloc(r->arena, sizeof(*s));
	int64_t hours = (until - from + UTC_HOUR - 1) / UTC_HOUR;

	s->r = r;
	s->from = from;
	s->until = until;
	s->hours = hours < 0	    ? 0
	    : hours > SOURCES_HOURS ? SOURCES_HOURS
				    : (size_t)hours;
	s->by_stream = index_new();
	buf_init(&s->key);
	return s;
}

void
sources_close(struct sources *s)
{
	if (s->by_stream == NULL)
		return;
	index_free(s->by_stream);
	s->by_stream = NULL;
	buf_fini(&s->key);
}

static void *
grow(struct arena *a, void *array, size_t n, size_t *cap, size_t size)
{
	void *wider;

	if (n < *cap)
		return array;
	*cap = *cap == 0 ? 16 : *cap * 2;
	wider = arena_alloc(a, *cap * size);
	if (n > 0)
		memcpy(wider, array, n * size);
	return wider;
}

/* The entry of that name, a new one, or SIZE_MAX if there are too many. */
static size_t
entry_of(struct sources *s, struct span name)
{
	struct entry *e;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (span_eq(s->entries[i].name, name))
			return i;
	if (s->n == SOURCES_MAX)
		return SIZE_MAX;
	s->entries =
	    grow(s->r->arena, s->entries, s->n, &s->cap, sizeof(*s->entries));
	e = &s->entries[s->n];
	*e = (struct entry){ .name = arena_copy(s->r->arena, name) };
	e->heard = arena_alloc(s->r->arena, s->hours + 1);
	e->s.label = report_device_text(s->r, e->name);
	e->s.formats = "";
	e->ever_first = INT64_MAX;
	return s->n++;
}

static bool
is_who(const struct speaker *sp, uint32_t stream, struct span where)
{
	return sp->stream == stream && span_eq(sp->where, where);
}

static struct speaker *
speaker_of(struct sources *s, uint32_t stream, struct span where)
{
	uint32_t *at;

	if (s->last < s->n_speakers &&
	    is_who(&s->speakers[s->last], stream, where))
		return &s->speakers[s->last];
	s->key.len = 0;
	buf_append(&s->key, &stream, sizeof(stream));
	buf_span(&s->key, where);
	at = index_put(s->by_stream, buf_view(&s->key));
	if (*at == INDEX_NONE) {
		*at = (uint32_t)s->n_speakers;
		s->speakers = grow(s->r->arena, s->speakers, s->n_speakers,
		    &s->speakers_cap, sizeof(*s->speakers));
		s->speakers[s->n_speakers++] = (struct speaker){ stream,
			arena_copy(s->r->arena, where), SIZE_MAX };
	}
	s->last = *at;
	return &s->speakers[*at];
}

static size_t
find(struct sources *s, const struct event *e)
{
	struct span where = e->source == NULL ? SPAN("") : e->source->peer;
	struct speaker *sp = speaker_of(s, e->stream, where);
	struct span name = report_observer(e);

	if (name.len > 0 && sp->entry != SIZE_MAX &&
	    span_eq(s->entries[sp->entry].name, name))
		return sp->entry; /* nearly always who spoke last */
	if (name.len > 0)
		sp->entry = entry_of(s, name);
	else if (sp->entry == SIZE_MAX)
		sp->entry = entry_of(s, sp->where);
	return sp->entry;
}

static void
count(struct sources *s, struct entry *x, const struct event *e, int64_t at)
{
	struct sources_total *t = &s->total;
	size_t hour = (size_t)((at - s->from) / UTC_HOUR);

	if (t->records++ == 0 || e->received < t->received_from)
		t->received_from = e->received;
	if (e->received > t->received_until)
		t->received_until = e->received;
	if (x->s.records++ == 0 || at < x->s.first)
		x->s.first = at;
	if (at > x->s.last)
		x->s.last = at;
	report_range_add(&x->s.cited, e);
	if (hour < s->hours)
		x->heard[hour] = 1;
	if (e->format == NULL) {
		t->unknown++;
		if (x->s.unknown++ == 0)
			x->s.unknown_cite = report_cite_event(e);
	} else if (*x->s.formats == '\0')
		x->s.formats = arena_str(s->r->arena, span_str(e->format));
}

static void
span_time(struct sources *s, int64_t at)
{
	struct sources_total *t = &s->total;

	if (!s->any || at < t->first)
		t->first = at;
	if (!s->any || at > t->last)
		t->last = at;
	s->any = true;
}

void
sources_event(struct sources *s, const struct event *e, int64_t at)
{
	struct sources_total *t = &s->total;
	size_t i = find(s, e);
	struct entry *x;

	span_time(s, at);
	if (i == SIZE_MAX) {
		t->beyond++;
		return;
	}
	x = &s->entries[i];
	if (at < x->ever_first)
		x->ever_first = at;
	if (e->source != NULL) {
		x->s.imported |= span_is(e->source->transport, "import") ||
		    span_is(e->source->transport, "file");
		x->s.replay |= e->source->replay;
	}
	if (at >= s->from && at < s->until)
		count(s, x, e, at);
}

/* ---- of other days ---- */

static bool
add_before(struct sources *s, size_t i, int64_t first, unsigned flags)
{
	struct entry *x;

	if (i == SIZE_MAX)
		return false;
	x = &s->entries[i];
	if (first < x->ever_first)
		x->ever_first = first;
	x->s.imported |= (flags & PAST_IMPORTED) != 0;
	x->s.replay |= (flags & PAST_REPLAY) != 0;
	return true;
}

static bool
take_step(struct sources *s, const struct past *p, uint32_t step)
{
	const struct past_speaker *said;
	const struct past_name *name;
	struct speaker *sp;

	if (step == PAST_STEP_NAME(step >> 1)) {
		name = &p->names[step >> 1];
		return add_before(s, entry_of(s, name->name), name->first,
		    name->flags);
	}
	said = &p->speakers[step >> 1];
	sp = speaker_of(s, said->stream, said->where);
	if (sp->entry == SIZE_MAX)
		sp->entry = entry_of(s, sp->where);
	return add_before(s, sp->entry, said->unnamed.low, said->flags);
}

bool
sources_past(struct sources *s, const struct past *p)
{
	const struct past_speaker *said;
	struct speaker *sp;
	size_t i;

	for (i = 0; i < p->n_steps; i++)
		if (!take_step(s, p, p->steps[i]))
			return false;
	for (i = 0; i < p->n_speakers; i++) {
		said = &p->speakers[i];
		sp = speaker_of(s, said->stream, said->where);
		if (said->last != PAST_NONE)
			sp->entry = entry_of(s, p->names[said->last].name);
		if (said->last != PAST_NONE && sp->entry == SIZE_MAX)
			return false;
	}
	if (p->events.any) {
		span_time(s, p->events.low);
		span_time(s, p->events.high);
	}
	return true;
}

/* Up to when it was listened to: the newest seal, or the last record of all
 * where its records were not received as they were made. */
static int64_t
listened_until(const struct sources *s, const struct entry *x)
{
	int64_t sealed = (int64_t)s->r->evidence->sealed_time;
	int64_t until = s->total.last;

	if (!x->s.imported && !x->s.replay && sealed > until)
		until = sealed;
	return until < s->until ? until : s->until;
}

/* Hours from its first record (or the period's start) to that. */
static void
find_silence(const struct sources *s, struct entry *x)
{
	int64_t until = listened_until(s, x);
	int64_t from = x->ever_first > s->from ? x->ever_first : s->from;
	size_t begin, end, i, run = 0, longest = 0;

	if (until <= s->from || from >= s->until)
		return;
	begin = (size_t)((from - s->from) / UTC_HOUR);
	end = (size_t)((until - s->from) / UTC_HOUR);
	end = end > s->hours ? s->hours : end;
	x->s.since = s->from + (int64_t)begin * UTC_HOUR;
	x->s.heard = x->heard + begin;
	for (i = begin; i < end; i++) {
		x->s.hours++;
		run = x->heard[i] ? 0 : run + 1;
		x->s.silent += !x->heard[i];
		if (run > longest) {
			longest = run;
			x->s.gap_until = s->from + (int64_t)(i + 1) * UTC_HOUR;
			x->s.gap_from =
			    x->s.gap_until - (int64_t)run * UTC_HOUR;
		}
	}
}

static int
order(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	if (x->records != y->records)
		return x->records > y->records ? -1 : 1;
	return strcmp(x->label, y->label);
}

const struct sources_total *
sources_finish(struct sources *s)
{
	struct source *rows =
	    arena_alloc(s->r->arena, (s->n + 1) * sizeof(*rows));
	size_t i, n = 0;

	sources_close(s);
	for (i = 0; i < s->n; i++) {
		if (s->entries[i].ever_first >= s->until)
			continue; /* it began later */
		find_silence(s, &s->entries[i]);
		s->entries[i].s.name = s->entries[i].name;
		rows[n++] = s->entries[i].s;
	}
	if (n > 0)
		qsort(rows, n, sizeof(*rows), order);
	s->total.rows = rows;
	s->total.n = n;
	return &s->total;
}
