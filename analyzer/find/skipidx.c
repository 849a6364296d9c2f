/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/skipidx.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/find/keyset.h"

#define FILTERS_MAX (SKIPIDX_MAX - (16u << 20)) /* bytes; the rest is ours */
#define STREAMS_MAX 400000u

void
skipidx_init(struct skipidx *x)
{
	memset(x, 0, sizeof(*x));
	buf_init(&x->filters);
}

void
skipidx_fini(struct skipidx *x)
{
	size_t i;

	for (i = 0; i < x->cap_sources; i++)
		free(x->sources[i].hours);
	free(x->members);
	free(x->sources);
	free(x->streams);
	free(x->gaps);
	buf_fini(&x->filters);
}

void
skipidx_clear(struct skipidx *x)
{
	size_t i;

	for (i = 0; i < x->n_sources; i++)
		x->sources[i].n_hours = 0;
	x->n_members = x->n_sources = x->n_streams = x->n_gaps = 0;
	x->filters.len = 0;
	x->gaps_beyond = 0;
	x->useless = false;
}

/* Room for one more in an array; what is new is zeroed. */
static void *
grow(void *array, size_t n, size_t *cap, size_t size)
{
	uint8_t *p = array;
	size_t more;

	if (n < *cap)
		return array;
	more = *cap == 0 ? 16 : 2 * *cap;
	if ((p = realloc(p, more * size)) == NULL)
		abort();
	memset(p + *cap * size, 0, (more - *cap) * size);
	*cap = more;
	return p;
}

struct skipidx_member *
skipidx_member(struct skipidx *x)
{
	x->members = grow(x->members, x->n_members, &x->cap_members,
	    sizeof(*x->members));
	memset(&x->members[x->n_members], 0, sizeof(*x->members));
	if (x->filters.len > FILTERS_MAX)
		x->useless = true;
	return &x->members[x->n_members++];
}

struct skipidx_gap *
skipidx_gap(struct skipidx *x)
{
	if (x->n_gaps == SKIPIDX_GAPS) {
		x->gaps_beyond++;
		return &x->beyond;
	}
	x->gaps = grow(x->gaps, x->n_gaps, &x->cap_gaps, sizeof(*x->gaps));
	memset(&x->gaps[x->n_gaps], 0, sizeof(*x->gaps));
	return &x->gaps[x->n_gaps++];
}

static uint32_t
add_source(struct skipidx *x, struct span label, unsigned flags)
{
	struct skipidx_source *s;

	x->sources = grow(x->sources, x->n_sources, &x->cap_sources,
	    sizeof(*x->sources));
	s = &x->sources[x->n_sources];
	label = span_sub(label, 0, SKIPIDX_LABEL);
	memset(s->label, 0, sizeof(s->label));
	if (label.len > 0)
		memcpy(s->label, label.p, label.len);
	s->flags = flags;
	s->n_hours = 0;
	s->streams = 0;
	return (uint32_t)x->n_sources++;
}

uint32_t
skipidx_source(struct skipidx *x, struct span label, unsigned flags)
{
	uint32_t i;

	label = span_sub(label, 0, SKIPIDX_LABEL);
	for (i = (uint32_t)x->n_sources; i-- > 0;)
		if (x->sources[i].flags == flags &&
		    span_is(label, x->sources[i].label))
			return i;
	if (x->n_sources < SKIPIDX_SOURCES)
		return add_source(x, label, flags);
	if (x->n_sources == SKIPIDX_SOURCES)
		return add_source(x, SPAN(""), SKIPIDX_REST);
	return SKIPIDX_SOURCES;
}

void
skipidx_stream(struct skipidx *x, const struct skipidx_stream *s)
{
	if (x->n_streams == STREAMS_MAX) {
		x->useless = true;
		return;
	}
	x->streams = grow(x->streams, x->n_streams, &x->cap_streams,
	    sizeof(*x->streams));
	x->streams[x->n_streams++] = *s;
	x->sources[s->source].streams++;
}

void
skipidx_count(struct skipidx *x, uint32_t source, uint32_t hour)
{
	skipidx_add(x, source, &(struct skipidx_hour){ hour, 1 });
}

void
skipidx_add(struct skipidx *x, uint32_t source, const struct skipidx_hour *more)
{
	struct skipidx_source *s = &x->sources[source];
	size_t i = s->n_hours;

	while (i > 0 && s->hours[i - 1].hour > more->hour)
		i--;
	if (i > 0 && s->hours[i - 1].hour == more->hour) {
		s->hours[i - 1].records += more->records;
		return;
	}
	s->hours = grow(s->hours, s->n_hours, &s->cap, sizeof(*s->hours));
	memmove(s->hours + i + 1, s->hours + i,
	    (s->n_hours - i) * sizeof(*s->hours));
	s->hours[i] = *more;
	s->n_hours++;
}

void
skipidx_sum(struct skipidx *x, const struct skipidx *more)
{
	const struct skipidx_source *s;
	size_t i, k;
	uint32_t at;

	for (i = 0; i < more->n_sources; i++) {
		s = &more->sources[i];
		at = skipidx_source(x, span_str(s->label), s->flags);
		for (k = 0; k < s->n_hours; k++)
			skipidx_add(x, at, &s->hours[k]);
	}
}

const struct skipidx_stream *
skipidx_who(const struct skipidx *x, uint32_t stream, uint64_t index)
{
	size_t i = x->n_streams;

	while (i-- > 0)
		if (x->streams[i].stream == stream &&
		    x->streams[i].index <= index)
			return &x->streams[i];
	return NULL;
}

void
skipidx_folder(struct buf *out, const char *cache, const char *origin)
{
	buf_printf(out, "%s/find-", cache);
	for (; *origin != '\0'; origin++)
		buf_byte(out, *origin == '/' ? '-' : (uint8_t)*origin);
}

void
skipidx_name(struct buf *out, uint64_t segment)
{
	buf_printf(out, "%012" PRIu64 ".skip", segment);
}
