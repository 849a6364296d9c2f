/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMAND_IMPORT_H
#define COMMAND_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/command/import_book.h"
#include "analyzer/format/formats.h"
#include "analyzer/import/unpack.h"
#include "common/buf.h"
#include "common/sha256.h"
#include "common/split.h"
#include "common/text.h"
#include "site/client.h"
#include "site/site.h"

/*
 * konseki import, in its steps: study() what is in a file, without writing
 * anything; preview() how it would be understood; send() it to the writer.
 */
#define IMPORT_BLOCK ((size_t)1 << 20) /* bytes read at once */
#define IMPORT_ROWS_MAX 1000u	       /* of a preview */

/* What the user asked for. */
struct import {
	const char *site_dir, *log, *encoding, *mapping, *source, *unit;
	bool replay, as_is, again, damaged, large, preview;
	unsigned rows; /* of the preview */
	const struct site *site;
	struct formats *formats; /* NULL: not needed */
	uint8_t mapping_hash[SHA256_LEN];
	bool table; /* the mapping reads one */
	uint8_t separator;
	struct client *client;
	struct book *book; /* NULL: nobody asks */
	uint8_t *block;	   /* IMPORT_BLOCK bytes */
};

/* An original: a file, or what is packed in one. */
struct original {
	size_t i;	 /* its number in the container */
	struct buf name; /* for people: the path, and the member; a string */
	struct buf file; /* its own name, UTF-8 */
	uint64_t size;
	uint8_t hash[SHA256_LEN];
	enum text_encoding encoding;
	enum split_unit unit;
	uint8_t separator;
	enum unpack_damage damage;
};

/* Its name for messages. */
static inline const char *
import_name(const struct original *o)
{
	return (const char *)o->name.p;
}

/* A file that somebody brings. */
struct container {
	const char *path;
	struct unpack *u;
	uint8_t hash[SHA256_LEN]; /* of what is packed; else not set */
	struct original *originals;
	size_t n;
};

/*
 * Open, hash and look through all of it.  Return 0, or -1: it was said why,
 * and nothing of the file is to be imported.
 */
int import_study(struct import *in, struct container *c, const char *path);
void import_forget(struct container *c);

/* The splitter that an original's records are made with. */
struct split import_split(const struct original *o, size_t max);

/* Show how the first records would be understood.  0, or -1 (said). */
int import_preview(struct import *in, struct container *c);

enum import_end {
	IMPORT_DONE,
	IMPORT_REFUSED, /* this one: others may follow */
	IMPORT_STOPPED	/* nothing more can be imported */
};

/* Hand an original over and seal it; all is said. */
enum import_end import_send(struct import *in, struct container *c,
    const struct original *o);

#endif
