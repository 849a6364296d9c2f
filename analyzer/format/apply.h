/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_APPLY_H
#define ANALYZER_FORMAT_APPLY_H

#include "analyzer/format/line.h"

/* One line through one format; the line's head is parsed, its text UTF-8. */

/*
 * Whether the line looks like one of this format.  words: those that the
 * prefilter found in it, or NULL.
 */
bool apply_detects(const struct format *f, const struct header *h,
    struct regex_match *m, const uint64_t *words);

/* The same for one way of its detection; text is the message as it sees it. */
bool apply_detect(const struct detect *d, struct span text,
    const struct header *h, struct regex_match *m, const uint64_t *words);

/* Begin with the format: reset, and fill the slots that every format has. */
void apply_begin(struct line *l, const struct format *f);

/*
 * Steps, cases, fields and time.  Return false, and an event without fields,
 * if the line is not of this format.
 */
bool apply_run(struct line *l, const struct clock_zones *zones);

/* The same behind the steps. */
bool apply_fields(struct line *l, const struct clock_zones *zones);

#endif
