/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_LOGDIR_H
#define EVIDENCE_LOGDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/manifest.h"

/*
 * The files of a log's folder (FORMAT.md, 1), for who reads it.  Whatever lies
 * there, only regular files are opened, links are never followed below the
 * folder, and memory is bounded: LOGDIR_MAX names of each sort.
 */
#define LOGDIR_MAX 1000000u

struct logdir_segment {
	uint64_t first; /* index of its first record */
	int32_t day;	/* of its folder, days since 1970 */
	bool gone; /* its manifest is here, its file is not; never listed */
};

struct logdir {
	int fd;
	struct logdir_segment *segments; /* by index, then day */
	size_t n_segments;
	uint64_t *manifests, *checkpoints; /* their numbers, ascending */
	size_t n_manifests, n_checkpoints;
};

/* Names that a log does not have: path below the folder. */
typedef void logdir_strange(void *cookie, const char *path);

/* Open the folder; nothing is listed yet.  Return 0, or -1 and errno. */
int logdir_open(struct logdir *d, const char *path);
void logdir_close(struct logdir *d);

/*
 * List the segments alone, or everything; again forgets what was listed.
 * strange may be NULL.  Return 0, or -1 and errno (EFBIG: more than
 * LOGDIR_MAX) and in *name which folder.
 */
int logdir_list_segments(struct logdir *d, logdir_strange *strange,
    void *cookie, const char **name);
int logdir_list(struct logdir *d, logdir_strange *strange, void *cookie,
    const char **name);

/* Whether a number is in one of the sorted arrays. */
bool logdir_has(const uint64_t *array, size_t n, uint64_t number);

/* Path of the i-th segment below the folder. */
void logdir_path(const struct logdir *d, size_t i, char out[MANIFEST_FILE]);

/*
 * Read the manifest of a segment, or of the segment with the record of that
 * index; hash: of its bytes.  Return 0, or -1 and errno (EBADMSG: it is not as
 * specified).
 */
int logdir_manifest(const struct logdir *d, uint64_t segment,
    struct manifest *m, uint8_t hash[SHA256_LEN]);
int logdir_manifest_find(const struct logdir *d, uint64_t index,
    struct manifest *m, uint8_t hash[SHA256_LEN]);

/*
 * Open a file below the folder for reading.  EINVAL if it is no regular file,
 * ELOOP or ENOTDIR if a link stands in the way.  Return a descriptor, or -1.
 */
int logdir_open_file(const struct logdir *d, const char *path);

/* Append a whole file of at most max bytes.  0, or -1 and errno (EFBIG). */
int logdir_read(const struct logdir *d, const char *path, size_t max,
    struct buf *out);

#endif
