/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_UNZIP_H
#define VERIFY_UNZIP_H

#include <stdbool.h>

#include "common/span.h"
#include "verify/say.h"

/*
 * The strict gzip profile of FORMAT.md, 3: a segment file in, one member after
 * the other out.  Whatever a lenient reader would forgive (other header bytes,
 * padding, bytes behind the end) is an error.  Inflates by ISA-L where it was
 * there at build, else by zlib; header and trailer are checked here.
 */
#define UNZIP_CLOSE 262144u /* inflated bytes that close a member */
#define UNZIP_MAX (UNZIP_CLOSE + 1048576u + 4096u) /* of one member */

enum unzip_step {
	UNZIP_MEMBER, /* a whole member */
	UNZIP_OPEN,   /* the file ends inside a member or before the next */
	UNZIP_END,    /* the closing empty member, and nothing behind it */
	UNZIP_BAD,    /* say: why */
	UNZIP_ERROR,  /* errno */
};

struct unzip;

struct unzip *unzip_new(void);
void unzip_free(struct unzip *z);

/* Begin with that file, not beyond max bytes of it.  It stays the caller's. */
void unzip_begin(struct unzip *z, int fd, uint64_t max);

/*
 * Inflate the next member.  piece is called with each piece of the file before
 * it is used; the bytes stay until it is called again, which it is, with none,
 * before the next is read.
 */
enum unzip_step unzip_next(struct unzip *z,
    void (*piece)(void *cookie, struct span bytes), void *cookie);

/* What was inflated of the member begun last; why it is bad. */
struct span unzip_data(const struct unzip *z);
enum say_what unzip_why(const struct unzip *z);

uint64_t unzip_taken(const struct unzip *z); /* bytes of the file */
uint64_t unzip_start(const struct unzip *z); /* where the member begins */

/* OPEN: whether a writer may have stopped here, at a flush or member's end. */
bool unzip_flushed(const struct unzip *z);

#endif
