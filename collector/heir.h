/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_HEIR_H
#define COLLECTOR_HEIR_H

#include <stdint.h>
#include <sys/types.h>

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
 * what is packed is damaged).
 */
ssize_t heir_read(struct heir *h, void *p, size_t len);

/*
 * The file beside path that begins and goes on as noted, read up to where the
 * note says, and its mark there in *m: NULL if there is none.  *name of
 * HEIR_NAME bytes = its name.
 */
#define HEIR_NAME 256u
#define HEIR_FILES_MAX 1000u /* files beside it that are looked at */
struct heir *heir_find(const char *path, const struct mark_note *note,
    char *name, struct mark *m);

/*
 * Files beside path that a rotation left after the one of that name, the
 * oldest first, by the time of their last change; at most max.  Their paths
 * are the caller's to free.  Returns how many.
 */
size_t heir_after(const char *path, const char *name, char **later, size_t max);

#endif
