/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include "evidence/inflate_raw.h"

#ifdef HAVE_ISAL

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct inflate_raw {
	struct inflate_state state;
};

struct inflate_raw *
inflate_raw_new(void)
{
	struct inflate_raw *r = malloc(sizeof(*r));

	if (r != NULL)
		isal_inflate_init(&r->state);
	return r;
}

void
inflate_raw_free(struct inflate_raw *r)
{
	free(r);
}

void
inflate_raw_reset(struct inflate_raw *r)
{
	isal_inflate_reset(&r->state);
}

/*
 * ISA-L loads up to eight bytes into a bit buffer: what it did not need lies
 * there when the stream ends, and not necessarily in this call's input.
 */
static void
raw_take_back(struct inflate_state *s, struct inflate_io *io)
{
	uint64_t bits = s->read_in >> (s->read_in_length % 8);
	int n = s->read_in_length / 8;

	for (io->n_over = 0; n > 0; n--, bits >>= 8)
		io->over[io->n_over++] = (uint8_t)bits;
}

enum inflate_raw_step
inflate_raw_run(struct inflate_raw *r, struct inflate_io *io)
{
	struct inflate_state *s = &r->state;
	uint32_t in_len =
	    io->in_len > UINT32_MAX ? UINT32_MAX : (uint32_t)io->in_len;
	uint32_t room = (uint32_t)io->out_room;
	int rc;

	s->next_in = (uint8_t *)(uintptr_t)io->in;
	s->avail_in = in_len;
	s->next_out = io->out;
	s->avail_out = room;
	rc = isal_inflate(s);
	/* After an error its counters may stand anywhere, even outside. */
	if (rc < 0 || s->avail_in > in_len || s->avail_out > room)
		return INFLATE_RAW_BAD;
	io->in += in_len - s->avail_in;
	io->in_len -= in_len - s->avail_in;
	io->out += room - s->avail_out;
	io->out_room -= room - s->avail_out;
	if (s->block_state != ISAL_BLOCK_FINISH)
		return INFLATE_RAW_MORE;
	raw_take_back(s, io);
	return INFLATE_RAW_DONE;
}

bool
inflate_raw_aligned(const struct inflate_raw *r)
{
	const struct inflate_state *s = &r->state;

	/* It may already have looked for the next block's header in vain. */
	return (s->block_state == ISAL_BLOCK_NEW_HDR ||
		   (s->block_state == ISAL_BLOCK_HDR && s->tmp_in_size == 0)) &&
	    s->read_in_length == 0 && s->tmp_out_valid == s->tmp_out_processed;
}

#endif
