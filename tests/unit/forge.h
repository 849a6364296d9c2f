/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/logfile.h"
#include "evidence/manifest.h"
#include "evidence/record.h"

/*
 * A writer that obeys: it has the keys of a log and writes whatever it is told
 * to, each file consistent and signed.  So each rule of the verifier is tested
 * alone, against a log in which nothing else is wrong.
 */
struct forge {
	char base[64], dir[96]; /* dir: the log's folder */
	uint8_t log_seed[KEY_LEN];
	uint8_t seed[4][KEY_LEN]; /* of the epochs */
	struct epoch epoch[4];
	struct logfile log;
	struct tree_range tree, own; /* of the log, of the segment */
	struct manifest m;	     /* of the segment */
	uint8_t salt[RECORD_SALT];
	uint8_t manifest[SHA256_LEN]; /* hash of the last one */
	struct buf file, member;      /* of the segment, of what is open */
	struct buf stream;	      /* of the whole segment */
	uint64_t index, seq[4];
	struct checkpoint last; /* the one before */
	bool have_last;
};

struct forge_seal { /* what a seal is to be like */
	uint64_t wall, mono;
	const char *boot; /* NULL: "b0" */
	unsigned epoch;	  /* named in it, and which key signs */
	bool final;
	bool keep;		 /* in checkpoints/ too */
	bool unsigned_;		 /* no checkpoint at all */
	const uint8_t *previous; /* NULL: right */
};

#define FORGE_T0 UINT64_C(1732060800000000)
#define FORGE_S UINT64_C(1000000)

/* Folders, keys and `log`. */
void forge_begin(struct forge *f);
void forge_end(struct forge *f); /* remove everything */

/* Header line and m1. */
void forge_segment(struct forge *f, uint64_t number, uint64_t first,
    const uint8_t previous[SHA256_LEN]);

void forge_record(struct forge *f, enum record_kind kind, uint64_t rx,
    uint32_t stream, const char *body);
void forge_stream(struct forge *f, uint64_t rx, uint32_t number, uint64_t next);

/* k1, and its line in `epochs` if told so. */
void forge_epoch(struct forge *f, uint64_t rx, const struct epoch *e,
    bool line);

/* s1; the segment is flushed and written, the checkpoint signed. */
void forge_seal(struct forge *f, const struct forge_seal *s);

/* Sign and write a checkpoint of any size and root. */
void forge_checkpoint(struct forge *f, const char *name, uint64_t size,
    const uint8_t root[SHA256_LEN], unsigned epoch);

/* Write what is there; end: end the member; close: and the segment. */
void forge_flush(struct forge *f, bool end);
void forge_close(struct forge *f, bool manifest);

/* Write or append to a file below the log's folder. */
void forge_write(struct forge *f, const char *name, struct span bytes,
    bool append);

/* Path of a file below the log's folder. */
const char *forge_path(struct forge *f, const char *name);

#endif
