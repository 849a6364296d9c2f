/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/status_forward.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/evread.h"
#include "site/succession.h"

/* Of one generation: what is behind, and from when the first of it is. */
static int
count(struct status_forward *s, const char *dir, uint64_t next)
{
	struct evread_record rec;
	struct evread *in;
	struct buf why;
	int rc = 0;

	buf_init(&why);
	if (evread_open(&in, dir, false, &why) != 0) {
		buf_fini(&why);
		return -1;
	}
	if (next < evread_size(in)) {
		s->behind += evread_size(in) - next;
		if (s->oldest == 0 && evread_seek(in, next, &why) == 0 &&
		    evread_next(in, &rec, &why) == 1)
			s->oldest = rec.r.rx;
	}
	evread_close(in);
	buf_fini(&why);
	return rc;
}

void
status_forward_load(struct status_forward *s, struct site *site,
    const struct site_forward *conf, uint64_t now, bool running)
{
	const struct site_log *log = &site->logs[conf->log], *g;
	unsigned i;

	*s = (struct status_forward){ .conf = conf,
		.now = now,
		.running = running };
	s->known = progress_load(site, conf, &s->place) == 0;
	if (!s->known && errno != ENOENT)
		log_errno("%s/forward-%s", site->cache, conf->name);
	if (!s->known)
		s->place.generation =
		    conf->from == SITE_FROM_NOW ? log->generation : 1;
	s->counted = s->known || conf->from == SITE_FROM_START;
	for (i = s->place.generation; s->counted && i <= log->generation; i++) {
		g = succession_generation(site, log, i);
		if (g == NULL)
			continue;
		if (count(s, g->dir,
			i == s->place.generation ? s->place.next : 0) != 0 &&
		    i == log->generation)
			s->counted = false; /* the log's own lines say why */
	}
}

static void
print_behind(const struct status_forward *s)
{
	if (!s->counted)
		return;
	printf(tr("; %llu records behind", "、未転送%llu件"),
	    (unsigned long long)s->behind);
	if (s->behind > 0 && s->oldest != 0)
		printf(tr(" (the oldest %llu s old)", "（最古は%llu秒前）"),
		    (unsigned long long)(s->now > s->oldest
			    ? (s->now - s->oldest) / 1000000
			    : 0));
}

void
status_forward_text(const struct status_forward *s, const struct site *site)
{
	char when[UTC_TEXT];

	printf(tr("forward %s (%s): ", "転送 %s（%s）: "), s->conf->name,
	    s->conf->url);
	if (!s->running)
		fputs(tr("the collector is not running",
			  "コレクターが停止しています"),
		    stdout);
	else if (!s->known)
		fputs(tr("nothing sent yet", "まだ転送していません"), stdout);
	else {
		utc_print_local((int64_t)s->place.since, site->zone, when);
		if (s->place.state == PROGRESS_UP)
			printf(tr("connected since %s", "%sから接続中"), when);
		else
			printf(tr("AWAY since %s: %s", "%sから切断: %s"), when,
			    s->place.why);
	}
	print_behind(s);
	if (s->known)
		printf(tr("; %llu sent", "、転送済み%llu件"),
		    (unsigned long long)s->place.sent);
	if (s->place.skipped > 0)
		printf(tr(", %llu never sent", "、転送しない記録%llu件"),
		    (unsigned long long)s->place.skipped);
	putchar('\n');
}

static void
json_time(struct buf *out, const char *key, uint64_t usec,
    const struct site *site)
{
	char text[UTC_TEXT];

	buf_str(out, key);
	if (usec == 0)
		buf_str(out, "null");
	else
		json_quote(out,
		    span_str(utc_print((int64_t)usec, site->zone, text)));
}

void
status_forward_json(const struct status_forward *s, const struct site *site,
    struct buf *out)
{
	buf_str(out, "{\"name\":");
	json_quote(out, span_str(s->conf->name));
	buf_str(out, ",\"url\":");
	json_quote(out, span_str(s->conf->url));
	buf_printf(out, ",\"connected\":%s,\"why\":",
	    s->running && s->known && s->place.state == PROGRESS_UP ? "true"
								    : "false");
	json_quote(out, span_str(s->place.why));
	json_time(out, ",\"since\":", s->place.since, site);
	if (s->counted)
		buf_printf(out, ",\"behind\":%llu",
		    (unsigned long long)s->behind);
	else
		buf_str(out, ",\"behind\":null");
	json_time(out, ",\"oldest\":", s->oldest, site);
	buf_printf(out, ",\"sent\":%llu,\"never_sent\":%llu}",
	    (unsigned long long)s->place.sent,
	    (unsigned long long)s->place.skipped);
}
