/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_RULE_FILE_H
#define RULE_RULE_FILE_H

#include "analyzer/rule/rule.h"
#include "analyzer/rule/scope.h"

/* What rule.c and rule_extra.c share while one file is read. */
struct rule_reader {
	const char *file;
	const struct settings *settings;
	struct arena *arena;
	struct detection_pool *pool;
	struct yaml_error *err;
	struct yaml_node *root;
	struct rule *rule;
	const struct placeholders *names;
	bool *expanded;
};

#define RULE_FAIL(r, at, ...) yaml_fail((r)->err, (r)->file, at, __VA_ARGS__)

/* A text that a map must have. */
int rule_need(struct rule_reader *r, const struct yaml_node *map,
    const char *name, const char **text);

/* How to read a detection of the rule; s outlives it. */
const struct detection_reader *rule_reader_of(const struct rule_reader *r,
    enum scope scope, struct scope_reader *s);

int rule_read_logsource(struct rule_reader *r, const struct yaml_node *map,
    struct rule_logsource *l);

/* The documents beside r->root; then the correlation, which counts them, or
 * the absence of x-konseki. */
int rule_read_bases(struct rule_reader *r, const struct yaml_node *documents);
int rule_read_correlation(struct rule_reader *r, struct yaml_node *map);

/* A map of no other keys than those, "a|b". */
int rule_only(struct rule_reader *r, const struct yaml_node *map,
    const char *keys);

/* What the rule rests on: ledgers, coverage, rows, its own past. */
int rule_read_ground(struct rule_reader *r, const struct yaml_node *map);

/* Read x-konseki.  Return 0, or -1 and *r->err. */
int rule_extra(struct rule_reader *r, const struct yaml_node *map);

#endif
