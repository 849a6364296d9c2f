/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_EXPLAIN_H
#define ANALYZER_FORMAT_EXPLAIN_H

#include "analyzer/format/formats.h"
#include "analyzer/format/line.h"
#include "analyzer/format/trace.h"

/*
 * Why a line became the event it did: which format took it and by which
 * words, what each of its bytes became, and what nothing became of.  Read off
 * the trace that was written while it was read.  For one line at a time, for
 * people; not fast.
 */

/* What an input was good for. */
#define EXPLAIN_FIELD 1u /* a field has it */
#define EXPLAIN_TIME 2u	 /* the time of the event is made from it */
#define EXPLAIN_ASKED 4u /* a condition asks for it */
#define EXPLAIN_CUT 8u	 /* it was cut further */

/* An input, or a key that the format has no use for. */
struct explain_piece {
	struct span name;  /* as the format calls it */
	struct span value; /* as the format read it */
	uint16_t slot;	   /* SLOT_NONE: no use for it */
	bool placed;	   /* it stands in the line: */
	size_t from, to;   /* bytes of the text */
	unsigned use;	   /* EXPLAIN_* */
};

/* A range of bytes. */
struct explain_range {
	size_t from, to;
};

/* One condition of a way to detect: a text, any of some, a name, a pattern. */
enum explain_how {
	EXPLAIN_APP,
	EXPLAIN_STARTS,
	EXPLAIN_ALL,
	EXPLAIN_CONTAINS,
	EXPLAIN_PATTERN
};

struct explain_word {
	enum explain_how how;
	bool holds;
	struct span text; /* that holds; else the first that is asked for */
};

#define EXPLAIN_WORDS 32

/* How well a line fits one way of a format's detection. */
struct explain_way {
	const struct format *format;
	const struct detect *way; /* NULL: none is needed (a table) */
	size_t held, n;
	struct explain_word word[EXPLAIN_WORDS];
};

#define EXPLAIN_PIECES 512
#define EXPLAIN_RANGES 128
#define EXPLAIN_NEAR 5

struct explain {
	struct trace trace; /* trace.text is the line as UTF-8 */
	const struct event *event;
	const struct line *line;
	const struct format *format; /* NULL: no format knew it */
	struct explain_way by;	     /* how it was found */
	size_t npiece, nleft, nnear;
	size_t more; /* inputs and steps that had no room here */
	struct explain_piece piece[EXPLAIN_PIECES]; /* by place */
	struct explain_range left[EXPLAIN_RANGES];  /* in no piece */
	struct explain_way near[EXPLAIN_NEAR]; /* other formats, best first */
};

/*
 * Read the line that e holds (its record's part) as formats_apply() does, and
 * fill *x, which is large.  All of it is valid until the next line.
 */
void explain_line(struct explain *x, struct formats *f, struct event *e,
    struct arena *a, const struct format_hints *hints);

/* How a line with that head fits a format: its best way. */
void explain_fit(const struct format *f, const struct header *h,
    struct regex_match *m, struct explain_way *out);

struct format_set;

/* The nearest other formats by that, at most EXPLAIN_NEAR; how many. */
size_t explain_nearest(const struct format_set *set, const struct format *but,
    const struct header *h, struct explain_way *near);

/* The alternative of a condition that holds; NULL: none. */
const struct cond *explain_holds(const struct line *l, const struct cond *c);

#endif
