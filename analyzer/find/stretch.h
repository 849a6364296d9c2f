/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_STRETCH_H
#define ANALYZER_FIND_STRETCH_H

#include "analyzer/find/hunt.h"
#include "common/arena.h"
#include "common/pool.h"
#include "evidence/evstreams.h"
#include "evidence/inflate.h"
#include "evidence/logdir.h"
#include "evidence/segread.h"
#include "evidence/tree.h"

/*
 * One segment of a log that is searched, in a thread of its own: by its index
 * (stretch_skip) or, without one that fits, by reading all of it, which makes
 * the index (stretch_read).
 */
struct stretch_want { /* set by who gives the job */
	const struct logdir *dir;
	const struct hunt_options *o;
	const char *origin;
	char path[MANIFEST_FILE]; /* below the log's folder */
	uint64_t segment, first, last; /* indexes that belong to it */
	bool closed;		       /* these are of its manifest: */
	uint64_t gzip_len, members;
	uint8_t gzip_hash[SHA256_LEN];
	bool newest;	/* prove it by its leaves */
	bool check;	/* hold the index against a block that it passes */
	const char *folder; /* of indexes, or NULL */
};

struct stretch_hits {
	struct hunt_hit *v;
	size_t n, cap;
};

struct stretch {
	struct pool_job job;
	struct stretch_want want;
	struct matcher_look *search;
	struct skipidx index;
	struct keyset keys;
	struct segread *in;
	struct inflate *inflate;
	struct arena *arena; /* of hits */
	struct buf file, bytes;
	/* What came of it. */
	struct stretch_hits hits;
	uint64_t n_hits; /* also beyond the limit */
	uint64_t blocks, read, passed, checked;
	uint64_t records, body_bytes, system, file_bytes;
	uint64_t low, high, newest;
	struct tree_range range;      /* newest: of its leaves */
	uint8_t previous[SHA256_LEN]; /* newest: as its m1 says */
	bool indexed, made, wrong;
	struct buf unkept, why; /* why empty: it is as its manifest says */
	/* Of the record being looked at. */
	const struct skipidx_stream *who;
};

void stretch_init(struct stretch *s, const struct matcher *m);
void stretch_fini(struct stretch *s);

/* The job's function; arg is a stretch whose want is set. */
void stretch_run(void *arg);

/* Used by the two ways below it. */
struct stretch_record {
	enum record_kind kind;
	uint64_t index, rx;
	uint32_t stream;
	struct span body;
};

/* Forget what came of an earlier try. */
void stretch_begin(struct stretch *s);

/*
 * Look at a record: count it and take its hits if it is of the interval.  keys
 * (may be NULL) takes what the index must know of it.
 */
void stretch_look(struct stretch *s, const struct stretch_record *r,
    struct keyset *keys);

/* 0, or -1 and s->why. */
int stretch_read(struct stretch *s);

/* 1; 0 if there is no index that fits: read it then; or -1 and s->why. */
int stretch_skip(struct stretch *s);

#endif
