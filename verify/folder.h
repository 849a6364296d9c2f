/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_FOLDER_H
#define VERIFY_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The files of a log's folder (FORMAT.md, 1) or of a package.  Whatever lies
 * there, only regular files are opened, links are never followed below the
 * folder, and memory is bounded: FOLDER_MAX names of each sort.
 */
#define FOLDER_MAX 1000000u
#define FOLDER_PATH 48 /* bytes of a segment's path, NUL included */

struct folder_list { /* ascending */
	uint64_t *v;
	size_t n;
};

struct folder {
	int fd;
	struct folder_list segments;		   /* see folder_first() */
	struct folder_list manifests, checkpoints; /* numbers */
	uint64_t strange;	/* names that a log does not have */
	char strange_name[256]; /* the first */
};

/* Open the folder below `at` (AT_FDCWD).  Return 0, or -1 and errno. */
int folder_init(struct folder *d, int at, const char *path);
void folder_fini(struct folder *d);

/*
 * List a log.  Return 0, or -1, errno (EFBIG: more than FOLDER_MAX) and in
 * *name which folder.
 */
int folder_list(struct folder *d, const char **name);

bool folder_has(const struct folder_list *l, uint64_t number);

/* Of the i-th segment: first index, day since 1970, path. */
uint64_t folder_first(const struct folder *d, size_t i);
uint64_t folder_day(const struct folder *d, size_t i);
void folder_path(uint64_t first, uint64_t day, char out[FOLDER_PATH]);

/* Whether a path is a segment's; its first index and day. */
bool folder_path_parse(const char *path, uint64_t *first, uint64_t *day);

/*
 * Call each for the names in a folder, in no order; non-zero ends it and is
 * returned.  -1 and errno if it cannot be read.
 */
int folder_each(const struct folder *d, const char *path,
    int (*each)(void *cookie, const char *path, const char *name),
    void *cookie);

/*
 * Open a file for reading.  EINVAL if it is no regular file, ELOOP or ENOTDIR
 * if a link stands in the way.  Return a descriptor, or -1.
 */
int folder_open(const struct folder *d, const char *path);

/* Whether nothing at all has that name. */
bool folder_lacks(const struct folder *d, const char *path);

/* Read a whole file of at most max bytes.  Its length, or -1 (EFBIG). */
ssize_t folder_read(const struct folder *d, const char *path, void *out,
    size_t max);

#endif
