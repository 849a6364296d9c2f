/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "evidence/evlog_priv.h"
#include "evidence/segment.h"

/*
 * A writer stops at a flush or at a member's end, always on a record boundary:
 * the last such place in the file is where what it wrote is whole.  What is
 * read is accounted in one struct, and at each such place that struct is
 * copied to the caller's, which so ends up without the torn tail.
 */
#define SCAN_PIECE (256u << 10)

struct scan {
	struct evlog_scan now, *whole;
	struct segment *segment;
	bool head; /* the header line is accounted */
	bool any;  /* so is a record */
	uint32_t last4;
};

static void
scan_stream(struct evlog_scan *n, struct span bytes)
{
	struct sha256x2_job job;

	sha256x2_add(&job, bytes, &n->stream);
	sha256x2_run(&job, 1);
	n->m.stream_len += bytes.len;
}

static void
scan_head(struct scan *s)
{
	const struct segment_head *h = segment_head(s->segment);
	struct evlog_scan *n = &s->now;
	struct span line = segment_head_line(s->segment);

	s->head = true;
	memcpy(n->m.origin, h->origin, sizeof(n->m.origin));
	n->m.segment = h->number;
	n->m.first = h->first;
	n->m.time_low = UINT64_MAX;
	memcpy(n->salt, h->salt, RECORD_SALT);
	tile_run_init(&n->run, h->first);
	tree_range_init(&n->upto, h->first);
	tree_range_init(&n->beyond, n->at > h->first ? n->at : h->first);
	sha256x2_init(&n->stream);
	n->m.stream_len = 0;
	scan_stream(n, line);
}

/* Whether it is the final seal of an epoch, and of which. */
static bool
is_final(const struct record *r, uint64_t *epoch)
{
	uint64_t final;

	return r->kind == RECORD_SEAL &&
	    record_word_get_u64(r->body, "final", &final) == 1 && final == 1 &&
	    record_word_get_u64(r->body, "epoch", epoch) == 1;
}

static void
scan_record(struct scan *s, const struct segment_record *rec)
{
	struct evlog_scan *n = &s->now;
	uint8_t leaf[SHA256_LEN];

	record_leaf(&rec->r, rec->index, rec->seq, n->salt, leaf);
	tree_range_append(rec->index < n->at ? &n->upto : &n->beyond, leaf);
	tile_run_append(&n->run, &leaf, 1);
	if (rec->index + 1 == n->at)
		n->final = is_final(&rec->r, &n->epoch);
	scan_stream(n, rec->bytes);
	n->m.last = rec->index;
	n->last_rx = rec->r.rx;
	if (rec->r.rx < n->m.time_low)
		n->m.time_low = rec->r.rx;
	if (rec->r.rx > n->m.time_high)
		n->m.time_high = rec->r.rx;
	s->any = true;
}

static void
scan_whole(struct scan *s, uint64_t at, const struct segment_place *p)
{
	if (!s->any)
		return;
	s->now.whole = at;
	s->now.inside = p->inside;
	s->now.sum = (struct member_sum){ p->crc, p->len };
	*s->whole = s->now;
}

/* A member ended where the one that p stands in begins. */
static void
scan_member(struct scan *s, const struct segment_place *p)
{
	struct segment_place end = { .inside = false };

	if (p->members == s->now.m.members)
		return;
	s->now.m.members = p->members;
	scan_whole(s, p->member, &end);
}

/* Account what a few bytes brought.  false: nothing more can be read. */
static bool
scan_feed(struct scan *s, struct span bytes, struct buf *why)
{
	struct segment_record rec;
	struct segment_place p;
	enum segment_step step;

	segment_feed(s->segment, bytes);
	while ((step = segment_next(s->segment, &rec)) == SEGMENT_RECORD) {
		segment_place(s->segment, &p);
		if (!s->head)
			scan_head(s);
		scan_member(s, &p);
		scan_record(s, &rec);
	}
	segment_place(s->segment, &p);
	if (!p.whole && step != SEGMENT_END) /* behind a member's end: torn? */
		scan_member(s, &p);
	if (step == SEGMENT_END)
		s->now.ended = true;
	else if (step != SEGMENT_MORE) {
		buf_printf(why, tr("byte %llu: ", "%lluバイト目: "),
		    (unsigned long long)p.taken);
		segment_explain(s->segment, step, why);
		return false;
	}
	if (p.whole || step == SEGMENT_END) {
		s->now.m.members = p.members;
		scan_whole(s, p.taken, &p);
	}
	return true;
}

/* Feed up to each place that may be a flush, then look whether it is one. */
static bool
scan_piece(struct scan *s, struct span piece, struct buf *why)
{
	size_t i, from = 0;

	for (i = 0; i < piece.len; i++) {
		s->last4 = s->last4 << 8 | piece.p[i];
		if (s->last4 != 0xffff && i + 1 < piece.len)
			continue;
		if (!scan_feed(s, span_sub(piece, from, i + 1 - from), why))
			return false;
		from = i + 1;
	}
	return true;
}

/* How long the file is, and its hash as far as a manifest counts: the empty
 * member is added by who writes that. */
static int
scan_file(int fd, struct evlog_scan *s, uint8_t *piece)
{
	uint64_t left = s->whole - (s->ended ? MEMBER_EMPTY_LEN : 0);
	off_t at = 0, end = lseek(fd, 0, SEEK_END);
	ssize_t n;

	if (end < 0)
		return -1;
	s->len = (uint64_t)end;
	s->m.gzip_len = left;
	sha256_init(&s->gzip);
	while (left > 0) {
		n = pread(fd, piece, left < SCAN_PIECE ? left : SCAN_PIECE, at);
		if (n <= 0)
			return -1;
		sha256_update(&s->gzip, piece, (size_t)n);
		at += n;
		left -= (uint64_t)n;
	}
	return 0;
}

/* What is whole has the first of the nodes, in memory that grew since. */
static void
scan_leaves(struct scan *s)
{
	struct evlog_scan *r = s->whole;
	size_t len = r->run.nodes.len;

	r->run.nodes = s->now.run.nodes;
	r->run.nodes.len = len;
	if (r->whole > 0)
		tile_run_range(&r->run, &r->m.range);
}

enum evlog_err
evlog_scan(int fd, struct evlog_scan *result, struct buf *why)
{
	struct scan *s = calloc(1, sizeof(*s));
	uint8_t *piece = malloc(SCAN_PIECE);
	enum evlog_err err = EVLOG_OK;
	off_t at = 0;
	ssize_t n;

	if (s == NULL || piece == NULL)
		abort();
	s->now.at = result->at;
	*result = s->now;
	s->whole = result;
	s->last4 = 1;
	s->segment = segment_new();
	while ((n = pread(fd, piece, SCAN_PIECE, at)) > 0) {
		at += n;
		if (!scan_piece(s, span_make(piece, (size_t)n), why))
			break;
	}
	scan_leaves(s);
	if (n < 0 || scan_file(fd, result, piece) != 0)
		err = EVLOG_SYSTEM;
	segment_free(s->segment);
	free(piece);
	free(s);
	return err;
}
