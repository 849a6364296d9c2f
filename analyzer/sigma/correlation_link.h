/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CORRELATION_LINK_H
#define SIGMA_CORRELATION_LINK_H

#include "analyzer/sigma/correlation.h"

/*
 * From the names in correlations to numbers.  Refused are: rules that are not
 * there, the same rule twice, aliases of other rules, fields that are none,
 * correlations that refer to themselves in a circle, or higher than
 * CORRELATION_HEIGHT, those that refer to a
 * refused one, and a field of another correlation's results that its group-by
 * has not.
 */
#define CORRELATION_NONE UINT32_MAX
#define CORRELATION_HEIGHT 10 /* that refer to each other in a row */

/* One of the rules of a correlation. */
struct correlation_source {
	bool chained; /* number is of a correlation */
	uint32_t number;
	/* In the order of the correlation's group and fields: numbers of
	 * fields or, chained, of places in the other's group-by. */
	uint32_t *group, *fields;
};

struct correlation_linked {
	const struct correlation *c;	    /* NULL: refused */
	struct correlation_source *sources; /* by c->rules */
};

enum correlation_found {
	CORRELATION_NOBODY,
	CORRELATION_OF_RULE, /* a detection rule */
	CORRELATION_OF_OTHER /* a correlation */
};

struct correlation_scope {
	/* Whose name or id it is, and its number. */
	enum correlation_found (
	    *find)(void *arg, struct span name, uint32_t *number);
	/* The number of a field of events; CORRELATION_NONE: there is none. */
	uint32_t (*field)(void *arg, struct span name);
	/* Called for each that is refused. */
	void (
	    *refuse)(void *arg, uint32_t number, const struct yaml_error *err);
	void *arg;
};

/*
 * Correlation i is v[i]; NULL: it was refused before.  Returned are n in arena.
 */
struct correlation_linked *correlation_link(struct correlation *const *v,
    size_t n, const struct correlation_scope *scope, struct arena *arena);

#endif
