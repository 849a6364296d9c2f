/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CORRELATION_H
#define SIGMA_CORRELATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/sigma/condition.h"
#include "common/arena.h"
#include "common/yaml.h"

/*
 * The correlation of a Sigma document (specification 2.1, with value_median,
 * the units w M y and conditions of names as pySigma has them), and what Sigma
 * lacks: that something expected did not follow.  What the specification
 * leaves open is decided in docs/rules.md.  All that is not understood is
 * refused with its place.  Names are not resolved here (correlation_link.h).
 */
#define CORRELATION_RULES 64	/* of one correlation */
#define CORRELATION_FIELDS 16	/* group-by; and those of a value_count */
#define CORRELATION_COUNT 65536 /* the most that a condition may count to */
#define CORRELATION_YEARS 100	/* of a timespan */

enum correlation_type {
#define TYPE(name, id, of) CORRELATION_##id,
#define OP(name, id, end)
#define UNIT(letter, seconds)
#include "analyzer/sigma/correlation_tbl.h"
#undef TYPE
#undef OP
#undef UNIT
	CORRELATION_ABSENCE, /* rules: after, expect */
};

enum correlation_op {
#define TYPE(name, id, of)
#define OP(name, id, end) CORRELATION_##id,
#define UNIT(letter, seconds)
#include "analyzer/sigma/correlation_tbl.h"
#undef TYPE
#undef OP
#undef UNIT
};

/* A rule or a field as the document names it, and where. */
struct correlation_name {
	struct span text;
	const struct yaml_node *at;
};

/* In events of one rule the alias stands for this field. */
struct correlation_alias {
	struct span alias;
	struct correlation_name rule;
	struct span field;
};

struct correlation_bound {
	enum correlation_op op;
	double value;
};

struct correlation {
	enum correlation_type type;
	const char *file;		/* for errors; not copied */
	const struct yaml_node *at;	/* the map */
	struct correlation_name *rules; /* in their order */
	size_t nrules;
	struct correlation_name *group; /* fields or aliases; none: one group */
	size_t ngroup;
	struct correlation_name *fields; /* whose values; one, or more to count
					  * their combinations */
	size_t nfields;
	struct correlation_alias *aliases;
	size_t naliases;
	int64_t timespan; /* usec, > 0: events that are less old than that are
			   * within; so it is one more than the file has,
			   * but for an absence */
	struct correlation_bound bound[2]; /* all must hold */
	size_t nbound;
	const struct condition *condition; /* temporal: of rules by place; or
					    * NULL: bound, or else all */
	unsigned percentile;		   /* 1-99 */
	/* Its rules report by themselves as well.  pySigma has it in the
	 * correlation, the schema in the document: there who reads that may
	 * set it. */
	bool generate;
};

/*
 * Replace each "%name%" below map by a number, of seconds in a timespan, before
 * it is parsed: thresholds may stand elsewhere.  value gives the number of a
 * name, as text; 0, or -1 and the caller's error.  Returned is the same.
 */
typedef int correlation_value(void *arg, const struct yaml_node *at,
    struct span name, struct span *text);
int correlation_expand(struct yaml_node *map, struct arena *arena,
    correlation_value *value, void *arg);

/* The map below "correlation:".  In arena; NULL and *err if it is wrong. */
struct correlation *correlation_parse(const struct yaml_node *map,
    const char *file, struct arena *arena, struct yaml_error *err);

/*
 * The map below "absence:" of x-konseki: after, expect, within, and group-by,
 * aliases, generate as above.  The same.
 */
struct correlation *correlation_parse_absence(const struct yaml_node *map,
    const char *file, struct arena *arena, struct yaml_error *err);

#endif
