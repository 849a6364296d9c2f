/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WITNESS_STORE_H
#define WITNESS_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/witness.h"

/*
 * The folder of a witness:
 *
 *	key		its name and its secret seed (0600)
 *	vkey		its verifier key, for whoever relies on it
 *	logs		verifier keys of the logs it knows, one a line; '#'
 *begins a comment; written by its owner secret		if there is one: whoever
 *knows it may keep copies here state/<hex>/checkpoint	the last checkpoint
 *cosigned of each log
 *	store/<hex>/	copies of a log's files, in the places of FORMAT.md, 1
 *	lock		of the one process that serves
 *
 * <hex> is the SHA-256 of the log's origin.  What is answered is on the disk.
 */
struct store;

/*
 * Make the folder with a new key of that name.  *vkey: what store_vkey() says.
 * Return 0, or -1 and a sentence in *why.
 */
int store_make(const char *dir, const char *name, struct buf *vkey,
    struct buf *why);

/* Open it, and lock it.  NULL and a sentence in *why on failure. */
struct store *store_open(const char *dir, struct buf *why);
void store_close(struct store *s); /* NULL is fine */

/*
 * Read `logs` again.  0; or -1 and a sentence in *why, and the logs that are
 * known are those of before.
 */
int store_reload(struct store *s, struct buf *why);

const char *store_vkey(const struct store *s);
size_t store_n_logs(const struct store *s);

/*
 * Answer the body of an add-checkpoint at that time (seconds since 1970): the
 * status, and in *out the body: cosignature lines, or with WITNESS_CONFLICT the
 * size; empty else.  0: it could not be written (a 500), said.
 */
unsigned store_cosign(struct store *s, struct span body, uint64_t time,
    struct buf *out);

/*
 * The last checkpoint cosigned of the log with that hash of its origin, with
 * the cosignature.  Return 0, or -1 if there is none.
 */
int store_last(const struct store *s, const uint8_t origin[SHA256_LEN],
    struct buf *out);

/*
 * Keep a copy (relay.h): the status.  auth: the request's, "" if it has none.
 * *size: with *parts, what is there, for a 409.  0: it could not be written,
 * said.
 */
unsigned store_put(struct store *s, struct span path, const char *auth,
    struct span body, bool *parts, uint64_t *size);

#endif
