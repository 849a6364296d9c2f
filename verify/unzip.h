/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_UNZIP_H
#define VERIFY_UNZIP_H

#include <stdbool.h>

#include "common/sha256x2.h"
#include "verify/say.h"

/*
 * The strict gzip profile of FORMAT.md, 3: a segment file in, one member after
 * the other out.  Whatever a lenient reader would forgive (other header bytes,
 * padding, bytes behind the end) is an error.  Inflates by ISA-L where it was
 * there at build, else by zlib; the header is checked here.
 */
#define UNZIP_CLOSE 262144u /* inflated bytes that close a member */
#define UNZIP_MAX (UNZIP_CLOSE + 1048576u + 4096u) /* of one member */

/*
 * Read, not mapped: a file that is cut while we look at it must not end the
 * program.  A piece stays in the cache until it is inflated and hashed.
 */
#define UNZIP_PIECE (128u << 10)

enum unzip_step {
	UNZIP_MEMBER, /* a whole member */
	UNZIP_OPEN,   /* the file ends inside a member or before the next */
	UNZIP_END,    /* the closing empty member, and nothing behind it */
	UNZIP_BAD,    /* say: why */
	UNZIP_ERROR,  /* errno */
};

struct unzip {			   /* zeroed at first */
	uint64_t taken;		   /* bytes of the file so far */
	uint64_t start;		   /* where the member begins */
	struct span data;	   /* what was inflated of it */
	enum say_what why;	   /* BAD */
	struct span fresh;	   /* read of the file, but not hashed yet; */
	struct sha256x2_hash hash; /* whoever takes it has to go on with this */
	/* Private: */
	int fd;
	uint64_t left;	  /* bytes that may still be read */
	struct span in;	  /* of piece, not taken yet */
	uint8_t last[10]; /* bytes taken last */
	void *raw;	  /* state of the library */
	size_t len;	  /* of data */
	uint8_t *out;	  /* where it is */
	uint8_t piece[UNZIP_PIECE], own[UNZIP_MAX + 1];
};

/* Begin with that file, not beyond max bytes of it.  It stays the caller's. */
void unzip_begin(struct unzip *z, int fd, uint64_t max);
void unzip_fini(struct unzip *z);

/* Inflate the next member, to out, UNZIP_MAX + 1 bytes; NULL: to our own. */
enum unzip_step unzip_next(struct unzip *z, uint8_t *out);

/* OPEN: whether a writer may have stopped here, at a flush or member's end. */
bool unzip_flushed(const struct unzip *z);

#endif
