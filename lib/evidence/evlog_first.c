/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdio.h>

#include "common/io.h"
#include "evidence/evlog_priv.h"
#include "evidence/gap.h"
#include "evidence/outside.h"

/* The first records of a writer's run: what it found, and what it follows. */

/* The first b1 of a successor names the log before it. */
static void
put_before(const struct evlog *log, bool first, struct buf *body)
{
	const struct predecessor *p = &log->before;

	if (!first || p->origin[0] == '\0') {
		record_word(body, "successor", SPAN("-"));
		return;
	}
	record_word(body, "successor", span_str(p->origin));
	record_word(body, "why", span_str(predecessor_why_name(p->why)));
	record_word_u64(body, "size", p->size);
	record_word_hash(body, "root", p->root);
}

static void
put_b1(struct evlog *log, const struct evlog_found *found, uint64_t wall)
{
	uint64_t size = found->state.size, next = log->recovered;
	char text[64] = "-";
	struct buf body;

	log->stopped = found->last_rx;
	buf_init(&body);
	record_word(&body, "boot", span_str(log->boot));
	record_word(&body, "build", span_str(log->build));
	record_word_u64(&body, "recovered", size);
	if (next > size)
		snprintf(text, sizeof(text), "%llu-%llu",
		    (unsigned long long)size, (unsigned long long)next - 1);
	record_word(&body, "unsealed", span_str(text));
	if (next == 0)
		record_word(&body, "down", SPAN("-"));
	else
		record_word_u64(&body, "down",
		    wall > found->last_rx ? wall - found->last_rx : 0);
	put_before(log, next == 0, &body);
	if (log->opt.program != NULL)
		record_word_hash(&body, "program-sha256", log->opt.program);
	evlog_put_system(log, RECORD_BOOT, wall, buf_view(&body));
	buf_fini(&body);
}

static void
put_torn(struct evlog *log, const struct evlog_torn *t,
    const struct evlog_found *found, uint64_t wall)
{
	struct buf body;

	if (t->len == 0)
		return;
	buf_init(&body);
	record_word(&body, "kind", span_str(gap_name(GAP_TORN_TAIL)));
	record_word(&body, "stream", SPAN("-"));
	record_word(&body, "listener", SPAN("-"));
	record_word_u64(&body, "count", 0);
	record_word_u64(&body, "bytes", t->len);
	record_word_u64(&body, "from",
	    found->last_rx != 0 ? found->last_rx : wall);
	record_word_u64(&body, "until", wall);
	record_word(&body, "file", span_str(t->name));
	record_word_hash(&body, "sha256", t->hash);
	evlog_put_system(log, RECORD_GAP, wall, buf_view(&body));
	buf_fini(&body);
}

/* What proved the break from outside, if that did; the file is its maker's. */
static void
put_outside(struct evlog *log, struct buf *body)
{
	uint8_t hash[SHA256_LEN];
	struct outside o;
	struct buf text;

	buf_init(&text);
	if (io_read_file_at(log->dir, "outside", OUTSIDE_MAX, &text) == 0 &&
	    outside_parse(buf_view(&text), &o) == 0) {
		sha256(o.note, hash);
		record_word_u64(body, "outside-size", o.c.size);
		record_word_hash(body, "outside-root", o.c.root);
		record_word(body, "outside-from", span_str(o.from));
		record_word_hash(body, "outside-sha256", hash);
	} else if (text.len > 0 || errno != ENOENT)
		record_word(body, "outside-from", SPAN("-"));
	buf_fini(&text);
}

/* The break that a successor was made for: what of the other log is missing,
 * as far as it could be seen. */
static void
put_break(struct evlog *log, uint64_t wall)
{
	const struct predecessor *p = &log->before;
	struct buf body;

	buf_init(&body);
	record_word(&body, "kind", span_str(gap_name(GAP_LOG_BREAK)));
	record_word(&body, "stream", SPAN("-"));
	record_word(&body, "listener", SPAN("-"));
	record_word_u64(&body, "count", 0);
	record_word_u64(&body, "bytes", 0);
	record_word_u64(&body, "from", p->at);
	record_word_u64(&body, "until", wall);
	record_word(&body, "origin", span_str(p->origin));
	record_word_u64(&body, "size", p->size);
	record_word_hash(&body, "root", p->root);
	record_word(&body, "found", span_str(p->found));
	put_outside(log, &body);
	evlog_put_system(log, RECORD_GAP, wall, buf_view(&body));
	buf_fini(&body);
}

/* Whoever made new keys, and the reason given. */
static void
put_rekey(struct evlog *log, uint64_t wall)
{
	const struct predecessor *p = &log->before;
	struct buf body;

	buf_init(&body);
	record_word_u64(&body, "uid", p->uid);
	record_word(&body, "action", SPAN("rekey"));
	record_word_u64(&body, "at", p->at);
	record_word(&body, "reason", span_str(p->found));
	evlog_put_system(log, RECORD_OPERATOR, wall, buf_view(&body));
	buf_fini(&body);
}

void
evlog_first_config(struct evlog *log, uint64_t wall, struct span words)
{
	struct buf body;

	buf_init(&body);
	record_word_hash(&body, "sha256", log->own.config);
	record_word(&body, "file", SPAN("-"));
	if (words.len > 0)
		buf_byte(&body, ' ');
	buf_span(&body, words);
	evlog_put_system(log, RECORD_CONFIG, wall, buf_view(&body));
	buf_fini(&body);
	evlog_full(log);
}

void
evlog_first_records(struct evlog *log, const struct evlog_found *found,
    uint64_t wall)
{
	put_b1(log, found, wall);
	put_torn(log, &found->segment, found, wall);
	put_torn(log, &found->epochs, found, wall);
	if (log->recovered > 0 || log->before.origin[0] == '\0')
		return;
	if (log->before.why == PREDECESSOR_BREAK)
		put_break(log, wall);
	else if (log->before.why == PREDECESSOR_REKEY)
		put_rekey(log, wall);
}
