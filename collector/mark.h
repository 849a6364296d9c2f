/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_MARK_H
#define COLLECTOR_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * By what a file is known again wherever it went: its first bytes and those
 * before the place up to which it was read.  Names, inodes and sizes change
 * when a log is rotated, copied, packed or written anew; these do not.  Pure.
 */
#define MARK_END 512u /* bytes of each end */

struct mark {
	uint64_t taken;		/* bytes of the file so far */
	uint8_t head[MARK_END]; /* the first, if there are so many */
	uint8_t tail[MARK_END]; /* the last */
};

/* The next bytes of the file. */
void mark_add(struct mark *m, struct span bytes);

/* The hashes of both ends of what was taken. */
struct mark_ends {
	uint8_t head[SHA256_LEN], tail[SHA256_LEN];
};
struct mark_ends mark_ends(const struct mark *m);
bool mark_same(const struct mark_ends *a, const struct mark_ends *b);

/* How many bytes each end has. */
size_t mark_len(const struct mark *m);

/* Where the tail begins in the file. */
uint64_t mark_tail_at(const struct mark *m);

/*
 * What is noted of a file: its identity (0 0 if it has none), mark and time.
 * The note is one line; its parser takes nothing else.
 */
struct mark_note {
	uint64_t dev, ino;
	uint64_t taken;
	uint64_t at; /* utc usec: when it was sealed so far */
	struct mark_ends ends;
	bool marked; /* false: by an older program, without ends */
};

#define MARK_NOTE_MAX 256u
size_t mark_note_print(const struct mark_note *n, char out[MARK_NOTE_MAX]);
int mark_note_parse(struct span text, struct mark_note *n);

/*
 * Whether name is what the rotation of a file of that name leaves: the name,
 * then '.' or '-' and figures, dots, dashes and the like; *packed if ".gz"
 * ends it.  The file itself is not.
 */
bool mark_rotated(const char *base, const char *name, bool *packed);

#endif
