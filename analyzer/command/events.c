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
#include "evidence/evchain.h"
#include "site/succession.h"

#define ARENA_RECORDS 256 /* records until the pass's arena starts anew */
#define PROGRESS_RECORDS 4096

struct events {
	const struct site *site;
	struct evchain *reader;
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

void
events_rules_report(const char *rules, const struct yaml_error *err)
{
	yaml_report(err);
	log_error(tr("the rules are those of %s (analyzer.rules of "
		     "konseki.yml, or KONSEKI_RULES)",
		      "ルールのフォルダーは %s です（konseki.ymlの"
		      "analyzer.rules、または環境変数KONSEKI_RULES）"),
	    rules);
}

struct formats *
events_formats(const char *rules)
{
	struct formats *f;
	struct yaml_error err;
	char dir[4096];

	if (io_join(dir, sizeof(dir), rules, "formats") != 0) {
		log_errno("%s", rules);
		return NULL;
	}
	f = formats_load(dir, &err);
	if (f == NULL)
		yaml_report(&err);
	return f;
}

int
events_check_format(const struct formats *formats, const char *name)
{
	size_t i;

	if (name == NULL || formats_named(formats, name) != NULL)
		return 0;
	log_error(tr("there is no format '%s'; formats are:",
		      "書式「%s」はありません。使える書式:"),
	    name);
	for (i = 0; i < formats_count(formats); i++)
		log_error("  %s (%s)", formats_name(formats, i),
		    formats_title(formats, i));
	return -1;
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

/* Of a log that is over: said, and the others are read all the same. */
static void
on_missing(void *cookie, const char *dir, const char *what)
{
	(void)cookie;
	command_missing(dir, what);
}

static int
open_chain(struct events *e)
{
	const struct site_log *log = site_log(e->site, "evidence");
	struct evchain_options opt = {
		.dirs = succession_dirs(e->site, log, e->streams),
		.n = log->generation,
		.leaves = true,
		.missing = on_missing,
	};

	return evchain_open(&e->reader, &opt, &e->why);
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
	e->formats = events_formats(rules);
	if (e->formats != NULL && said(e, open_chain(e)) == 0)
		return e;
	events_close(e);
	return NULL;
}

void
events_close(struct events *e)
{
	if (e == NULL)
		return;
	evchain_close(e->reader);
	formats_free(e->formats);
	arena_free(e->streams);
	arena_free(e->pass);
	buf_fini(&e->why);
	free(e);
}

/* What an import recorded of its file; a format that is gone binds nobody. */
static void
take_words(const struct events *e, struct event_source *source,
    struct span words)
{
	struct buf value;

	buf_init(&value);
	if (record_word_get(words, "encoding", &value) == 1)
		(void)text_encoding_parse(buf_view(&value), &source->encoding);
	value.len = 0;
	if (record_word_get(words, "mapping", &value) == 1)
		source->format = formats_named(e->formats, buf_cstr(&value));
	buf_fini(&value);
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
		take_words(e, source, s->words);
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

static struct event *
understand(struct events *e, const struct evread_record *rec)
{
	struct format_hints hints = { .zone = e->site->zone };

	if (rec->r.kind != RECORD_RECEIVED || is_blank(rec->message))
		return NULL;
	e->event = (struct event){
		.origin = evchain_origin(e->reader),
		.index = rec->index,
		.stream = rec->r.stream,
		.received = (int64_t)rec->r.rx,
		.source = source_of(e, rec->stream),
		.message = rec->message,
	};
	hints.format = e->event.source->format;
	memcpy(e->event.leaf, rec->leaf, sizeof(e->event.leaf));
	(void)formats_apply(e->formats, &e->event, e->pass, &hints);
	return &e->event;
}

int
events_next(struct events *e, const char *what, struct events_item *item)
{
	int rc = evchain_next(e->reader, &item->rec, &e->why);

	if (rc != 1) {
		if (what != NULL)
			log_progress_end();
		e->gaps_said = gaps_say(site_log(e->site, "evidence")->dir,
		    evread_gaps(evchain_newest(e->reader)), e->gaps_said);
		return said(e, rc);
	}
	if (++e->n % ARENA_RECORDS == 0)
		arena_reset(e->pass);
	if (what != NULL && e->n % PROGRESS_RECORDS == 0)
		log_progress(what, item->rec.index, events_size(e));
	item->origin = evchain_origin(e->reader);
	item->event = understand(e, &item->rec);
	return 1;
}

int
events_rewind(struct events *e)
{
	return said(e, evchain_rewind(e->reader, &e->why));
}

int
events_refresh(struct events *e)
{
	return said(e, evchain_refresh(e->reader, &e->why));
}

uint64_t
events_size(const struct events *e)
{
	return evread_size(evchain_newest(e->reader));
}

const struct evread_gaps *
events_gaps(const struct events *e)
{
	return evchain_gaps(e->reader);
}
