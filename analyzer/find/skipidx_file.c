/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "analyzer/find/keyset.h"
#include "analyzer/find/skipidx.h"
#include "common/cursor.h"
#include "common/hex.h"
#include "common/text.h"
#include "evidence/record.h"

/*
 * The file: a line of text, then numbers, the lowest byte first:
 *
 *   evskip1 <origin> <segment> <bytes of its file> <SHA-256> <SHA-256 of the
 *   rest>
 *
 * The rest: how many members, sources, streams, gaps, gaps beyond, pieces of
 * filters; then these one after another.
 */
#define COUNT_MAX (1u << 24)

/* ---- written ---- */

static void
put(struct buf *out, uint64_t v, unsigned bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		buf_byte(out, (uint8_t)v);
}

static void
put_text(struct buf *out, const char *s)
{
	size_t len = strlen(s);

	put(out, len, 1);
	buf_append(out, s, len);
}

static void
put_source(struct buf *out, const struct skipidx_source *s)
{
	size_t i;

	put_text(out, s->label);
	put(out, s->flags, 1);
	put(out, s->n_hours, 4);
	for (i = 0; i < s->n_hours; i++) {
		put(out, s->hours[i].hour, 4);
		put(out, s->hours[i].records, 4);
	}
}

static void
put_member(struct buf *out, const struct skipidx_member *m)
{
	put(out, m->offset, 8);
	put(out, m->first, 8);
	put(out, m->records, 4);
	put(out, m->received, 4);
	put(out, m->low, 8);
	put(out, m->high, 8);
	put(out, m->bytes, 8);
	put(out, m->at, 4);
	put(out, m->n, 4);
}

static void
put_rest(const struct skipidx *x, struct buf *out)
{
	size_t i;

	put(out, x->n_members, 4);
	put(out, x->n_sources, 4);
	put(out, x->n_streams, 4);
	put(out, x->n_gaps, 4);
	put(out, x->gaps_beyond, 4);
	put(out, x->filters.len / KEYSET_PIECE, 4);
	for (i = 0; i < x->n_members; i++)
		put_member(out, &x->members[i]);
	for (i = 0; i < x->n_sources; i++)
		put_source(out, &x->sources[i]);
	for (i = 0; i < x->n_streams; i++) {
		put(out, x->streams[i].stream, 4);
		put(out, x->streams[i].source, 4);
		put(out, x->streams[i].index, 8);
		put(out, x->streams[i].framing, 1);
		put(out, x->streams[i].encoding, 1);
	}
	for (i = 0; i < x->n_gaps; i++) {
		put_text(out, x->gaps[i].kind);
		put(out, x->gaps[i].index, 8);
		put(out, x->gaps[i].from, 8);
		put(out, x->gaps[i].until, 8);
		put(out, x->gaps[i].count, 8);
	}
	buf_span(out, buf_view(&x->filters));
}

void
skipidx_print(const struct skipidx *x, struct buf *out)
{
	char file[2 * SHA256_LEN + 1] = "", own[2 * SHA256_LEN + 1] = "";
	uint8_t hash[SHA256_LEN];
	struct buf rest;

	buf_init(&rest);
	put_rest(x, &rest);
	sha256(buf_view(&rest), hash);
	hex_print(x->gzip_hash, SHA256_LEN, file);
	hex_print(hash, SHA256_LEN, own);
	buf_printf(out, "evskip1 %s %" PRIu64 " %" PRIu64 " %s %s\n",
	    x->origin, x->segment, x->gzip_len, file, own);
	buf_span(out, buf_view(&rest));
	buf_fini(&rest);
}

/* ---- read ---- */

struct in {
	const uint8_t *p, *end;
	bool bad;
};

static uint64_t
get(struct in *in, unsigned bytes)
{
	uint64_t v = 0;

	if ((size_t)(in->end - in->p) < bytes) {
		in->bad = true;
		return 0;
	}
	in->p += bytes;
	for (unsigned i = 1; i <= bytes; i++)
		v = v << 8 | *(in->p - i);
	return v;
}

static struct span
get_text(struct in *in, size_t max)
{
	size_t len = (size_t)get(in, 1);
	struct span s = { in->p, len };

	if (len > max || (size_t)(in->end - in->p) < len ||
	    (len > 0 && memchr(s.p, '\0', len) != NULL)) {
		in->bad = true;
		return span_make(NULL, 0);
	}
	in->p += len;
	return s;
}

static void
get_member(struct in *in, struct skipidx *x, uint32_t pieces)
{
	const struct skipidx_member *before =
	    x->n_members > 0 ? &x->members[x->n_members - 1] : NULL;
	uint64_t offset = before != NULL ? before->offset : 0;
	uint64_t first =
	    before != NULL ? before->first + before->records : 0;
	struct skipidx_member *m = skipidx_member(x);

	m->offset = get(in, 8);
	m->first = get(in, 8);
	m->records = (uint32_t)get(in, 4);
	m->received = (uint32_t)get(in, 4);
	m->low = get(in, 8);
	m->high = get(in, 8);
	m->bytes = get(in, 8);
	m->at = (uint32_t)get(in, 4);
	m->n = (uint32_t)get(in, 4);
	if (m->n > pieces || m->at > pieces - m->n || m->low > m->high ||
	    m->records == 0 || m->received > m->records ||
	    m->offset >= x->gzip_len ||
	    (x->n_members > 1 && (m->offset <= offset || m->first != first)))
		in->bad = true;
}

static void
get_source(struct in *in, struct skipidx *x)
{
	struct span label = get_text(in, SKIPIDX_LABEL);
	unsigned flags = (unsigned)get(in, 1);
	size_t i, n = (size_t)get(in, 4), before = x->n_sources;
	uint32_t at, hour, last = 0;

	if (in->bad || n > (size_t)(in->end - in->p) / 8) {
		in->bad = true;
		return;
	}
	at = skipidx_source(x, label, flags);
	if (at != before) { /* one name twice */
		in->bad = true;
		return;
	}
	for (i = 0; i < n && !in->bad; i++) {
		hour = (uint32_t)get(in, 4);
		if (i > 0 && hour <= last) {
			in->bad = true;
			return;
		}
		last = hour;
		skipidx_add(x, at,
		    &(struct skipidx_hour){ hour, (uint32_t)get(in, 4) });
	}
}

static void
get_stream(struct in *in, struct skipidx *x)
{
	struct skipidx_stream s;

	s.stream = (uint32_t)get(in, 4);
	s.source = (uint32_t)get(in, 4);
	s.index = get(in, 8);
	s.framing = (unsigned)get(in, 1);
	s.encoding = (unsigned)get(in, 1);
	if (s.source >= x->n_sources || s.framing > RECORD_FRAMING_RAW ||
	    s.encoding > 1 + TEXT_ISO_2022_JP)
		in->bad = true;
	if (!in->bad)
		skipidx_stream(x, &s);
}

static void
get_gap(struct in *in, struct skipidx *x)
{
	struct span kind = get_text(in, SKIPIDX_GAP_NAME - 1);
	struct skipidx_gap *g = skipidx_gap(x);

	if (kind.len > 0)
		memcpy(g->kind, kind.p, kind.len);
	g->index = get(in, 8);
	g->from = get(in, 8);
	g->until = get(in, 8);
	g->count = get(in, 8);
}

static int
get_rest(struct in *in, struct skipidx *x)
{
	uint32_t n[6], i;

	for (i = 0; i < 6; i++)
		n[i] = (uint32_t)get(in, 4);
	if (in->bad || n[0] == 0 || n[3] > SKIPIDX_GAPS ||
	    n[1] > SKIPIDX_SOURCES + 1 || n[5] > COUNT_MAX)
		return -1;
	for (i = 0; i < n[0] && !in->bad; i++)
		get_member(in, x, n[5]);
	for (i = 0; i < n[1] && !in->bad; i++)
		get_source(in, x);
	for (i = 0; i < n[2] && !in->bad; i++)
		get_stream(in, x);
	for (i = 0; i < n[3] && !in->bad; i++)
		get_gap(in, x);
	if (in->bad || (size_t)(in->end - in->p) != (size_t)n[5] * KEYSET_PIECE)
		return -1;
	x->gaps_beyond = n[4];
	buf_append(&x->filters, in->p, (size_t)(in->end - in->p));
	return x->useless ? -1 : 0;
}

int
skipidx_parse(struct span text, struct skipidx *x)
{
	struct cursor c = cursor_make(text);
	uint8_t own[SHA256_LEN], hash[SHA256_LEN];
	struct span origin, rest;
	struct in in;

	skipidx_clear(x);
	cursor_expect(&c, SPAN("evskip1 "));
	origin = cursor_until(&c, ' ');
	x->segment = cursor_decimal(&c, UINT64_C(999999999999));
	cursor_expect(&c, SPAN(" "));
	x->gzip_len = cursor_decimal(&c, UINT64_C(1) << 40);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, x->gzip_hash, SHA256_LEN);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, own, SHA256_LEN);
	cursor_expect(&c, SPAN("\n"));
	if (c.bad || origin.len == 0 || origin.len >= sizeof(x->origin) ||
	    memchr(origin.p, '\0', origin.len) != NULL)
		return -1;
	memset(x->origin, 0, sizeof(x->origin));
	memcpy(x->origin, origin.p, origin.len);
	rest = span_make(c.p, cursor_left(&c));
	sha256(rest, hash);
	if (memcmp(hash, own, SHA256_LEN) != 0)
		return -1;
	in = (struct in){ rest.p, rest.p + rest.len, false };
	return get_rest(&in, x);
}
