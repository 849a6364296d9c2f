/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"
#include "evidence/verify_priv.h"

struct verify_scan {
	struct segread *in;
	const struct verify_job *job;
	struct verify_sink sink;
	struct leaf batch[LEAF_BATCH]; /* records not hashed yet */
	size_t n_batch;
	struct span bytes; /* theirs, one behind the other */
	struct tree_range added;
	struct verify_times times, all;
	uint64_t time;	 /* of the last record */
	uint64_t member; /* of the first record since the last event */
	size_t points;	 /* said so far */
	uint64_t first;	 /* index */
	uint64_t taken;	 /* bytes of the file counted in *job->done */
	struct sha256 stream, file;
	struct buf text;
	struct verify_event e;
};

struct verify_scan *
verify_scan_new(void)
{
	struct verify_scan *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->in = segread_new();
	buf_init(&s->text);
	return s;
}

void
verify_scan_free(struct verify_scan *s)
{
	if (s == NULL)
		return;
	segread_free(s->in);
	buf_fini(&s->text);
	free(s);
}

/* Hash what was read. */
static void
scan_flush(struct verify_scan *s)
{
	uint8_t leaf[LEAF_BATCH][SHA256_LEN];

	if (s->n_batch == 0)
		return;
	leaf_hash(s->batch, s->n_batch,
	    segment_head(segread_segment(s->in))->salt, leaf);
	leaf_append(&s->added, leaf, s->n_batch);
	if (s->job->whole)
		sha256_update(&s->stream, s->bytes.p, s->bytes.len);
	s->n_batch = 0;
}

/* Up to a place at which the hashes of so many are fastest. */
static void
scan_batch(struct verify_scan *s, const struct segment_record *rec)
{
	struct leaf *l = &s->batch[s->n_batch];

	if (s->n_batch++ == 0)
		s->bytes = span_make(rec->bytes.p, 0);
	s->bytes.len += rec->bytes.len;
	l->r = rec->r;
	l->index = rec->index;
	l->seq = rec->seq;
	if (rec->last || (rec->index + 1) % LEAF_BATCH == 0)
		scan_flush(s);
}

/* Hand out the event; with the leaves since the last one that had them. */
static int
scan_put(struct verify_scan *s, enum verify_event_kind kind, bool leaves)
{
	struct verify_event *e = &s->e;
	struct segment_place p;

	segment_place(segread_segment(s->in), &p);
	e->kind = kind;
	e->offset = p.member;
	e->index = kind == VERIFY_SYSTEM ? p.index - 1 : p.index;
	e->time = s->time;
	e->times = s->times;
	verify_times_init(&s->times);
	if (leaves) {
		scan_flush(s);
		e->added = s->added;
		tree_range_init(&s->added, s->added.end);
	} else
		tree_range_init(&e->added, s->added.begin);
	atomic_fetch_add(s->job->done, p.taken - s->taken);
	s->taken = p.taken;
	return s->sink.put(s->sink.cookie, e);
}

static int
scan_bad(struct verify_scan *s, int error, const char *what)
{
	memset(&s->e.u, 0, sizeof(s->e.u));
	s->e.u.bad.error = error;
	snprintf(s->e.u.bad.what, sizeof(s->e.u.bad.what), "%s", what);
	scan_put(s, VERIFY_BAD, false);
	return -1;
}

static int
scan_begin(struct verify_scan *s)
{
	struct segment *g = segread_segment(s->in);

	s->e.u.head = *segment_head(g);
	tree_range_init(&s->added, s->e.u.head.first);
	s->first = s->e.u.head.first;
	if (s->job->whole) {
		struct span line = segment_head_line(g);

		sha256_update(&s->stream, line.p, line.len);
	}
	return scan_put(s, VERIFY_BEGIN, false);
}

/* The root is wanted at the size that the next record would make larger. */
static int
scan_points(struct verify_scan *s, uint64_t size)
{
	while (s->points < s->job->n_points && s->job->points[s->points] < size)
		s->points++; /* it lies in a segment before */
	if (s->points == s->job->n_points || s->job->points[s->points] != size)
		return 0;
	s->points++;
	return scan_put(s, VERIFY_POINT, true);
}

static int
scan_record(struct verify_scan *s, const struct segment_record *rec)
{
	struct segment_place p;
	int rc;

	scan_batch(s, rec);
	s->time = rec->r.rx;
	if (s->times.low > s->times.high) {
		segment_place(segread_segment(s->in), &p);
		s->member = p.member;
	}
	verify_times_add(&s->times, rec->index, s->time, s->member);
	verify_times_add(&s->all, rec->index, s->time, s->member);
	if (rec->r.kind != RECORD_RECEIVED) {
		if ((rc = verify_event_parse(rec, &s->e)) < 0)
			return scan_bad(s, 0,
			    tr("a system record is not as specified",
				"システム記録が形式どおりではありません"));
		if (rc > 0 &&
		    scan_put(s, VERIFY_SYSTEM, rec->r.kind == RECORD_SEAL) != 0)
			return -1;
	}
	return scan_points(s, rec->index + 1);
}

static void
each_stream(void *cookie, const struct evstream *st)
{
	struct verify_scan *s = cookie;

	memset(&s->e.u, 0, sizeof(s->e.u));
	s->e.u.stream.number = st->number;
	s->e.u.stream.next = st->next;
	scan_put(s, VERIFY_STREAM, false);
}

static void
scan_end(struct verify_scan *s, bool closed, bool torn)
{
	struct segment_place p;

	scan_flush(s);
	segment_place(segread_segment(s->in), &p);
	evstreams_each(segment_streams(segread_segment(s->in)), each_stream, s);
	memset(&s->e.u, 0, sizeof(s->e.u));
	s->e.u.end.closed = closed;
	s->e.u.end.torn = torn || p.torn;
	s->e.u.end.members = p.members;
	s->e.u.end.stream_len = p.stream;
	s->e.u.end.gzip_len = p.taken;
	s->e.u.end.records = p.index - s->first;
	s->e.u.end.times = s->all;
	if (s->job->whole) {
		sha256_final(&s->stream, s->e.u.end.stream_hash);
		sha256_final(&s->file, s->e.u.end.gzip_hash);
	}
	scan_put(s, VERIFY_END, true);
}

/* Why no further record comes. */
static void
scan_stop(struct verify_scan *s, enum segment_step step)
{
	struct segment *g = segread_segment(s->in);
	struct segment_place p;

	segment_place(g, &p);
	if (step == SEGMENT_UNREADABLE)
		scan_bad(s, errno, "");
	else if (step == SEGMENT_END || step == SEGMENT_MORE)
		scan_end(s, step == SEGMENT_END, false);
	else if (segment_head(g) != NULL && p.index >= s->job->sealed)
		scan_end(s, false, true);
	else {
		s->text.len = 0;
		segment_explain(g, step, &s->text);
		scan_bad(s, 0, buf_cstr(&s->text));
	}
}

static void
scan_reset(struct verify_scan *s)
{
	verify_times_init(&s->times);
	verify_times_init(&s->all);
	sha256_init(&s->stream);
	sha256_init(&s->file);
	tree_range_init(&s->added, 0);
	s->points = s->n_batch = 0;
	s->time = 0;
	s->first = s->taken = 0;
}

void
verify_scan_run(struct verify_scan *s, const struct verify_job *job,
    struct verify_sink sink)
{
	struct segment_record rec;
	enum segment_step step;
	char path[MANIFEST_FILE];
	struct stat st;
	bool begun = false;
	int fd;

	s->job = job;
	s->sink = sink;
	scan_reset(s);
	if (job->dir->segments[job->segment].gone) {
		memset(&s->e, 0, sizeof(s->e));
		s->e.kind = VERIFY_GONE;
		sink.put(sink.cookie, &s->e);
		return;
	}
	logdir_path(job->dir, job->segment, path);
	if ((fd = logdir_open_file(job->dir, path)) < 0 ||
	    fstat(fd, &st) != 0) {
		scan_bad(s, errno, "");
		return;
	}
	/* What is appended while we look belongs to the next check. */
	segread_begin(s->in, fd, (uint64_t)st.st_size,
	    job->whole ? &s->file : NULL);
	do {
		step = segread_next(s->in, &rec);
		if (!begun && segment_head(segread_segment(s->in)) != NULL) {
			begun = true;
			if (scan_begin(s) != 0)
				break;
		}
		if (step != SEGMENT_RECORD)
			scan_stop(s, step);
	} while (step == SEGMENT_RECORD && scan_record(s, &rec) == 0);
	segread_end(s->in);
}
