/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "verify/unzip.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(HAVE_ISAL) && !defined(VERIFY_STATIC)
#define USE_ISAL
#include <isa-l/igzip_lib.h>
#else
#define ZLIB_CONST
#include <zlib.h>
#endif

#define HEADER 10

static const uint8_t empty[20] =
    "\x1f\x8b\x08\0\0\0\0\0\0\xff\x03"; /* member */

/*
 * What the libraries have in common: raw_begin() behind a header; raw_run(),
 * which is 1 at the member's end, 0 if it goes on, -1 and z->why if it is
 * wrong, data or trailer, and moves z->len and *in on; raw_aligned(), whether
 * the last byte taken ended a block that is not the last.
 */
#ifdef USE_ISAL

static void
raw_begin(struct unzip *z)
{
	struct inflate_state *s = z->raw;

	if (s == NULL && (z->raw = s = malloc(sizeof(*s))) == NULL)
		abort();
	isal_inflate_init(s);
	s->crc_flag = ISAL_GZIP_NO_HDR_VER;
}

static int
raw_run(struct unzip *z, struct span *in)
{
	uint32_t had = (uint32_t)in->len;
	uint32_t room = (uint32_t)(sizeof(z->own) - z->len);
	struct inflate_state *s = z->raw;
	int rc;

	s->next_in = (uint8_t *)(uintptr_t)in->p;
	s->avail_in = had;
	s->next_out = z->out + z->len;
	s->avail_out = room;
	rc = isal_inflate(s);
	z->why = rc == ISAL_INCORRECT_CHECKSUM ? SAY_GZIP_CRC : SAY_GZIP_DATA;
	/* After an error its counters may stand anywhere, even outside. */
	if (rc < 0 || s->avail_in > had || s->avail_out > room)
		return -1;
	z->len += room - s->avail_out;
	*in = span_sub(*in, had - s->avail_in, had);
	return s->block_state == ISAL_BLOCK_FINISH;
}

static bool
raw_aligned(const struct unzip *z)
{
	const struct inflate_state *s = z->raw;

	/* It may already have looked for the next block's header in vain. */
	return (s->block_state == ISAL_BLOCK_NEW_HDR ||
		   (s->block_state == ISAL_BLOCK_HDR && s->tmp_in_size == 0)) &&
	    s->read_in_length == 0 && s->tmp_out_valid == s->tmp_out_processed;
}

void
unzip_fini(struct unzip *z)
{
	free(z->raw);
}

#else

static int
raw_run(struct unzip *z, struct span *in)
{
	z_stream *s = z->raw;
	int rc;

	s->next_in = in->p;
	s->avail_in = (uInt)in->len;
	s->next_out = z->out + z->len;
	s->avail_out = (uInt)(sizeof(z->own) - z->len);
	rc = inflate(s, Z_SYNC_FLUSH);
	*in = span_sub(*in, in->len - s->avail_in, in->len);
	z->len = sizeof(z->own) - s->avail_out;
	/* It says what is wrong in words only: "incorrect data check". */
	z->why = s->msg != NULL && strstr(s->msg, " check") != NULL
	    ? SAY_GZIP_CRC
	    : SAY_GZIP_DATA;
	return rc == Z_STREAM_END	      ? 1
	    : rc == Z_OK || rc == Z_BUF_ERROR ? 0
					      : -1;
}

/* It reads trailers only behind headers, and ours was checked. */
static void
raw_begin(struct unzip *z)
{
	struct span header = { empty, HEADER };
	z_stream *s = z->raw;

	if (s == NULL &&
	    ((z->raw = s = calloc(1, sizeof(*s))) == NULL ||
		inflateInit2(s, 16 + 15) != Z_OK))
		abort();
	inflateReset(s);
	raw_run(z, &header);
}

static bool
raw_aligned(const struct unzip *z)
{
	/* zlib.h: 128 between two blocks, 64 in the last, plus unused bits */
	return ((const z_stream *)z->raw)->data_type == 128;
}

void
unzip_fini(struct unzip *z)
{
	if (z->raw != NULL)
		inflateEnd(z->raw);
	free(z->raw);
}

#endif

void
unzip_begin(struct unzip *z, int fd, uint64_t max)
{
	z->fd = fd;
	z->left = max;
	sha256x2_init(&z->hash);
}

/* See that there is input.  1, 0 at the end of the file, -1 and errno. */
static int
fill(struct unzip *z)
{
	struct sha256x2_job job;
	size_t max = z->left < UNZIP_PIECE ? z->left : UNZIP_PIECE;
	ssize_t n;

	if (z->in.len > 0)
		return 1;
	sha256x2_add(&job, z->fresh, &z->hash);
	sha256x2_run(&job, 1);
	z->fresh.len = 0;
	do
		n = read(z->fd, z->piece, max);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return (int)n;
	z->left -= (uint64_t)n;
	z->in = z->fresh = span_make(z->piece, (size_t)n);
	return 1;
}

/* That many bytes were taken from the front of the input. */
static void
took(struct unzip *z, size_t len)
{
	size_t new = len < sizeof(z->last) ? len : sizeof(z->last);

	memmove(z->last, z->last + new, sizeof(z->last) - new);
	memcpy(z->last + sizeof(z->last) - new, z->in.p + len - new, new);
	z->in = span_sub(z->in, len, z->in.len);
	z->taken += len;
}

/* A member; its data is z->out, z->len. */
static enum unzip_step
take_member(struct unzip *z)
{
	int full, rc = 0;
	struct span in;
	size_t had;

	z->why = SAY_GZIP_HEADER;
	while (rc == 0) {
		if ((full = fill(z)) <= 0)
			return full < 0 ? UNZIP_ERROR : UNZIP_OPEN;
		if (z->taken - z->start < HEADER) {
			if (*z->in.p != empty[z->taken - z->start])
				return UNZIP_BAD;
			took(z, 1);
			if (z->taken - z->start == HEADER)
				raw_begin(z);
			continue;
		}
		in = z->in;
		had = z->len;
		rc = raw_run(z, &in);
		if (rc >= 0 && z->len > UNZIP_MAX)
			z->why = SAY_GZIP_BIG;
		if (rc < 0 || z->len > UNZIP_MAX ||
		    (rc == 0 && in.len == z->in.len && z->len == had))
			return UNZIP_BAD;
		took(z, z->in.len - in.len);
	}
	return UNZIP_MEMBER;
}

enum unzip_step
unzip_next(struct unzip *z, uint8_t *out)
{
	enum unzip_step step;
	int full;

	z->start = z->taken;
	z->len = 0;
	z->out = out != NULL ? out : z->own;
	step = take_member(z);
	z->data = span_make(z->out, z->len);
	if (step != UNZIP_MEMBER || z->len > 0)
		return step;
	z->why = SAY_GZIP_EMPTY;
	if (z->taken - z->start != sizeof(empty) ||
	    memcmp(z->last, empty + HEADER, sizeof(z->last)) != 0)
		return UNZIP_BAD;
	z->why = SAY_GZIP_TRAILING;
	full = fill(z);
	return full < 0 ? UNZIP_ERROR : full == 0 ? UNZIP_END : UNZIP_BAD;
}

bool
unzip_flushed(const struct unzip *z)
{
	return z->taken == z->start ||
	    (memcmp(z->last + 6, "\0\0\xff\xff", 4) == 0 && raw_aligned(z));
}
