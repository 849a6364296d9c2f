/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_NEAR_H
#define RULE_NEAR_H

#include "analyzer/rule/rule.h"

/*
 * How near rules came that judge many events together: the values that were
 * worked out, and the thresholds that they were held against.  Told only to
 * who asks, for it is told of everything that is judged.
 */
#define NEAR_VALUES 8

enum near_how { NEAR_GTE, NEAR_GT, NEAR_LTE, NEAR_LT, NEAR_EQ, NEAR_NEQ };

struct near_value {
	const char *name; /* as in findings: "bytes", "z", "count" */
	double value, limit;
	enum near_how how;
	bool holds;
};

struct near { /* one host and hour, one group and event, one account */
	const struct rule *rule;
	const char *layer; /* "OUT-02", or "" */
	const char *key;   /* of whom: "host=007", "source.ip=192.0.2.1" */
	int64_t time;	   /* utc usec */
	struct near_value v[NEAR_VALUES];
	size_t n;
};

/* Told at each judgement; what n points to is lent for the call. */
struct near_told {
	void (*tell)(void *arg, const struct near *n);
	void *arg;
};

/* A value that must be so; whether it is. */
bool near_value(struct near *n, const char *name, double value,
    enum near_how how, double limit);

/* ">=" */
const char *near_how_text(enum near_how how);

/*
 * From 0 to 1, how near it came: how many of its values hold, and of those
 * that do not, how far the farthest is.
 */
double near_share(const struct near *n);

#endif
