/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_WAITING_H
#define SIGMA_WAITING_H

#include "analyzer/sigma/groups.h"

/*
 * Absence: events that something is expected to follow.  All of a correlation
 * wait equally long, so that the order in which they came is nearly the order
 * in which their time runs out.
 */
struct waiting {
	struct waiting *before, *behind; /* of the correlation */
	struct waiting *older, *newer;	 /* of the group */
	struct group *group;
	int64_t until;
	uint64_t event;
};

/* All zero: empty. */
struct waiting_list {
	struct waiting *first, *last;
};

/* Add one: to the correlation's by when its time runs out, to the group's as
 * the last. */
void waiting_add(struct waiting_list *l, struct group *g, int64_t until,
    uint64_t event);

/* It waits no more. */
void waiting_end(struct waiting_list *l, struct waiting *w);

#endif
