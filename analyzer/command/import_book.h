/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMAND_IMPORT_BOOK_H
#define COMMAND_IMPORT_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "site/site.h"

/*
 * What was imported before, as the operator records of the casebook say: one
 * before an import begins (action=import), one behind its seal
 * (action=imported).
 */
struct book;

struct book_entry {
	uint8_t hash[SHA256_LEN]; /* of the original */
	char log[SITE_NAME_MAX + 1];
	int64_t at;		      /* utc usec */
	bool done;		      /* false: it broke off, or is under way */
	uint64_t stream, first, last; /* if done */
};

/* Read the casebook, all its generations.  NULL and a sentence in *why. */
struct book *book_open(const struct site *site, struct buf *why);
void book_close(struct book *b);

/*
 * The last whole import of that original into that log, else the last that
 * began; NULL: none.
 */
const struct book_entry *book_find(const struct book *b,
    const uint8_t hash[SHA256_LEN], const char *log);

/* Remember what was imported since. */
void book_add(struct book *b, const struct book_entry *e);

#endif
