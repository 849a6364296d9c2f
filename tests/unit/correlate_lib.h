/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_UNIT_CORRELATE_LIB_H
#define TESTS_UNIT_CORRELATE_LIB_H

#include "analyzer/sigma/correlate.h"
#include "common/buf.h"

/*
 * A small world for correlations: rules a to d, correlations c0 to c9, fields
 * u v w n.  Results are printed "c@seconds(group)=value ".
 */
#define WORLD_RULES 10
#define WORLD_FIELDS 4
#define WORLD_SECOND INT64_C(1000000)

struct world {
	struct arena *arena;
	struct correlation_linked *rules;
	struct correlate *c;
	struct view view;
	struct buf out; /* results so far */
	bool evidence;	/* print events too: "[1 2]", "[..2 of 3]" */
	bool fresh;	/* and those that no result had before: "+1,2" */
	uint64_t results, lost;
	enum correlate_loss why; /* the last lost() */
	uint32_t whose;
};

/* yaml[n], those that begin with "{after" being absences.  What is wrong with
 * them aborts. */
void world_init(struct world *w, const char *const *yaml, size_t n,
    const struct correlate_limits *limits);
void world_fini(struct world *w);

/* Begin anew with the same correlations: no events, no results. */
void world_again(struct world *w, const struct correlate_limits *limits);

/* An event with the values of its fields; NULL: missing. */
void world_push(struct world *w, uint32_t rule, int64_t time, uint64_t event,
    const char *const values[WORLD_FIELDS]);

/* "1a u=x n=3; 2bc u=y": seconds, rules, values; numbered from 1. */
void world_script(struct world *w, const char *script);

const char *world_results(struct world *w);

#endif
