/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SCOPE_H
#define RULE_SCOPE_H

#include "analyzer/event/event.h"
#include "analyzer/rule/fact.h"
#include "analyzer/sigma/detection.h"
#include "analyzer/sigma/placeholders.h"

/*
 * What the names in the detections of konseki's own rules stand for: fields of
 * ECS ("source.ip"), Sigma's names for them ("src_ip"), and facts.  Others are
 * refused.
 */
enum scope {
	SCOPE_FIELDS,  /* fields of the event */
	SCOPE_FACTS,   /* and facts without history (x-konseki: when) */
	SCOPE_HISTORY, /* and all facts (x-konseki: history, raise) */
	SCOPE_ROWS,    /* facts of a row of a ledger, which has no event */
};

/*
 * A reader for them; for |expand the settings have values, and so have the
 * names of the roster (roster.h): those of names, or none.
 */
struct scope_reader {
	struct detection_reader r;
	enum scope scope;
	const struct settings *settings;
	const struct placeholders *names; /* or NULL */
	bool *expanded;			  /* set if one of the names was used */
};

void scope_reader_init(struct scope_reader *s, enum scope scope,
    const struct settings *settings);

/* For events of ECS. */
void scope_view_init(struct view *v);

/* Show v an event.  fs may be NULL: then no rule may ask for facts. */
void scope_view(struct view *v, const struct event *e, struct facts *fs);

/* The field of that name.  Return 0, or -1. */
int scope_field(struct span name, enum ecs *field);

#endif
