/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A stream keeps the place of its sender's row, so that a record costs a few
 * additions.  A row that is given to another gets another serial number, by
 * which the streams notice.
 */
#include "collector/talkers.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/seed.h"
#include "collector/silence.h"
#include "common/io.h"
#include "common/log.h"
#include "common/pool.h"
#include "common/utc.h"
#include "evidence/record.h"

#define BUCKETS 8192u /* a power of two */
#define SECOND (uint64_t) UTC_SECOND

struct talkers {
	const char *cache; /* folder */
	uint64_t seed;
	size_t n;
	uint32_t serial; /* of the last row that was given out */
	struct talker row[TALKER_MAX];
	uint32_t same[TALKER_MAX]; /* the next in the bucket, plus 1 */
	uint32_t bucket[BUCKETS];  /* the first, plus 1 */
	struct talker_head head;
	uint64_t searched;	/* usec: when there was no row last */
	uint64_t looked, shown; /* usec */
	bool changed;
	bool unshown; /* since it was shown last */
	bool fresh;   /* somebody is in it who is not in the file */
	struct pool *pool;
	struct { /* the writing: the pool's while busy */
		struct pool_job job;
		struct buf text;
		const char *cache;
		atomic_bool over;
		bool busy;
	} save;
};

/* --- the table ---------------------------------------------------------------
 */

static uint32_t *
bucket(struct talkers *t, const struct talker *k)
{
	uint64_t h = seed_text(t->seed, k->peer);

	h = seed_text(h, k->listener);
	return &t->bucket[seed_text(h, k->name) >> 40 & (BUCKETS - 1)];
}

static bool
is(const struct talker *a, const struct talker *b)
{
	return strcmp(a->peer, b->peer) == 0 &&
	    strcmp(a->listener, b->listener) == 0 &&
	    strcmp(a->name, b->name) == 0 &&
	    strcmp(a->transport, b->transport) == 0 &&
	    strcmp(a->log, b->log) == 0;
}

static struct talker *
find(struct talkers *t, const struct talker *k)
{
	uint32_t i;

	for (i = *bucket(t, k); i != 0; i = t->same[i - 1])
		if (is(&t->row[i - 1], k))
			return &t->row[i - 1];
	return NULL;
}

static void
forget(struct talkers *t, uint32_t row)
{
	uint32_t *p = bucket(t, &t->row[row]);

	while (*p != row + 1)
		p = &t->same[*p - 1];
	*p = t->same[row];
}

/* The row of whoever is missed least, or TALKER_MAX. */
static uint32_t
spare(struct talkers *t, uint64_t now)
{
	uint32_t i, least = TALKER_MAX;

	if (now >= t->searched && now < t->searched + SECOND)
		return TALKER_MAX;
	for (i = 0; i < TALKER_MAX; i++)
		if (t->row[i].last + TALKERS_SPARE * SECOND < now &&
		    (least == TALKER_MAX ||
			t->row[i].records < t->row[least].records))
			least = i;
	if (least == TALKER_MAX)
		t->searched = now;
	else
		forget(t, least);
	return least;
}

static struct talker *
add(struct talkers *t, const struct talker *k, uint64_t now)
{
	uint32_t i = t->n < TALKER_MAX ? (uint32_t)t->n++ : spare(t, now);
	uint32_t *b;

	if (i == TALKER_MAX)
		return NULL;
	t->row[i] = *k;
	t->row[i].serial = ++t->serial;
	b = bucket(t, k);
	t->same[i] = *b;
	*b = i + 1;
	t->fresh = true;
	return &t->row[i];
}

/* A word of a stream; what is too long for its row is cut. */
static void
word(struct span words, const char *key, char *out, size_t size)
{
	struct buf value;
	size_t len;

	buf_init(&value);
	out[0] = '\0';
	if (record_word_get(words, key, &value) == 1 &&
	    (value.len == 0 || memchr(value.p, 0, value.len) == NULL)) {
		len = value.len < size ? value.len : size - 1;
		if (len > 0)
			memcpy(out, value.p, len);
		out[len] = '\0';
	}
	buf_fini(&value);
}

/* It is the row of one who is not let in. */
static void
refused(struct talker *k)
{
	strcpy(k->transport, TALKER_REFUSED);
	k->name[0] = '\0';
}

static struct talker *
look(struct talkers *t, const char *log, struct span words, uint64_t now)
{
	struct talker k = { .first = 0 }, *row;

	word(words, "listener", k.listener, sizeof(k.listener));
	word(words, "transport", k.transport, sizeof(k.transport));
	word(words, "peer", k.peer, sizeof(k.peer));
	word(words, "name", k.name, sizeof(k.name));
	word(words, "framing", k.framing, sizeof(k.framing));
	snprintf(k.log, sizeof(k.log), "%s", log);
	if (strcmp(k.transport, "tcp") == 0 && strcmp(k.framing, "raw") == 0) {
		refused(&k);
		strcpy(k.why, "tls-on-plain");
	}
	row = find(t, &k);
	if (row == NULL)
		return add(t, &k, now);
	memcpy(row->framing, k.framing, sizeof(k.framing));
	memcpy(row->why, k.why, sizeof(k.why));
	return row;
}

/* What a session without RELP said first: his g1 counts him, as refused. */
static bool
is_no_relp(const struct ringmsg *m, struct span words)
{
	char protocol[8];

	if ((m->flags & RECORD_PARTIAL) == 0)
		return false;
	word(words, "protocol", protocol, sizeof(protocol));
	return strcmp(protocol, "relp") == 0;
}

void
talkers_count(struct talkers *t, struct talkers_ref *ref, const char *log,
    struct span words, const struct ringmsg *m)
{
	t->changed = t->unshown = true;
	if (!talkers_know(ref)) {
		if (is_no_relp(m, words))
			return;
		ref->row = look(t, log, words, m->rx);
		if (ref->row == NULL) {
			t->head.other_records++;
			t->head.other_bytes += m->body.len;
			return;
		}
		ref->serial = ref->row->serial;
	}
	talker_count(ref->row, m->rx, m->body.len);
}

/*
 * Why a g1 of that kind means that he was not let in; false: it does not.  One
 * that we ended is not refused, nor a session that goes on.
 */
static bool
refusal(enum gap_kind kind, struct span words, char *why, size_t size)
{
	char cause[32];

	word(words, kind == GAP_TLS_HANDSHAKE ? "cause" : "why", cause,
	    sizeof(cause));
	snprintf(why, size, "%s%s",
	    kind == GAP_TLS_HANDSHAKE	     ? "tls-"
		: kind == GAP_RELP_ERROR     ? "relp-"
		: kind == GAP_REFUSED_SOURCE ? "not-allowed"
					     : "",
	    kind == GAP_REFUSED_SOURCE ? "" : cause);
	return kind == GAP_REFUSED_SOURCE ||
	    (kind == GAP_TLS_HANDSHAKE && strcmp(cause, "stopped") != 0 &&
		strcmp(cause, "listener-removed") != 0) ||
	    (kind == GAP_RELP_ERROR && strcmp(cause, "unknown-command") != 0 &&
		strcmp(cause, "txnr") != 0);
}

/* The row of who is taken, by log, listener and address alone. */
static struct talker *
taken(struct talkers *t, const struct talker *k)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->row[i].peer, k->peer) == 0 &&
		    strcmp(t->row[i].listener, k->listener) == 0 &&
		    strcmp(t->row[i].log, k->log) == 0 &&
		    !talker_is_refused(&t->row[i]))
			return &t->row[i];
	return NULL;
}

/* Strangers are shown as long as they take no more than half of the table. */
static struct talker *
turned_away(struct talkers *t, const struct talker *k, uint64_t until)
{
	struct talker *row = find(t, k);

	if (row == NULL && t->n < TALKER_MAX / 2)
		row = add(t, k, until);
	if (row != NULL)
		memcpy(row->why, k->why, sizeof(k->why));
	return row;
}

/* Of several at a time a g1 names the last. */
static bool
is_of_several(struct span words)
{
	char peer[sizeof(((struct talker *)0)->peer)];
	uint64_t senders;

	word(words, "most", peer, sizeof(peer));
	return peer[0] != '\0' ||
	    record_word_get_u64(words, "senders", &senders) != 0;
}

void
talkers_lost(struct talkers *t, const struct talkers_ref *ref, const char *log,
    enum gap_kind kind, struct span words)
{
	struct talker k = { .first = 0 }, *row;
	uint64_t count, bytes, until;
	size_t place = talker_loss_place(kind);
	bool away;

	if (place == TALKER_LOSSES || is_of_several(words))
		return;
	word(words, "listener", k.listener, sizeof(k.listener));
	word(words, "peer", k.peer, sizeof(k.peer));
	snprintf(k.log, sizeof(k.log), "%s", log);
	if (k.peer[0] == '\0' || strcmp(k.peer, "-") == 0 ||
	    record_word_get_u64(words, "count", &count) != 1 || count == 0 ||
	    record_word_get_u64(words, "until", &until) != 1)
		return;
	if (record_word_get_u64(words, "bytes", &bytes) != 1)
		bytes = 0; /* it may not be known */
	away = refusal(kind, words, k.why, sizeof(k.why));
	if (away) {
		refused(&k);
		row = turned_away(t, &k, until);
	} else
		row =
		    ref != NULL && talkers_know(ref) ? ref->row : taken(t, &k);
	if (row == NULL)
		return;
	if (away)
		talker_refuse(row, until, count, bytes);
	row->lost[place] += count;
	t->changed = t->unshown = true;
}

/* --- the file ----------------------------------------------------------------
 */

/* Nobody listened from the last writing of the table on. */
static void
was_away(struct talker *k, uint64_t saved, uint64_t now)
{
	uint64_t from = saved > k->last ? saved : k->last;

	if (now > from)
		k->away += now - from;
}

static void
load(struct talkers *t)
{
	uint64_t now = (uint64_t)utc_now();
	char path[4096];
	struct talker_reader r;
	struct talker k;
	struct buf text;
	int got;

	buf_init(&text);
	if (io_join(path, sizeof(path), t->cache, TALKER_FILE) == 0 &&
	    io_read_file(path, TALKER_FILE_MAX, &text) == 0) {
		(void)talker_begin(&r, buf_view(&text)); /* or from nothing */
		t->head = r.head;
		while (t->n < TALKER_MAX && (got = talker_next(&r, &k)) != 0)
			if (got == 1 && find(t, &k) == NULL) {
				was_away(&k, r.head.saved, now);
				(void)add(t, &k, 0); /* there is room */
			}
	}
	buf_fini(&text);
}

struct talkers *
talkers_new(const struct site *site)
{
	struct talkers *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->cache = t->save.cache = site->cache;
	t->seed = seed_new(t);
	buf_init(&t->save.text);
	load(t);
	if (t->head.since == 0)
		t->head.since = (uint64_t)utc_now();
	t->changed = true;
	t->fresh = false;
	t->pool = pool_new(1);
	return t;
}

/* In the thread. */
static void
save_run(void *arg)
{
	struct talkers *t = arg;
	int dir = open(t->save.cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 ||
	    io_replace_at(dir, TALKER_FILE, 0640, buf_view(&t->save.text)) != 0)
		log_errno("%s/%s", t->save.cache, TALKER_FILE);
	if (dir >= 0)
		close(dir);
	atomic_store(&t->save.over, true);
}

static void
save(struct talkers *t, uint64_t now)
{
	size_t i;

	t->head.saved = now;
	t->changed = t->fresh = false;
	t->save.text.len = 0;
	talker_print_head(&t->head, &t->save.text);
	for (i = 0; i < t->n; i++)
		talker_print(&t->row[i], &t->save.text);
	t->save.busy = true;
	atomic_store(&t->save.over, false);
	t->save.job = (struct pool_job){ .run = save_run, .arg = t };
	pool_add(t->pool, &t->save.job);
}

static void
save_wait(struct talkers *t)
{
	if (t->save.busy)
		pool_wait(t->pool, &t->save.job);
	t->save.busy = false;
}

static uint64_t
save_tick(struct talkers *t, uint64_t now)
{
	unsigned every = t->fresh ? TALKERS_NEW
	    : t->changed	  ? TALKERS_SAVE
				  : TALKERS_IDLE;
	uint64_t due;

	if (t->save.busy && !atomic_load(&t->save.over))
		return SECOND; /* the disk is slow: later */
	save_wait(t);
	due = t->head.saved + every * SECOND;
	if (now >= t->head.saved && now < due)
		return due - now;
	save(t, now);
	return TALKERS_NEW * SECOND;
}

/* Whether so many seconds have gone by since then; a clock may be set. */
static bool
is_due(uint64_t then, unsigned seconds, uint64_t now)
{
	return now < then || now >= then + seconds * SECOND;
}

uint64_t
talkers_tick(struct talkers *t, const struct site *site, struct gauges *g)
{
	uint64_t now = (uint64_t)utc_now(), wait = save_tick(t, now);
	bool look = is_due(t->looked, TALKERS_LOOK, now);
	size_t silent, shown;

	if (look) {
		t->looked = now;
		silent = silence_look(t->row, t->n, site, now);
		if (g != NULL)
			gauge_set(&g->writer.sources_silent, silent);
	}
	if (g != NULL && (look || (t->unshown && is_due(t->shown, 1, now)))) {
		t->shown = now;
		t->unshown = false;
		shown = roster_show(&g->writer.roster, t->row, t->n, site, now);
		gauge_set(&g->writer.sources, t->n);
		gauge_set(&g->writer.sources_left_out, t->n - shown);
	}
	return t->unshown && wait > SECOND ? SECOND : wait;
}

void
talkers_free(struct talkers *t)
{
	if (t == NULL)
		return;
	save_wait(t);
	save(t, (uint64_t)utc_now());
	save_wait(t);
	pool_free(t->pool);
	buf_fini(&t->save.text);
	free(t);
}
