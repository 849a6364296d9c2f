/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evread.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/logdir.h"
#include "evidence/logfile.h"
#include "evidence/segread.h"

/*
 * The reader stands in one segment and goes from record to record; the next
 * segment is looked for when this one ends.  Streams outlive segments: each
 * segment's table points at the reader's by stream->user.
 */
struct evread {
	struct logdir dir;
	struct arena *arena;	/* what d1 records say */
	struct evstreams *live; /* user: struct evread_stream */
	bool leaves;
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size, index; /* index: of the next record to give out */
	uint8_t root[SHA256_LEN];
	struct segread *in;
	bool open;			 /* in is in a segment */
	const struct segment_head *head; /* its; NULL until that is seen to be
					  * the one of its place */
	struct segment_record rec;	 /* read last */
	char path[MANIFEST_FILE];	 /* its file */
	bool exact;			 /* the next to open begins at index */
	bool again;			 /* it was opened a second time */
	struct buf text;		 /* scratch */
	char *path_of_log;
	struct evread_gaps gaps;
	uint64_t until;	 /* of evread_bound() */
	bool confirming; /* looks for x1 records only */
};

static int
evread_fail(const char *file, const char *what, struct buf *why)
{
	buf_printf(why, "%s: %s", file, what);
	return -1;
}

/* A log whose first seal is not yet written has a description only. */
static int
evread_load_pin(struct evread *r, struct buf *why)
{
	struct logfile l;
	unsigned line;

	r->text.len = 0;
	if (logdir_read(&r->dir, "log", LOGFILE_MAX, &r->text) != 0)
		return evread_fail("log", strerror(errno), why);
	if (logfile_parse(buf_view(&r->text), &l, &line) != 0)
		return evread_fail("log",
		    tr("not the description of a log",
			"ログの記述ファイルではありません"),
		    why);
	memcpy(r->origin, l.key.name, sizeof(r->origin));
	sha256(SPAN(""), r->root);
	return 0;
}

/* 1 if the checkpoint is larger than the one known, 0 if not, -1. */
static int
evread_load(struct evread *r, struct buf *why)
{
	struct checkpoint c;
	struct note note;
	enum note_err e;

	r->text.len = 0;
	if (logdir_read(&r->dir, "checkpoint", NOTE_MAX, &r->text) != 0) {
		if (errno == ENOENT && r->size == 0)
			return evread_load_pin(r, why);
		return evread_fail("checkpoint", strerror(errno), why);
	}
	if ((e = checkpoint_read(buf_view(&r->text), &note, &c)) != NOTE_OK)
		return evread_fail("checkpoint", note_strerror(e), why);
	if (c.size < r->size)
		return evread_fail("checkpoint",
		    tr("smaller than it was: the log was rolled back",
			"以前より小さくなっています。ログが巻き戻されました"),
		    why);
	memcpy(r->origin, c.origin.p, c.origin.len);
	r->origin[c.origin.len] = '\0';
	memcpy(r->root, c.root, SHA256_LEN);
	if (c.size == r->size)
		return 0;
	r->size = c.size;
	return 1;
}

int
evread_open(struct evread **out, const char *dir, bool leaves, struct buf *why)
{
	struct evread *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	buf_init(&r->text);
	r->leaves = leaves;
	r->until = UINT64_MAX;
	if ((r->path_of_log = strdup(dir)) == NULL)
		abort();
	r->arena = arena_new();
	r->live = evstreams_new();
	r->in = segread_new();
	if (logdir_open(&r->dir, dir) != 0) {
		evread_fail(dir, strerror(errno), why);
		evread_close(r);
		return -1;
	}
	if (evread_load(r, why) < 0) {
		evread_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

void
evread_close(struct evread *r)
{
	if (r == NULL)
		return;
	segread_free(r->in);
	evstreams_free(r->live);
	arena_free(r->arena);
	logdir_close(&r->dir);
	buf_fini(&r->text);
	free(r->path_of_log);
	evread_gaps_fini(&r->gaps);
	free(r);
}

void
evread_borrow(struct evread *r, struct lend *from)
{
	segread_borrow(r->in, from);
}

const struct evread_gaps *
evread_gaps(const struct evread *r)
{
	return &r->gaps;
}

const char *
evread_origin(const struct evread *r)
{
	return r->origin;
}

uint64_t
evread_size(const struct evread *r)
{
	return r->size;
}

const uint8_t *
evread_root(const struct evread *r)
{
	return r->root;
}

int
evread_refresh(struct evread *r, struct buf *why)
{
	return evread_load(r, why);
}

/* "file: at byte n, record i: what" */
static int
evread_fail_at(struct evread *r, const char *what, struct buf *why)
{
	struct segment_place p;

	segment_place(segread_segment(r->in), &p);
	buf_printf(why,
	    tr("%s: in the member at byte %" PRIu64 ", record %" PRIu64 ": %s",
		"%s: %" PRIu64 "バイト目からのメンバー、記録%" PRIu64 ": %s"),
	    r->path, p.member, p.index, what);
	return -1;
}

/* Pass over a segment whose manifest is here and whose file is not. */
static int
evread_skip(struct evread *r, struct buf *why)
{
	struct manifest m;
	uint8_t hash[SHA256_LEN];

	if (logdir_manifest_find(&r->dir, r->index, &m, hash) != 0 ||
	    strcmp(m.origin, r->origin) != 0 || m.last >= r->size)
		return evread_fail("segments",
		    tr("the segment with the next record is not here",
			"次の記録のセグメントがありません"),
		    why);
	evread_gap_add(&r->gaps, &m, hash);
	evstreams_clear(r->live);
	r->index = m.last + 1;
	r->exact = true;
	return 0;
}

/*
 * Open the segment that holds r->index: the last that begins at or before.
 * r->open stays false if it was passed over.
 */
static int
evread_enter(struct evread *r, struct buf *why)
{
	const char *name;
	size_t lo = 0, hi;
	int fd;

	if (logdir_list_segments(&r->dir, NULL, NULL, &name) != 0)
		return evread_fail(name, strerror(errno), why);
	for (hi = r->dir.n_segments; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->dir.segments[mid].first <= r->index)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || (r->exact && r->dir.segments[lo - 1].first != r->index))
		return evread_skip(r, why);
	logdir_path(&r->dir, lo - 1, r->path);
	if ((fd = logdir_open_file(&r->dir, r->path)) < 0)
		return errno == ENOENT /* since it was listed */
		    ? evread_skip(r, why)
		    : evread_fail(r->path, strerror(errno), why);
	segread_begin(r->in, fd, UINT64_MAX, NULL);
	r->open = true;
	r->head = NULL;
	return 0;
}

static struct span
evread_word(struct evread *r, struct span body, const char *key)
{
	r->text.len = 0;
	if (record_word_get(body, key, &r->text) != 1)
		return span_make(NULL, 0);
	return arena_copy(r->arena, buf_view(&r->text));
}

/* A d1: what it says is kept once, however often segments repeat it. */
static __attribute__((noinline)) void
evread_define(struct evread *r, const struct segment_record *rec)
{
	struct evstream *own = evstreams_put(r->live, rec->stream->number);
	struct evread_stream *s = own == NULL ? NULL : own->user;
	struct span body = rec->r.body;

	if (s == NULL || s->next != rec->stream->next) {
		s = arena_alloc(r->arena, sizeof(*s));
		s->number = rec->stream->number;
		s->words = arena_copy(r->arena, body);
		s->listener = evread_word(r, body, "listener");
		s->transport = evread_word(r, body, "transport");
		s->peer = evread_word(r, body, "peer");
		s->file = evread_word(r, body, "file");
		s->replay = span_is(evread_word(r, body, "replay"), "yes");
	}
	s->framing = rec->stream->framing;
	s->next = rec->stream->next;
	s->defined = rec->index;
	s->port = rec->stream->port;
	rec->stream->user = s;
	if (own != NULL)
		own->user = s;
}

/* Take notice of a record, whether it is given out or passed over. */
static void
evread_note(struct evread *r, const struct segment_record *rec)
{
	struct evread_stream *s;

	if (rec->r.kind == RECORD_RECEIVED) {
		s = rec->stream->user;
		s->next = rec->stream->next;
		s->port = rec->stream->port;
	} else if (rec->r.kind == RECORD_STREAM) {
		if (rec->ended)
			evstreams_remove(r->live, rec->stream->number);
		else
			evread_define(r, rec);
	} else if (rec->r.kind == RECORD_DELETION) {
		evread_gap_explain(&r->gaps, &rec->r);
	} else if (rec->r.kind == RECORD_BOOT) {
		evstreams_clear(r->live); /* connections do not outlive it */
	}
}

static void
evread_give(const struct evread *r, const struct segment_record *in,
    struct evread_record *out)
{
	const uint8_t *leaf = segread_leaf(r->in, in->index);

	out->r = in->r;
	out->index = in->index;
	out->segment = r->head->number;
	out->seq = in->seq;
	out->salt = r->head->salt;
	out->stream = NULL;
	out->message = in->r.body;
	if (in->r.kind == RECORD_RECEIVED) {
		out->stream = in->stream->user;
		out->message = record_message(in->r.body, out->stream->framing);
	}
	out->hashed = leaf != NULL;
	if (leaf != NULL)
		memcpy(out->leaf, leaf, sizeof(out->leaf));
	else if (!r->leaves)
		memset(out->leaf, 0, sizeof(out->leaf));
	else
		record_leaf(&in->r, in->index, in->seq, out->salt, out->leaf);
}

/*
 * What else there is than a record of the segment whose head is known; apart,
 * so that most records need no room for what this keeps.
 */
static __attribute__((noinline)) int
evread_step_else(struct evread *r, enum segment_step step, struct buf *why)
{
	const struct segment_head *head = segment_head(segread_segment(r->in));
	uint64_t first;

	if (step == SEGMENT_UNREADABLE)
		return evread_fail(r->path, strerror(errno), why);
	if (head != NULL && r->head == NULL &&
	    (strcmp(head->origin, r->origin) != 0 ||
		manifest_file_parse(span_str(r->path), &first) != 0 ||
		first != head->first))
		return evread_fail_at(r,
		    tr("the segment is of another log or place",
			"別のログまたは別の位置のセグメントです"),
		    why);
	r->head = head;
	if (step == SEGMENT_RECORD)
		return 1;
	if (step == SEGMENT_END)
		return 0;
	r->text.len = 0;
	if (step == SEGMENT_MORE)
		buf_str(&r->text,
		    tr("the file ends before what the checkpoint covers",
			"チェックポイントの範囲より前でファイルが終わって"
			"います"));
	else
		segment_explain(segread_segment(r->in), step, &r->text);
	return evread_fail_at(r, buf_cstr(&r->text), why);
}

/* 1 a record, 0 the end of this segment, -1. */
static int
evread_step(struct evread *r, struct buf *why)
{
	enum segment_step step = segread_next(r->in, &r->rec);

	return step == SEGMENT_RECORD && r->head != NULL
	    ? 1
	    : evread_step_else(r, step, why);
}

int
evread_seek(struct evread *r, uint64_t index, struct buf *why)
{
	segread_end(r->in);
	r->open = r->exact = false;
	evstreams_clear(r->live);
	r->index = index;
	return index < r->size ? evread_enter(r, why) : 0;
}

void
evread_pass(struct evread *r, uint64_t next)
{
	segread_end(r->in);
	r->open = false;
	evstreams_clear(r->live); /* each segment defines its own again */
	r->index = next;
	r->exact = true;
}

void
evread_bound(struct evread *r, uint64_t until)
{
	r->until = until;
}

uint64_t
evread_at(const struct evread *r)
{
	return r->index;
}

void
evread_explain(struct evread *r, const struct record *x1)
{
	evread_gap_explain(&r->gaps, x1);
}

/*
 * A reader that follows may have seen a torn tail before a restarted writer
 * cut it off: then the segment is read again from its start, once.
 */
static int
evread_retry(struct evread *r, struct buf *why)
{
	if (r->again)
		return -1;
	r->again = true;
	r->exact = false;
	why->len = 0;
	return evread_enter(r, why);
}

/* A deletion may have been recorded since our checkpoint was read. */
static int
evread_look_further(struct evread *r, struct buf *why)
{
	struct evread_record rec;
	struct evread *later;
	int rc;

	if (evread_open(&later, r->path_of_log, false, why) != 0)
		return -1;
	later->confirming = true;
	rc = evread_seek(later, r->size, why);
	while (rc == 0 && (rc = evread_next(later, &rec, why)) == 1) {
		if (rec.r.kind == RECORD_DELETION)
			evread_gap_explain(&r->gaps, &rec.r);
		rc = 0;
	}
	evread_close(later);
	return rc;
}

/* At the end: each segment that is not here must be named by an x1. */
static __attribute__((noinline)) int
evread_end(struct evread *r, struct buf *why)
{
	const struct evread_gap *g = evread_gap_unexplained(&r->gaps);

	if (g == NULL || r->confirming)
		return 0;
	if (evread_look_further(r, why) != 0)
		return -1;
	if ((g = evread_gap_unexplained(&r->gaps)) == NULL)
		return 0;
	buf_printf(why,
	    tr("segment %" PRIu64 " (records %" PRIu64 " to %" PRIu64
	       ") is missing, and no record says that it was deleted: run "
	       "'konseki verify'",
		"セグメント%" PRIu64 "（記録%" PRIu64 "〜%" PRIu64
		"）がなく、削除の記録もありません。konseki "
		"verifyを実行してください"),
	    g->segment, g->first, g->last);
	return -1;
}

/* Nothing was read: 0 to go on, or -1. */
static int
evread_turn(struct evread *r, int step, struct buf *why)
{
	if (step < 0)
		return evread_retry(r, why);
	/* r->index lies behind the segment, or in none */
	r->open = false;
	r->exact = true;
	return 0;
}

int
evread_next(struct evread *r, struct evread_record *out, struct buf *why)
{
	int rc;

	while (r->index < r->size) {
		if (r->index >= r->until)
			return 0;
		if (!r->open && evread_enter(r, why) != 0)
			return -1;
		if (!r->open)
			continue; /* it was passed over */
		if ((rc = evread_step(r, why)) != 1) {
			if (evread_turn(r, rc, why) != 0)
				return -1;
			continue;
		}
		evread_note(r, &r->rec);
		if (r->rec.index < r->index)
			continue;
		evread_give(r, &r->rec, out);
		r->index = r->rec.index + 1;
		r->again = false;
		return 1;
	}
	return evread_end(r, why);
}
