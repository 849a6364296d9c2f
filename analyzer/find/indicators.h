/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_INDICATORS_H
#define ANALYZER_FIND_INDICATORS_H

#include "analyzer/find/indicator.h"
#include "common/arena.h"
#include "common/sha256.h"

/*
 * All that one search looks for: lists as CSV (CP932 or UTF-8, by commas or
 * tabs), or one value on a line, and single values.  A list's first row names
 * its columns if one of them is called value, indicator, ioc, 値 or 指標; then
 * type or 種別 is read as well.  Without such a row the first column is the
 * value.  Empty rows and those that begin with # say nothing.  What cannot be
 * searched for is refused row by row, and the rest is searched.  Pure.
 */
#define INDICATORS_MAX 100000u
#define INDICATORS_BYTES (16u << 20) /* of a list */
#define INDICATORS_KEPT 200u	     /* refusals and lists */

struct indicators_list { /* a file */
	const char *name;
	uint8_t sha256[SHA256_LEN]; /* of its bytes */
	unsigned rows;		    /* with a value */
};

struct indicators_refusal {
	const char *file; /* NULL: of the command line */
	unsigned row;	  /* 0: the whole file */
	const char *column;
	const char *value; /* escaped and cut */
	const char *why;
};

struct indicators {
	struct arena *arena;
	struct indicator *v; /* each once, in order of kind and text */
	size_t n, cap;
	size_t doubles; /* that were written more than once */
	struct indicators_list lists[INDICATORS_KEPT];
	size_t n_lists;
	struct indicators_refusal refusals[INDICATORS_KEPT]; /* the first */
	size_t refused;
	uint8_t sha256[SHA256_LEN]; /* of "<kind> <text>\n" of each */
	/* Called for every refusal, also beyond those kept; may be NULL. */
	void (*refuse)(void *cookie, const struct indicators_refusal *r);
	void *cookie;
};

void indicators_init(struct indicators *is, struct arena *arena);
void indicators_fini(struct indicators *is);

/* A list's bytes; file must live as long as the indicators. */
void indicators_add_list(struct indicators *is, struct span bytes,
    const char *file);
void indicators_add(struct indicators *is, const char *value);

/* A whole file that cannot be read. */
void indicators_refuse_file(struct indicators *is, const char *file,
    const char *why);

/* All were added: order them, take doubles out, hash them. */
void indicators_finish(struct indicators *is);

#endif
