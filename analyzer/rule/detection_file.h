/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_DETECTION_FILE_H
#define RULE_DETECTION_FILE_H

#include "analyzer/event/event.h"
#include "analyzer/ledger/address.h"
#include "analyzer/rule/condition.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/pattern.h"

/* What detection_file.c compiles and detection.c runs; for both only. */
enum test {
	TEST_PATTERN,
	TEST_CIDR,
	TEST_EXISTS,
	TEST_GT,
	TEST_GTE,
	TEST_LT,
	TEST_LTE,
};

struct value {
	bool null;		/* fits a field that is not there */
	bool exists;		/* TEST_EXISTS: wanted */
	double number;		/* TEST_GT ... */
	struct prefix prefix;	/* TEST_CIDR */
	struct pattern pattern; /* TEST_PATTERN */
};

struct item { /* field|modifiers: values */
	bool is_fact;
	enum ecs field;
	enum fact fact;
	enum test test;
	bool all; /* every value, else any */
	struct value *values;
	size_t n;
	struct item *next; /* AND */
};

struct alternative {
	struct item *first;
	struct alternative *next; /* OR */
};

struct selection {
	struct alternative *first;
};

struct detection {
	struct selection *selections;
	size_t n;
	const struct condition *condition;
};

/* "12.5" or "-3", all of s: enough for what logs and rules compare. */
bool detection_number(struct span s, double *v);

#endif
