/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_SCENARIO_H
#define ANALYZER_CASE_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * What a drill plays: a file of rules/drills, a head of names and, behind
 * "---", lines of seconds since the line before, a tab, and what a device
 * sends, in which {date}, {time} and {ns} become the moment it is sent.  Or a
 * log as it is, whose dates are those of its devices.  Pure.
 */
#define SCENARIO_LINES 10000u
#define SCENARIO_WAIT_S 600u /* between two lines */

struct scenario_line {
	unsigned wait_s;
	struct span text;
};

struct scenario {
	const char *title_ja, *title_en, *about_ja, *about_en;
	struct scenario_line *lines;
	size_t n;
};

/* Return 0, or -1 and *line (from 1) and a sentence in *why.  Texts point into
 * the bytes. */
int scenario_parse(struct span bytes, struct arena *arena, struct scenario *s,
    unsigned *line, struct buf *why);

/* A log as it is: its lines one after the other. */
int scenario_of_log(struct span bytes, const char *title, struct arena *arena,
    struct scenario *s, struct buf *why);

/* Append a line as it is sent at that moment, LF behind it. */
void scenario_print(const struct scenario_line *l, int64_t now, int zone,
    struct buf *out);

#endif
