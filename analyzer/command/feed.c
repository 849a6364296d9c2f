/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/format/formats.h"
#include "analyzer/ledger/ledger.h"
#include "analyzer/rule/ruleset.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/evread.h"

#define ARENA_RECORDS 256 /* records until the pass's arena starts anew */
#define PROGRESS_RECORDS 4096

struct feed {
	struct site *site;
	struct arena *arena, *streams, *pass;
	struct evread *reader;
	struct formats *formats;
	struct devices *devices;
	struct contacts contacts;
	struct casebook book;
	struct verify_result evidence, cases;
	struct report report;
	struct losses losses;
	struct event event;
	int64_t skew, newest;
};

/* ---- what it needs ---- */

static const char *
rules_of(const struct site *site)
{
	return *site->analyzer.rules != '\0' ? site->analyzer.rules
					     : command_rules();
}

static int
load_rules(struct feed *f)
{
	const char *rules = rules_of(f->site);
	struct settings settings = { 0 };
	struct yaml_error err;
	char dir[4096];

	if (io_join(dir, sizeof(dir), rules, "formats") != 0)
		return -1;
	f->formats = formats_load(dir, &err);
	if (f->formats == NULL ||
	    ruleset_settings(rules, f->site->analyzer.profile, f->arena,
		&settings, &err) != 0) {
		yaml_report(&err);
		return -1;
	}
	f->skew = settings_usec(&settings, SETTING_SKEW_MAX);
	return 0;
}

/* A report must come out on a bad night too: without its ledger it is poorer,
 * and says which device it could not name by showing its address. */
static void
load_devices(struct feed *f)
{
	const char *path = f->site->analyzer.devices;
	struct problems ps;
	struct buf bytes;

	buf_init(&bytes);
	problems_init(&ps);
	if (io_read_file(path, LEDGER_BYTES, &bytes) == 0)
		f->devices = devices_parse(buf_view(&bytes), path, &ps);
	if (f->devices == NULL)
		log_warn(tr("no device ledger from %s: devices are shown by "
			    "address",
			     "機器台帳 %s を使えません。機器はアドレスで表示"
			     "します"),
		    path);
	problems_fini(&ps);
	buf_fini(&bytes);
}

static void
load_contacts(struct feed *f)
{
	struct yaml_error err;

	if (access(f->site->analyzer.contacts, F_OK) != 0)
		return;
	if (contacts_load(f->site->analyzer.contacts,
		f->site->escalation.answer_min, f->arena, &f->contacts,
		&err) == 0)
		f->report.contacts = &f->contacts;
	else
		yaml_report(&err);
}

/* Against the copy outside the machine, where there is one. */
static void
verify(const struct feed *f, const char *name, struct verify_result *result)
{
	struct verify_options options = {
		.dir = site_log(f->site, name)->dir,
	};
	char anchor[4096];
	int n;

	n = snprintf(anchor, sizeof(anchor), "%s/%s/checkpoint",
	    f->site->anchor.copy, name);
	if (*f->site->anchor.copy != '\0' && n > 0 &&
	    (size_t)n < sizeof(anchor) && access(anchor, R_OK) == 0)
		options.anchor = anchor;
	verify_log(&options, result);
}

static int
load_logs(struct feed *f)
{
	struct buf why;
	int rc;

	buf_init(&why);
	rc = evread_open(&f->reader, site_log(f->site, "evidence")->dir, true,
	    &why);
	if (rc == 0)
		rc = casebook_load(site_log(f->site, "casebook")->dir, f->arena,
		    &f->book, &why);
	if (rc != 0)
		log_error("%s", buf_cstr(&why));
	else {
		verify(f, "evidence", &f->evidence);
		verify(f, "casebook", &f->cases);
	}
	buf_fini(&why);
	return rc;
}

static void
set_lang(const struct site *site, const char *lang)
{
	if (lang == NULL)
		lang = command_lang();
	if (lang == NULL)
		lang = site->language == SITE_LANGUAGE_JA ? "ja" : "en";
	log_set_lang(lang);
}

struct feed *
feed_open(const char *dir, const char *lang)
{
	struct site *site = command_site(dir);
	struct feed *f;

	if (site == NULL)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	set_lang(site, lang);
	f->site = site;
	f->arena = arena_new();
	f->streams = arena_new();
	f->pass = arena_new();
	if (load_rules(f) != 0 || load_logs(f) != 0) {
		feed_close(f);
		return NULL;
	}
	load_devices(f);
	load_contacts(f);
	f->report.site = site->name;
	f->report.zone = site->zone;
	f->report.internal = &site->analyzer.internal;
	f->report.devices = f->devices;
	f->report.book = &f->book;
	f->report.evidence = &f->evidence;
	f->report.cases = &f->cases;
	f->report.arena = f->arena;
	return f;
}

void
feed_close(struct feed *f)
{
	if (f == NULL)
		return;
	evread_close(f->reader);
	formats_free(f->formats);
	devices_free(f->devices);
	site_free(f->site);
	arena_free(f->arena);
	arena_free(f->streams);
	arena_free(f->pass);
	free(f);
}

const struct site *
feed_site(const struct feed *f)
{
	return f->site;
}

const struct report *
feed_report(const struct feed *f)
{
	return &f->report;
}

const struct losses *
feed_losses(const struct feed *f)
{
	return &f->losses;
}

int64_t
feed_newest(const struct feed *f)
{
	return f->newest;
}

/* ---- events ---- */

static const struct event_source *
source_of(struct feed *f, struct evread_stream *s)
{
	struct event_source *source = s->user;

	if (source == NULL) {
		source = arena_alloc(f->streams, sizeof(*source));
		source->listener = s->listener;
		source->transport = s->transport;
		source->peer = s->peer.len > 0 ? s->peer : s->file;
		source->replay = s->replay;
		s->user = source;
	}
	return source;
}

static void
received(struct feed *f, const struct evread_record *rec, feed_take *take,
    void *cookie)
{
	struct format_hints hints = { .zone = f->site->zone };
	struct event *e = &f->event;
	int64_t at;

	*e = (struct event){
		.origin = evread_origin(f->reader),
		.index = rec->index,
		.stream = rec->r.stream,
		.received = (int64_t)rec->r.rx,
		.source = source_of(f, rec->stream),
		.message = rec->message,
	};
	memcpy(e->leaf, rec->leaf, sizeof(e->leaf));
	(void)formats_apply(f->formats, e, f->pass, &hints);
	at = event_judged_time(e, f->skew);
	if (at > f->newest)
		f->newest = at;
	take(cookie, e, at);
}

int
feed_events(struct feed *f, feed_take *take, void *cookie)
{
	uint64_t size = evread_size(f->reader), n = 0;
	struct evread_record rec;
	struct buf why;
	int rc;

	buf_init(&why);
	f->newest = 0;
	losses_init(&f->losses, &f->report, evread_origin(f->reader));
	rc = evread_seek(f->reader, 0, &why);
	while (rc >= 0 && (rc = evread_next(f->reader, &rec, &why)) == 1) {
		if (rec.r.kind == RECORD_RECEIVED)
			received(f, &rec, take, cookie);
		else
			losses_record(&f->losses, &rec.r, rec.index, rec.leaf);
		if (++n % ARENA_RECORDS == 0)
			arena_reset(f->pass);
		if (n % PROGRESS_RECORDS == 0)
			log_progress(tr("reading the evidence",
					 "証跡を読んでいます"),
			    rec.index, size);
	}
	log_progress_end();
	if (rc < 0)
		log_error("%s", buf_cstr(&why));
	buf_fini(&why);
	return rc < 0 ? -1 : 0;
}

/* ---- the command line ---- */

const struct casebook_group *
feed_case(const struct feed *f, const char *id)
{
	const struct casebook_group *found = NULL, *g;
	size_t i;

	if (id != NULL) {
		found = casebook_group(&f->book, id);
		if (found == NULL)
			log_error(tr("there is no case '%s', or more than one; "
				     "see 'konseki case list'",
				      "事案「%s」はないか、1つに決まりません。"
				      "konseki case list を見てください"),
			    id);
		return found;
	}
	for (i = 0; i < f->book.n_groups; i++) {
		g = &f->book.groups[i];
		if (g->n_findings > 0 &&
		    (found == NULL || g->severity > found->severity))
			found = g;
	}
	if (found == NULL)
		log_error("%s",
		    tr("there are no cases yet: run 'konseki "
		       "analyze' first",
			"事案がまだありません。先に konseki analyze "
			"を実行してください"));
	return found;
}

int
feed_parse_time(const struct feed *f, const char *text, int64_t *usec)
{
	static const char *const rest[] = { "", ":00", "T00:00:00" };
	char whole[64], zone[8];
	unsigned minutes = (unsigned)abs(f->site->zone) / 60;
	size_t i;
	int ignored;

	if (utc_parse(span_str(text), usec, &ignored) == 0)
		return 0;
	snprintf(zone, sizeof(zone), "%c%02u:%02u",
	    f->site->zone < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		snprintf(whole, sizeof(whole), "%s%s%s", text, rest[i], zone);
		if (utc_parse(span_str(whole), usec, &ignored) == 0)
			return 0;
	}
	log_error(tr("'%s' is no time: write 2026-11-22 or 2026-11-22T08:00",
		      "「%s」は日時ではありません。2026-11-22 または "
		      "2026-11-22T08:00 の形で指定してください"),
	    text);
	return -1;
}

int
feed_write(const struct feed *f, const char *dir, const char *stem,
    const char *suffix, struct span bytes)
{
	char path[4096];
	int n;

	if (dir == NULL)
		dir = f->site->reports;
	n = snprintf(path, sizeof(path), "%s/%s-%s.%s", dir, stem,
	    log_lang() == LOG_JA ? "ja" : "en", suffix);
	if (n < 0 || (size_t)n >= sizeof(path))
		errno = ENAMETOOLONG;
	else if (io_mkdirs(dir, 0750) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, bytes) == 0) {
		puts(path);
		return 0;
	}
	log_errno(tr("cannot write a report to %s", "報告書を %s に書けません"),
	    dir);
	return -1;
}
