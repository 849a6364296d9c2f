/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CHOOSE_H
#define ANALYZER_FORMAT_CHOOSE_H

#include "analyzer/format/apply.h"
#include "analyzer/format/prefilter.h"
#include "analyzer/format/set.h"

/*
 * In which order the formats are tried that may know a line.  What stands
 * first in a line is what its sender wrote; further on may stand what anybody
 * sent to the sender (a user's name, a URL, the name of a program), with the
 * words of another format in it.  So those go first whose words begin first.
 */
#define CHOOSE_MAX PREFILTER_MAX /* all, as a line may have all their words */

/* What is said of an event that is known by such words alone. */
#define CHOOSE_FAR \
	"the format is known by words far into the line: they may be quoted"

/* Where what a format needs stands, in bytes, by the best of its ways. */
struct choose_place {
	uint8_t rank;
	uint16_t number; /* of the format */
	bool app;	 /* the name of a program is what it needs */
	size_t first, last; /* from the begin of the line */
	size_t into;	    /* the message */
};

/*
 * Write the formats that may be tried to out and return how many they are.
 * words->found is what the prefilter found.  Those from *far on are known by
 * words that stand further on in the message than in any of their examples, by
 * more than a quarter and some bytes; where another is known by what is nearer,
 * they are not tried at all.
 */
size_t choose_formats(const struct format_set *set,
    const struct prefilter_found *found, const struct header *h,
    struct regex_match *m, const struct apply_words *words,
    struct choose_place out[static CHOOSE_MAX], size_t *far);

/* How far into a message its words begin, from the examples of the format. */
void choose_learn(const struct format *f);

#endif
