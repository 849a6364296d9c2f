/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/segidx.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/cursor.h"
#include "common/num.h"

#define SEGIDX_OFFSET_MAX (UINT64_C(1) << 40)
#define SEGIDX_INDEX_MAX UINT64_C(999999999999)

#define SEGIDX_STEP (UINT64_C(4) << 20)
#define SEGIDX_SHARE 64u /* inflated bytes for one of the index */

uint64_t
segidx_step(size_t point_len)
{
	return SEGIDX_STEP + SEGIDX_SHARE * (uint64_t)point_len;
}

void
segidx_name(uint64_t segment, char out[SEGIDX_NAME])
{
	snprintf(out, SEGIDX_NAME, "%012" PRIu64 ".idx",
	    segment % (SEGIDX_INDEX_MAX + 1));
}

void
segidx_print_head(struct buf *out, const char *origin, uint64_t segment)
{
	buf_printf(out, "evidx1 %s %" PRIu64 "\n", origin, segment);
}

void
segidx_print_point(struct buf *out, uint64_t offset, uint64_t index)
{
	buf_printf(out, "%" PRIu64 " %" PRIu64, offset, index);
}

void
segidx_print_stream(struct buf *out, uint32_t stream, uint64_t next)
{
	char *p = (char *)buf_reserve(out, 2 + 2 * 20);
	char *start = p;

	*p++ = ' ';
	p += num_print(stream, p);
	*p++ = ':';
	p += num_print(next, p);
	out->len += (size_t)(p - start);
}

void
segidx_print_end(struct buf *out)
{
	buf_byte(out, '\n');
}

/* A line without its LF. */
static int
point_parse(struct span line, struct segidx_point *p)
{
	struct cursor in = cursor_make(line);

	p->offset = cursor_decimal(&in, SEGIDX_OFFSET_MAX);
	cursor_expect(&in, SPAN(" "));
	p->index = cursor_decimal(&in, SEGIDX_INDEX_MAX);
	if (in.bad)
		return -1;
	p->streams = span_make(in.p, cursor_left(&in));
	return 0;
}

int
segidx_find(struct span text, const char *origin, uint64_t segment,
    uint64_t index, struct segidx_point *p)
{
	struct cursor in = cursor_make(text);
	struct segidx_point next;
	struct span line;
	int found = 0;

	cursor_expect(&in, SPAN("evidx1 "));
	cursor_expect(&in, span_str(origin));
	cursor_expect(&in, SPAN(" "));
	if (cursor_decimal(&in, SEGIDX_INDEX_MAX) != segment)
		return -1;
	cursor_expect(&in, SPAN("\n"));
	if (in.bad)
		return -1;
	while ((line = cursor_until(&in, '\n'), !in.bad)) {
		if (point_parse(line, &next) != 0)
			return -1;
		if (found > 0 &&
		    (next.index <= p->index || next.offset <= p->offset))
			return -1;
		if (next.index > index)
			return found;
		*p = next;
		found = 1;
	}
	return found;
}

int
segidx_stream(struct segidx_point *p, uint32_t *stream, uint64_t *next)
{
	struct cursor in = cursor_make(p->streams);

	if (p->streams.len == 0)
		return 0;
	cursor_expect(&in, SPAN(" "));
	*stream = (uint32_t)cursor_decimal(&in, UINT32_MAX);
	cursor_expect(&in, SPAN(":"));
	*next = cursor_decimal(&in, UINT64_MAX);
	if (in.bad)
		return -1;
	p->streams = span_make(in.p, cursor_left(&in));
	return 1;
}
