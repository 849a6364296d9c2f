/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_APPLY_H
#define ANALYZER_FORMAT_APPLY_H

#include "analyzer/format/line.h"

/* One line through one format; the line's head is parsed, its text UTF-8. */

/*
 * What is known of the words that detections look for, by their numbers in
 * the set; either may be NULL.
 */
struct apply_words {
	const uint64_t *found; /* those that the prefilter found in the line */
	uint16_t *stood;       /* where each stood last: devices write alike */
	bool object;	       /* only ways that speak of JSON count */
};

/* Whether the line looks like one of this format. */
bool apply_detects(const struct format *f, const struct header *h,
    struct regex_match *m, const struct apply_words *words);

/* The first way of its detection from `from` on by which it does, or NULL. */
const struct detect *apply_way(const struct format *f,
    const struct detect *from, const struct header *h, struct regex_match *m,
    const struct apply_words *words);

/* The same for one way; text is the message as it sees it. */
bool apply_detect(const struct detect *d, struct span text,
    const struct header *h, struct regex_match *m,
    const struct apply_words *words);

/* Begin with the format: reset, and fill the slots that every format has. */
void apply_begin(struct line *l, const struct format *f);

/*
 * Steps, cases, fields and time.  Return false, and an event without fields,
 * if the line is not of this format.
 */
bool apply_run(struct line *l, const struct clock_zones *zones);

/* The same behind the steps. */
bool apply_fields(struct line *l, const struct clock_zones *zones);

/* The time alone, by the first rule of the format that gives one. */
void apply_time(struct line *l, const struct clock_zones *zones);

#endif
