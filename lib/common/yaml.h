/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_YAML_H
#define COMMON_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * A YAML file as a tree in which every node knows its line and column, so
 * that each error can name its place.  By libyaml; anchors and aliases are
 * refused (they are how a small file becomes a large one), as are duplicate
 * keys, keys that are no scalars, tags, more than YAML_DEPTH levels, and
 * files over YAML_BYTES.
 */
#define YAML_DEPTH 32
#define YAML_BYTES (8u << 20)

enum yaml_kind { YAML_SCALAR, YAML_SEQ, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line, col; /* from 1 */
	struct span text;   /* SCALAR: its value, UTF-8, NUL behind it */
	bool plain;	    /* SCALAR: written without quotes */
	struct span key;    /* its name, if it is the value of a map */
	unsigned key_line, key_col;
	struct yaml_node *first; /* SEQ, MAP: children in file order */
	struct yaml_node *next;	 /* next sibling */
	size_t n;		 /* number of children */
};

/* An error at a place; what is a whole sentence, in the user's language. */
struct yaml_error {
	char file[256];
	unsigned line, col; /* from 1; 0 = the file as a whole */
	char what[512];
};

/*
 * Parse one document (a file with several: yaml_parse_all).  The tree lives
 * in arena; text is copied.  name is for messages.  A file with none is an
 * error.  Return NULL and *err.
 */
struct yaml_node *yaml_parse(struct span text, const char *name,
    struct arena *arena, struct yaml_error *err);

/* All documents of a stream, maybe none, as the children of one SEQ node. */
struct yaml_node *yaml_parse_all(struct span text, const char *name,
    struct arena *arena, struct yaml_error *err);

/* Read and parse a file; the same, and an unreadable file is an error too. */
struct yaml_node *yaml_load(const char *path, struct arena *arena,
    struct yaml_error *err);

/* The child of a map by name, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/*
 * Fill *err with a place (the file alone if at is NULL) and a sentence;
 * returns -1 for "return yaml_fail".
 */
int yaml_fail(struct yaml_error *err, const char *file,
    const struct yaml_node *at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* "file:line:col: what", appended; the same by log_error(). */
void yaml_print(const struct yaml_error *err, struct buf *out);
void yaml_report(const struct yaml_error *err);

/* true/false/yes/no/on/off, in any case, of a plain scalar.  0, or -1. */
int yaml_bool(const struct yaml_node *n, bool *value);

#endif
