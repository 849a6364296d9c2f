/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "evidence/inflate_raw.h"

#ifndef HAVE_ISAL

#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

struct inflate_raw {
	z_stream z;
};

struct inflate_raw *
inflate_raw_new(void)
{
	struct inflate_raw *r = calloc(1, sizeof(*r));

	if (r != NULL && inflateInit2(&r->z, -15) != Z_OK) {
		free(r);
		return NULL;
	}
	return r;
}

void
inflate_raw_free(struct inflate_raw *r)
{
	if (r == NULL)
		return;
	inflateEnd(&r->z);
	free(r);
}

void
inflate_raw_reset(struct inflate_raw *r)
{
	inflateReset(&r->z);
}

enum inflate_raw_step
inflate_raw_run(struct inflate_raw *r, struct inflate_io *io)
{
	uInt in_len = io->in_len > UINT32_MAX ? UINT32_MAX : (uInt)io->in_len;
	uInt room = (uInt)io->out_room;
	int rc;

	r->z.next_in = io->in;
	r->z.avail_in = in_len;
	r->z.next_out = io->out;
	r->z.avail_out = room;
	rc = inflate(&r->z, Z_SYNC_FLUSH);
	io->in += in_len - r->z.avail_in;
	io->in_len -= in_len - r->z.avail_in;
	io->out += room - r->z.avail_out;
	io->out_room -= room - r->z.avail_out;
	io->n_over = 0; /* zlib gives back the bytes it did not need */
	if (rc == Z_STREAM_END)
		return INFLATE_RAW_DONE;
	return rc == Z_OK || rc == Z_BUF_ERROR ? INFLATE_RAW_MORE
					       : INFLATE_RAW_BAD;
}

bool
inflate_raw_aligned(const struct inflate_raw *r)
{
	/* zlib.h: 128 between two blocks, 64 in the last, plus unused bits */
	return r->z.data_type == 128;
}

#endif
