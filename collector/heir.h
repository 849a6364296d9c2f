/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_HEIR_H
#define COLLECTOR_HEIR_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "collector/mark.h"

/*
 * Files that a rotation left beside a watched one, plain or packed by gzip,
 * found by what was read of them (mark.h).
 */
struct heir;

/* A file to read in order; the name is that of the path's last part. */
struct heir *heir_open(const char *path);
void heir_close(struct heir *h);

/*
 * Its next bytes, as many as there are.  0 at its end, -1 and errno (EBADMSG:
 * what is packed is damaged or has no end).
 */
ssize_t heir_read(struct heir *h, void *p, size_t len);

/*
 * Where one of these files stands in the order in which they were left, which
 * is that of their last change.
 */
struct heir_place {
	char path[4096];
	struct timespec changed;
	uint64_t dev, ino; /* it may be renamed meanwhile */
};

/*
 * The file beside path that begins and goes on as noted, read up to where the
 * note says, its mark there in *m and its place in *at.  NULL and errno: 0,
 * there is none; else they cannot be looked at (E2BIG: more than
 * HEIR_FILES_MAX).
 */
struct heir *heir_find(const char *path, const struct mark_note *note,
    struct mark *m, struct heir_place *at);

/*
 * The file that was left after that one, as they are now: 1, and *at is its
 * place; 0 if there is none; -1 and errno, as above.
 */
#define HEIR_FILES_MAX 65536u /* files beside it that are looked at */
int heir_next(const char *path, struct heir_place *at);

#endif
