/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/remember.h"

#include "analyzer/format/set.h"
#include "analyzer/format/step.h"
#include "analyzer/format/stream.h"

/*
 * A stream: what its table is and whether that said an encoding, the
 * encoding, the one that was heard last, a byte each and two for the table;
 * then two for each column.
 */
#define HEAD 5u

static bool
is_something(const struct stream *st)
{
	return st->table != 0 || st->has_encoding || st->heard != TEXT_UTF8;
}

static void
put16(struct buf *out, unsigned v)
{
	buf_byte(out, (uint8_t)v);
	buf_byte(out, (uint8_t)(v >> 8));
}

static unsigned
get16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

void
remember_print(struct formats *f, uint32_t stream, struct buf *out)
{
	const struct stream *st = formats_stream(f, stream);
	size_t i;

	if (!is_something(st))
		return;
	put16(out, st->table);
	buf_byte(out, st->has_encoding);
	buf_byte(out, (uint8_t)st->encoding);
	buf_byte(out, (uint8_t)st->heard);
	for (i = 0; st->table != 0 && i < st->ncolumn; i++)
		put16(out, st->column[i]);
}

struct each {
	void (*call)(void *cookie, uint32_t stream);
	void *cookie;
};

static void
tell(void *cookie, const struct stream *st)
{
	const struct each *e = cookie;

	if (is_something(st))
		e->call(e->cookie, st->id);
}

void
remember_each(struct formats *f, void (*each)(void *cookie, uint32_t stream),
    void *cookie)
{
	struct each e = { each, cookie };

	streams_each(formats_streams(f), tell, &e);
}

/* Whether that format reads tables, and has such columns. */
static bool
is_table(const struct format_set *set, unsigned table, struct span columns)
{
	const struct format *m;
	size_t i;

	if (table > set->n || columns.len % 2 != 0 ||
	    columns.len / 2 > CELLS_MAX)
		return false;
	if (table == 0)
		return columns.len == 0;
	m = set->format[table - 1];
	if (m->nstep == 0 || m->step[0].kind != STEP_CSV_HEADER)
		return false;
	for (i = 0; i < columns.len; i += 2)
		if (get16(columns.p + i) != SLOT_NONE &&
		    get16(columns.p + i) >= m->nslot)
			return false;
	return columns.len > 0;
}

int
remember_parse(struct formats *f, uint32_t stream, struct span in)
{
	/* Another version than any that others may have a copy of. */
	struct stream as = { .id = stream,
		.used = true,
		.version = formats_stream(f, stream)->version + 1 };
	struct span columns = span_sub(in, HEAD, in.len);
	uint16_t column[CELLS_MAX];
	size_t i;

	if (in.len == 0) {
		formats_recall(f, &as);
		return 0;
	}
	if (in.len < HEAD || in.p[2] > 1 || in.p[3] > TEXT_ISO_2022_JP ||
	    in.p[4] > TEXT_ISO_2022_JP ||
	    !is_table(formats_set(f), get16(in.p), columns))
		return -1;
	for (i = 0; i < columns.len / 2; i++)
		column[i] = (uint16_t)get16(columns.p + 2 * i);
	as.table = (uint16_t)get16(in.p);
	as.column = column;
	as.ncolumn = i;
	as.has_encoding = in.p[2] != 0;
	as.encoding = (enum text_encoding)in.p[3];
	as.heard = (enum text_encoding)in.p[4];
	formats_recall(f, &as);
	return 0;
}
