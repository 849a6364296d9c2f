/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_INFLATE_RAW_H
#define EVIDENCE_INFLATE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A raw deflate stream (RFC 1951), by ISA-L or by zlib; only inflate.c uses
 * it.  The output goes to one buffer, front to back, and stays there.
 */
struct inflate_raw;

enum inflate_raw_step {
	INFLATE_RAW_MORE, /* wants input, or room */
	INFLATE_RAW_DONE, /* the final block ended */
	INFLATE_RAW_BAD,
};

struct inflate_io {
	const uint8_t *in; /* advanced past what was taken */
	size_t in_len;
	uint8_t *out; /* advanced past what was made */
	size_t out_room;
	/* DONE: bytes taken from in, now or before, that lie behind the
	 * stream; at most 8, in order. */
	uint8_t over[8];
	size_t n_over;
};

/* NULL if there is no memory. */
struct inflate_raw *inflate_raw_new(void);
void inflate_raw_free(struct inflate_raw *r);
void inflate_raw_reset(struct inflate_raw *r);

enum inflate_raw_step inflate_raw_run(struct inflate_raw *r,
    struct inflate_io *io);

/* Whether all that was taken is whole blocks that end on a byte. */
bool inflate_raw_aligned(const struct inflate_raw *r);

#endif
