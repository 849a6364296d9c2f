/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_SIGNED_H
#define VERIFY_SIGNED_H

#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"
#include "verify/say.h"

/*
 * C2SP signed notes, checkpoints and their keys (FORMAT.md, 6).  What is read
 * stays borrowed.  Functions return SAY_NONE, or what is wrong.  Pure.
 */
#define SIGNED_MAX 65536u /* bytes of a note */
#define SIGNED_LINES 64u  /* of a whole note */
#define SIGNED_EPOCH_MAX ((1u << 20) - 1)

enum { SIGNED_ED25519 = 1, SIGNED_COSIGNATURE = 4 };

struct signed_key {
	char name[256];
	uint32_t id;
	uint8_t type, key[32];
};

struct signed_note {
	struct span text; /* the empty line behind it left out */
	size_t n;
	struct signed_line {
		struct span name, base64;
	} line[SIGNED_LINES];
};

struct signed_head { /* a checkpoint: the tree's head */
	struct span origin;
	uint64_t size;
	uint8_t root[SHA256_LEN];
	uint32_t epoch; /* of the second signature line */
};

/* A vkey, "<name>+<8 hex>+<base64>": 0, or -1. */
int signed_key_parse(struct span vkey, struct signed_key *k);

enum say_what signed_parse(struct span in, struct signed_note *n);

/*
 * Check the i-th line against a key.  A cosignature's time goes to *time, in
 * seconds.
 */
enum say_what signed_check(const struct signed_note *n, size_t i,
    const struct signed_key *k, uint64_t *time);

/* Three lines; whole checkpoint, whose signatures are not checked yet. */
int signed_head_parse(struct span text, struct signed_head *h);
enum say_what signed_head_read(struct span in, struct signed_note *n,
    struct signed_head *h);

/* SHA-256 of the three lines. */
void signed_head_hash(const char *origin, uint64_t size,
    const uint8_t root[SHA256_LEN], uint8_t hash[SHA256_LEN]);

/* The key of an epoch of that log. */
void signed_epoch_key(struct signed_key *k, const char *origin, uint32_t epoch,
    const uint8_t key[32]);

#endif
