/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_KEYRING_H
#define EVIDENCE_KEYRING_H

#include <stdint.h>

#include "common/sha256.h"
#include "evidence/key.h"
#include "evidence/sign.h"

/*
 * The signer's durable state: one folder (0700) for each log, with the log
 * key, the seeds of the epochs to come, and what was signed last.  It signs
 * only what extends that, and what it answers is on the disk before.
 *
 *	key	origin, height, R, the log key and its seed; written once, last
 *	seeds	number and seed of the open epoch, seeds of those to come
 *	signed	size and root signed last, in two slots (keyring_file.h)
 *	tree	hashes of the tree of public keys, level by level from the
 *		leaves (public; from it the paths are taken)
 *	lock	flock()ed by the one signer
 *
 * A replaced `seeds` is overwritten with zeros before its blocks are given
 * back.  One thread uses a keyring.
 */
struct keyring;

enum keyring_err {
#define KEYRING_ERR(id, en, ja) KEYRING_##id,
#include "evidence/keyring_err_tbl.h"
#undef KEYRING_ERR
};

/* A sentence in the user's language.  KEYRING_SYSTEM: errno says more. */
const char *keyring_strerror(enum keyring_err e);

struct keyring_create {
	const char *dir;    /* made if absent; its parent must be there */
	const char *origin; /* of the log */
	unsigned height;    /* of the epoch tree, 1-20 */
	/* Called from time to time in the caller's thread; may be NULL. */
	void (*progress)(void *cookie, uint64_t done, uint64_t total);
	void *cookie;
};

/* What everybody may know of a keyring: for the `log` file. */
struct keyring_public {
	char origin[128];
	uint8_t key[KEY_LEN]; /* of the log */
	unsigned height;
	uint8_t r[SHA256_LEN]; /* root of the tree of epoch keys */
};

/*
 * Make new keys; 2^18 of them take some seconds on all cores.  A folder with
 * a file `key` is left alone (KEYRING_EXISTS); what an interrupted creation
 * left is replaced.
 */
enum keyring_err keyring_create(const struct keyring_create *c,
    struct keyring_public *pub);

/* Open for signing.  The folder stays locked until keyring_close(). */
enum keyring_err keyring_open(struct keyring **k, const char *dir);

/* Destroys what is in memory, not the epoch that is open.  NULL is fine. */
void keyring_close(struct keyring *k);

void keyring_public(const struct keyring *k, struct keyring_public *pub);

/*
 * Answer a request; origin, size and root signed last, open and epoch are
 * filled in every reply.
 *
 * SIGN_STATE: if an epoch is open, its number, key and path; else the number
 * that would come next, and no key (height 0).
 * SIGN_BEGIN: number, key and path of a new epoch.  SIGN_REFUSED while one is
 * open: after a crash it is sealed with final=1 and ended first.  Numbers
 * never come again.  SIGN_EXHAUSTED after the last.
 * SIGN_SEAL: the two signature lines.  SIGN_REFUSED if no epoch is open, or
 * the ranges do not lead from the size and root signed last.  An empty added
 * range gives the last signature again (its reply may have been lost).
 * SIGN_END: the seed of the open epoch is destroyed; fine if none is open.
 *
 * After SIGN_FAILED (disk full, I/O error) nothing has changed for the asker:
 * the same may be asked again.
 */
void keyring_ask(struct keyring *k, const struct sign_request *request,
    struct sign_reply *reply);

/*
 * Destroy the seed of the open epoch and of all to come: the log that these
 * keys signed is over.  What was signed last stays known.  SIGN_OK, or
 * SIGN_FAILED.
 */
enum sign_status keyring_retire(struct keyring *k);

/* The keyring as a signer in the same process; valid until it is closed. */
struct signer keyring_signer(struct keyring *k);

#endif
