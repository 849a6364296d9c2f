/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CLUSTER_WORDS_H
#define ANALYZER_FORMAT_CLUSTER_WORDS_H

#include "common/span.h"

/* A line cut into words of which what changes from line to line is "*". */
#define CLUSTER_WORDS 24 /* what comes behind them is one "..." */
#define CLUSTER_PAIRS 8	 /* key=value lines have optional keys at their end */
#define CLUSTER_WORD 32	 /* bytes; a longer word is "*" */
#define CLUSTER_SPACE (CLUSTER_WORDS * (CLUSTER_WORD + 4))

struct cluster_word {
	struct span text; /* in space, or a constant */
	char end;	  /* what stands behind it, or '\0' */
};

/* Fill word[CLUSTER_WORDS] with what lies in space; how many. */
size_t cluster_words(struct span line, struct cluster_word *word,
    uint8_t *space);

#endif
