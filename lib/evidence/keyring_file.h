/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_KEYRING_FILE_H
#define EVIDENCE_KEYRING_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/epoch.h"
#include "evidence/keyring.h"

/*
 * The files of a keyring (keyring.h) as bytes.  Parsing is strict: only what
 * print makes is read.  Each parse returns 0, or -1.  All but the lock is pure.
 */
#define KEYRING_FILE_MAX 4096u /* bytes of `key` or `seeds` */

/* The file `seeds`: the open epoch's seed is of number rest.next - 1. */
struct keyring_seeds {
	bool open;
	uint8_t seed[KEY_LEN]; /* of the open epoch, else zero */
	struct epoch_seeds rest;
};

/*
 * The file `signed` has two slots, each a block of the disk.  They are written
 * in turn and in place, so that one seal costs one flush and not a new file; a
 * write that a power cut tears leaves the other slot, and nothing that was
 * signed by it has left the signer.  A slot is
 *
 *	"ev1 signed\n" <size> " " <root, hex> "\n" <SHA-256 of this, hex> "\n"
 *
 * and zeros; the whole one with the greater size is in force.
 */
#define KEYRING_SLOT 4096u
#define KEYRING_SIGNED_LEN (2 * KEYRING_SLOT)
struct keyring_signed {
	uint64_t size;
	uint8_t root[SHA256_LEN];
};

void keyring_file_print_key(const struct keyring_public *pub,
    const uint8_t seed[KEY_LEN], struct buf *out);
int keyring_file_parse_key(struct span in, struct keyring_public *pub,
    uint8_t seed[KEY_LEN]);

void keyring_file_print_seeds(const struct keyring_seeds *s, struct buf *out);
int keyring_file_parse_seeds(struct span in, unsigned height,
    struct keyring_seeds *s);

/* One slot, KEYRING_SLOT bytes of it. */
void keyring_file_print_slot(const struct keyring_signed *s, struct buf *out);
int keyring_file_parse_slot(struct span in, struct keyring_signed *s);

/* The whole file: *slot, 0 or 1, is the one in force.  -1: none is whole. */
int keyring_file_parse_signed(struct span in, struct keyring_signed *s,
    unsigned *slot);

/*
 * Place in the file `tree`, in hashes, of the node with that level (leaves 0,
 * root height) and index.
 */
uint64_t keyring_file_node(unsigned height, unsigned level, uint64_t index);

/*
 * Lock the keyring in that folder.  Return a descriptor that holds the lock
 * until it is closed, or -1 and errno (EWOULDBLOCK: another has it).
 */
int keyring_file_lock(int dir);

/* A buffer for secrets: room for a whole file at once, so that it never moves
 * and wipe can destroy all of it. */
void keyring_file_buf_init(struct buf *b);
void keyring_file_buf_wipe(struct buf *b);

#endif
