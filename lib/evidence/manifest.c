/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/manifest.h"

#include <stdio.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/num.h"
#include "common/utc.h"
#include "evidence/checkpoint.h"
#include "evidence/record.h"

static void
put_hash(struct buf *out, const uint8_t hash[SHA256_LEN])
{
	char *p = (char *)buf_reserve(out, 2 * SHA256_LEN);

	hex_print(hash, SHA256_LEN, p);
	out->len += 2 * SHA256_LEN;
	buf_byte(out, '\n');
}

static void
put_pair(struct buf *out, const char *word, uint64_t a, uint64_t b)
{
	buf_printf(out, "%s %llu %llu\n", word, (unsigned long long)a,
	    (unsigned long long)b);
}

static void
put_bytes(struct buf *out, const char *word, uint64_t len,
    const uint8_t hash[SHA256_LEN])
{
	buf_printf(out, "%s %llu ", word, (unsigned long long)len);
	put_hash(out, hash);
}

void
manifest_print(const struct manifest *m, struct buf *out)
{
	unsigned level;
	uint64_t index;
	size_t i;

	buf_printf(out, "evman1 %s\nsegment %llu\nfile %s\n", m->origin,
	    (unsigned long long)m->segment, m->file);
	put_pair(out, "records", m->first, m->last);
	put_pair(out, "time", m->time_low, m->time_high);
	buf_printf(out, "members %llu\n", (unsigned long long)m->members);
	put_bytes(out, "stream", m->stream_len, m->stream_hash);
	put_bytes(out, "gzip", m->gzip_len, m->gzip_hash);
	for (i = 0; i < m->range.n; i++) {
		tree_range_node(m->range.begin, m->range.end, i, &level,
		    &index);
		buf_printf(out, "subtree %u %llu ", level,
		    (unsigned long long)index);
		put_hash(out, m->range.hash[i]);
	}
	buf_str(out, "previous ");
	put_hash(out, m->previous);
}

/* A cursor over the lines of a manifest that knows which one it is at. */
struct lines {
	struct cursor c;
	unsigned n; /* lines ended */
};

static void
line_begin(struct lines *l, struct span word)
{
	cursor_expect(&l->c, word);
	cursor_expect(&l->c, SPAN(" "));
}

static void
line_end(struct lines *l)
{
	cursor_expect(&l->c, SPAN("\n"));
	if (!l->c.bad)
		l->n++;
}

static void
get_text(struct lines *l, struct span word, char *out, size_t size)
{
	struct span s;

	line_begin(l, word);
	s = cursor_until(&l->c, '\n');
	if (l->c.bad || s.len >= size || memchr(s.p, '\0', s.len) != NULL) {
		cursor_take(&l->c, SIZE_MAX);
		return;
	}
	if (s.len > 0)
		memcpy(out, s.p, s.len);
	out[s.len] = '\0';
	l->n++;
}

static uint64_t
get_number(struct lines *l, struct span word, uint64_t max)
{
	uint64_t n;

	line_begin(l, word);
	n = cursor_decimal(&l->c, max);
	line_end(l);
	return n;
}

static void
get_pair(struct lines *l, struct span word, uint64_t max, uint64_t *a,
    uint64_t *b)
{
	line_begin(l, word);
	*a = cursor_decimal(&l->c, max);
	cursor_expect(&l->c, SPAN(" "));
	*b = cursor_decimal(&l->c, max);
	if (*a > *b)
		cursor_take(&l->c, SIZE_MAX);
	line_end(l);
}

static void
get_bytes(struct lines *l, struct span word, uint64_t *len,
    uint8_t hash[SHA256_LEN])
{
	line_begin(l, word);
	*len = cursor_decimal(&l->c, INT64_MAX);
	cursor_expect(&l->c, SPAN(" "));
	cursor_hex(&l->c, hash, SHA256_LEN);
	line_end(l);
}

/* Exactly the subtrees that the bounds ask for, in their order. */
static void
get_range(struct lines *l, struct tree_range *r)
{
	size_t i, n = tree_range_count(r->begin, r->end);
	uint64_t index, index_read;
	unsigned level;

	for (i = 0; i < n && i < TREE_RANGE_MAX && !l->c.bad; i++) {
		tree_range_node(r->begin, r->end, i, &level, &index);
		line_begin(l, SPAN("subtree"));
		if (cursor_decimal(&l->c, 63) != level)
			cursor_take(&l->c, SIZE_MAX);
		cursor_expect(&l->c, SPAN(" "));
		index_read = cursor_decimal(&l->c, MANIFEST_INDEX_MAX);
		cursor_expect(&l->c, SPAN(" "));
		if (index_read != index)
			cursor_take(&l->c, SIZE_MAX);
		cursor_hex(&l->c, r->hash[i], SHA256_LEN);
		line_end(l);
	}
	r->n = i;
}

int
manifest_parse(struct span in, struct manifest *m, unsigned *line)
{
	struct lines l = { cursor_make(in), 0 };
	uint64_t first;

	memset(m, 0, sizeof(*m));
	get_text(&l, SPAN("evman1"), m->origin, sizeof(m->origin));
	if (!checkpoint_origin_ok(span_str(m->origin)))
		goto bad;
	m->segment = get_number(&l, SPAN("segment"), MANIFEST_INDEX_MAX);
	get_text(&l, SPAN("file"), m->file, sizeof(m->file));
	if (manifest_file_parse(span_str(m->file), &first) != 0)
		goto bad;
	get_pair(&l, SPAN("records"), MANIFEST_INDEX_MAX, &m->first, &m->last);
	if (m->first != first)
		goto bad;
	get_pair(&l, SPAN("time"), RECORD_RX_MAX, &m->time_low, &m->time_high);
	m->members = get_number(&l, SPAN("members"), MANIFEST_INDEX_MAX);
	get_bytes(&l, SPAN("stream"), &m->stream_len, m->stream_hash);
	get_bytes(&l, SPAN("gzip"), &m->gzip_len, m->gzip_hash);
	tree_range_init(&m->range, m->first);
	m->range.end = m->last + 1;
	if (!l.c.bad)
		get_range(&l, &m->range);
	line_begin(&l, SPAN("previous"));
	cursor_hex(&l.c, m->previous, SHA256_LEN);
	line_end(&l);
	if (cursor_done(&l.c))
		return 0;
	if (!l.c.bad) /* something stands behind the last line */
		l.n++;
	*line = l.n + (l.c.bad ? 1 : 0);
	return -1;
bad:
	*line = l.c.bad ? l.n + 1 : l.n;
	return -1;
}

void
manifest_hash(const struct manifest *m, uint8_t out[SHA256_LEN])
{
	struct buf text;

	buf_init(&text);
	manifest_print(m, &text);
	sha256(buf_view(&text), out);
	buf_fini(&text);
}

void
manifest_file_print(uint64_t first, uint64_t usec, char out[MANIFEST_FILE])
{
	int year, month, day;

	utc_date((int64_t)(usec / (uint64_t)UTC_DAY), &year, &month, &day);
	snprintf(out, MANIFEST_FILE, "segments/%04d-%02d-%02d/%012llu.ev1.gz",
	    year, month, day, (unsigned long long)first);
}

/* Exactly n digits. */
static uint64_t
get_digits(struct cursor *c, size_t n)
{
	struct span s = cursor_take(c, n);
	uint64_t value = 0;

	if (!c->bad && num_parse(s, MANIFEST_INDEX_MAX, &value) != 0)
		cursor_take(c, SIZE_MAX);
	return value;
}

static int
file_parse(struct span file, uint64_t *first, int64_t *days)
{
	struct cursor c = cursor_make(file);
	uint64_t year, month, day;

	cursor_expect(&c, SPAN("segments/"));
	year = get_digits(&c, 4);
	cursor_expect(&c, SPAN("-"));
	month = get_digits(&c, 2);
	cursor_expect(&c, SPAN("-"));
	day = get_digits(&c, 2);
	cursor_expect(&c, SPAN("/"));
	*first = get_digits(&c, 12);
	cursor_expect(&c, SPAN(".ev1.gz"));
	if (!cursor_done(&c) || year == 0 || day == 0 ||
	    day > (uint64_t)utc_month_days((int)year, (int)month))
		return -1;
	*days = utc_days((int)year, (int)month, (int)day);
	return 0;
}

int
manifest_file_parse(struct span file, uint64_t *first)
{
	int64_t days;

	return file_parse(file, first, &days);
}

uint64_t
manifest_file_day(const char *file)
{
	uint64_t first;
	int64_t days = 0;

	file_parse(span_str(file), &first, &days);
	return (uint64_t)days;
}
