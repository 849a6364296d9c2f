/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "common/text.h"

#define PIECE 65536u

int
parts_fail(struct workbook_why *why, enum workbook_err err, struct span part)
{
	struct buf b;
	size_t len;

	buf_init(&b);
	text_escape(span_sub(part, 0, sizeof(why->part)), &b);
	len = b.len < sizeof(why->part) ? b.len : sizeof(why->part) - 1;
	while (len > 0 && len < b.len && (b.p[len] & 0xC0) == 0x80)
		len--;
	why->err = err;
	if (len > 0)
		memcpy(why->part, b.p, len);
	why->part[len] = '\0';
	buf_fini(&b);
	return -1;
}

static enum workbook_err
of_zip(enum zip_err e)
{
	switch (e) {
	case ZIP_OK:
		return WORKBOOK_OK;
	case ZIP_ENCRYPTED:
		return WORKBOOK_ENCRYPTED;
	case ZIP_METHOD:
		return WORKBOOK_PACKED;
	case ZIP_OVERLAP:
		return WORKBOOK_BOMB;
	case ZIP_NO_END:
	case ZIP_BAD_END:
	case ZIP_DISKS:
	case ZIP_MANY:
	case ZIP_BIG:
	case ZIP_BAD_ENTRY:
	case ZIP_NAME:
	case ZIP_BAD_LOCAL:
	case ZIP_ERR_COUNT:
		break;
	}
	return WORKBOOK_DAMAGED;
}

static enum zip_err
read_end(struct span bytes, struct zip_end *e)
{
	const size_t most = ZIP_TAIL + ZIP_LOCATOR;
	struct span tail = bytes;
	enum zip_err err;

	if (bytes.len > most)
		tail = span_sub(bytes, bytes.len - most, most);
	err = zip_end(tail, bytes.len, e);
	if (err == ZIP_OK && e->is64)
		err = zip_end64(
		    span_sub(bytes, (size_t)e->at64, ZIP_END64), e);
	return err;
}

static int
by_name(const void *a, const void *b)
{
	const struct zip_entry *const *p = a, *const *q = b;
	size_t n = (*p)->name.len < (*q)->name.len ? (*p)->name.len
						   : (*q)->name.len;
	int rc = strncasecmp((const char *)(*p)->name.p,
	    (const char *)(*q)->name.p, n);

	if (rc != 0)
		return rc;
	return (*p)->name.len < (*q)->name.len
	    ? -1
	    : (*p)->name.len > (*q)->name.len;
}

/* Two parts of one name could be read in two ways. */
static int
check_names(const struct parts *p, struct arena *arena,
    struct workbook_why *why)
{
	const struct zip_entry **v =
	    arena_alloc(arena, (p->n + 1) * sizeof(*v));
	size_t i;

	for (i = 0; i < p->n; i++)
		v[i] = &p->v[i];
	if (p->n > 1)
		qsort(v, p->n, sizeof(*v), by_name);
	for (i = 1; i < p->n; i++)
		if (by_name(&v[i - 1], &v[i]) == 0)
			return parts_fail(why, WORKBOOK_DAMAGED, v[i]->name);
	return 0;
}

int
parts_open(struct parts *p, struct span bytes, struct arena *arena,
    struct workbook_why *why)
{
	enum zip_err err;
	struct cursor c;

	*p = (struct parts){ .bytes = bytes, .left = WORKBOOK_TOTAL };
	err = read_end(bytes, &p->end);
	if (err != ZIP_OK)
		return parts_fail(why, of_zip(err), SPAN(""));
	p->v = arena_alloc(arena, ((size_t)p->end.n + 1) * sizeof(*p->v));
	c = cursor_make(
	    span_sub(bytes, (size_t)p->end.at, (size_t)p->end.len));
	for (; p->n < p->end.n; p->n++) {
		err = zip_entry(&c, &p->end, &p->v[p->n]);
		if (err != ZIP_OK)
			return parts_fail(why, of_zip(err), p->v[p->n].name);
	}
	err = zip_overlap(p->v, p->n, &p->end);
	return err == ZIP_OK ? check_names(p, arena, why)
			     : parts_fail(why, of_zip(err), SPAN(""));
}

const struct zip_entry *
parts_find(const struct parts *p, struct span name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].name.len == name.len && name.len > 0 &&
		    strncasecmp((const char *)p->v[i].name.p,
			(const char *)name.p, name.len) == 0)
			return &p->v[i];
	return NULL;
}

/* A part on its way from the file to who takes it. */
struct flow {
	struct parts *parts;
	const struct zip_entry *e;
	parts_take *take;
	void *cookie;
	struct workbook_why *why;
	uint64_t size; /* given out so far */
	uLong crc;
};

static int
give(struct flow *f, const uint8_t *p, size_t len)
{
	if (f->size + len > WORKBOOK_PART)
		return parts_fail(f->why, WORKBOOK_BIG_PART, f->e->name);
	if (len > f->parts->left)
		return parts_fail(f->why, WORKBOOK_BIG_TOTAL, f->e->name);
	f->parts->left -= len;
	f->size += len;
	if (len == 0)
		return 0;
	f->crc = crc32(f->crc, p, (uInt)len);
	return f->take(f->cookie, span_make(p, len), false);
}

static int
stored(struct flow *f, struct span in)
{
	size_t i;

	for (i = 0; i < in.len; i += PIECE) {
		struct span piece = span_sub(in, i, PIECE);

		if (give(f, piece.p, piece.len) == -1)
			return -1;
	}
	return 0;
}

static int
deflated(struct flow *f, struct span in)
{
	uint8_t out[PIECE / 4];
	z_stream z;
	int rc, bad = 0;

	memset(&z, 0, sizeof(z));
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		abort();
	z.next_in = (z_const Bytef *)(uintptr_t)in.p;
	z.avail_in = (uInt)in.len;
	do {
		z.next_out = out;
		z.avail_out = sizeof(out);
		rc = inflate(&z, Z_NO_FLUSH);
		if (rc == Z_OK || rc == Z_STREAM_END)
			bad = give(f, out, sizeof(out) - z.avail_out);
	} while (rc == Z_OK && bad == 0);
	(void)inflateEnd(&z);
	if (bad == 0 && (rc != Z_STREAM_END || z.avail_in != 0))
		bad = parts_fail(f->why, WORKBOOK_DAMAGED, f->e->name);
	return bad;
}

int
parts_read(struct parts *p, const struct zip_entry *e, parts_take *take,
    void *cookie, struct workbook_why *why)
{
	struct flow f = { p, e, take, cookie, why, 0, crc32(0, NULL, 0) };
	struct span in;
	uint64_t data;

	if (zip_local(span_sub(p->bytes, (size_t)e->at,
			  ZIP_LOCAL + e->name.len),
		&p->end, e, &data) != ZIP_OK)
		return parts_fail(why, WORKBOOK_DAMAGED, e->name);
	if (e->size > WORKBOOK_PART)
		return parts_fail(why, WORKBOOK_BIG_PART, e->name);
	in = span_sub(p->bytes, (size_t)data, (size_t)e->packed);
	if ((e->method == ZIP_STORED ? stored(&f, in) : deflated(&f, in)) ==
	    -1)
		return -1;
	if (f.size != e->size || f.crc != e->crc)
		return parts_fail(why, WORKBOOK_DAMAGED, e->name);
	return take(cookie, SPAN(""), true);
}
