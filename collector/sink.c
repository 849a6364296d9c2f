/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "collector/sink.h"

#include <stdio.h>
#include <string.h>

#include "common/hex.h"
#include "common/log.h"
#include "common/utc.h"

#define BUILD "konseki-collector/" PACKAGE_VERSION

/* What the writer before appended in memory and the disk never got. */
static int
predecessor(struct sink *s, uint64_t recovered)
{
	struct gap g = { .kind = GAP_WRITER_LOST,
		.bytes = GAP_UNKNOWN,
		.from = GAP_UNKNOWN };
	uint64_t before = estate_size(s->estate, s->number), now;

	if (before <= recovered)
		return 0;
	now = (uint64_t)utc_now();
	log_error(tr("log '%s': up to %llu records were lost with the writer",
		      "ログ「%s」: 書き込みプロセスとともに最大%llu件の記録が"
		      "失われました"),
	    s->conf->name, (unsigned long long)(before - recovered));
	g.count = before - recovered;
	g.until = now;
	return sink_gap(s, &g) == EVLOG_OK ? 0 : -1;
}

/* Whether anything is received or watched for it. */
static bool
is_fed(const struct sink *s, const struct site *site)
{
	size_t i;

	for (i = 0; i < site->n_listeners; i++)
		if (site->listeners[i].log == s->number)
			return true;
	for (i = 0; i < site->n_watches; i++)
		if (site->watches[i].log == s->number)
			return true;
	return false;
}

/* A collector that starts again was not there for a while; should the disk be
 * full just now, the b1 says it as well. */
static void
down(struct sink *s, const struct site *site)
{
	struct gap g = { .kind = GAP_DOWN,
		.count = GAP_UNKNOWN,
		.bytes = GAP_UNKNOWN,
		.from = evlog_stopped(s->log),
		.until = (uint64_t)utc_now() };

	if (g.from == 0 || estate_size(s->estate, s->number) != 0 ||
	    !is_fed(s, site))
		return;
	(void)sink_gap(s, &g);
}

int
sink_open(struct sink *s, const struct sink_options *opt)
{
	const struct site_log *conf = &opt->site->logs[opt->number];
	struct evlog_options o = { .dir = conf->dir,
		.signer = opt->signer,
		.workers = opt->workers,
		.level = conf->compression,
		.reserve = (uint64_t)opt->site->reserve_mib << 20,
		.cache = opt->site->cache,
		.build = BUILD,
		.program = opt->program,
		.sealed = opt->sealed,
		.writable = opt->writable,
		.cookie = opt->cookie };
	struct buf detail;
	enum evlog_err err;

	*s = (struct sink){ .conf = conf,
		.number = opt->number,
		.estate = opt->estate,
		.sums = estate_sums(opt->estate, opt->number) };
	o.counters = s->sums->counters;
	o.counters.received = sink_received(s);
	o.named = opt->named;
	memcpy(o.config, opt->site->sha256, sizeof(o.config));
	buf_init(&detail);
	err = evlog_open(&s->log, &o, &detail);
	if (err != EVLOG_OK) {
		log_error("%s: %s%s%s", conf->dir, evlog_strerror(err),
		    detail.len > 0 ? ": " : "", buf_cstr(&detail));
		if (err == EVLOG_ABSENT)
			log_error(
			    tr("is its disk mounted? On a new site 'konseki "
			       "init' makes it; if it is lost, "
			       "'konseki-collector --rekey LOG --reason TEXT' "
			       "makes a successor",
				"ディスクはマウントされていますか。新しい施設で"
				"は「konseki init」が作ります。失われたときは"
				"「konseki-collector --rekey ログ --reason 理由"
				"」で後継のログを作ってください"));
	} else if (detail.len > 0)
		log_warn("%s: %s", conf->dir, buf_cstr(&detail));
	if (evlog_is_over(err) && opt->over != NULL) {
		*opt->over = err;
		buf_printf(opt->found, "%s%s%s", evlog_strerror(err),
		    detail.len > 0 ? ": " : "", buf_cstr(&detail));
	}
	buf_fini(&detail);
	if (err != EVLOG_OK)
		return -1;
	if (predecessor(s, evlog_recovered(s->log)) != 0)
		return -1;
	down(s, opt->site);
	s->room = (struct room){ .percent = opt->site->disk_low_percent,
		.days = opt->site->disk_low_days };
	s->room_every = opt->site->disk_look_s * (uint64_t)UTC_SECOND;
	s->room_at = (uint64_t)utc_now() + s->room_every;
	return 0;
}

int
sink_close(struct sink *s)
{
	enum evlog_err err;
	uint64_t unwritten;

	(void)sink_tick(s); /* losses not yet recorded */
	buf_fini(&s->config);
	err = evlog_end(s->log, &unwritten);
	s->log = NULL;
	if (unwritten > 0)
		log_error(tr("log '%s': ALARM: the disk did not take the last "
			     "%llu records: they are lost",
			      "ログ「%s」: 警報: 最後の%llu件の記録をディスク"
			      "に書き込めず、失われました"),
		    s->conf->name, (unsigned long long)unwritten);
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
	return sink_append_files(s, r, NULL, 0, index);
}

enum evlog_err
sink_append_files(struct sink *s, const struct record *r,
    const struct evlog_file *file, size_t n, uint64_t *index)
{
	enum evlog_err err = n == 0
	    ? evlog_append(s->log, r, index)
	    : evlog_append_files(s->log, r, file, n, index);

	if (err == EVLOG_OK) {
		if (r->kind == RECORD_RECEIVED)
			s->sums->counters.accepted++;
		s->counted = true;
		estate_set_size(s->estate, s->number, evlog_size(s->log));
		return EVLOG_OK;
	}
	if (err == EVLOG_TOO_BIG || err == EVLOG_BAD_ARGUMENT)
		return err;
	return EVLOG_BUSY;
}

enum evlog_err
sink_gap(struct sink *s, const struct gap *g)
{
	struct record r = { .kind = RECORD_GAP, .rx = g->until };
	struct buf body;
	enum evlog_err err;

	buf_init(&body);
	gap_print(g, &body);
	r.body = buf_view(&body);
	err = sink_append(s, &r, NULL);
	buf_fini(&body);
	return err;
}

void
sink_lost(struct sink *s, const struct record *r)
{
	struct estate_sums *sums = s->sums;

	if (sums->lost++ == 0)
		sums->lost_from = r->rx;
	sums->lost_bytes += r->body.len;
	sums->lost_until = r->rx;
	sums->counters.queue_dropped++;
	s->counted = true;
}

static void
lost_record(struct sink *s)
{
	struct estate_sums *sums = s->sums;
	const struct gap g = { GAP_QUEUE_DROP, sums->lost, sums->lost_bytes,
		sums->lost_from, sums->lost_until };

	if (sums->lost == 0 || sink_gap(s, &g) != EVLOG_OK)
		return;
	log_error(tr("log '%s': %llu records could not be written",
		      "ログ「%s」: %llu件の記録を書き込めませんでした"),
	    s->conf->name, (unsigned long long)sums->lost);
	sums->lost = sums->lost_bytes = 0;
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
	else if (now == EVLOG_FULL && evlog_held(s->log))
		log_error(tr("log '%s': ALARM: the disk is full: what was "
			     "taken "
			     "is sealed in the reserve; nothing more is taken "
			     "until the reserve is whole again",
			      "ログ「%s」: 警報: ディスクの空きがありません。取"
			      "り込み済みの記録は予備領域で封印し、予備領域を再"
			      "び確保できるまで新たな記録は取り込みません"),
		    s->conf->name);
	else
		log_error(tr("log '%s': ALARM: it cannot be written or sealed: "
			     "%s; collecting goes on as long as there is room",
			      "ログ「%s」: 警報: 書き込みまたは封印ができませ"
			      "ん: %s。空きがある限り収集を続けます"),
		    s->conf->name, evlog_strerror(now));
}

/* What the log closed is not on the disk as it was written. */
static void
damage_report(struct sink *s)
{
	char expected[2 * SHA256_LEN + 1] = "-", found[sizeof(expected)] = "-";
	struct evlog_damage d;

	if (!evlog_readback(s->log, &d))
		return;
	if (d.known)
		hex_print(d.hash, SHA256_LEN, expected);
	if (d.error == 0)
		hex_print(d.found, SHA256_LEN, found);
	log_error(tr("log '%s': ALARM: %s/%s on the disk is not what was "
		     "written (SHA-256 expected %s, found %s: %s): leave it as "
		     "it is, check the disk, compare with the off-site copy",
		      "ログ「%s」: 警報: %s/%s の内容が書き込み時と異なります"
		      "（SHA-256 期待値 %s、実際 %s: %s）。ファイルはそのまま残"
		      "し、ディスクを点検して別保管の写しと照合してください"),
	    s->conf->name, s->conf->dir, d.file, expected, found,
	    d.error != 0 ? strerror(d.error)
			 : tr("read without error", "読み取りエラーなし"));
}

/* That there is little room is recorded while there is some. */
static void
room_record(struct sink *s, uint64_t room, uint64_t size, uint64_t now)
{
	struct gap g = { .kind = GAP_DISK_LOW,
		.count = GAP_UNKNOWN,
		.bytes = room,
		.from = now,
		.until = now };
	struct record r = { .kind = RECORD_GAP, .rx = now };
	struct buf body;

	buf_init(&body);
	gap_print(&g, &body);
	gap_word(&body, "size", size);
	gap_word(&body, "days", room_lasts(&s->room, now, room));
	r.body = buf_view(&body);
	/* If even that does not go in, the next look tries again. */
	if (sink_append(s, &r, NULL) != EVLOG_OK)
		s->room.low = false;
	buf_fini(&body);
}

/* usec until the next look. */
static uint64_t
room_tick(struct sink *s)
{
	uint64_t now = (uint64_t)utc_now(), room, size;

	if (now < s->room_at && s->room_at - now <= s->room_every)
		return s->room_at - now;
	s->room_at = now + s->room_every;
	if (evlog_disk(s->log, &room, &size) == 0 &&
	    room_look(&s->room, now, room, size))
		room_record(s, room, size, now);
	return s->room_every;
}

void
sink_show(struct sink *s, struct gauges_log *g)
{
	const struct evlog_counters *c = &s->sums->counters;
	uint64_t durable = evlog_durable(s->log);

	if (durable != s->durable) {
		gauge_set(&g->seals, ++s->seals);
		gauge_set(&g->sealed, (uint64_t)utc_now());
		gauge_set(&g->epochs_left, evlog_epochs_left(s->log));
	}
	s->durable = durable;
	gauge_set(&g->accepted, c->accepted);
	gauge_set(&g->size, evlog_size(s->log));
	gauge_set(&g->durable, durable);
	gauge_set(&g->fault, evlog_fault(s->log) != EVLOG_OK);
	gauge_set(&g->held, evlog_held(s->log));
	gauge_set(&g->kernel_dropped, c->kernel_dropped);
	gauge_set(&g->queue_dropped, c->queue_dropped);
	gauge_set(&g->refused, c->refused);
}

void
sink_config(struct sink *s, const uint8_t sha256[32], struct span words)
{
	memcpy(s->config_hash, sha256, SHA256_LEN);
	if (s->config.len > 0) /* the one before could not be recorded yet */
		buf_byte(&s->config, ' ');
	buf_span(&s->config, words);
	s->configured = true;
}

static void
config_record(struct sink *s)
{
	if (!s->configured ||
	    !evlog_set_config(s->log, s->config_hash, buf_view(&s->config)))
		return;
	s->configured = false;
	s->config.len = 0;
}

uint64_t
sink_received(const struct sink *s)
{
	const struct evlog_counters *c = &s->sums->counters;
	uint64_t least = c->accepted + c->queue_dropped;

	return c->received > least ? c->received : least;
}

uint64_t
sink_tick(struct sink *s)
{
	struct evlog_counters sums = s->sums->counters;
	uint64_t wait, room;

	lost_record(s);
	config_record(s);
	if (s->counted) {
		sums.received = sink_received(s);
		evlog_set_counters(s->log, &sums);
		s->counted = false;
	}
	room = room_tick(s);
	wait = evlog_tick(s->log);
	fault_report(s);
	damage_report(s);
	return room < wait ? room : wait;
}
