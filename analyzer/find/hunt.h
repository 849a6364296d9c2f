/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_HUNT_H
#define ANALYZER_FIND_HUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/find/matcher.h"
#include "analyzer/find/skipidx.h"
#include "common/buf.h"
#include "common/sha256.h"

/*
 * One log searched, up to its newest checkpoint, and how far it was proved
 * meanwhile: the log key's signature of the checkpoint; every manifest, each
 * by `previous` of the next; the newest segment record by record, whose leaves
 * with the subtrees of the manifests must give the signed root, and whose m1
 * names the manifest before; and of each segment searched the SHA-256 of its
 * file, which its manifest names.  So no byte that was searched, or passed over
 * by its index, is another than the log key signed for.  What this does not
 * look at (epoch keys, seals, anchors) is the verifier's.
 */
#define HUNT_LINE 2000u /* bytes of a hit's record that are shown */
#define HUNT_JOBS_MAX 64u
#define HUNT_GAPS 64u /* kinds */

struct hunt_hit {
	const char *origin;
	uint64_t index, rx; /* of the record */
	enum record_kind kind;
	uint32_t indicator; /* its place among the matcher's */
	const char *source; /* "192.0.2.9 (fw/udp)"; "" for the log's own */
	unsigned flags;	    /* SKIPIDX_IMPORTED ... */
	struct span line;   /* message as UTF-8; may be cut */
};

struct hunt_missing { /* a segment in the interval that is not here */
	uint64_t segment, first, last, low, high;
	bool deleted; /* a record of the log says so */
};

struct hunt_gap { /* g1 records of one kind that touch the interval */
	char kind[SKIPIDX_GAP_NAME];
	uint64_t n, count;    /* records; what they count */
	uint64_t from, until; /* usec, of the first and to the last */
	uint64_t index;	      /* of the first record */
};

struct hunt_options {
	const char *dir;   /* of the log */
	const char *cache; /* folder for indexes, or NULL: none are kept */
	const struct matcher *matcher;
	uint64_t from, until; /* usec of receipt, until left out */
	unsigned jobs;
	bool full; /* read every block, whatever an index says */
	bool part; /* a package: of its log only some segments are here, and
		    * others prove it */
	uint64_t limit; /* hits to hand out */
	void (*hit)(void *cookie, const struct hunt_hit *h);
	void (*progress)(void *cookie, uint64_t done, uint64_t all);
	void *cookie;
};

struct hunt { /* what came of it */
	char origin[256];
	uint64_t size;
	uint8_t root[SHA256_LEN];
	uint64_t segments, outside; /* searched; of other times */
	uint64_t blocks, blocks_read, blocks_passed, blocks_checked;
	uint64_t records, bytes; /* received, of the interval; of bodies */
	uint64_t system;	 /* the log's own records that were read */
	uint64_t file_bytes;	 /* of files, hashed */
	uint64_t first, last;	 /* usec, of those records; 0: none */
	uint64_t newest;	 /* usec, of the newest record of all */
	uint64_t hits, shown;
	uint64_t indexed, made, wrong; /* segments with an index that was
					* used, made, thrown away */
	struct skipidx sum; /* its sources, of all segments */
	struct hunt_gap gaps[HUNT_GAPS];
	size_t n_gaps;
	uint64_t gaps_beyond; /* that a segment had too many of: whether they
			       * are of the interval is not known */
	struct hunt_missing *missing; /* by segment, ascending */
	size_t n_missing, cap_missing;
	struct buf unkept;	 /* why an index could not be kept; or empty */
	struct buf why; /* not empty: nothing can be said of what is absent */
};

void hunt_init(struct hunt *h);
void hunt_fini(struct hunt *h);

/*
 * Search.  Return 0, or -1 and why in h->why: then hits are hits still, but
 * that there are no more is not known.
 */
int hunt_run(const struct hunt_options *o, struct hunt *h);

#endif
