/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "analyzer/find/stretch.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/member.h"

#define PIECE (1u << 20)

/* ---- the index ---- */

static bool
fits(const struct stretch *s)
{
	const struct skipidx *x = &s->index;
	const struct skipidx_member *last;

	if (x->segment != s->want.segment || x->gzip_len != s->want.gzip_len ||
	    memcmp(x->gzip_hash, s->want.gzip_hash, SHA256_LEN) != 0 ||
	    strcmp(x->origin, s->want.origin) != 0 ||
	    x->n_members != s->want.members || x->n_members == 0)
		return false;
	last = &x->members[x->n_members - 1];
	return x->members[0].first == s->want.first &&
	    x->members[0].offset == 0 &&
	    last->first + last->records == s->want.last + 1;
}

static bool
load(struct stretch *s)
{
	struct buf path;
	bool good;

	buf_init(&path);
	buf_printf(&path, "%s/", s->want.folder);
	skipidx_name(&path, s->want.segment);
	s->file.len = 0;
	good = io_read_file(buf_cstr(&path), SKIPIDX_MAX, &s->file) == 0;
	if (good) {
		good = skipidx_parse(buf_view(&s->file), &s->index) == 0 &&
		    fits(s);
		s->wrong = !good;
	}
	buf_fini(&path);
	return good;
}

/* ---- the segment's file ---- */

/* That it is, byte for byte, the one that its manifest names. */
static int
check_bytes(struct stretch *s, int fd)
{
	uint8_t hash[SHA256_LEN];
	struct sha256 h;
	ssize_t n;

	sha256_init(&h);
	s->bytes.len = 0;
	(void)buf_reserve(&s->bytes, PIECE);
	while ((n = io_read_up_to(fd, s->bytes.p, PIECE)) > 0) {
		sha256_update(&h, s->bytes.p, (size_t)n);
		s->file_bytes += (uint64_t)n;
	}
	sha256_final(&h, hash);
	if (n == 0 && s->file_bytes == s->want.gzip_len &&
	    memcmp(hash, s->want.gzip_hash, SHA256_LEN) == 0)
		return 0;
	buf_printf(&s->why, "%s: %s", s->want.path,
	    n < 0 ? strerror(errno)
		  : tr("it is not the file that its manifest names (SHA-256 "
		       "differs): run 'konseki verify'",
			"マニフェストのSHA-256と一致しません。konseki verify "
			"を実行してください"));
	return -1;
}

/* The inflated bytes of a member: 0, or -1. */
static int
inflate_member(struct stretch *s, int fd, size_t i, struct span *data)
{
	const struct skipidx *x = &s->index;
	uint64_t from = x->members[i].offset,
		 end = i + 1 < x->n_members ? x->members[i + 1].offset
					    : x->gzip_len - MEMBER_EMPTY_LEN;
	struct span in;
	size_t len = (size_t)(end - from);
	ssize_t n;

	if (end <= from || len > 2 * (size_t)MEMBER_MAX)
		return -1;
	s->bytes.len = 0;
	(void)buf_reserve(&s->bytes, len);
	n = pread(fd, s->bytes.p, len, (off_t)from);
	if (n < 0 || (size_t)n != len)
		return -1;
	in = span_make(s->bytes.p, len);
	inflate_reset(s->inflate);
	if (inflate_next(s->inflate, &in) != INFLATE_MEMBER || in.len != 0)
		return -1;
	*data = inflate_data(s->inflate);
	return 0;
}

/* ---- its members ---- */

/* The filter that is kept must come out again. */
static bool
same_filter(struct stretch *s, const struct skipidx_member *m)
{
	uint32_t n;

	s->file.len = 0;
	n = keyset_print(&s->keys, &s->file);
	return n == m->n &&
	    span_eq(buf_view(&s->file),
		span_make(s->index.filters.p + (size_t)m->at * KEYSET_PIECE,
		    (size_t)n * KEYSET_PIECE));
}

static bool
look_at(struct stretch *s, const struct skipidx_member *m, struct span data,
    bool check)
{
	struct record r;
	uint32_t i;
	size_t size;

	keyset_clear(&s->keys);
	for (i = 0; i < m->records; i++) {
		if (record_parse(data, &r, &size) != RECORD_OK)
			return false;
		stretch_look(s,
		    &(struct stretch_record){ r.kind, m->first + i, r.rx,
			r.stream, r.body },
		    check ? &s->keys : NULL);
		data = span_sub(data, size, data.len);
	}
	return data.len == 0 && (!check || same_filter(s, m));
}

static bool
read_member(struct stretch *s, int fd, size_t i, bool check)
{
	struct span data;
	const uint8_t *lf;

	if (inflate_member(s, fd, i, &data) != 0)
		return false;
	if (i == 0) { /* behind the segment's header */
		lf = data.len > 0 ? memchr(data.p, '\n', data.len) : NULL;
		if (lf == NULL)
			return false;
		data = span_sub(data, (size_t)(lf - data.p) + 1, data.len);
	}
	return look_at(s, &s->index.members[i], data, check);
}

/* Whether it may hold one of what is looked for. */
static bool
may_hold(const struct stretch *s, const struct skipidx_member *m)
{
	return matcher_may(s->want.o->matcher,
	    s->index.filters.p + (size_t)m->at * KEYSET_PIECE, m->n);
}

/* It was not read: what the index counted in it. */
static void
pass(struct stretch *s, const struct skipidx_member *m)
{
	s->passed++;
	s->records += m->received;
	s->body_bytes += m->bytes;
	if (m->received > 0) {
		if (s->low == 0 || m->low < s->low)
			s->low = m->low;
		if (m->high > s->high)
			s->high = m->high;
	}
	if (m->high > s->newest)
		s->newest = m->high;
}

/* Any of the members that would be passed: nobody can know which. */
static size_t
drawn(const struct stretch *s)
{
	uint32_t x = 0;

	if (!s->want.check || getrandom(&x, sizeof(x), 0) != sizeof(x))
		return SIZE_MAX;
	return x % s->index.n_members;
}

static bool
members(struct stretch *s, int fd)
{
	const struct hunt_options *o = s->want.o;
	const struct skipidx_member *m;
	size_t i, test = drawn(s);
	bool whole;

	for (i = 0; i < s->index.n_members; i++) {
		m = &s->index.members[i];
		if (m->high < o->from || m->low >= o->until)
			continue;
		whole = m->low >= o->from && m->high < o->until;
		s->blocks++;
		if (whole && i != test && !may_hold(s, m)) {
			pass(s, m);
			continue;
		}
		s->read++;
		s->checked += i == test;
		if (!read_member(s, fd, i, i == test))
			return false;
	}
	return true;
}

int
stretch_skip(struct stretch *s)
{
	int fd, rc;

	if (!load(s))
		return 0;
	if ((fd = logdir_open_file(s->want.dir, s->want.path)) < 0) {
		buf_printf(&s->why, "%s: %s", s->want.path, strerror(errno));
		return -1;
	}
	rc = check_bytes(s, fd);
	if (rc == 0) {
		s->indexed = members(s, fd);
		s->wrong = !s->indexed;
		rc = s->indexed;
	}
	close(fd);
	return rc;
}
