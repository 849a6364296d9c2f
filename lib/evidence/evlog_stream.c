/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "evidence/evlog_priv.h"
#include "evidence/evstreams.h"

/*
 * The live streams of the writer.  A number that ended is given out again, but
 * as late as possible: the search goes on from the number given out last.
 */
#define STREAM_WORDS_MAX 4096u

void
evlog_stream_free(struct evlog *log)
{
	struct evlog_owner *o = &log->own;
	size_t i;

	for (i = 0; i < o->n_streams; i++)
		free((void *)(uintptr_t)o->stream[i].words.p);
	free(o->stream);
}

/* The number of a free place, from 1; 0 if all are taken. */
static uint32_t
stream_place(struct evlog_owner *o)
{
	size_t i;

	if (o->live < o->n_streams && o->n_streams == EVSTREAMS_MAX) {
		for (i = o->hint; o->stream[i % EVSTREAMS_MAX].live; i++)
			continue;
		o->hint = (i + 1) % EVSTREAMS_MAX;
		return (uint32_t)(i % EVSTREAMS_MAX) + 1;
	}
	if (o->n_streams == EVSTREAMS_MAX)
		return 0;
	if (o->n_streams == o->streams_cap) {
		o->streams_cap = o->streams_cap == 0 ? 64 : 2 * o->streams_cap;
		o->stream =
		    realloc(o->stream, o->streams_cap * sizeof(*o->stream));
		if (o->stream == NULL)
			abort();
	}
	o->stream[o->n_streams].live = false;
	return (uint32_t)++o->n_streams;
}

/* What a reader will demand of the words. */
static int
stream_words(struct span words, struct evlog_stream *s)
{
	enum record_framing framing;
	uint64_t port = 0;
	struct buf value;
	size_t i;
	int rc = -1;

	for (i = 0; i < words.len; i++)
		if (words.p[i] < ' ' || words.p[i] > '~')
			return -1;
	buf_init(&value);
	if (record_word_get(words, "framing", &value) == 1 &&
	    record_framing_parse(buf_view(&value), &framing) == 0 &&
	    record_word_get_u64(words, "port", &port) >= 0 && port <= 65535) {
		value.len = 0;
		if (record_word_get(words, "transport", &value) == 1)
			rc = 0;
	}
	s->udp = span_is(buf_view(&value), "udp");
	s->d1_port = (uint16_t)port;
	buf_fini(&value);
	return rc;
}

/* The d1 record, in this segment. */
static void
stream_define(struct evlog *log, uint32_t number, struct evlog_stream *s)
{
	struct buf body;
	uint64_t wall, mono;

	evlog_clock(log, &wall, &mono);
	buf_init(&body);
	record_word_u64(&body, "stream", number);
	record_word_u64(&body, "next", s->next);
	buf_byte(&body, ' ');
	buf_span(&body, s->words);
	evlog_put_system(log, RECORD_STREAM, wall, buf_view(&body));
	buf_fini(&body);
	s->segment = log->own.segment + 1;
	s->port = s->d1_port;
	evlog_dirty(log, mono);
	evlog_full(log);
}

enum evlog_err
evlog_stream(struct evlog *log, struct span words, uint32_t *stream)
{
	struct evlog_owner *o = &log->own;
	struct evlog_stream s = { .live = true };
	uint32_t number;
	uint8_t *copy;

	if (words.len > STREAM_WORDS_MAX || stream_words(words, &s) != 0)
		return EVLOG_BAD_ARGUMENT;
	if (!evlog_writable(log, words.len) || (number = stream_place(o)) == 0)
		return EVLOG_BUSY;
	if ((copy = malloc(words.len)) == NULL)
		abort();
	memcpy(copy, words.p, words.len);
	s.words = span_make(copy, words.len);
	o->stream[number - 1] = s;
	o->live++;
	stream_define(log, number, &o->stream[number - 1]);
	*stream = number;
	return EVLOG_OK;
}

static struct evlog_stream *
stream_get(struct evlog *log, uint32_t number)
{
	struct evlog_owner *o = &log->own;

	if (number == 0 || number > o->n_streams || !o->stream[number - 1].live)
		return NULL;
	return &o->stream[number - 1];
}

struct evlog_stream *
evlog_stream_use(struct evlog *log, uint32_t number)
{
	struct evlog_stream *s = stream_get(log, number);

	if (s != NULL && s->segment != log->own.segment + 1)
		stream_define(log, number, s);
	return s;
}

enum evlog_err
evlog_stream_end(struct evlog *log, uint32_t stream, const char *why)
{
	struct evlog_stream *s = stream_get(log, stream);
	uint64_t wall, mono;
	struct buf body;

	if (s == NULL)
		return EVLOG_BAD_ARGUMENT;
	if (!evlog_fits(log, s->words.len))
		return EVLOG_BUSY;
	(void)evlog_stream_use(log, stream); /* each segment stands alone */
	evlog_clock(log, &wall, &mono);
	buf_init(&body);
	buf_str(&body, "end");
	record_word_u64(&body, "stream", stream);
	record_word_u64(&body, "next", s->next);
	record_word(&body, "why", span_str(why));
	evlog_put_system(log, RECORD_STREAM, wall, buf_view(&body));
	buf_fini(&body);
	evlog_dirty(log, mono);
	evlog_full(log);
	s->live = false;
	log->own.live--;
	free((void *)(uintptr_t)s->words.p);
	s->words = span_make(NULL, 0);
	return EVLOG_OK;
}
