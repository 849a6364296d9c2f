/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/remember.h"
#include "analyzer/format/stream.h"
#include "analyzer/ledger/device.h"
#include "analyzer/ledger/index.h"
#include "analyzer/ledger/ledger.h"
#include "common/io.h"
#include "common/log.h"

#define ARENA_RECORDS 256 /* records until the pass's arena starts anew */

struct reading {
	const struct formats *formats;
	/* What is remembered of streams is of one log: numbers come again. */
	struct formats *of_log;
	char *origin;
	int zone;
	struct devices *devices; /* or NULL */
	struct arena *streams; /* event sources, for as long as the reading */
	struct arena *pass;
	struct event event;
	uint64_t n;
	const struct narrow *narrow; /* NULL: all lines are read */
	struct narrow_room *room;
	uint64_t *left;
	struct notes *notes; /* NULL: nothing is noted */
};

/* What is remembered, and by whom it was asked for. */
struct notes {
	struct arena *arena;
	struct index *at;     /* stream -> its place in before */
	struct index *asked;  /* streams */
	struct span *before;
	uint32_t *stream; /* that asked */
	size_t n_before, cap_before, n, cap;
};

#define NOTES_MAX 65536u /* streams that asked, in a segment */

/* What is wrong with it is said by those who need it for more. */
static struct devices *
load_devices(const char *path)
{
	struct arena *arena = arena_new();
	struct devices *devices = NULL;
	struct problems ps;
	struct buf bytes;
	const char *name;

	buf_init(&bytes);
	problems_init(&ps);
	if (path != NULL &&
	    ledger_file_read(path, arena, &bytes, &name, &ps) == 1)
		devices = devices_parse(buf_view(&bytes), name, &ps);
	arena_free(arena);
	problems_fini(&ps);
	buf_fini(&bytes);
	return devices;
}

static void
check_format(const struct formats *formats, const struct device *d)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)d->format.len,
	    d->format.len > 0 ? (const char *)d->format.p : "");
	if (d->format.len > 0 &&
	    formats_number(formats, name) == formats_count(formats))
		log_warn(tr("device ledger, row %u: there is no log format "
			    "'%s' (see 'konseki formats list'); the lines of "
			    "this device are recognised by what is in them",
			     "機器台帳の%u行目: ログ書式「%s」はありません"
			     "（konseki formats list "
			     "を見てください）。この機器"
			     "の行は内容から書式を判定します"),
		    d->row, name);
}

struct reading *
reading_new(struct formats *formats, int zone, const char *devices)
{
	struct reading *r = calloc(1, sizeof(*r));
	size_t i;

	if (r == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	r->streams = arena_new();
	r->formats = formats;
	r->origin = arena_str(r->streams, SPAN(""));
	r->zone = zone;
	r->pass = arena_new();
	r->devices = load_devices(devices);
	for (i = 0; r->devices != NULL && i < devices_count(r->devices); i++)
		check_format(formats, devices_at(r->devices, i));
	return r;
}

static void
notes_free(struct notes *n)
{
	if (n == NULL)
		return;
	arena_free(n->arena);
	index_free(n->at);
	index_free(n->asked);
	free(n->before);
	free(n->stream);
	free(n);
}

void
reading_free(struct reading *r)
{
	if (r == NULL)
		return;
	formats_free(r->of_log);
	devices_free(r->devices);
	arena_free(r->streams);
	arena_free(r->pass);
	narrow_room_free(r->room);
	notes_free(r->notes);
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

static bool
zone_of(const void *ledger, struct span name, int *zone)
{
	const struct device *d = devices_by_name(ledger, name);

	if (d == NULL || !d->has_zone)
		return false;
	*zone = d->zone;
	return true;
}

/* What the ledger says of who sends this stream. */
static void
take_ledger(struct reading *r, struct event_source *source)
{
	const struct device *d;
	struct address peer;
	char *name;
	size_t n;

	if (devices_have_zones(r->devices)) {
		source->zone_of = zone_of;
		source->ledger = r->devices;
	}
	if (address_parse(source->peer, &peer) != 0 ||
	    (d = devices_by_address(r->devices, &peer)) == NULL)
		return;
	source->has_zone = d->has_zone;
	source->zone = d->zone;
	name = arena_str(r->streams, d->format);
	n = formats_number(r->formats, name);
	if (n < formats_count(r->formats))
		source->expects = (unsigned)n + 1;
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
		if (r->devices != NULL)
			take_ledger(r, source);
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

void
reading_narrow(struct reading *r, const struct narrow *narrow, uint64_t *left)
{
	if (r->room == NULL)
		r->room = narrow_room_new();
	r->narrow = narrow;
	r->left = left;
}

static bool
is_left(struct reading *r)
{
	if (r->narrow == NULL || r->event.index % READING_ALL == 0 ||
	    narrow_may(r->narrow, r->of_log, &r->event, r->room))
		return false;
	++*r->left;
	return true;
}

static void *
more(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap == 0 ? 16 : 2 * *cap;
	if ((v = reallocarray(v, *cap, size)) == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	return v;
}

static struct span
number(const uint32_t *stream)
{
	return span_make(stream, sizeof(*stream));
}

static void
note(struct notes *n, uint32_t stream)
{
	uint32_t *at;

	if (n->n > NOTES_MAX)
		return;
	at = index_put(n->asked, number(&stream));
	if (*at != INDEX_NONE)
		return;
	*at = (uint32_t)n->n;
	n->stream = more(n->stream, n->n, &n->cap, sizeof(*n->stream));
	n->stream[n->n++] = stream;
}

void
reading_asked(struct reading *r, uint32_t stream)
{
	if (r->notes != NULL)
		note(r->notes, stream);
}

/* r->event has the record's part. */
static struct event *
understand(struct reading *r)
{
	begin_log(r, r->event.origin);
	if (++r->n % ARENA_RECORDS == 0)
		arena_reset(r->pass);
	if (is_left(r))
		return &r->event;
	reading_understand(r->of_log, r->zone, &r->event, r->pass);
	if (formats_asked(r->of_log))
		reading_asked(r, r->event.stream);
	return &r->event;
}

struct event *
reading_event(struct reading *r, const struct evread_record *rec,
    const char *origin)
{
	if (!reading_take(r, rec, origin, &r->event))
		return NULL;
	return understand(r);
}

struct event *
reading_again(struct reading *r, const struct event *record)
{
	r->event = *record;
	return understand(r);
}

bool
reading_remembers(struct reading *r, const char *origin, uint32_t stream)
{
	return r->of_log != NULL && strcmp(r->origin, origin) == 0 &&
	    formats_remembers(r->of_log, stream);
}

const struct stream *
reading_stream(struct reading *r, const char *origin, uint32_t stream)
{
	const struct stream *st;

	if (r->of_log == NULL || strcmp(r->origin, origin) != 0)
		return NULL;
	st = formats_stream(r->of_log, stream);
	return st->version > 0 ? st : NULL;
}

/* ---- what streams said before ---- */

static void
keep_before(void *cookie, uint32_t stream)
{
	struct reading *r = cookie;
	struct notes *n = r->notes;
	struct buf memory;

	buf_init(&memory);
	remember_print(r->of_log, stream, &memory);
	*index_put(n->at, number(&stream)) = (uint32_t)n->n_before;
	n->before = more(n->before, n->n_before, &n->cap_before,
	    sizeof(*n->before));
	n->before[n->n_before++] = arena_copy(n->arena, buf_view(&memory));
	buf_fini(&memory);
}

void
reading_rewind(struct reading *r)
{
	formats_free(r->of_log);
	r->of_log = NULL;
}

void
reading_note(struct reading *r, const char *origin)
{
	notes_free(r->notes);
	r->notes = calloc(1, sizeof(*r->notes));
	if (r->notes == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	r->notes->arena = arena_new();
	r->notes->at = index_new();
	r->notes->asked = index_new();
	begin_log(r, origin);
	remember_each(r->of_log, keep_before, r);
}

int
reading_noted(struct reading *r, reading_memory *each, void *cookie)
{
	struct notes *n = r->notes;
	struct buf after;
	const bool all = n->n <= NOTES_MAX;
	size_t i;

	buf_init(&after);
	for (i = 0; all && i < n->n; i++) {
		uint32_t at = index_get(n->at, number(&n->stream[i]));

		after.len = 0;
		remember_print(r->of_log, n->stream[i], &after);
		each(cookie, n->stream[i],
		    at == INDEX_NONE ? SPAN("") : n->before[at],
		    buf_view(&after));
	}
	buf_fini(&after);
	notes_free(n);
	r->notes = NULL;
	return all ? 0 : -1;
}

void
reading_get_memory(struct reading *r, const char *origin, uint32_t stream,
    struct buf *out)
{
	if (r->of_log != NULL && strcmp(r->origin, origin) == 0)
		remember_print(r->of_log, stream, out);
}

int
reading_put_memory(struct reading *r, const char *origin, uint32_t stream,
    struct span memory)
{
	begin_log(r, origin);
	return remember_parse(r->of_log, stream, memory);
}
