/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules_sorts.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/events.h"
#include "analyzer/command/lossevent.h"
#include "analyzer/format/reach.h"
#include "analyzer/format/set.h"
#include "common/log.h"

/* What rules are routed by, and the kind. */
static const enum ecs routed[] = { ECS_KIND, ECS_OBSERVER_PRODUCT,
	ECS_OBSERVER_VENDOR, ECS_OBSERVER_TYPE, ECS_EVENT_CATEGORY };

#define ROUTED (sizeof(routed) / sizeof(routed[0]))

static struct rules_sort *
add(struct rules_sort **v, size_t *n)
{
	*v = reallocarray(*v, *n + 1, sizeof(**v));
	if (*v == NULL)
		abort();
	memset(&(*v)[*n], 0, sizeof(**v));
	return &(*v)[(*n)++];
}

static struct rules_sort *
find(struct rules_sorts *s, const char *format, struct span kind)
{
	size_t i;

	for (i = 0; i < s->ncame; i++)
		if (strcmp(s->came[i].format, format) == 0 &&
		    span_eq(event_get(&s->came[i].sample, ECS_KIND), kind))
			return &s->came[i];
	return NULL;
}

static void
take(struct rules_sorts *s, const struct event *e)
{
	const char *format = e->format != NULL ? e->format : "";
	struct rules_sort *o = find(s, format, event_get(e, ECS_KIND));
	size_t i;

	if (o == NULL) {
		o = add(&s->came, &s->ncame);
		o->format = arena_str(s->arena, span_str(format));
		o->sample.format = e->format != NULL ? o->format : NULL;
		for (i = 0; i < ROUTED; i++)
			event_add(&o->sample, routed[i],
			    arena_copy(s->arena, event_get(e, routed[i])));
		o->field[ECS_MESSAGE] = true;
	}
	for (i = 0; i < e->n; i++)
		o->field[e->f[i].field] = true;
}

static int
read_all(struct rules_sorts *s, const struct site *site, const char *rules)
{
	struct events *events = events_open(site, rules);
	struct events_item item;
	int rc;

	if (events == NULL)
		return -1;
	while ((rc = events_next(events, tr("reading", "読込中"), &item)) == 1)
		if (item.event != NULL)
			take(s, item.event);
	events_close(events);
	return rc;
}

static bool
in_use(const struct rules_sorts *s, const char *format)
{
	size_t i;

	for (i = 0; i < s->ncame; i++)
		if (strcmp(s->came[i].format, format) == 0)
			return true;
	return false;
}

static void
add_reach(struct rules_sorts *s, const struct format *f, const struct reach *r,
    struct span kind)
{
	struct rules_sort *o = add(&s->can, &s->ncan);
	size_t i;

	o->format = arena_str(s->arena, span_str(f->name));
	o->sample.format = o->format;
	event_add(&o->sample, ECS_KIND, arena_copy(s->arena, kind));
	event_add(&o->sample, ECS_OBSERVER_PRODUCT,
	    arena_copy(s->arena, r->product));
	event_add(&o->sample, ECS_OBSERVER_VENDOR,
	    arena_copy(s->arena, r->vendor));
	event_add(&o->sample, ECS_OBSERVER_TYPE, arena_copy(s->arena, r->type));
	memcpy(o->field, r->field, sizeof(o->field));
	o->field[ECS_MESSAGE] = true;
	/* These come from the head of the line. */
	for (i = ECS_SYSLOG_FACILITY; i <= ECS_SYSLOG_MSGID; i++)
		o->field[i] = true;
}

/* What konseki tells of itself wherever it is. */
static void
add_own(struct rules_sorts *s)
{
	struct rules_sort *o = add(&s->came, &s->ncame);

	o->own = true;
	o->format = LOSSEVENT_FORMAT;
	o->sample.format = o->format;
	event_add(&o->sample, ECS_KIND, SPAN("evidence-loss"));
	o->field[ECS_KIND] = o->field[ECS_EVENT_ACTION] = true;
	o->field[ECS_EVENT_REASON] = o->field[ECS_SOURCE_IP] = true;
	o->field[ECS_MESSAGE] = true;
	o = add(&s->came, &s->ncame);
	o->own = true;
	o->format = LOSSEVENT_FORMAT;
	o->sample.format = o->format;
	event_add(&o->sample, ECS_KIND, SPAN("staff-report"));
	o->field[ECS_KIND] = o->field[ECS_EVENT_REASON] = true;
	o->field[ECS_HOST_NAME] = o->field[ECS_SOURCE_ADDRESS] = true;
	o->field[ECS_USER_NAME] = o->field[ECS_MESSAGE] = true;
}

static int
reach_all(struct rules_sorts *s, const char *rules)
{
	struct formats *formats = events_formats(rules);
	struct reach *r = calloc(1, sizeof(*r));
	const struct format_set *set;
	size_t i, k;

	if (r == NULL)
		abort();
	if (formats == NULL) {
		free(r);
		return -1;
	}
	set = formats_set(formats);
	for (i = 0; i < set->n; i++) {
		if (!in_use(s, set->format[i]->name))
			continue;
		reach_of(set->format[i], r);
		add_reach(s, set->format[i], r, span_make(NULL, 0));
		for (k = 0; k < r->nkind; k++)
			add_reach(s, set->format[i], r, r->kind[k]);
	}
	free(r);
	formats_free(formats);
	return 0;
}

struct rules_sorts *
rules_sorts_of(const struct site *site, const char *rules)
{
	struct rules_sorts *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->arena = arena_new();
	if (read_all(s, site, rules) == 0 && reach_all(s, rules) == 0) {
		add_own(s);
		return s;
	}
	rules_sorts_free(s);
	return NULL;
}

void
rules_sorts_free(struct rules_sorts *s)
{
	if (s == NULL)
		return;
	free(s->came);
	free(s->can);
	arena_free(s->arena);
	free(s);
}
