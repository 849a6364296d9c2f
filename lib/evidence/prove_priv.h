/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_PROVE_PRIV_H
#define EVIDENCE_PROVE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/inflate.h"
#include "evidence/leaf.h"
#include "evidence/logdir.h"
#include "evidence/manifest.h"
#include "evidence/note.h"
#include "evidence/prove.h"
#include "evidence/segidx.h"
#include "evidence/tile.h"

/*
 * The inside of prove.  Every proof is put together from the roots of perfect
 * subtrees, prove_node(); these come from tiles, or from the leaves of one
 * block of 256, which are read from a segment, or, where a segment was deleted,
 * from its manifest.  What is made is compared with the checkpoint's root, and
 * if it is wrong it is made again with less trust.
 */
#define PROVE_PIECE (64u << 10) /* bytes of a segment read at a time */
#define PROVE_BLOCKS 2u		/* remembered: one record's, the right edge */

enum prove_trust {
	PROVE_CACHES, /* tiles and the indexes of segments */
	PROVE_TILES,  /* tiles; an index is made anew before it is used */
	PROVE_NOTHING
};

struct prove_block { /* the leaves [256 n, ...) as far as there are any */
	bool used;
	uint64_t n;
	bool have[TILE_WIDTH]; /* not those of a deleted segment */
	uint8_t leaf[TILE_WIDTH][SHA256_LEN];
};

struct prove_in { /* the segment being read, and where in it */
	int fd;
	uint64_t first; /* index of its first record */
	bool closed;	/* it has a manifest */
	uint64_t segment;
	char path[MANIFEST_FILE];
	uint8_t salt[RECORD_SALT];
	struct inflate *z;
	struct evstreams *streams;
	struct span in; /* what was read and not yet inflated */
	uint8_t *piece;
	size_t pos;	   /* in the inflated member */
	bool ended, head;  /* the member has; the header line is read */
	uint64_t at, read; /* offsets: first byte fed to z; read so far */
	uint64_t index;	   /* of the next record */
	struct buf points; /* the segment's index, as text */
	bool indexed;	   /* it may be used */
};

struct prove {
	struct logdir dir;
	char *cache;
	struct buf note;
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size;
	uint8_t root[SHA256_LEN];
	enum prove_trust trust;
	bool gone; /* a record asked for is of a segment not there */
	bool counted;
	uint64_t manifests;	  /* how many there are, once counted */
	struct manifest manifest; /* the one read last, if it was */
	bool have_manifest;
	struct prove_in in;
	struct prove_block block[PROVE_BLOCKS];
	unsigned next_block;
	/* The record to be caught, and the proof that was made last. */
	bool wanted, caught, proved;
	struct prove_record record;
	struct buf body;
	struct proof proof;
};

/* Called with records in order, at most LEAF_BATCH. */
typedef void prove_each(void *cookie, const struct leaf *l, size_t n,
    const uint8_t salt[RECORD_SALT]);

/* 1 if the closed segment with that record has a manifest, now p->manifest. */
int prove_manifest(struct prove *p, uint64_t index);

/*
 * The records [begin, end).  1, 0 if some are of a segment that is not there
 * (the others were given), -1 and *why.
 */
int prove_read(struct prove *p, uint64_t begin, uint64_t end, prove_each *each,
    void *cookie, struct buf *why);
void prove_in_init(struct prove_in *in);
void prove_in_close(struct prove_in *in);
void prove_in_fini(struct prove_in *in);

/* What a record's leaf is made of; the body stays borrowed. */
void prove_fill(struct prove_record *out, const struct leaf *l,
    const uint8_t salt[RECORD_SALT]);

/* What cannot be had, because its segment is not there; appended to *why. */
void prove_say_gone(uint64_t index, struct buf *why);

/* That what was read has another root. */
void prove_say_wrong(struct buf *why);

/* Make it with less and less trust until run returns 0.  run: 0 done, -1 it
 * could not be made, 1 it is not what the checkpoint says. */
struct prove_attempt {
	int (*run)(struct prove *p, void *what, struct buf *why);
	void *what;
};
int prove_attempt(struct prove *p, const struct prove_attempt *a,
    struct buf *why);

/* Whether [begin, end) lies in the log; says if not. */
int prove_bounds(const struct prove *p, uint64_t begin, uint64_t end,
    struct buf *why);

/* The compact range of these leaves, not compared with the root. */
int prove_nodes(struct prove *p, uint64_t begin, uint64_t end,
    struct tree_range *out, struct buf *why);

/* Root of the subtree [index << level, (index + 1) << level). */
int prove_node(struct prove *p, unsigned level, uint64_t index,
    uint8_t hash[SHA256_LEN], struct buf *why);

#endif
