/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_OUTBOUND_TELL_H
#define RULE_OUTBOUND_TELL_H

#include "analyzer/rule/outbound_state.h"

/* Hits of one host that are near enough to be one thing. */
struct outbound_incident {
	int64_t from, until; /* hours; until is not part of it */
	const struct outbound_hit *hours, *days;
	const struct outbound_slow *slow;
	size_t n_hours, n_days, n_slow;
	const struct outbound_weight *weight; /* or NULL */
};

/* The finding in the making. */
struct outbound_telling {
	struct outbound_judging *j;
	const struct rule *rule;
	const struct outbound_incident *in;
	struct draft d;
	struct volume_cite cites[FINDING_CITES]; /* by bytes */
	size_t n_cites;
	uint64_t bytes, sessions, blocked, records;
	uint64_t index_first, index_last;
	bool both, replay;
	const char *ja, *en; /* the layers with their figures */
};

/*
 * Incidents of a rule in the host's hits: those of hours first, then those of
 * days alone, then those of weeks; to be freed.
 */
struct outbound_incident *outbound_incidents_of(
    const struct outbound_judging *j, const struct rule *r, size_t *n);

/* The layers that fired and their figures; and how severe it is. */
void outbound_tell_layers(struct outbound_telling *t);

/* What it is beside the site's others, and that it can wait for the week's. */
void outbound_tell_weight(struct outbound_telling *t);

#endif
