/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "verify/unzip.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(HAVE_ISAL) && !defined(VERIFY_STATIC)
#define USE_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#else
#define ZLIB_CONST
#include <zlib.h>
#endif

/*
 * Read, not mapped: a file that is cut while we look at it must not end the
 * program.  A piece stays in the cache until it is inflated and hashed.
 */
#define PIECE (128u << 10)
#define HEADER 10
#define TRAILER 8

static const uint8_t empty[] = "\x1f\x8b\x08\0\0\0\0\0\0\xff\x03";

struct unzip {
	int fd;
	uint64_t left;	/* bytes that may still be read */
	struct span in; /* of piece, not taken yet */
	uint64_t taken, start;
	bool inside;
	uint32_t last;	 /* the four bytes taken last */
	uint8_t over[8]; /* trailer bytes that came with the data */
	size_t n_over;
	uint8_t first[2];  /* of the deflate stream, */
	uint64_t deflated; /* and how long it is */
	enum say_what why;
#ifdef USE_ISAL
	struct inflate_state raw;
#else
	z_stream raw;
#endif
	size_t len;
	uint8_t piece[PIECE];
	uint8_t out[UNZIP_MAX + 1];
};

#ifdef USE_ISAL

static void
raw_reset(struct unzip *z)
{
	isal_inflate_init(&z->raw);
}

static void
raw_free(struct unzip *z)
{
	(void)z;
}

/* 1 at the end of the stream, 0 if it goes on, -1; *in and z->len move on. */
static int
raw_run(struct unzip *z, struct span *in)
{
	uint32_t had = (uint32_t)in->len;
	uint32_t room = (uint32_t)(sizeof(z->out) - z->len);
	uint64_t bits;

	z->raw.next_in = (uint8_t *)(uintptr_t)in->p;
	z->raw.avail_in = had;
	z->raw.next_out = z->out + z->len;
	z->raw.avail_out = room;
	/* After an error its counters may stand anywhere, even outside. */
	if (isal_inflate(&z->raw) < 0 || z->raw.avail_in > had ||
	    z->raw.avail_out > room)
		return -1;
	z->len += room - z->raw.avail_out;
	*in = span_sub(*in, had - z->raw.avail_in, had);
	if (z->raw.block_state != ISAL_BLOCK_FINISH)
		return 0;
	/* It loads up to eight bytes: what it did not need is the trailer's. */
	bits = z->raw.read_in >> (z->raw.read_in_length % 8);
	for (int n = z->raw.read_in_length / 8; n > 0; n--, bits >>= 8)
		z->over[z->n_over++] = (uint8_t)bits;
	return 1;
}

static bool
raw_aligned(const struct unzip *z)
{
	const struct inflate_state *s = &z->raw;

	/* It may already have looked for the next block's header in vain. */
	return (s->block_state == ISAL_BLOCK_NEW_HDR ||
		   (s->block_state == ISAL_BLOCK_HDR && s->tmp_in_size == 0)) &&
	    s->read_in_length == 0 && s->tmp_out_valid == s->tmp_out_processed;
}

static uint32_t
raw_crc(const struct unzip *z)
{
	return crc32_gzip_refl(0, z->out, z->len);
}

#else

static void
raw_reset(struct unzip *z)
{
	if (z->raw.state == NULL && inflateInit2(&z->raw, -15) != Z_OK)
		abort();
	inflateReset(&z->raw);
}

static void
raw_free(struct unzip *z)
{
	inflateEnd(&z->raw);
}

static int
raw_run(struct unzip *z, struct span *in)
{
	int rc;

	z->raw.next_in = in->p;
	z->raw.avail_in = (uInt)in->len;
	z->raw.next_out = z->out + z->len;
	z->raw.avail_out = (uInt)(sizeof(z->out) - z->len);
	rc = inflate(&z->raw, Z_SYNC_FLUSH);
	*in = span_sub(*in, in->len - z->raw.avail_in, in->len);
	z->len = sizeof(z->out) - z->raw.avail_out;
	return rc == Z_STREAM_END ? 1
	    : rc == Z_OK || rc == Z_BUF_ERROR ? 0
					      : -1;
}

static bool
raw_aligned(const struct unzip *z)
{
	/* zlib.h: 128 between two blocks, 64 in the last, plus unused bits */
	return z->raw.data_type == 128;
}

static uint32_t
raw_crc(const struct unzip *z)
{
	return (uint32_t)crc32(0, z->out, (uInt)z->len);
}

#endif

struct unzip *
unzip_new(void)
{
	struct unzip *z = calloc(1, sizeof(*z));

	if (z == NULL)
		abort();
	return z;
}

void
unzip_free(struct unzip *z)
{
	raw_free(z);
	free(z);
}

void
unzip_begin(struct unzip *z, int fd, uint64_t max)
{
	z->fd = fd;
	z->left = max;
	z->in.len = z->len = 0;
	z->taken = z->start = 0;
	z->inside = false;
}

static enum unzip_step
bad(struct unzip *z, enum say_what why)
{
	z->why = why;
	return UNZIP_BAD;
}

/* See that there is input.  1, 0 at the end of the file, -1 and errno. */
static int
fill(struct unzip *z, void (*piece)(void *, struct span), void *cookie)
{
	ssize_t n = 0;

	if (z->in.len > 0)
		return 1;
	piece(cookie, z->in); /* the one before is read over */
	do
		if (z->left > 0)
			n = read(z->fd, z->piece,
			    z->left < PIECE ? (size_t)z->left : PIECE);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return (int)n;
	z->left -= (uint64_t)n;
	z->in = span_make(z->piece, (size_t)n);
	piece(cookie, z->in);
	return 1;
}

/* That many bytes were taken from the front of the input. */
static void
took(struct unzip *z, size_t len)
{
	for (size_t i = len > 4 ? len - 4 : 0; i < len; i++)
		z->last = z->last << 8 | z->in.p[i];
	for (size_t i = 0; i < len && z->deflated + i < 2; i++)
		z->first[z->deflated + i] = z->in.p[i];
	z->in = span_sub(z->in, len, z->in.len);
	z->taken += len;
}

static enum unzip_step
take_header(struct unzip *z, void (*piece)(void *, struct span), void *cookie)
{
	int rc;

	z->start = z->taken;
	z->inside = false;
	z->len = z->n_over = 0;
	for (size_t i = 0; i < HEADER; i++) {
		if ((rc = fill(z, piece, cookie)) <= 0)
			return rc < 0 ? UNZIP_ERROR : UNZIP_OPEN;
		if (*z->in.p != empty[i])
			return bad(z, SAY_GZIP_HEADER);
		z->inside = true;
		took(z, 1);
	}
	raw_reset(z);
	z->last = UINT32_MAX;
	z->deflated = 0;
	return UNZIP_MEMBER;
}

static enum unzip_step
take_data(struct unzip *z, void (*piece)(void *, struct span), void *cookie)
{
	struct span in;
	size_t had;
	int rc;

	for (;;) {
		if ((rc = fill(z, piece, cookie)) <= 0)
			return rc < 0 ? UNZIP_ERROR : UNZIP_OPEN;
		in = z->in;
		had = z->len;
		rc = raw_run(z, &in);
		if (rc < 0 || (rc == 0 && in.len == z->in.len && z->len == had))
			return bad(z, SAY_GZIP_DATA);
		if (z->len > UNZIP_MAX)
			return bad(z, SAY_GZIP_BIG);
		had = z->in.len - in.len;
		took(z, had);
		z->deflated += had;
		if (rc > 0)
			break;
	}
	z->deflated -= z->n_over;
	return UNZIP_MEMBER;
}

static uint32_t
u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static enum unzip_step
take_trailer(struct unzip *z, void (*piece)(void *, struct span), void *cookie)
{
	int rc;

	while (z->n_over < TRAILER) {
		if ((rc = fill(z, piece, cookie)) <= 0)
			return rc < 0 ? UNZIP_ERROR : UNZIP_OPEN;
		z->over[z->n_over++] = *z->in.p;
		took(z, 1);
	}
	z->inside = false;
	if (u32(z->over) != raw_crc(z))
		return bad(z, SAY_GZIP_CRC);
	if (u32(z->over + 4) != z->len)
		return bad(z, SAY_GZIP_LENGTH);
	if (z->len > 0)
		return UNZIP_MEMBER;
	if (z->deflated != 2 || memcmp(z->first, empty + HEADER, 2) != 0)
		return bad(z, SAY_GZIP_EMPTY);
	rc = fill(z, piece, cookie);
	return rc < 0 ? UNZIP_ERROR
	    : rc == 0 ? UNZIP_END
		      : bad(z, SAY_GZIP_TRAILING);
}

enum unzip_step
unzip_next(struct unzip *z, void (*piece)(void *cookie, struct span bytes),
    void *cookie)
{
	enum unzip_step step = take_header(z, piece, cookie);

	if (step == UNZIP_MEMBER)
		step = take_data(z, piece, cookie);
	return step == UNZIP_MEMBER ? take_trailer(z, piece, cookie) : step;
}

struct span
unzip_data(const struct unzip *z)
{
	return span_make(z->out, z->len);
}

enum say_what
unzip_why(const struct unzip *z)
{
	return z->why;
}

uint64_t
unzip_taken(const struct unzip *z)
{
	return z->taken;
}

uint64_t
unzip_start(const struct unzip *z)
{
	return z->start;
}

bool
unzip_flushed(const struct unzip *z)
{
	return !z->inside || (z->last == 0xffff && raw_aligned(z));
}
