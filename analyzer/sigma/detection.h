/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_DETECTION_H
#define SIGMA_DETECTION_H

#include <stdbool.h>

#include "analyzer/sigma/view.h"
#include "common/arena.h"
#include "common/yaml.h"

/*
 * The detection of a Sigma rule (specification 2.1): named selections and a
 * condition.  A missing field fits nothing, so "not" of it is true; null fits
 * a field that is missing or null.  What the specification leaves open is
 * decided in docs/rules.md.  All that is not understood is refused with its
 * place.
 */
#define DETECTION_SELECTIONS 64
#define DETECTION_CONDITION 4096 /* bytes */
#define DETECTION_VALUES 20000	 /* of one item */

struct detection;
struct regex;
struct index;

/*
 * What detections have in common that are asked with the same views: compiled
 * expressions, which do not lie in the arena, and a number for each item, the
 * same for the same, so that an event answers it once.  Zeroed: none yet.
 */
struct detection_pool {
	struct regex **v;
	size_t n, cap;
	struct index *items;
};

void detection_pool_fini(struct detection_pool *p);

/* What a name between percent signs stands for. */
struct placeholder {
	struct span *v;
	size_t n;
};

/* How to read one, where it lives, and where an error goes. */
struct detection_reader {
	const char *file;
	struct arena *arena;
	struct detection_pool *pool;
	struct yaml_error *err;
	/* The number of a field.  Return 0, or -1 and *err. */
	int (*field)(const struct detection_reader *r,
	    const struct yaml_node *at, struct span name, uint32_t *field);
	/* |expand.  Return 0, or -1 and *err; NULL: there are none. */
	int (*expand)(const struct detection_reader *r,
	    const struct yaml_node *at, struct span name,
	    struct placeholder *p);
	void *arg;
};

/* A map of selections with a condition.  NULL and *r->err if it is wrong. */
struct detection *detection_parse(const struct yaml_node *n,
    const struct detection_reader *r);

/* One selection alone (a map, or a list of maps). */
struct detection *detection_parse_selection(const struct yaml_node *n,
    const struct detection_reader *r);

/* Whether it looks at that field, or for keywords anywhere; of NULL: no. */
bool detection_asks(const struct detection *d, uint32_t field);

/* Whether an event fits. */
bool detection_match(const struct detection *d, struct view *v);

/*
 * Fill *err, file, line and column of a node, with a sentence: what the
 * callbacks of the reader return.
 */
#define DETECTION_FAIL(r, at, ...) \
	yaml_fail((r)->err, (r)->file, at, __VA_ARGS__)

#endif
