/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_SEARCH_H
#define ANALYZER_CASE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * A search (konseki find) as the casebook keeps it: what was looked for, where,
 * how far that could be said, and what came of it.  With the result `none` it
 * is a negative-finding certificate (不検出証明).  Pure.
 */
#define SEARCH_ROWS 200u /* of each list in the record; more are counted */

enum search_result {
	SEARCH_NONE,	  /* nothing of it stands in what was searched */
	SEARCH_HITS,	  /* something does */
	SEARCH_UNDECIDED, /* 判定不可: not all could be searched or proved */
};

struct search_value { /* what was looked for */
	const char *kind, *text;
};

struct search_list { /* a file of them */
	const char *name, *sha256;
	uint64_t rows;
};

struct search_refused { /* what was not looked for */
	const char *file, *column, *value, *why; /* file "": command line */
	uint64_t row;
};

struct search_log {
	const char *origin, *root; /* root: hex */
	const char *proof; /* chain, package, or "" and why in reason */
	uint64_t size;
	uint64_t segments, outside; /* searched; of other times */
	uint64_t blocks, read, passed, checked;
	uint64_t records, bytes, system; /* of the interval */
	uint64_t file_bytes;
	int64_t first, last; /* of them, utc usec; 0: none */
};

struct search_source {
	const char *name;
	const char *what; /* "", imported, replay, rest */
	uint64_t records, hours, silent;
	int64_t gap_from, gap_until; /* 0: none */
};

struct search_gap { /* what the log says it lacks */
	const char *origin, *kind; /* "": more than are told apart */
	uint64_t n, count, index;
	int64_t from, until;
};

struct search_missing { /* records that are not here */
	const char *origin;
	uint64_t first, last;
	int64_t from, until;
	bool deleted;
};

struct search_rows { /* how many there are; of each SEARCH_ROWS stand here */
	uint64_t values, lists, refused, logs, sources, gaps, missing;
};

struct search {
	enum search_result result;
	const char *reason;  /* why it is undecided, or "" */
	const char *program; /* "konseki 0.1.0" */
	const char *sha256;  /* of all that was looked for, in hex */
	const char *where;   /* "" all logs of the site, else what was named */
	int64_t at;	     /* when, utc usec */
	int64_t from, until; /* the interval, until left out */
	bool asked_from, asked_until; /* by the call; else all there is */
	bool full;		      /* every block was read */
	uint64_t hits, records, bytes;
	uint64_t kinds[5]; /* addresses, networks, names, hashes, words */
	struct search_rows n;
	struct search_value *values;
	struct search_list *lists;
	struct search_refused *refused;
	struct search_log *logs;
	struct search_source *sources;
	struct search_gap *gaps;
	struct search_missing *missing;
	/* Of its record in the casebook. */
	const char *origin;
	uint64_t index;
	int64_t recorded;
	uint32_t uid;
	char leaf[65];
};

/* How many of those rows stand here. */
size_t search_shown(uint64_t n);

/* Append as one line of JSON without LF, members in a fixed order. */
void search_print(const struct search *s, struct buf *out);

/* Strings and rows live in arena.  Return 0, or -1 if it is none. */
int search_parse(struct span json, struct arena *arena, struct search *s);

#endif
