/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_SKIPIDX_H
#define ANALYZER_FIND_SKIPIDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * What a search keeps of a closed segment, so that it need not read it again:
 * where its members are, how many records of what time are in each and a filter
 * of what stands in them (keyset.h); who sent in which hour; what the collector
 * said that it lost.  A cache outside the log, nobody's evidence, made again
 * from the segment whenever it is missing or of other bytes: it names the
 * SHA-256 of the segment's file and that of itself.  Pure.
 */
#define SKIPIDX_MAX (64u << 20) /* bytes of a file */
#define SKIPIDX_SOURCES 1000u	/* of a segment; more count as one */
#define SKIPIDX_GAPS 10000u	/* of a segment; more are counted */
#define SKIPIDX_LABEL 160u	/* bytes of a source's name; then cut */
#define SKIPIDX_GAP_NAME 32u

struct skipidx_member {
	uint64_t offset;	    /* in the file */
	uint64_t first;		    /* index of its first record */
	uint32_t records, received; /* all of them; e1 */
	uint64_t low, high;	    /* usec, of all its records */
	uint64_t bytes;		    /* of the bodies of e1 records */
	uint32_t at, n;		    /* pieces of its filter; n 0: none */
};

enum { /* what a source is */
	SKIPIDX_IMPORTED = 1,
	SKIPIDX_REPLAY = 2,
	SKIPIDX_REST = 4, /* all beyond SKIPIDX_SOURCES */
};

struct skipidx_hour {
	uint32_t hour; /* since 1970 UTC */
	uint32_t records;
};

struct skipidx_source {
	char label[SKIPIDX_LABEL + 1]; /* peer or file, and listener */
	unsigned flags;
	struct skipidx_hour *hours; /* ascending */
	size_t n_hours, cap;
	uint32_t streams; /* it had in this segment */
};

struct skipidx_stream { /* who a stream is, from a record on */
	uint32_t stream, source;
	uint64_t index;
	unsigned framing;  /* enum record_framing */
	unsigned encoding; /* 1 + enum text_encoding, if its d1 says it */
};

struct skipidx_gap { /* a g1 record */
	char kind[SKIPIDX_GAP_NAME];
	uint64_t index, from, until, count; /* usec; 0: not known */
};

struct skipidx {
	char origin[121];
	uint64_t segment, gzip_len;
	uint8_t gzip_hash[SHA256_LEN];
	struct skipidx_member *members;
	struct skipidx_source *sources;
	struct skipidx_stream *streams;
	struct skipidx_gap *gaps;
	size_t n_members, n_sources, n_streams, n_gaps;
	size_t cap_members, cap_sources, cap_streams, cap_gaps;
	uint32_t gaps_beyond; /* SKIPIDX_GAPS; they go to: */
	struct skipidx_gap beyond;
	struct buf filters;
	bool useless; /* it grew too large to be kept */
};

void skipidx_init(struct skipidx *x);
void skipidx_fini(struct skipidx *x);

/* Forget everything, keep the memory. */
void skipidx_clear(struct skipidx *x);

/* One more, zeroed; the pointer holds until the next. */
struct skipidx_member *skipidx_member(struct skipidx *x);
struct skipidx_gap *skipidx_gap(struct skipidx *x);

/* The place of the source of that name; it is added if need be. */
uint32_t skipidx_source(struct skipidx *x, struct span label, unsigned flags);
void skipidx_stream(struct skipidx *x, const struct skipidx_stream *s);

/* A record of that source in that hour; so many of them. */
void skipidx_count(struct skipidx *x, uint32_t source, uint32_t hour);
void skipidx_add(struct skipidx *x, uint32_t source,
    const struct skipidx_hour *more);

/* Add what the sources of another sent. */
void skipidx_sum(struct skipidx *x, const struct skipidx *more);

/* Who a stream was at a record, or NULL. */
const struct skipidx_stream *skipidx_who(const struct skipidx *x,
    uint32_t stream, uint64_t index);

/* Append "<cache>/find-<origin, / as ->", and the file of a segment there. */
void skipidx_folder(struct buf *out, const char *cache, const char *origin);
void skipidx_name(struct buf *out, uint64_t segment);

/* The file.  parse: 0, or -1 if it is none, or not all of it. */
void skipidx_print(const struct skipidx *x, struct buf *out);
int skipidx_parse(struct span in, struct skipidx *x);

#endif
