/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/events.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/gaps.h"
#include "analyzer/format/formats.h"
#include "common/io.h"
#include "common/log.h"

#define ARENA_RECORDS 256 /* records until the pass's arena starts anew */
#define PROGRESS_RECORDS 4096

struct events {
	const struct site *site;
	struct evread *reader;
	struct formats *formats;
	struct arena *streams; /* event sources, for as long as the reader */
	struct arena *pass;
	struct event event;
	uint64_t n;
	size_t gaps_said;
	struct buf why;
};

const char *
events_rules(const struct site *site)
{
	return *site->analyzer.rules != '\0' ? site->analyzer.rules
					     : command_rules();
}

static int
load_formats(struct events *e, const char *rules)
{
	struct yaml_error err;
	char dir[4096];

	if (io_join(dir, sizeof(dir), rules, "formats") != 0) {
		log_errno("%s", rules);
		return -1;
	}
	e->formats = formats_load(dir, &err);
	if (e->formats == NULL)
		yaml_report(&err);
	return e->formats == NULL ? -1 : 0;
}

/* Say what the reader said, once. */
static int
said(struct events *e, int rc)
{
	if (rc < 0)
		log_error("%s", buf_cstr(&e->why));
	e->why.len = 0;
	return rc;
}

struct events *
events_open(const struct site *site, const char *rules)
{
	struct events *e = calloc(1, sizeof(*e));

	if (e == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	e->site = site;
	e->streams = arena_new();
	e->pass = arena_new();
	buf_init(&e->why);
	if (load_formats(e, rules) == 0 &&
	    said(e,
		evread_open(&e->reader, site_log(site, "evidence")->dir, true,
		    &e->why)) == 0)
		return e;
	events_close(e);
	return NULL;
}

void
events_close(struct events *e)
{
	if (e == NULL)
		return;
	evread_close(e->reader);
	formats_free(e->formats);
	arena_free(e->streams);
	arena_free(e->pass);
	buf_fini(&e->why);
	free(e);
}

static const struct event_source *
source_of(struct events *e, struct evread_stream *s)
{
	struct event_source *source = s->user;

	if (source == NULL) {
		source = arena_alloc(e->streams, sizeof(*source));
		source->listener = s->listener;
		source->transport = s->transport;
		source->peer = s->peer.len > 0 ? s->peer : s->file;
		source->replay = s->replay;
		s->user = source;
	}
	return source;
}

static struct event *
understand(struct events *e, const struct evread_record *rec)
{
	struct format_hints hints = { .zone = e->site->zone };

	if (rec->r.kind != RECORD_RECEIVED || rec->message.len == 0)
		return NULL;
	e->event = (struct event){
		.origin = evread_origin(e->reader),
		.index = rec->index,
		.stream = rec->r.stream,
		.received = (int64_t)rec->r.rx,
		.source = source_of(e, rec->stream),
		.message = rec->message,
	};
	memcpy(e->event.leaf, rec->leaf, sizeof(e->event.leaf));
	(void)formats_apply(e->formats, &e->event, e->pass, &hints);
	return &e->event;
}

int
events_next(struct events *e, const char *what, struct events_item *item)
{
	int rc = evread_next(e->reader, &item->rec, &e->why);

	if (rc != 1) {
		if (what != NULL)
			log_progress_end();
		e->gaps_said = gaps_say(site_log(e->site, "evidence")->dir,
		    evread_gaps(e->reader), e->gaps_said);
		return said(e, rc);
	}
	if (++e->n % ARENA_RECORDS == 0)
		arena_reset(e->pass);
	if (what != NULL && e->n % PROGRESS_RECORDS == 0)
		log_progress(what, item->rec.index, evread_size(e->reader));
	item->event = understand(e, &item->rec);
	return 1;
}

int
events_rewind(struct events *e)
{
	return said(e, evread_seek(e->reader, 0, &e->why));
}

int
events_refresh(struct events *e)
{
	return said(e, evread_refresh(e->reader, &e->why));
}

const char *
events_origin(const struct events *e)
{
	return evread_origin(e->reader);
}

uint64_t
events_size(const struct events *e)
{
	return evread_size(e->reader);
}

const struct evread_gaps *
events_gaps(const struct events *e)
{
	return evread_gaps(e->reader);
}
