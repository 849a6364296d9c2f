/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_REMEMBER_H
#define ANALYZER_FORMAT_REMEMBER_H

#include <stdint.h>

#include "analyzer/format/formats.h"
#include "common/buf.h"

/*
 * What a handle remembers of a stream (formats.h) as bytes, for who reads a
 * log from its middle on: with them, its lines mean what they would mean had
 * all been read.  They fit the same format files alone.
 */

/* Append it; nothing, if nothing of the stream is remembered. */
void remember_print(struct formats *f, uint32_t stream, struct buf *out);

/* Each stream of which something is remembered, in no order. */
void remember_each(struct formats *f,
    void (*each)(void *cookie, uint32_t stream), void *cookie);

/* Remember that and no more of the stream.  0; -1: they are no such bytes, and
 * nothing has changed. */
int remember_parse(struct formats *f, uint32_t stream, struct span in);

#endif
