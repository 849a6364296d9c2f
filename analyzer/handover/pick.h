/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_PICK_H
#define ANALYZER_HANDOVER_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/handover/choice.h"
#include "analyzer/handover/shelf.h"

/*
 * The records of an excerpt by index: those that were chosen, and the system
 * records that date and define them: of each chosen record the m1 of its
 * segment, the d1 of its stream and its end, the k1 in force, and the seals
 * before and after it.
 */
struct pick_item {
	uint64_t index;
	bool withheld; /* only its leaf line */
};

struct pick {
	struct pick_item *v; /* by index, each once */
	size_t n, cap;
	bool any;		  /* something was chosen */
	uint64_t first, last;	  /* of what was chosen */
	uint64_t low, high;	  /* their receive times */
	uint64_t shown, withheld; /* from first to last, context included */
};

/*
 * Read what can hold chosen records, at most up to the checkpoint.  Return 0,
 * or -1 and *why.  free(p->v) in any case; pick_settle() it.
 */
int pick_make(struct pick *p, const struct shelf *s, struct choice *c,
    struct buf *why);

/* Let the record of that index be shown as well. */
void pick_show(struct pick *p, uint64_t index);

/* Sort what was picked, and count it. */
void pick_settle(struct pick *p);

#endif
