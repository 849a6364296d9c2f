/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_DETECTION_H
#define RULE_DETECTION_H

#include <stdbool.h>

#include "analyzer/event/event.h"
#include "analyzer/rule/fact.h"
#include "common/arena.h"
#include "common/yaml.h"

/*
 * The detection of a Sigma rule: named selections and a condition.  The core
 * of the language: maps of field|modifier: value(s), lists of maps, equals
 * with wildcards, contains, startswith, endswith, all, cased, exists, cidr,
 * gt, gte, lt, lte, expand (of settings), null.  All else is refused with its
 * place.  A missing field fits nothing, so "not" of it is true.
 */
struct detection;

/* What names stand for in a detection. */
enum detection_scope {
	DETECTION_FIELDS,  /* fields of the event */
	DETECTION_FACTS,   /* and facts without history (x-konseki: when) */
	DETECTION_HISTORY, /* and all facts (x-konseki: history, raise) */
};

/* How to read one, where it lives, and where an error goes. */
struct detection_reader {
	const char *file;
	enum detection_scope scope;
	const struct settings *settings; /* for |expand: '%name%' */
	struct arena *arena;
	struct yaml_error *err;
};

/* A map of selections with a condition.  NULL and *r->err if it is wrong. */
struct detection *detection_parse(const struct yaml_node *n,
    const struct detection_reader *r);

/* One selection alone (a map, or a list of maps). */
struct detection *detection_parse_selection(const struct yaml_node *n,
    const struct detection_reader *r);

/* Whether an event fits.  fs may be NULL for DETECTION_FIELDS. */
bool detection_match(const struct detection *d, const struct event *e,
    struct facts *fs);

/*
 * The field that a name means: ECS ("source.ip") or Sigma's own taxonomy
 * ("src_ip").  Return 0, or -1.
 */
int detection_field(struct span name, enum ecs *field);

#endif
