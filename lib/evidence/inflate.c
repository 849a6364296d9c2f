/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/inflate.h"

#include <stdlib.h>

#include "common/log.h"
#include "evidence/inflate_raw.h"
#include "evidence/member.h"

/*
 * One member after another: header, deflate stream, trailer.  ISA-L wants the
 * last 32 KiB of output at hand but keeps a copy of its own, so the buffer can
 * be handed out while it is filled.
 */
struct inflate {
	struct inflate_raw *raw;
	enum { AT_HEADER, IN_DATA, AT_TRAILER, AT_MEMBER, AT_END, BAD } state;
	enum inflate_step bad; /* BAD: why */
	uint64_t taken, start;
	size_t got; /* bytes of header or trailer that came */
	uint8_t trailer[8];
	uint8_t first[2]; /* of the deflate stream */
	size_t n_first;
	uint64_t deflated;     /* bytes of the deflate stream */
	uint32_t last;	       /* the four bytes taken last */
	struct member_sum sum; /* of what is in out */
	uint8_t out[MEMBER_MAX + 1];
};

const char *
inflate_strerror(enum inflate_step s)
{
	switch (s) {
#define INFLATE_STEP(id, en, ja)                                               \
	case INFLATE_##id:                                                     \
		return tr(en, ja);
#include "evidence/inflate_step_tbl.h"
#undef INFLATE_STEP
	}
	abort();
}

struct inflate *
inflate_new(void)
{
	struct inflate *z = malloc(sizeof(*z));

	if (z == NULL || (z->raw = inflate_raw_new()) == NULL)
		abort();
	inflate_reset(z);
	return z;
}

void
inflate_free(struct inflate *z)
{
	if (z == NULL)
		return;
	inflate_raw_free(z->raw);
	free(z);
}

static void
inflate_begin(struct inflate *z)
{
	inflate_raw_reset(z->raw);
	z->state = AT_HEADER;
	z->start = z->taken;
	z->got = z->n_first = 0;
	z->deflated = 0;
	z->sum = (struct member_sum){ 0 };
	z->last = UINT32_MAX;
}

void
inflate_reset(struct inflate *z)
{
	z->taken = 0;
	inflate_begin(z);
}

static enum inflate_step
inflate_fail(struct inflate *z, enum inflate_step why)
{
	z->state = BAD;
	return z->bad = why;
}

static void
inflate_take(struct inflate *z, struct span *in, size_t len)
{
	size_t i = len > 4 ? len - 4 : 0;

	for (; i < len; i++)
		z->last = z->last << 8 | in->p[i];
	*in = span_sub(*in, len, in->len);
	z->taken += len;
}

static enum inflate_step
inflate_take_header(struct inflate *z, struct span *in)
{
	while (in->len > 0 && z->got < MEMBER_HEAD_LEN) {
		if (in->p[0] != member_empty[z->got])
			return inflate_fail(z, INFLATE_BAD_HEADER);
		z->got++;
		inflate_take(z, in, 1);
	}
	if (z->got == MEMBER_HEAD_LEN) {
		z->state = IN_DATA;
		z->got = 0;
	}
	return INFLATE_MORE;
}

static enum inflate_step
inflate_take_data(struct inflate *z, struct span *in)
{
	struct inflate_io io = { .in = in->p,
		.in_len = in->len,
		.out = z->out + z->sum.len,
		.out_room = sizeof(z->out) - z->sum.len };
	enum inflate_raw_step step = inflate_raw_run(z->raw, &io);
	size_t len = in->len - io.in_len;
	size_t made = sizeof(z->out) - z->sum.len - io.out_room;

	for (size_t i = 0; i < len && z->n_first < 2; i++)
		z->first[z->n_first++] = in->p[i];
	z->deflated += len;
	inflate_take(z, in, len);
	member_sum_update(&z->sum, span_make(z->out + z->sum.len, made));
	if (step == INFLATE_RAW_BAD)
		return inflate_fail(z, INFLATE_BAD_DATA);
	if (z->sum.len > MEMBER_MAX)
		return inflate_fail(z, INFLATE_TOO_BIG);
	if (step == INFLATE_RAW_DONE) {
		z->state = AT_TRAILER;
		z->deflated -= io.n_over;
		memcpy(z->trailer, io.over, io.n_over);
		z->got = io.n_over;
	} else if (len == 0 && made == 0 && in->len > 0)
		return inflate_fail(z, INFLATE_BAD_DATA);
	return INFLATE_MORE;
}

static uint32_t
inflate_u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static enum inflate_step
inflate_take_trailer(struct inflate *z, struct span *in)
{
	size_t n = sizeof(z->trailer) - z->got;

	if (n > in->len)
		n = in->len;
	if (n > 0)
		memcpy(z->trailer + z->got, in->p, n);
	z->got += n;
	inflate_take(z, in, n);
	if (z->got < sizeof(z->trailer))
		return INFLATE_MORE;
	if (inflate_u32(z->trailer) != z->sum.crc)
		return inflate_fail(z, INFLATE_BAD_CRC);
	if (inflate_u32(z->trailer + 4) != z->sum.len)
		return inflate_fail(z, INFLATE_BAD_LENGTH);
	if (z->sum.len > 0) {
		z->state = AT_MEMBER;
		return INFLATE_MEMBER;
	}
	if (z->deflated != 2 ||
	    memcmp(z->first, member_empty + MEMBER_HEAD_LEN, 2) != 0)
		return inflate_fail(z, INFLATE_BAD_EMPTY);
	z->state = AT_END;
	return INFLATE_END;
}

enum inflate_step
inflate_next(struct inflate *z, struct span *in)
{
	enum inflate_step step = INFLATE_MORE;

	if (z->state == AT_MEMBER)
		inflate_begin(z);
	if (z->state == BAD)
		return z->bad;
	if (z->state == AT_END)
		return in->len == 0 ? INFLATE_END
				    : inflate_fail(z, INFLATE_TRAILING);
	while (step == INFLATE_MORE && in->len > 0) {
		if (z->state == AT_HEADER)
			step = inflate_take_header(z, in);
		else if (z->state == IN_DATA)
			step = inflate_take_data(z, in);
		/* The trailer may have come with the data: no loop turn more */
		if (step == INFLATE_MORE && z->state == AT_TRAILER)
			step = inflate_take_trailer(z, in);
	}
	return step;
}

void
inflate_skip(struct inflate *z, uint64_t len)
{
	inflate_begin(z);
	z->taken += len;
	z->state = AT_MEMBER;
}

struct span
inflate_data(const struct inflate *z)
{
	return span_make(z->out, z->sum.len);
}

uint64_t
inflate_taken(const struct inflate *z)
{
	return z->taken;
}

uint64_t
inflate_start(const struct inflate *z)
{
	return z->start;
}

bool
inflate_inside(const struct inflate *z)
{
	return z->state == IN_DATA || z->state == AT_TRAILER ||
	    (z->state == AT_HEADER && z->got > 0);
}

bool
inflate_flushed(const struct inflate *z)
{
	if (z->state == IN_DATA)
		return z->last == 0xffff && inflate_raw_aligned(z->raw);
	return z->state == AT_MEMBER || z->state == AT_END ||
	    (z->state == AT_HEADER && z->got == 0);
}

uint32_t
inflate_crc(const struct inflate *z)
{
	return z->sum.crc;
}
