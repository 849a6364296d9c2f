/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_DETECTION_TREE_H
#define SIGMA_DETECTION_TREE_H

#include "analyzer/ledger/address.h"
#include "analyzer/regex/regex.h"
#include "analyzer/sigma/condition.h"
#include "analyzer/sigma/detection.h"
#include "analyzer/sigma/pattern.h"

/*
 * A detection as detection_read.c compiles it, for those who run it
 * (detection.c), who look for what it needs (witness.c), and who say why it
 * fits (explain.c).
 */
enum test_kind {
	TEST_PATTERN,
	TEST_NULL, /* fits a field that is not there, or null */
	TEST_REGEX,
	TEST_CIDR,
	TEST_EXISTS,
	TEST_FIELD, /* another field's value, as a pattern without wildcards */
	TEST_EQ,    /* a number, of a part of a time */
	TEST_GT,
	TEST_GTE,
	TEST_LT,
	TEST_LTE,
};

struct test {
	enum test_kind kind;
	bool cased;		  /* FIELD */
	bool exists;		  /* EXISTS: wanted */
	enum pattern_place place; /* FIELD */
	uint32_t other;		  /* FIELD */
	double number;		  /* EQ ... */
	struct prefix prefix;	  /* CIDR */
	struct pattern pattern;	  /* PATTERN */
	struct regex *regex;	  /* REGEX */
};

/* Of a time (moment.h), by its own offset; week: ISO 8601. */
enum item_part {
	PART_NONE,
	PART_MINUTE,
	PART_HOUR,
	PART_DAY,
	PART_WEEK,
	PART_MONTH,
	PART_YEAR,
};

/* One value of the rule: of base64offset it has three forms. */
struct value {
	struct test *form;
	size_t n;
	struct span text; /* as the file has it, names of |expand done */
};

struct item { /* field|modifiers: values */
	uint32_t number; /* in its pool: the same for the same item */
	uint32_t field;
	bool keyword; /* of no field: anywhere in the event */
	bool all;     /* every value, else any */
	bool negate;
	enum item_part part;
	struct value *values;
	size_t n;
	struct literals *words; /* all values, in one pass; NULL: not made */
	uint64_t lengths; /* of whole texts, modulo 64, if all values are such
			   * and any of them will do; else 0 */
	struct span key;   /* as the file has it; lives with the YAML tree */
	unsigned line;	   /* in the file */
	struct item *next; /* AND */
};

struct alternative {
	struct item *first;
	struct alternative *next; /* OR */
};

struct selection {
	struct span name;
	struct alternative *first;
};

struct detection {
	struct selection *selections;
	size_t n;
	const struct condition *condition;
};

/* Number an item that has been read. */
void detection_pool_number(struct detection_pool *p, struct item *it);

/* Whether one selection fits, one item of it, one value of that. */
bool detection_selects(const struct selection *s, struct view *v);
bool detection_tests(const struct item *it, struct view *v);
bool detection_fits(const struct item *it, const struct value *val,
    struct view *v);

/* "12.5", "-3" or "1e3", all of s: enough for what logs and rules compare. */
bool detection_number(struct span s, double *v);

#endif
