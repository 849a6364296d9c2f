/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WITNESS_STORE_PRIV_H
#define WITNESS_STORE_PRIV_H

#include "evidence/key.h"
#include "evidence/note.h"
#include "witness/store.h"

/* The inside of a store: what it is, beside the copies (store_copy.c). */
#define STORE_LOGS_MAX 1024u

struct store_log {
	struct note_key key;
	uint8_t origin[SHA256_LEN]; /* its hash */
};

struct store {
	int dir, lock;
	char name[NOTE_NAME_MAX + 1];
	uint8_t seed[KEY_LEN];
	struct buf vkey, secret; /* secret: empty, nothing is kept */
	struct store_log *logs;
	size_t n_logs;
};

/* The log with that hash of its origin, or NULL. */
const struct store_log *store_log(const struct store *s,
    const uint8_t origin[SHA256_LEN]);

/*
 * Open a log's folder below "state" or "store", made if make is set; or -1 and
 * errno.
 */
int store_folder(const struct store *s, const char *below,
    const uint8_t origin[SHA256_LEN], bool make);

#endif
