/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_LEND_H
#define COMMON_LEND_H

#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * Two processes read the same files, in the same order: one unpacks and hashes
 * them part by part and lends the parts to the other, which need not do it
 * again.  So many parts are lent at a time and no more; the lender waits.  Who
 * asks for a part that is not there yet makes it himself: nobody waits for the
 * lender, and nothing is lost when it ends.
 */
#define LEND_PARTS 3u	   /* at a time: they stay in the cache */
#define LEND_ROOM 1400000u /* bytes of one, unpacked */
#define LEND_LEAVES 16384u /* hashes of one; of more the first are lent */

struct lent {
	uint64_t device, inode, offset; /* of its file; where it begins */
	uint64_t packed;		/* bytes of the file */
	uint64_t first;			/* index of the first record in it */
	size_t len;			/* bytes of data */
	size_t n;			/* of leaf */
	uint8_t leaf[LEND_LEAVES][SHA256_LEN]; /* hashes of its records */
	uint8_t data[LEND_ROOM];
};

struct lend;

/* Before the fork.  NULL, if there is no memory: then nothing is lent. */
struct lend *lend_new(void);
void lend_free(struct lend *l); /* in both; NULL is fine */

/*
 * Behind the fork, each in its process.  From then on who borrows cannot write
 * to what is lent, whatever becomes of him, and what he does say reaches no
 * further than how long the lender waits.
 */
void lend_be_lender(struct lend *l);
void lend_be_borrower(struct lend *l);

/*
 * The part to fill, the same until it is lent by lend_give(); waits until one
 * is free.  NULL: nobody borrows any more.
 */
struct lent *lend_room(struct lend *l);
void lend_give(struct lend *l);

/*
 * Both, from part to part of a file: lend the one filled last (whole; NULL:
 * there is none, or it is not as it must be), whose data has len bytes, and
 * have the next, which begins at offset, where that one ends.  Its leaves and
 * their first index are still to be filled in, and its data.
 */
struct lent *lend_next(struct lend *l, struct lent *whole, int fd,
    uint64_t offset, size_t len);

/*
 * The part of that file that begins there, or NULL if it is not lent.  It
 * stays until the next call, which gives back all that lay before.
 */
const struct lent *lend_find(struct lend *l, uint64_t device, uint64_t inode,
    uint64_t offset);

/* Borrow no more: the lender waits no more.  NULL is fine. */
void lend_end(struct lend *l);

#endif
