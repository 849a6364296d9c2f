/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_STREAM_H
#define ANALYZER_FORMAT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/text.h"

/*
 * What a reader remembers of each stream of the log: what follows from the
 * stream's own records.
 */
struct stream {
	uint32_t id;
	bool used;
	uint32_t version; /* how often the rest has changed; 0: all is zero */
	uint16_t table; /* 1 + number of the format of its table */
	size_t ncolumn;
	uint16_t *column; /* slot of each column of the table */
	bool has_encoding;
	enum text_encoding encoding; /* as its header row showed */
	enum text_encoding heard;    /* as its last line that was not UTF-8 */
};

struct streams;

struct streams *streams_new(void);
void streams_free(struct streams *s);

/* The stream of that number; valid until the next call. */
struct stream *streams_get(struct streams *s, uint32_t id);

/* Each that was met, in no order. */
void streams_each(const struct streams *s,
    void (*each)(void *cookie, const struct stream *st), void *cookie);

/* Remember the columns of its table; they are copied. */
void stream_table(struct stream *st, uint16_t format, const uint16_t *column,
    size_t n);

/* Remember the encoding of its header row. */
void stream_told(struct stream *st, enum text_encoding e);

/* Remember that of a line, and return it. */
enum text_encoding stream_heard(struct stream *st, enum text_encoding e);

/* All that is remembered of another, version included; *to is one already, or
 * zero. */
void stream_copy(struct stream *to, const struct stream *from);
void stream_fini(struct stream *st); /* of such a copy */

#endif
