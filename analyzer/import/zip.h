/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef IMPORT_ZIP_H
#define IMPORT_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/cursor.h"
#include "common/span.h"

/*
 * The directory of a ZIP file (APPNOTE 6.3, ZIP64 included), read strictly:
 * what two programs might read in two ways is refused.  Bytes in, values out;
 * pure.
 */
#define ZIP_MEMBERS_MAX 10000u
#define ZIP_DIRECTORY_MAX (16u << 20) /* bytes */
#define ZIP_NAME_MAX 512u	      /* bytes */
#define ZIP_TAIL (22u + 65535u)	      /* the end record and its comment */
#define ZIP_LOCATOR 20u		      /* in front of it, if ZIP64 */
#define ZIP_END64 56u
#define ZIP_LOCAL 30u /* and a name */

enum zip_err {
#define ZIP_ERR(id, en, ja) ZIP_##id,
#include "analyzer/import/zip_err_tbl.h"
#undef ZIP_ERR
	ZIP_ERR_COUNT
};

/* A sentence in the user's language. */
const char *zip_strerror(enum zip_err e);

struct zip_end {
	uint64_t n;	  /* members */
	uint64_t at, len; /* of the directory */
	bool is64;	  /* the numbers stand in the record at at64 */
	uint64_t at64;
};

/*
 * Find the end record in the last bytes of a file of that size: ZIP_TAIL and
 * ZIP_LOCATOR of them, or all.  If it says is64, zip_end64() must be asked
 * with the ZIP_END64 bytes at at64.
 */
enum zip_err zip_end(struct span tail, uint64_t size, struct zip_end *e);
enum zip_err zip_end64(struct span record, struct zip_end *e);

enum zip_method { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

struct zip_entry {
	struct span name; /* as it stands there; borrowed from the directory */
	struct span utf8; /* the same in UTF-8, if that stands there too */
	bool is_utf8;	  /* the name is UTF-8, it says */
	bool folder;	  /* no file */
	enum zip_method method;
	uint16_t flags; /* as it stands there */
	uint32_t crc;	/* of the member */
	uint64_t packed, size;
	uint64_t at; /* of its local header */
};

/*
 * Read the next of e->n entries.  ZIP_ENCRYPTED and ZIP_METHOD leave *entry
 * with its name.
 */
enum zip_err zip_entry(struct cursor *directory, const struct zip_end *e,
    struct zip_entry *entry);

/*
 * Check that no two entries share bytes with each other or with the directory.
 * They are sorted by where they lie.
 */
enum zip_err zip_overlap(struct zip_entry *entries, size_t n,
    const struct zip_end *e);

/*
 * Check the local header, ZIP_LOCAL bytes and the name, against its entry.
 * *data = where the member's bytes begin.
 */
enum zip_err zip_local(struct span header, const struct zip_end *e,
    const struct zip_entry *entry, uint64_t *data);

/* Append its name as people read it: UTF-8, or else decoded as CP932. */
void zip_name(const struct zip_entry *entry, struct buf *out);

#endif
