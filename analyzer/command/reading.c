/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/reading.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define ARENA_RECORDS 256 /* records until the pass's arena starts anew */

struct reading {
	const struct formats *formats;
	/* What is remembered of streams is of one log: numbers come again. */
	struct formats *of_log;
	char *origin;
	int zone;
	struct arena *streams; /* event sources, for as long as the reading */
	struct arena *pass;
	struct event event;
	uint64_t n;
};

struct reading *
reading_new(struct formats *formats, int zone)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (r == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	r->streams = arena_new();
	r->formats = formats;
	r->origin = arena_str(r->streams, SPAN(""));
	r->zone = zone;
	r->pass = arena_new();
	return r;
}

void
reading_free(struct reading *r)
{
	if (r == NULL)
		return;
	formats_free(r->of_log);
	arena_free(r->streams);
	arena_free(r->pass);
	free(r);
}

/* What an import recorded of its file; a format that is gone binds nobody. */
static void
take_words(const struct reading *r, struct event_source *source,
    struct span words)
{
	struct buf value;

	buf_init(&value);
	if (record_word_get(words, "encoding", &value) == 1)
		(void)text_encoding_parse(buf_view(&value), &source->encoding);
	value.len = 0;
	if (record_word_get(words, "mapping", &value) == 1)
		source->format = formats_named(r->formats, buf_cstr(&value));
	buf_fini(&value);
}

static const struct event_source *
source_of(struct reading *r, struct evread_stream *s)
{
	struct event_source *source = s->user;

	if (source == NULL) {
		source = arena_alloc(r->streams, sizeof(*source));
		source->listener = s->listener;
		source->transport = s->transport;
		source->peer = s->peer.len > 0 ? s->peer : s->file;
		source->replay = s->replay;
		take_words(r, source, s->words);
		s->user = source;
	}
	return source;
}

/* Line ends, NULs and blanks that some send between messages. */
static bool
is_blank(struct span message)
{
	size_t i;

	for (i = 0; i < message.len; i++)
		if (memchr(" \r\n", message.p[i], 4) == NULL)
			return false;
	return true;
}

static void
begin_log(struct reading *r, const char *origin)
{
	if (r->of_log != NULL && strcmp(r->origin, origin) == 0)
		return;
	formats_free(r->of_log);
	r->of_log = formats_share(r->formats);
	r->origin = arena_str(r->streams, span_str(origin));
}

bool
reading_take(struct reading *r, const struct evread_record *rec,
    const char *origin, struct event *e)
{
	if (rec->r.kind != RECORD_RECEIVED || is_blank(rec->message))
		return false;
	*e = (struct event){
		.origin = origin,
		.index = rec->index,
		.stream = rec->r.stream,
		.received = (int64_t)rec->r.rx,
		.source = source_of(r, rec->stream),
		.message = rec->message,
	};
	memcpy(e->leaf, rec->leaf, sizeof(e->leaf));
	return true;
}

void
reading_understand(struct formats *formats, int zone, struct event *e,
    struct arena *a)
{
	struct format_hints hints = { .zone = zone,
		.format = e->source->format };

	(void)formats_apply(formats, e, a, &hints);
}

struct event *
reading_event(struct reading *r, const struct evread_record *rec,
    const char *origin)
{
	if (!reading_take(r, rec, origin, &r->event))
		return NULL;
	begin_log(r, origin);
	if (++r->n % ARENA_RECORDS == 0)
		arena_reset(r->pass);
	reading_understand(r->of_log, r->zone, &r->event, r->pass);
	return &r->event;
}
