/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_DRAFT_H
#define ANALYZER_FORMAT_DRAFT_H

#include "analyzer/event/event.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * A first draft of a format file from lines of a device: how they are cut,
 * which of their parts have names that are known everywhere and values that
 * fit, by which words they are recognised.  What cannot be named is listed in
 * comments and never guessed.  Pure; not fast.
 */
#define DRAFT_LINES 200 /* of the sample; more are not read */
#define DRAFT_EXAMPLES 10

struct draft_sample {
	const char *name;	 /* of the format */
	const struct span *line; /* UTF-8, without line ends */
	size_t n;
	const struct span *other; /* lines of other formats */
	size_t nother;
};

struct draft_result {
	bool table; /* line 0 names the columns: before every example */
	bool sharp; /* its words are in no line of the others */
	size_t nexample;
	size_t example[DRAFT_EXAMPLES]; /* lines that show all kinds */
};

/*
 * Append the file up to and with "examples:".  Return 0, or -1 if there is no
 * line to learn from.
 */
int draft_make(const struct draft_sample *s, struct arena *a, struct buf *out,
    struct draft_result *result);

/* A text as a YAML scalar that reads as this text. */
void draft_quote(struct span text, struct buf *out);

/*
 * One example: the line, and what became of it.  before, if not empty: the
 * line that names the columns.  received: utc usec, 0 = it does not matter.
 */
void draft_example(const struct event *e, struct span line, bool cp932,
    struct span before, int64_t received, struct buf *out);

#endif
