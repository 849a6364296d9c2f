/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "collector/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/gap.h"
#include "common/log.h"
#include "common/utc.h"

#define BUILD "konseki-collector/" PACKAGE_VERSION

/* Append a g1 record.  It is short: if even it does not go in, try later. */
static enum evlog_err
gap_append(struct sink *s, enum gap_kind kind, uint64_t count, uint64_t bytes,
    uint64_t from, uint64_t until)
{
	struct record r = { .kind = RECORD_GAP, .rx = until };
	struct buf body;
	enum evlog_err err;

	buf_init(&body);
	record_word(&body, "kind", span_str(gap_name(kind)));
	record_word(&body, "stream", SPAN("-"));
	record_word(&body, "listener", SPAN("-"));
	record_word_u64(&body, "count", count);
	record_word_u64(&body, "bytes", bytes);
	if (from == 0) /* not known */
		record_word(&body, "from", SPAN("-"));
	else
		record_word_u64(&body, "from", from);
	record_word_u64(&body, "until", until);
	r.body = buf_view(&body);
	err = sink_append(s, &r, NULL);
	buf_fini(&body);
	return err;
}

/* What the writer before appended in memory and the disk never got. */
static int
predecessor(struct sink *s, uint64_t recovered)
{
	uint64_t before = estate_size(s->estate, s->number), now;

	if (before <= recovered)
		return 0;
	now = (uint64_t)utc_now();
	log_error(tr("log '%s': up to %llu records were lost with the writer",
		      "ログ「%s」: 書き込みプロセスとともに最大%llu件の記録が"
		      "失われました"),
	    s->conf->name, (unsigned long long)(before - recovered));
	return gap_append(s, GAP_WRITER_LOST, before - recovered, 0, 0, now) ==
		EVLOG_OK
	    ? 0
	    : -1;
}

/* The log's own folder among what can be computed again. */
static char *
cache_of(const struct site *site, const struct site_log *conf)
{
	struct buf path;

	buf_init(&path);
	buf_printf(&path, "%s/%s", site->cache, conf->name);
	(void)buf_cstr(&path);
	return (char *)path.p;
}

int
sink_open(struct sink *s, const struct sink_options *opt)
{
	const struct site_log *conf = &opt->site->logs[opt->number];
	struct evlog_options o = { .dir = conf->dir,
		.signer = opt->signer,
		.workers = opt->workers,
		.level = conf->compression,
		.build = BUILD,
		.sealed = opt->sealed,
		.writable = opt->writable,
		.cookie = opt->cookie };
	struct buf detail;
	enum evlog_err err;

	*s = (struct sink){ .conf = conf,
		.number = opt->number,
		.estate = opt->estate,
		.cache = cache_of(opt->site, conf) };
	o.cache = s->cache;
	memcpy(o.config, opt->site->sha256, sizeof(o.config));
	buf_init(&detail);
	err = evlog_open(&s->log, &o, &detail);
	if (err != EVLOG_OK) {
		log_error("%s: %s%s%s", conf->dir, evlog_strerror(err),
		    detail.len > 0 ? ": " : "", buf_cstr(&detail));
		if (err == EVLOG_ABSENT)
			log_error(tr("run 'konseki init' first",
			    "先に「konseki init」を実行してください"));
	} else if (detail.len > 0)
		log_warn("%s: %s", conf->dir, buf_cstr(&detail));
	buf_fini(&detail);
	if (err != EVLOG_OK) {
		free(s->cache);
		return -1;
	}
	return predecessor(s, evlog_recovered(s->log));
}

int
sink_close(struct sink *s)
{
	enum evlog_err err;

	(void)sink_tick(s); /* losses not yet recorded */
	err = evlog_close(s->log);
	s->log = NULL;
	free(s->cache);
	if (err == EVLOG_OK)
		return 0;
	log_error(tr("log '%s': the final seal failed: %s",
		      "ログ「%s」: 最後の封印に失敗しました: %s"),
	    s->conf->name, evlog_strerror(err));
	return -1;
}

bool
sink_writable(struct sink *s, size_t len)
{
	return evlog_writable(s->log, len);
}

enum evlog_err
sink_append(struct sink *s, const struct record *r, uint64_t *index)
{
	enum evlog_err err = evlog_append(s->log, r, index);

	if (err == EVLOG_OK) {
		if (r->kind == RECORD_RECEIVED)
			s->counters.accepted++;
		s->counted = true;
		estate_set_size(s->estate, s->number, evlog_size(s->log));
		return EVLOG_OK;
	}
	if (err == EVLOG_TOO_BIG || err == EVLOG_BAD_ARGUMENT)
		return err;
	return EVLOG_BUSY;
}

void
sink_lost(struct sink *s, const struct record *r)
{
	if (s->lost++ == 0)
		s->lost_from = r->rx;
	s->lost_bytes += r->body.len;
	s->lost_until = r->rx;
	s->counters.queue_dropped++;
	s->counted = true;
}

static void
lost_record(struct sink *s)
{
	if (s->lost == 0)
		return;
	if (gap_append(s, GAP_QUEUE_DROP, s->lost, s->lost_bytes, s->lost_from,
		s->lost_until) != EVLOG_OK)
		return;
	log_error(tr("log '%s': %llu records could not be written",
		      "ログ「%s」: %llu件の記録を書き込めませんでした"),
	    s->conf->name, (unsigned long long)s->lost);
	s->lost = s->lost_bytes = 0;
}

static void
fault_report(struct sink *s)
{
	enum evlog_err now = evlog_fault(s->log);

	if (now == s->fault)
		return;
	s->fault = now;
	if (now == EVLOG_OK)
		log_info(tr("log '%s': it is sealed again",
			     "ログ「%s」: 封印を再開しました"),
		    s->conf->name);
	else
		log_error(tr("log '%s': ALARM: it cannot be written or sealed: "
			     "%s; collecting goes on as long as there is room",
			      "ログ「%s」: 警報: 書き込みまたは封印ができませ"
			      "ん: %s。空きがある限り収集を続けます"),
		    s->conf->name, evlog_strerror(now));
}

uint64_t
sink_tick(struct sink *s)
{
	uint64_t wait;

	lost_record(s);
	if (s->counted) {
		evlog_set_counters(s->log, &s->counters);
		s->counted = false;
	}
	wait = evlog_tick(s->log);
	fault_report(s);
	return wait;
}
