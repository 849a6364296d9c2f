/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/segment.h"

#include <stdlib.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/log.h"
#include "evidence/inflate.h"
#include "evidence/member.h"

#define SEGMENT_INDEX_MAX UINT64_C(999999999999)

struct segment {
	struct inflate *z;
	struct evstreams *streams;
	const struct segment_lender *lender; /* or NULL */
	uint64_t passed; /* bytes of the file that lay not in in */
	struct span in;	  /* what was fed and not yet taken */
	struct span data; /* the member's inflated bytes */
	size_t pos;	  /* in them */
	bool ended;	  /* the member has */
	bool counted;	  /* and its records were all given out */
	bool closed;	  /* the empty member was read */
	bool have_head;
	enum segment_step bad;	    /* RECORD if none */
	enum inflate_step bad_gzip; /* why BAD_GZIP */
	enum record_err bad_record; /* why BAD_RECORD */
	uint32_t gone; /* stream that ended with the last record, or 0 */
	uint64_t index, stream, members;
	struct segment_head head;
	uint8_t line[RECORD_HEAD_MAX];
	size_t line_len;
};

struct segment *
segment_new(void)
{
	struct segment *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->z = inflate_new();
	s->streams = evstreams_new();
	return s;
}

void
segment_free(struct segment *s)
{
	if (s == NULL)
		return;
	inflate_free(s->z);
	evstreams_free(s->streams);
	free(s);
}

void
segment_reset(struct segment *s)
{
	struct inflate *z = s->z;
	struct evstreams *streams = s->streams;

	inflate_reset(z);
	evstreams_clear(streams);
	memset(s, 0, sizeof(*s));
	s->z = z;
	s->streams = streams;
}

void
segment_borrow(struct segment *s, const struct segment_lender *from)
{
	s->lender = from;
}

uint64_t
segment_passed(struct segment *s)
{
	uint64_t n = s->passed;

	s->passed = 0;
	return n;
}

void
segment_feed(struct segment *s, struct span bytes)
{
	s->in = bytes;
}

void
segment_head_print(const struct segment_head *h, struct buf *out)
{
	char hex[2 * RECORD_SALT];

	hex_print(h->salt, RECORD_SALT, hex);
	buf_printf(out, "evseg1 %s %llu %llu salt=", h->origin,
	    (unsigned long long)h->number, (unsigned long long)h->first);
	buf_append(out, hex, sizeof(hex));
	buf_byte(out, '\n');
}

int
segment_head_parse(struct span line, struct segment_head *h)
{
	struct cursor c = cursor_make(line);
	struct span origin;

	memset(h, 0, sizeof(*h));
	cursor_expect(&c, SPAN("evseg1 "));
	origin = cursor_until(&c, ' ');
	h->number = cursor_decimal(&c, SEGMENT_INDEX_MAX);
	cursor_expect(&c, SPAN(" "));
	h->first = cursor_decimal(&c, SEGMENT_INDEX_MAX);
	cursor_expect(&c, SPAN(" salt="));
	cursor_hex(&c, h->salt, RECORD_SALT);
	cursor_expect(&c, SPAN("\n"));
	if (!cursor_done(&c) || origin.len == 0 ||
	    origin.len >= sizeof(h->origin))
		return -1;
	for (size_t i = 0; i < origin.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789./-",
			origin.p[i]) == NULL ||
		    origin.p[i] == '\0')
			return -1;
	memcpy(h->origin, origin.p, origin.len);
	return 0;
}

static enum segment_step
segment_fail(struct segment *s, enum segment_step why)
{
	return s->bad = why;
}

/* 1 if the header line was read, 0 if it needs more bytes, -1. */
static __attribute__((noinline)) int
segment_take_head(struct segment *s)
{
	struct span line = span_sub(s->data, 0, RECORD_HEAD_MAX);
	const uint8_t *lf =
	    line.len == 0 ? NULL : memchr(line.p, '\n', line.len);

	if (lf == NULL)
		return line.len == RECORD_HEAD_MAX || s->ended ? -1 : 0;
	line.len = (size_t)(lf - line.p) + 1;
	if (segment_head_parse(line, &s->head) != 0)
		return -1;
	memcpy(s->line, line.p, line.len);
	s->line_len = line.len;
	s->have_head = true;
	s->index = s->head.first;
	s->stream = s->pos = line.len;
	return 1;
}

/* The d1 at the start of a stream, or again at its first record in here. */
static enum segment_step
segment_define(struct segment *s, struct segment_record *rec, uint64_t number)
{
	uint64_t next, port = 0;
	struct buf word;
	struct evstream *st;
	enum record_framing framing;
	bool udp, bad;

	buf_init(&word);
	bad = record_word_get_u64(rec->r.body, "next", &next) != 1 ||
	    record_word_get(rec->r.body, "framing", &word) != 1 ||
	    record_framing_parse(buf_view(&word), &framing) != 0;
	word.len = 0;
	bad = bad || record_word_get(rec->r.body, "transport", &word) != 1 ||
	    record_word_get_u64(rec->r.body, "port", &port) < 0 || port > 65535;
	udp = span_is(buf_view(&word), "udp");
	buf_fini(&word);
	if (bad)
		return segment_fail(s, SEGMENT_BAD_STREAM);
	if ((st = evstreams_get(s->streams, (uint32_t)number)) != NULL) {
		if (next != st->next)
			return segment_fail(s, SEGMENT_BAD_SEQUENCE);
	} else if ((st = evstreams_put(s->streams, (uint32_t)number)) == NULL)
		return segment_fail(s, SEGMENT_MANY_STREAMS);
	else
		rec->first = true;
	st->next = next;
	st->framing = framing;
	st->udp = udp;
	st->port = (uint16_t)port;
	rec->stream = st;
	return SEGMENT_RECORD;
}

static __attribute__((noinline)) enum segment_step
segment_take_d1(struct segment *s, struct segment_record *rec)
{
	uint64_t number, next;
	struct evstream *st;

	if (record_word_get_u64(rec->r.body, "stream", &number) != 1 ||
	    number == 0 || number > UINT32_MAX)
		return segment_fail(s, SEGMENT_BAD_STREAM);
	if (!span_starts(rec->r.body, SPAN("end ")))
		return segment_define(s, rec, number);
	if (record_word_get_u64(rec->r.body, "next", &next) != 1)
		return segment_fail(s, SEGMENT_BAD_STREAM);
	rec->ended = true;
	if ((st = evstreams_get(s->streams, (uint32_t)number)) == NULL)
		return segment_fail(s, SEGMENT_NO_STREAM);
	if (next != st->next)
		return segment_fail(s, SEGMENT_BAD_SEQUENCE);
	s->gone = (uint32_t)number;
	rec->stream = st;
	return SEGMENT_RECORD;
}

static enum segment_step
segment_take_e1(struct segment *s, struct segment_record *rec)
{
	struct evstream *st = evstreams_get(s->streams, rec->r.stream);

	if (st == NULL)
		return segment_fail(s, SEGMENT_NO_STREAM);
	if (rec->r.port != 0) {
		if (!st->udp || rec->r.port == st->port)
			return segment_fail(s, SEGMENT_BAD_PORT);
		st->port = rec->r.port;
	}
	rec->stream = st;
	rec->seq = st->next++;
	return SEGMENT_RECORD;
}

/* A whole record stands at pos: say what it is. */
static enum segment_step
segment_give(struct segment *s, struct segment_record *rec)
{
	enum segment_step step = SEGMENT_RECORD;

	if (s->pos >= MEMBER_CLOSE)
		return segment_fail(s, SEGMENT_LONG_MEMBER);
	if (s->index > SEGMENT_INDEX_MAX)
		return segment_fail(s, SEGMENT_BAD_INDEX);
	rec->bytes.p = s->data.p + s->pos;
	rec->index = s->index;
	rec->seq = 0;
	rec->stream = NULL;
	rec->first = rec->ended = false;
	if (rec->r.kind == RECORD_RECEIVED)
		step = segment_take_e1(s, rec);
	else if (rec->r.kind == RECORD_STREAM)
		step = segment_take_d1(s, rec);
	else if (rec->r.kind == RECORD_BOOT)
		evstreams_clear(s->streams); /* they ended with the writer */
	if (step == SEGMENT_RECORD) {
		s->index++;
		s->pos += rec->bytes.len;
		s->stream += rec->bytes.len;
		rec->last = s->pos == s->data.len;
	}
	return step;
}

/* SEGMENT_MORE: more inflated bytes are needed. */
static enum segment_step
segment_take(struct segment *s, struct segment_record *rec)
{
	int rc;

	if (!s->have_head) {
		if ((rc = segment_take_head(s)) < 0)
			return segment_fail(s, SEGMENT_BAD_HEAD);
		if (rc == 0)
			return SEGMENT_MORE;
	}
	if (s->pos == s->data.len)
		return SEGMENT_MORE;
	s->bad_record =
	    record_parse(span_make(s->data.p + s->pos, s->data.len - s->pos),
		&rec->r, &rec->bytes.len);
	if (s->bad_record == RECORD_OK)
		return segment_give(s, rec);
	if (s->bad_record != RECORD_MORE)
		return segment_fail(s, SEGMENT_BAD_RECORD);
	return s->ended ? segment_fail(s, SEGMENT_CUT_RECORD) : SEGMENT_MORE;
}

/* Whether the next member is borrowed: it stands as if it had been inflated. */
static bool
segment_is_lent(struct segment *s)
{
	uint64_t packed;
	size_t fed;

	if (s->lender == NULL || s->closed ||
	    (!s->ended && inflate_taken(s->z) > 0) ||
	    !s->lender->member(s->lender->arg, inflate_taken(s->z), &s->data,
		&packed))
		return false;
	inflate_skip(s->z, packed);
	fed = packed < s->in.len ? (size_t)packed : s->in.len;
	s->in = span_sub(s->in, fed, s->in.len);
	s->passed += packed - fed;
	s->ended = true;
	s->counted = false;
	s->pos = 0;
	return true;
}

enum segment_step
segment_next(struct segment *s, struct segment_record *rec)
{
	enum segment_step step;
	enum inflate_step z;

	if (s->gone != 0)
		evstreams_remove(s->streams, s->gone);
	s->gone = 0;
	if (s->bad != SEGMENT_RECORD)
		return s->bad;
	for (;;) {
		if (!s->closed && (step = segment_take(s, rec)) != SEGMENT_MORE)
			return step;
		if (s->ended && !s->counted) {
			s->counted = true;
			s->members++;
		}
		if (segment_is_lent(s))
			continue;
		if (s->ended && s->in.len > 0) {
			s->ended = s->counted = false;
			s->pos = 0;
		}
		if (!s->closed && s->in.len == 0)
			return SEGMENT_MORE;
		z = inflate_next(s->z, &s->in);
		s->data = inflate_data(s->z);
		if (z == INFLATE_MEMBER)
			s->ended = true;
		else if (z == INFLATE_END && s->have_head) {
			s->closed = true;
			if (s->in.len == 0)
				return SEGMENT_END;
		} else if (z != INFLATE_MORE) {
			s->bad_gzip = z == INFLATE_END ? INFLATE_BAD_EMPTY : z;
			return segment_fail(s, SEGMENT_BAD_GZIP);
		}
	}
}

const struct segment_head *
segment_head(const struct segment *s)
{
	return s->have_head ? &s->head : NULL;
}

struct span
segment_head_line(const struct segment *s)
{
	return span_make(s->line, s->line_len);
}

struct evstreams *
segment_streams(struct segment *s)
{
	return s->streams;
}

void
segment_place(const struct segment *s, struct segment_place *p)
{
	memset(p, 0, sizeof(*p));
	p->member = inflate_start(s->z);
	p->taken = inflate_taken(s->z);
	p->stream = s->stream;
	p->index = s->index;
	p->members = s->members;
	p->inside = inflate_inside(s->z);
	p->torn = s->pos < s->data.len || !inflate_flushed(s->z);
	p->whole = s->bad == SEGMENT_RECORD && s->have_head && !p->torn;
	p->crc = inflate_crc(s->z);
	p->len = (uint32_t)s->data.len;
}

static const char *
segment_strerror(enum segment_step e)
{
	switch (e) {
#define SEGMENT_STEP(id, en, ja)                                               \
	case SEGMENT_##id:                                                     \
		return tr(en, ja);
#include "evidence/segment_step_tbl.h"
#undef SEGMENT_STEP
	}
	abort();
}

void
segment_explain(const struct segment *s, enum segment_step e, struct buf *out)
{
	buf_str(out, segment_strerror(e));
	if (e == SEGMENT_BAD_GZIP)
		buf_printf(out, ": %s", inflate_strerror(s->bad_gzip));
	else if (e == SEGMENT_BAD_RECORD)
		buf_printf(out, ": %s", record_strerror(s->bad_record));
}
