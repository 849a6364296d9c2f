/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CONDITION_H
#define SIGMA_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * The condition of a Sigma detection:
 *
 *	or	:= and ("or" and)*
 *	and	:= not ("and" not)*
 *	not	:= "not" not | atom
 *	atom	:= "(" or ")" | ("1" | "any" | "all") "of" ("them" | pattern)
 *		 | identifier
 *
 * Pure: selections are numbers here.
 */
#define CONDITION_DEPTH 32

enum condition_op {
	CONDITION_AND,
	CONDITION_OR,
	CONDITION_NOT,
	CONDITION_ITEM
};

struct condition {
	enum condition_op op;
	size_t item;			      /* ITEM: which selection */
	const struct condition *left, *right; /* NOT has only left */
};

/* Where it is wrong (offset in the text) and why, for the user. */
struct condition_error {
	size_t at;
	char what[160];
};

/*
 * Compile text over the selections names[n].  used[i] is set for each that
 * occurs.  The tree lives in arena.  NULL and *err if it is wrong.
 */
const struct condition *condition_parse(struct span text,
    const struct span *names, size_t n, bool *used, struct arena *arena,
    struct condition_error *err);

/* Its value, given whether each selection holds. */
bool condition_holds(const struct condition *c,
    bool (*holds)(void *arg, size_t item), void *arg);

#endif
