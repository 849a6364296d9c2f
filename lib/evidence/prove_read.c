/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/evstreams.h"
#include "evidence/prove_priv.h"
#include "evidence/segment.h"

/*
 * Records of a log from any index on.  The segment is entered at the last point
 * of its index before, or at its start.  It is read less strictly than by
 * segment.h: what is wrong here gives another root.
 */
#define READ_HEAD 4096u		/* of the file: holds the header line */
#define READ_SMALL (128u << 10) /* a file that needs no index */

void
prove_in_init(struct prove_in *in)
{
	memset(in, 0, sizeof(*in));
	in->fd = -1;
	in->z = inflate_new();
	in->streams = evstreams_new();
	if ((in->piece = malloc(PROVE_PIECE)) == NULL)
		abort();
	buf_init(&in->points);
}

void
prove_in_close(struct prove_in *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}

void
prove_in_fini(struct prove_in *in)
{
	prove_in_close(in);
	inflate_free(in->z);
	evstreams_free(in->streams);
	buf_fini(&in->points);
	free(in->piece);
}

static int
read_fail(const struct prove_in *in, const char *what, struct buf *why)
{
	buf_printf(why,
	    tr("%s: record %" PRIu64 ", in the member at byte %" PRIu64 ": %s",
		"%s: 記録%" PRIu64 "(%" PRIu64 "バイト目からのメンバー): %s"),
	    in->path, in->index, in->at + inflate_start(in->z), what);
	return -1;
}

/* Begin to read at a member whose first record has that index. */
static void
read_begin(struct prove_in *in, uint64_t at, uint64_t index)
{
	inflate_reset(in->z);
	evstreams_clear(in->streams);
	in->in = span_make(NULL, 0);
	in->pos = 0;
	in->ended = false;
	in->head = at > 0;
	in->at = at;
	in->read = at;
	in->index = index;
}

/* More inflated bytes: 1, 0 at the end of what there is, -1. */
static int
read_more(struct prove_in *in, struct buf *why)
{
	enum inflate_step step;
	ssize_t n;

	if (in->in.len == 0) {
		n = pread(in->fd, in->piece, PROVE_PIECE, (off_t)in->read);
		if (n < 0)
			return read_fail(in, strerror(errno), why);
		if (n == 0)
			return 0;
		in->read += (uint64_t)n;
		in->in = span_make(in->piece, (size_t)n);
	}
	if (in->ended) {
		in->ended = false;
		in->pos = 0;
	}
	step = inflate_next(in->z, &in->in);
	if (step == INFLATE_MEMBER)
		in->ended = true;
	else if (step != INFLATE_MORE && step != INFLATE_END)
		return read_fail(in, inflate_strerror(step), why);
	return step != INFLATE_END;
}

/* A d1 says where a stream's numbers go on. */
static int
read_stream(struct prove_in *in, struct span body)
{
	uint64_t number, next;
	struct evstream *st;

	if (record_word_get_u64(body, "stream", &number) != 1 ||
	    number > UINT32_MAX ||
	    record_word_get_u64(body, "next", &next) != 1)
		return -1;
	if (span_starts(body, SPAN("end "))) {
		evstreams_remove(in->streams, (uint32_t)number);
		return 0;
	}
	if ((st = evstreams_put(in->streams, (uint32_t)number)) == NULL)
		return -1;
	st->next = next;
	return 0;
}

static int
read_take(struct prove_in *in, struct leaf *l)
{
	struct evstream *st;

	l->index = in->index++;
	l->seq = 0;
	if (l->r.kind == RECORD_BOOT)
		evstreams_clear(in->streams);
	if (l->r.kind == RECORD_STREAM)
		return read_stream(in, l->r.body);
	if (l->r.kind != RECORD_RECEIVED)
		return 0;
	if ((st = evstreams_get(in->streams, l->r.stream)) == NULL)
		return -1;
	l->seq = st->next++;
	return 0;
}

/* The header line stands in front: 1, 0 if it is not yet whole, -1. */
static int
read_head(struct prove_in *in, const char *origin)
{
	struct span line = span_sub(inflate_data(in->z), 0, RECORD_HEAD_MAX);
	const uint8_t *lf = line.len ? memchr(line.p, '\n', line.len) : NULL;
	struct segment_head head;

	if (lf == NULL)
		return line.len == RECORD_HEAD_MAX ? -1 : 0;
	line.len = (size_t)(lf - line.p) + 1;
	if (segment_head_parse(line, &head) != 0 ||
	    strcmp(head.origin, origin) != 0 || head.first != in->first)
		return -1;
	memcpy(in->salt, head.salt, RECORD_SALT);
	in->segment = head.number;
	in->pos = line.len;
	in->head = true;
	return 1;
}

/* The next record of what is inflated: 1, 0 if none is whole, -1. */
static int
read_next(struct prove *p, struct leaf *l, struct buf *why)
{
	struct prove_in *in = &p->in;
	struct span data = inflate_data(in->z);
	enum record_err e;
	size_t size;

	if (!in->head && read_head(in, p->origin) < 0)
		return read_fail(in,
		    tr("not the header line of this segment",
			"このセグメントの先頭行ではありません"),
		    why);
	if (!in->head || in->pos >= data.len)
		return 0;
	e = record_parse(span_sub(data, in->pos, data.len), &l->r, &size);
	if (e == RECORD_MORE && !in->ended)
		return 0;
	if (e != RECORD_OK)
		return read_fail(in, record_strerror(e), why);
	in->pos += size;
	if (read_take(in, l) != 0)
		return read_fail(in,
		    tr("a stream that is not defined",
			"定義されていないストリーム"),
		    why);
	return 1;
}

/* The start of the file has the salt, which no cache may keep. */
static int
read_salt(struct prove *p, struct buf *why)
{
	struct prove_in *in = &p->in;
	ssize_t n = pread(in->fd, in->piece, READ_HEAD, 0);

	read_begin(in, 0, in->first);
	if (n < 0)
		return read_fail(in, strerror(errno), why);
	in->in = span_make(in->piece, (size_t)n);
	while (in->in.len > 0 && !in->head) {
		if (read_more(in, why) < 0)
			return -1;
		if (read_head(in, p->origin) != 0)
			break;
	}
	if (in->head)
		return 0;
	return read_fail(in,
	    tr("the header line is missing", "先頭行がありません"), why);
}

static void
point_stream(void *cookie, const struct evstream *s)
{
	segidx_print_stream(cookie, s->number, s->next);
}

/* A reader may begin behind the member that ended here. */
static void
index_point(struct prove_in *in)
{
	segidx_print_point(&in->points, in->at + inflate_taken(in->z),
	    in->index);
	evstreams_each(in->streams, point_stream, &in->points);
	segidx_print_end(&in->points);
}

/* Read the whole segment for its index. */
static int
index_build(struct prove *p, struct buf *why)
{
	struct prove_in *in = &p->in;
	uint64_t inflated = 0, next = segidx_step(0);
	size_t len;
	struct leaf l;
	int rc;

	in->points.len = 0;
	segidx_print_head(&in->points, p->origin, in->segment);
	read_begin(in, 0, in->first);
	for (;;) {
		while ((rc = read_next(p, &l, why)) > 0)
			continue;
		if (rc < 0)
			return -1;
		if (in->ended && inflated >= next) {
			len = in->points.len;
			index_point(in);
			next = inflated + segidx_step(in->points.len - len);
		}
		if ((rc = read_more(in, why)) <= 0)
			return rc;
		if (in->ended)
			inflated += inflate_data(in->z).len;
	}
}

static void
index_path(const struct prove *p, struct buf *path)
{
	char name[SEGIDX_NAME];

	segidx_name(p->in.segment, name);
	buf_printf(path, "%s/%s", p->cache, name);
}

/* An index that cannot be kept is made again next time, and nothing worse. */
static void
index_keep(const struct prove *p)
{
	struct buf path;

	buf_init(&path);
	index_path(p, &path);
	(void)mkdir(p->cache, 0750);
	(void)io_replace_at(AT_FDCWD, buf_cstr(&path), 0640,
	    buf_view(&p->in.points));
	buf_fini(&path);
}

static bool
index_load(struct prove *p)
{
	struct prove_in *in = &p->in;
	struct segidx_point at;
	struct buf path;
	bool ok;

	buf_init(&path);
	index_path(p, &path);
	in->points.len = 0;
	ok = io_read_file(buf_cstr(&path), SEGIDX_MAX, &in->points) == 0 &&
	    segidx_find(buf_view(&in->points), p->origin, in->segment,
		UINT64_MAX, &at) >= 0;
	buf_fini(&path);
	return ok;
}

/* The index of the segment just entered, if it is worth one. */
static int
read_index(struct prove *p, struct buf *why)
{
	struct prove_in *in = &p->in;
	struct stat st;

	in->indexed = false;
	if (p->cache == NULL || p->trust == PROVE_NOTHING)
		return 0;
	if (p->trust == PROVE_CACHES && index_load(p)) {
		in->indexed = true;
		return 0;
	}
	if (!in->closed || fstat(in->fd, &st) != 0 || st.st_size < READ_SMALL)
		return 0;
	if (index_build(p, why) != 0)
		return -1;
	index_keep(p);
	in->indexed = true;
	return 0;
}

/* Where the open segment is, only the names say. */
static int
read_find(struct prove *p, uint64_t index, struct buf *why)
{
	struct logdir *d = &p->dir;
	const char *name;
	size_t i;

	if (d->segments == NULL &&
	    logdir_list_segments(d, NULL, NULL, &name) != 0) {
		buf_printf(why, "%s: %s", name, strerror(errno));
		return -1;
	}
	for (i = d->n_segments; i > 0; i--)
		if (d->segments[i - 1].first <= index)
			break;
	if (i == 0)
		return 0;
	p->in.first = d->segments[i - 1].first;
	logdir_path(d, i - 1, p->in.path);
	return 1;
}

/* Enter the segment of a record: 1, 0 if it is not there, -1. */
static int
read_enter(struct prove *p, uint64_t index, struct buf *why)
{
	struct prove_in *in = &p->in;
	int rc;

	prove_in_close(in);
	in->closed = prove_manifest(p, index) > 0;
	if (in->closed) {
		in->first = p->manifest.first;
		memcpy(in->path, p->manifest.file, sizeof(in->path));
	} else if ((rc = read_find(p, index, why)) <= 0)
		return rc;
	in->index = in->first;
	if ((in->fd = logdir_open_file(&p->dir, in->path)) < 0)
		return errno == ENOENT ? 0
				       : read_fail(in, strerror(errno), why);
	if (read_salt(p, why) != 0 || read_index(p, why) != 0)
		return -1;
	read_begin(in, 0, in->first);
	return 1;
}

/* Go to the last point before, unless we stand between it and the record. */
static int
read_point(struct prove *p, uint64_t index, struct buf *why)
{
	struct prove_in *in = &p->in;
	struct segidx_point at = { .index = in->first };
	struct evstream *st;
	uint64_t next;
	uint32_t stream;
	int rc = 0;

	if (in->indexed)
		(void)segidx_find(buf_view(&in->points), p->origin, in->segment,
		    index, &at);
	if (in->index <= index && in->index >= at.index)
		return 0;
	read_begin(in, at.offset, at.index);
	while (at.streams.len > 0 &&
	    (rc = segidx_stream(&at, &stream, &next)) > 0) {
		if ((st = evstreams_put(in->streams, stream)) == NULL)
			break;
		st->next = next;
	}
	if (rc >= 0 && at.streams.len == 0)
		return 0;
	return read_fail(in, tr("a wrong index", "索引が誤っています"), why);
}

/* From where it stands up to end: 1, 0 at the end of the segment, -1. */
static int
read_run(struct prove *p, uint64_t begin, uint64_t end, prove_each *each,
    void *cookie, struct buf *why)
{
	struct prove_in *in = &p->in;
	struct leaf batch[LEAF_BATCH];
	size_t n;
	int rc;

	for (;;) {
		n = 0;
		while (in->index < end && n < LEAF_BATCH &&
		    (rc = read_next(p, &batch[n], why)) != 0) {
			if (rc < 0)
				return -1;
			n += batch[n].index >= begin;
		}
		if (n > 0)
			each(cookie, batch, n, in->salt);
		if (in->index >= end)
			return 1;
		if (n < LEAF_BATCH && (rc = read_more(in, why)) <= 0)
			return rc;
	}
}

static bool
read_inside(const struct prove *p, uint64_t index)
{
	const struct prove_in *in = &p->in;

	return in->fd >= 0 && index >= in->first &&
	    (!in->closed ||
		(p->have_manifest && p->manifest.first == in->first &&
		    index <= p->manifest.last));
}

int
prove_read(struct prove *p, uint64_t begin, uint64_t end, prove_each *each,
    void *cookie, struct buf *why)
{
	struct prove_in *in = &p->in;
	int rc, all = 1;

	while (begin < end) {
		if (!read_inside(p, begin)) {
			if ((rc = read_enter(p, begin, why)) < 0)
				return -1;
			if (rc == 0) { /* deleted, or never there */
				all = 0;
				if (!in->closed)
					break;
				begin = p->manifest.last + 1;
				continue;
			}
		}
		if (read_point(p, begin, why) != 0 ||
		    (rc = read_run(p, begin, end, each, cookie, why)) < 0)
			return -1;
		if (rc > 0)
			break;
		if (in->index <= begin)
			return read_fail(in,
			    tr("the segment ends before this record",
				"この記録より前でセグメントが終わっています"),
			    why);
		begin = in->index;
		prove_in_close(in);
	}
	return all;
}
