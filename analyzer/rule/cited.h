/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_CITED_H
#define RULE_CITED_H

#include "analyzer/rule/finding.h"

/*
 * What is counted, so that a finding can cite it: the record of each event by
 * its number, and, of one that completed a correlation that another counts,
 * what that one rested on.  Bounded: the oldest go first, and are then counted
 * but not cited.
 */
#define CITED_MAX 16384 /* events of one rule; about 90 bytes each */
#define CITED_DEPTH 10	/* correlations of correlations, as Sigma's */

struct cited;

struct cited *cited_new(void);
void cited_free(struct cited *c);

/* Once for each number; again: nothing. */
void cited_put(struct cited *c, uint64_t number,
    const struct finding_cite *cite);

/* That one completed a correlation: of nevents events these are the first. */
void cited_rests(struct cited *c, uint64_t number, const uint64_t *events,
    size_t n, uint64_t nevents);

/* The records behind a result: the first FINDING_CITES by time, and how many
 * there are. */
struct cited_list {
	struct finding_cite v[FINDING_CITES];
	size_t n;
	uint64_t of;
	uint64_t index_first, index_last; /* if n > 0: of those known */
};

/* Add those behind these events, of nevents the first. */
void cited_list(const struct cited *c, const uint64_t *events, size_t n,
    uint64_t nevents, struct cited_list *list);

/* Add one list to another. */
void cited_join(struct cited_list *to, const struct cited_list *from);

#endif
