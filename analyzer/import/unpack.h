/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef IMPORT_UNPACK_H
#define IMPORT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * A file that somebody brings: plain, gzip (several members laid end to end
 * are one file, zeros behind them are padding) or ZIP.  Its originals are read
 * one after the other, as often as one likes, in bounded memory; nothing is
 * unpacked to the disk.
 */
#define UNPACK_RATIO 300u	   /* text packs to a tenth, not this */
#define UNPACK_FREE (256ull << 20) /* bytes that may be more, all the same */

struct unpack;

enum unpack_kind { UNPACK_PLAIN, UNPACK_GZIP, UNPACK_ZIP };

enum unpack_damage {
#define DAMAGE(id, name, en, ja) UNPACK_##id,
#include "analyzer/import/damage_tbl.h"
#undef DAMAGE
	UNPACK_DAMAGE_COUNT
};

/* "truncated", and a sentence in the user's language. */
const char *unpack_damage_name(enum unpack_damage d);
const char *unpack_strerror(enum unpack_damage d);

/*
 * Open a file and read its directory.  as_is: it is plain, whatever it is.
 * NULL and a sentence in *why that names the member but not the file.
 */
struct unpack *unpack_open(const char *path, bool as_is, struct buf *why);
void unpack_close(struct unpack *u);

enum unpack_kind unpack_kind(const struct unpack *u);
const char *unpack_kind_name(const struct unpack *u); /* "zip" */
uint64_t unpack_size(const struct unpack *u);	      /* of the file as it is */

/* Its originals; folders are none. */
size_t unpack_members(const struct unpack *u);

/*
 * Of an original: its name as it stands in the container (empty: none), and
 * as people read it (the last part of the path if the container has none).
 */
struct span unpack_raw_name(const struct unpack *u, size_t i);
void unpack_name(const struct unpack *u, size_t i, struct buf *out);

/* Begin an original at its first byte.  0, or -1 and *why. */
int unpack_start(struct unpack *u, size_t i, struct buf *why);

/*
 * Its next bytes, as many as fit or are left; 0 at its end, or where damage
 * ends it.  -1 and errno if the file cannot be read.  any: however large.
 */
ssize_t unpack_read(struct unpack *u, void *p, size_t len, bool any);

/* What ended the original that is being read. */
enum unpack_damage unpack_damaged(const struct unpack *u);

/* The file as it is, from its start: for its hash.  0 at its end, -1. */
ssize_t unpack_read_raw(struct unpack *u, void *p, size_t len, uint64_t at);

#endif
