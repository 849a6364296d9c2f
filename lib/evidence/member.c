/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "evidence/member.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>
#ifdef HAVE_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#endif

/*
 * Two engines, one format: zlib, which packs tighter, and ISA-L, which packs
 * several times as fast.  Each makes raw deflate; header, checksum and trailer
 * are ours, so that what is on the disk does not depend on the engine's ideas
 * of gzip.  An engine's memory is taken when it is first used.
 */
#define MEMBER_SLACK 1024 /* above what either engine adds to short input */

/*
 * ISA-L is faster still where it need not make a code for each block.  Lines
 * of one site are alike: a code made of some is as good for those that follow
 * (64 MB of a firewall's became no longer), and is made anew after so many
 * members, or where it fits no longer.
 */
#define CODE_MEMBERS 128u
#define CODE_FITS(now, then) ((now) <= (then) + (then) / 8) /* packed bytes */
#define CODE_SAMPLE 65536u /* bytes: fewer are not enough to learn from */
#define CODE_HEAD 256u	   /* bytes: more than a code in front of a block is */
#define CODE_WORTH 768u	   /* packed bytes of 1,024: by more all would fit */

struct member {
	struct member_sum sum;
	unsigned level;	     /* of the member that is open */
	unsigned zlib_level; /* 0: zlib has no memory yet */
	z_stream z;
#ifdef HAVE_ISAL
	struct isal_zstream *isal;
	uint8_t *isal_buf;
	struct {
		struct isal_hufftables of;
		unsigned left; /* members before it is made anew; 0: none yet */
		uint64_t per;  /* bytes it made of 1,024, when it was new */
		bool learns;   /* from the member that is open */
	} code;
#endif
};

const uint8_t member_empty[MEMBER_EMPTY_LEN] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0,
	0, 0xff, 3, 0 };
const uint8_t member_finish[MEMBER_FINISH_LEN] = { 1, 0, 0, 0xff, 0xff };

void
member_sum_update(struct member_sum *s, struct span in)
{
	if (in.len == 0)
		return;
#ifdef HAVE_ISAL
	s->crc = crc32_gzip_refl(s->crc, in.p, in.len);
#else
	s->crc = (uint32_t)crc32_z(s->crc, in.p, in.len);
#endif
	s->len += (uint32_t)in.len;
}

static void
put_le32(uint8_t *p, uint32_t n)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)(n >> (8 * i));
}

void
member_sum_print(const struct member_sum *s, struct buf *out)
{
	uint8_t *p = buf_reserve(out, MEMBER_TRAILER_LEN);

	put_le32(p, s->crc);
	put_le32(p + 4, s->len);
	out->len += MEMBER_TRAILER_LEN;
}

struct member *
member_new(void)
{
	struct member *m = calloc(1, sizeof(*m));

	if (m == NULL)
		abort();
	return m;
}

void
member_free(struct member *m)
{
	if (m == NULL)
		return;
	if (m->zlib_level != 0)
		deflateEnd(&m->z);
#ifdef HAVE_ISAL
	free(m->isal);
	free(m->isal_buf);
#endif
	free(m);
}

/* Out of memory or misuse aborts, as in buf.h: the input cannot cause it. */
static void
zlib_begin(struct member *m)
{
	int rc;

	if (m->zlib_level == m->level)
		rc = deflateReset(&m->z);
	else {
		if (m->zlib_level != 0)
			deflateEnd(&m->z);
		m->zlib_level = m->level;
		rc = deflateInit2(&m->z, (int)m->level, Z_DEFLATED, -MAX_WBITS,
		    8, Z_DEFAULT_STRATEGY);
	}
	if (rc != Z_OK)
		abort();
}

static void
zlib_write(struct member *m, struct span in, bool end, struct buf *out)
{
	size_t room;
	int rc;

	m->z.next_in = in.p;
	m->z.avail_in = (uInt)in.len;
	do {
		room = deflateBound(&m->z, m->z.avail_in) + MEMBER_SLACK;
		m->z.next_out = buf_reserve(out, room);
		m->z.avail_out = (uInt)room;
		rc = deflate(&m->z, end ? Z_FINISH : Z_SYNC_FLUSH);
		out->len += room - m->z.avail_out;
		if (rc != Z_OK && rc != Z_STREAM_END)
			abort();
	} while (end ? rc != Z_STREAM_END : m->z.avail_out == 0);
}

#ifdef HAVE_ISAL
static void
isal_begin(struct member *m)
{
	if (m->isal == NULL) {
		m->isal = aligned_alloc(64, (sizeof(*m->isal) + 63) / 64 * 64);
		m->isal_buf = malloc(ISAL_DEF_LVL1_DEFAULT);
		if (m->isal == NULL || m->isal_buf == NULL)
			abort();
	}
	isal_deflate_init(m->isal);
	m->isal->gzip_flag = IGZIP_DEFLATE;
	m->code.learns = m->code.left == 0;
	if (!m->code.learns) {
		m->code.left--;
		m->isal->hufftables = &m->code.of;
		return;
	}
	m->isal->level = 1;
	m->isal->level_buf = m->isal_buf;
	m->isal->level_buf_size = ISAL_DEF_LVL1_DEFAULT;
}

/* Packed bytes of 1,024. */
static uint64_t
per_1024(struct span in, size_t len)
{
	return (uint64_t)len * 1024 / in.len;
}

/* Make a code of what has just become len bytes. */
static void
code_learn(struct member *m, struct span in, size_t len)
{
	struct isal_huff_histogram counts = { 0 };

	if (in.len < CODE_SAMPLE || per_1024(in, len) > CODE_WORTH)
		return;
	isal_update_histogram((uint8_t *)(uintptr_t)in.p, CODE_SAMPLE, &counts);
	if (isal_create_hufftables(&m->code.of, &counts) != 0)
		return;
	m->code.left = CODE_MEMBERS;
	m->code.per = per_1024(in, len);
	m->code.learns = false;
}

/*
 * The member whose bytes became longer by a code that does not fit is the last
 * that was packed with it.  Of few bytes, which have no member to themselves,
 * only that they grew can be said.
 */
static void
code_check(struct member *m, struct span in, size_t len)
{
	bool few = in.len < CODE_SAMPLE;

	if (m->isal->level == 0 && in.len > 0 &&
	    (few ? len > in.len + in.len / 8 + CODE_HEAD
		 : !CODE_FITS(per_1024(in, len), m->code.per)))
		m->code.left = 0;
}

static void
isal_write(struct member *m, struct span in, bool end, struct buf *out)
{
	struct isal_zstream *s = m->isal;
	size_t room, before = out->len;

	/* ISA-L takes its input as if it might write to it; it does not. */
	s->next_in = (uint8_t *)(uintptr_t)in.p;
	s->avail_in = (uint32_t)in.len;
	s->flush = end ? NO_FLUSH : SYNC_FLUSH;
	s->end_of_stream = end;
	do {
		room = s->avail_in / 2 + MEMBER_SLACK;
		s->next_out = buf_reserve(out, room);
		s->avail_out = (uint32_t)room;
		if (isal_deflate(s) != COMP_OK)
			abort();
		out->len += room - s->avail_out;
	} while (s->avail_out == 0);
	if (s->avail_in != 0 || (end && s->internal_state.state != ZSTATE_END))
		abort();
	code_check(m, in, out->len - before);
	if (m->code.learns)
		code_learn(m, in, out->len - before);
}
#endif

void
member_begin(struct member *m, unsigned level, struct buf *out)
{
	m->sum = (struct member_sum){ 0 };
	m->level = level;
	buf_append(out, member_empty, MEMBER_HEAD_LEN);
#ifdef HAVE_ISAL
	if (level == 1) {
		isal_begin(m);
		return;
	}
#endif
	zlib_begin(m);
}

void
member_write(struct member *m, struct span in, bool end, struct buf *out)
{
	member_sum_update(&m->sum, in);
	if (in.len == 0)
		buf_append(out, member_finish, MEMBER_FINISH_LEN);
#ifdef HAVE_ISAL
	else if (m->level == 1)
		isal_write(m, in, end, out);
#endif
	else
		zlib_write(m, in, end, out);
	if (end)
		member_sum_print(&m->sum, out);
}
