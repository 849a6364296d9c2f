/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/past.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/report/report.h"

void
past_init(struct past *p)
{
	memset(p, 0, sizeof(*p));
	p->arena = arena_new();
}

static void
forget_indexes(struct past *p)
{
	if (p->by_name != NULL)
		index_free(p->by_name);
	if (p->by_stream != NULL)
		index_free(p->by_stream);
	p->by_name = p->by_stream = NULL;
}

void
past_fini(struct past *p)
{
	forget_indexes(p);
	free(p->names);
	free(p->speakers);
	free(p->steps);
	free(p->memory);
	free(p->told);
	free(p->marks);
	arena_free(p->arena);
	memset(p, 0, sizeof(*p));
}

void
past_begin(struct past *p, int64_t newest)
{
	past_fini(p);
	past_init(p);
	p->by_name = index_new();
	p->by_stream = index_new();
	p->newest_before = newest;
}

/* Room for one more. */
static void
reserve(void *v, size_t n, size_t *cap, size_t size)
{
	void **array = v;

	if (n < *cap)
		return;
	*cap = *cap == 0 ? 16 : *cap * 2;
	if ((*array = reallocarray(*array, *cap, size)) == NULL)
		abort();
}

static struct span
keep(struct past *p, struct span s)
{
	p->bytes += s.len;
	if (p->bytes > PAST_MAX)
		p->useless = true;
	return p->useless ? span_make(NULL, 0) : arena_copy(p->arena, s);
}

static void
widen(struct past_range *r, int64_t at)
{
	if (!r->any || at < r->low)
		r->low = at;
	if (!r->any || at > r->high)
		r->high = at;
	r->any = true;
}

/* ---- who sent ---- */

static void
add_step(struct past *p, uint32_t step)
{
	reserve(&p->steps, p->n_steps, &p->cap_steps, sizeof(*p->steps));
	p->steps[p->n_steps++] = step;
}

/* NULL: there are too many. */
static struct past_name *
name_of(struct past *p, struct span name, int64_t at)
{
	uint32_t *i = index_put(p->by_name, name);

	if (*i != INDEX_NONE)
		return &p->names[*i];
	if (p->n_names == PAST_NAMES) {
		p->useless = true;
		return NULL;
	}
	*i = (uint32_t)p->n_names;
	reserve(&p->names, p->n_names, &p->cap_names, sizeof(*p->names));
	add_step(p, PAST_STEP_NAME(p->n_names));
	p->names[p->n_names] = (struct past_name){ .name = keep(p, name),
		.first = at };
	return &p->names[p->n_names++];
}

static struct past_speaker *
speaker_of(struct past *p, const struct event *e)
{
	struct span where = e->source == NULL ? SPAN("") : e->source->peer;
	struct past_speaker *sp;
	struct buf key;
	uint32_t *i;

	buf_init(&key);
	buf_append(&key, &e->stream, sizeof(e->stream));
	buf_span(&key, where);
	i = index_put(p->by_stream, buf_view(&key));
	buf_fini(&key);
	if (*i != INDEX_NONE)
		return &p->speakers[*i];
	if (p->n_speakers == PAST_SPEAKERS) {
		p->useless = true;
		return NULL;
	}
	*i = (uint32_t)p->n_speakers;
	reserve(&p->speakers, p->n_speakers, &p->cap_speakers,
	    sizeof(*p->speakers));
	sp = &p->speakers[p->n_speakers++];
	*sp = (struct past_speaker){ .stream = e->stream,
		.where = keep(p, where),
		.last = PAST_NONE };
	return sp;
}

static unsigned
flags_of(const struct event *e)
{
	const struct event_source *s = e->source;

	if (s == NULL)
		return 0;
	return (span_is(s->transport, "import") || span_is(s->transport, "file")
		       ? PAST_IMPORTED
		       : 0) |
	    (s->replay ? PAST_REPLAY : 0);
}

static void
take_sender(struct past *p, const struct event *e, int64_t at)
{
	struct past_speaker *sp = speaker_of(p, e);
	struct span said = report_observer(e);
	struct past_name *name;

	if (sp == NULL)
		return;
	if (said.len == 0 && sp->last == PAST_NONE) {
		if (!sp->unnamed.any)
			add_step(p, PAST_STEP_SPEAKER(sp - p->speakers));
		widen(&sp->unnamed, at);
		sp->flags |= flags_of(e);
		return;
	}
	name = said.len == 0 ||
		(sp->last != PAST_NONE &&
		    span_eq(said, p->names[sp->last].name))
	    ? &p->names[sp->last]
	    : name_of(p, said, at);
	if (name == NULL)
		return;
	sp->last = (uint32_t)(name - p->names);
	if (at < name->first)
		name->first = at;
	name->flags |= flags_of(e);
}

/* ---- what else a record tells ---- */

static void
keep_mark(struct past *p, struct visit_mark m)
{
	struct span *spans[] = { &m.device, &m.user, &m.source, &m.tunnel,
		&m.id, &m.process, &m.other_id };
	size_t i;

	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		*spans[i] = keep(p, *spans[i]);
	m.cite.origin = NULL; /* the segment's */
	reserve(&p->marks, p->n_marks, &p->cap_marks, sizeof(*p->marks));
	p->marks[p->n_marks++] = m;
	p->bytes += sizeof(m);
}

static void
keep_told(struct past *p, const struct past_record *rec)
{
	struct past_told *t;

	reserve(&p->told, p->n_told, &p->cap_told, sizeof(*p->told));
	t = &p->told[p->n_told++];
	*t = (struct past_told){ .kind = rec->r->kind,
		.rx = rec->r->rx,
		.index = rec->index,
		.body = keep(p, rec->r->body) };
	memcpy(t->leaf, rec->leaf, sizeof(t->leaf));
	p->bytes += sizeof(*t);
}

static void
take_event(struct past *p, const struct past_record *rec)
{
	struct visit_mark mark;

	widen(&p->events, rec->at);
	if (rec->tells && rec->at > p->newest)
		p->newest = rec->at;
	p->untimed |= !rec->tells;
	take_sender(p, rec->event, rec->at);
	if (visits_read(&mark, rec->event, rec->at))
		keep_mark(p, mark);
}

void
past_record(struct past *p, const struct past_record *rec)
{
	const enum record_kind kind = rec->r->kind;

	if (p->useless)
		return;
	if (!p->all.any)
		p->received = (int64_t)rec->r->rx;
	widen(&p->all, rec->at);
	if (kind == RECORD_GAP || kind == RECORD_BOOT ||
	    kind == RECORD_DELETION)
		keep_told(p, rec);
	if (rec->event != NULL)
		take_event(p, rec);
}

void
past_memory(struct past *p, uint32_t stream, struct span before,
    struct span after)
{
	reserve(&p->memory, p->n_memory, &p->cap_memory, sizeof(*p->memory));
	p->memory[p->n_memory++] = (struct past_memory){ stream,
		keep(p, before), keep(p, after) };
	p->bytes += sizeof(*p->memory);
}

bool
past_touches(const struct past *p, int64_t from, int64_t until)
{
	return p->events.any && p->events.low < until && p->events.high >= from;
}

void
past_folder(struct buf *out, const char *cache, const char *origin)
{
	buf_printf(out, "%s/past-", cache);
	for (; *origin != '\0'; origin++)
		buf_byte(out, *origin == '/' ? '-' : (uint8_t)*origin);
}

void
past_file(struct buf *out, uint64_t segment)
{
	buf_printf(out, "%012" PRIu64 ".past", segment);
}
