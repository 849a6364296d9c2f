/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evlog.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "common/log.h"
#include "common/utc.h"
#include "evidence/evlog_priv.h"
#include "evidence/segment.h"

/*
 * The owner's part of the writer: it frames records into the open chunk and
 * hands the chunk on when it is full or a seal asks.  It waits for nobody.
 */
#define EVLOG_SPARE 6000u	 /* usec to fill a member: some 40 MB/s */
#define EVLOG_SPARE_ASKED 60000u /* while somebody waits for seals: 4 MB/s */

const char *
evlog_strerror(enum evlog_err e)
{
	switch (e) {
#define EVLOG_ERR(id, en, ja)                                                  \
	case EVLOG_##id:                                                       \
		return tr(en, ja);
#include "evidence/evlog_err_tbl.h"
#undef EVLOG_ERR
	}
	return tr("not an error of logs", "ログのエラーではありません");
}

bool
evlog_is_over(enum evlog_err e)
{
	return e == EVLOG_BREAK || e == EVLOG_BAD_LOG || e == EVLOG_EXHAUSTED;
}

uint32_t
evlog_epochs(const struct evlog *log)
{
	return UINT32_C(1) << log->file.height;
}

uint32_t
evlog_epochs_left(const struct evlog *log)
{
	return evlog_epochs(log) - 1 - log->own.epoch.number;
}

void
evlog_clock(struct evlog *log, uint64_t *wall, uint64_t *mono)
{
	struct timespec ts;

	if (log->opt.clock != NULL) {
		log->opt.clock(log->opt.cookie, wall, mono);
		return;
	}
	*wall = (uint64_t)utc_now();
	clock_gettime(CLOCK_BOOTTIME, &ts);
	*mono = (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000u;
}

bool
evlog_room(const struct evlog *log, unsigned chunks)
{
	return log->n_free >= chunks;
}

bool
evlog_fits(const struct evlog *log, size_t len)
{
	return evlog_room(log, EVLOG_RESERVE) &&
	    log->in_flight + len <= EVLOG_QUEUE_MAX;
}

bool
evlog_held(const struct evlog *log)
{
	return log->held;
}

bool
evlog_takes(const struct evlog *log, size_t len)
{
	return !log->held && evlog_fits(log, len);
}

/* If not, ask to be woken, then look once more: room may have come. */
bool
evlog_writable(struct evlog *log, size_t len)
{
	if (evlog_takes(log, len))
		return true;
	log->wanted = true;
	if (!evlog_takes(log, len))
		return false;
	log->wanted = false;
	return true;
}

/*
 * Tight packing costs some eight times what fast packing does: it is for when
 * the last member took its time to fill and nothing waits.  Who waits for a
 * seal waits for the packing before it.
 */
static unsigned
member_level(struct evlog *log)
{
	uint64_t wall, mono, took;
	unsigned spare = log->own.asked ? EVLOG_SPARE_ASKED : EVLOG_SPARE;

	if (log->opt.level != 0)
		return log->opt.level;
	evlog_clock(log, &wall, &mono);
	took = mono - log->own.member_began;
	log->own.member_began = mono;
	log->own.asked = false;
	return took < spare || log->in_flight > MEMBER_CLOSE ? 1 : 6;
}

/* Header line and m1, whose hash of the manifest the committer fills in. */
static void
segment_begin(struct evlog *log, struct evlog_chunk *c)
{
	static const char previous[] = " previous="
				       "00000000000000000000000000000000"
				       "00000000000000000000000000000000";
	struct evlog_owner *o = &log->own;
	struct segment_head head = { .number = o->segment, .first = o->next };
	uint64_t wall, mono;
	struct buf body;

	evlog_clock(log, &wall, &mono);
	o->day = wall / (uint64_t)UTC_DAY;
	o->opens = false;
	c->opens = true;
	c->segment = o->segment;
	if (o->file[0] != '\0') /* recovery found it begun and not written */
		memcpy(c->file, o->file, sizeof(c->file));
	else
		manifest_file_print(o->next, wall, c->file);
	o->file[0] = '\0';
	memcpy(head.origin, log->file.key.name, sizeof(head.origin) - 1);
	memcpy(head.salt, o->salt, RECORD_SALT);
	segment_head_print(&head, &c->bytes);
	o->member_len += c->bytes.len;
	o->segment_len += c->bytes.len;
	buf_init(&body);
	record_word_u64(&body, "segment", o->segment);
	buf_str(&body, previous);
	evlog_put_system(log, RECORD_SEGMENT, wall, buf_view(&body));
	c->previous_at = c->bytes.len - 1 - 2 * SHA256_LEN;
	buf_fini(&body);
}

struct evlog_chunk *
evlog_chunk(struct evlog *log)
{
	struct evlog_owner *o = &log->own;
	struct evlog_chunk *c = o->chunk;

	if (c != NULL)
		return c;
	if ((c = o->chunk = evlog_chunk_get(log)) == NULL)
		abort(); /* the caller asked for room */
	c->first = o->next;
	c->begins = o->member_len == 0;
	if (c->begins)
		c->level = member_level(log);
	if (o->opens &&
	    getrandom(o->salt, sizeof(o->salt), 0) != sizeof(o->salt))
		abort();
	memcpy(c->salt, o->salt, RECORD_SALT);
	evlog_tile_point(log, c);
	if (o->opens)
		segment_begin(log, c);
	return c;
}

void
evlog_put(struct evlog *log, const struct record *r, uint64_t seq)
{
	struct evlog_owner *o = &log->own;
	struct evlog_chunk *c = evlog_chunk(log);
	size_t len = c->bytes.len;

	evlog_chunk_append(c, r, seq);
	len = c->bytes.len - len;
	o->next++;
	o->segment_len += len;
	o->member_len += len;
	if (o->member_len >= MEMBER_CLOSE)
		c->ends = true;
}

void
evlog_put_system(struct evlog *log, enum record_kind kind, uint64_t rx,
    struct span body)
{
	struct record r = { .kind = kind, .rx = rx, .body = body };

	evlog_put(log, &r, 0);
}

void
evlog_dirty(struct evlog *log, uint64_t mono)
{
	if (log->own.dirty_at == 0)
		log->own.dirty_at = mono;
}

void
evlog_full(struct evlog *log)
{
	if (log->own.chunk != NULL && log->own.chunk->ends)
		evlog_submit(log);
}

void
evlog_submit(struct evlog *log)
{
	struct evlog_owner *o = &log->own;
	struct evlog_chunk *c = o->chunk;

	o->chunk = NULL;
	if (c->bytes.len > 0)
		c->serial = ++o->serial;
	if (c->ends)
		o->member_len = 0;
	if (c->closes) {
		o->segment++;
		o->segment_len = 0;
		o->point_at = segidx_step(0);
		o->opens = true;
	}
	evlog_commit_add(log, c);
}

static enum evlog_err
append_check(const struct record *r)
{
	switch (r->kind) {
	case RECORD_RECEIVED:
		if (r->flags > 15 || r->rx > RECORD_RX_MAX)
			return EVLOG_BAD_ARGUMENT;
		return r->body.len > RECORD_BODY_MAX ? EVLOG_TOO_BIG : EVLOG_OK;
	case RECORD_GAP:
	case RECORD_CONFIG:
	case RECORD_OPERATOR:
	case RECORD_DELETION:
	case RECORD_TOKEN:
	case RECORD_COSIGNATURE:
		if (r->stream != 0 || r->flags != 0 || r->port != 0 ||
		    r->rx > RECORD_RX_MAX)
			return EVLOG_BAD_ARGUMENT;
		return r->body.len > RECORD_SYSTEM_MAX ? EVLOG_TOO_BIG
						       : EVLOG_OK;
	case RECORD_SEGMENT:
	case RECORD_BOOT:
	case RECORD_EPOCH:
	case RECORD_SEAL:
	case RECORD_STREAM:
	case RECORD_KIND_COUNT:
		break;
	}
	return EVLOG_BAD_ARGUMENT;
}

/*
 * held: as it was before gaps were recorded, so that the end of the time in
 * which nothing was taken stands before what is taken next.
 */
static bool
append_may(struct evlog *log, const struct record *r, bool held)
{
	if (r->kind == RECORD_GAP && evlog_fits(log, r->body.len))
		return true;
	/* Few and short: a flood of received records must not keep them out. */
	if (r->kind != RECORD_RECEIVED && !held &&
	    evlog_room(log, EVLOG_RESERVE - 2) &&
	    log->in_flight <= EVLOG_QUEUE_MAX)
		return true;
	return evlog_writable(log, r->body.len) && !held;
}

enum evlog_err
evlog_append(struct evlog *log, const struct record *r, uint64_t *index)
{
	struct evlog_owner *o = &log->own;
	struct record copy = *r;
	struct evlog_stream *s = NULL;
	uint64_t wall, seq = 0;
	bool held = log->held;
	enum evlog_err err;

	if ((err = append_check(r)) != EVLOG_OK)
		return err;
	if (evlog_seal_asked(log))
		evlog_seal_poll(log);
	if (!append_may(log, r, held))
		return log->fault == EVLOG_FULL ? EVLOG_FULL : EVLOG_BUSY;
	if (r->kind == RECORD_RECEIVED &&
	    (s = evlog_stream_use(log, r->stream)) == NULL)
		return EVLOG_BAD_ARGUMENT;
	evlog_seal_late(log, r->rx);
	evlog_chunk(log); /* before the stream goes on: it may name it */
	if (s != NULL) {
		if (!s->udp || copy.port == s->port)
			copy.port = 0;
		else if (copy.port != 0)
			s->port = copy.port;
		seq = s->next++;
	}
	if (index != NULL)
		*index = o->next;
	evlog_put(log, &copy, seq);
	if (o->dirty_at == 0)
		evlog_clock(log, &wall, &o->dirty_at);
	if (o->segment_len >= EVLOG_SEGMENT_MAX)
		o->want_rotate = true;
	evlog_full(log);
	return EVLOG_OK;
}

/* If a seal hands that chunk on first, the files are the earlier. */
enum evlog_err
evlog_append_files(struct evlog *log, const struct record *r,
    const struct evlog_file *file, size_t n, uint64_t *index)
{
	struct evlog_chunk *c;
	enum evlog_err err;
	size_t i;

	if ((err = append_check(r)) != EVLOG_OK)
		return err;
	if (!append_may(log, r, log->held))
		return log->fault == EVLOG_FULL ? EVLOG_FULL : EVLOG_BUSY;
	c = evlog_chunk(log);
	for (i = 0; i < n; i++)
		evlog_chunk_attach(c, &file[i]);
	return evlog_append(log, r, index);
}

void
evlog_set_counters(struct evlog *log, const struct evlog_counters *c)
{
	log->own.counters = *c;
}

uint64_t
evlog_recovered(const struct evlog *log)
{
	return log->recovered;
}

uint64_t
evlog_stopped(const struct evlog *log)
{
	return log->stopped;
}

uint64_t
evlog_size(const struct evlog *log)
{
	return log->own.next;
}

uint64_t
evlog_durable(const struct evlog *log)
{
	return log->durable;
}

const char *
evlog_origin(const struct evlog *log)
{
	return log->file.key.name;
}

enum evlog_err
evlog_fault(struct evlog *log)
{
	return (enum evlog_err)log->fault;
}
