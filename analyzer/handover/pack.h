/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_PACK_H
#define ANALYZER_HANDOVER_PACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * The folder of a bag while it is made.  It has another name until it is whole
 * and on the disk; whoever sees the final name sees a whole bag.  All calls
 * return 0, or -1 and a sentence in *why.
 */
struct pack;

/*
 * Begin parent/name, which must not be there yet; parent is made if absent.
 * pack_close() removes what was not published.
 */
int pack_open(struct pack **p, const char *parent, const char *name,
    struct buf *why);
void pack_close(struct pack *p);

/* A whole file.  path is below the bag; each once. */
int pack_put(struct pack *p, const char *path, struct span bytes,
    struct buf *why);

/* A file in pieces. */
int pack_begin(struct pack *p, const char *path, struct buf *why);
int pack_write(struct pack *p, struct span bytes, struct buf *why);
int pack_end(struct pack *p, struct buf *why);

/* A copy of an open file from its start to its end. */
int pack_copy(struct pack *p, const char *path, int fd, struct buf *why);

/* Whether a file has been put there. */
bool pack_has(const struct pack *p, const char *path);

/* Let whoever may read a file also run it. */
int pack_executable(struct pack *p, const char *path, struct buf *why);

/*
 * Write bagit.txt, bag-info.txt (info and what counts the payload), and the
 * two manifests; hash = that of tagmanifest-sha256.txt, tags (may be NULL) its
 * bytes.  What is put afterwards stands in no manifest.
 */
int pack_finish(struct pack *p, struct span info, uint8_t hash[SHA256_LEN],
    struct buf *tags, struct buf *why);

/* Put all of it on the disk and give it its name. */
int pack_publish(struct pack *p, struct buf *why);

/* Bytes and files below data/. */
uint64_t pack_bytes(const struct pack *p);
uint64_t pack_files(const struct pack *p);

/* The folder's path: its final one, and the one until it is published. */
const char *pack_path(const struct pack *p);
const char *pack_making(const struct pack *p);

#endif
