/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/numbered.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/grow.h"
#include "common/buf.h"

struct numbered {
	struct arena *arena; /* texts of counters */
	struct index *by_key;
	struct numbered_counter *counter;
	size_t n, cap;
	uint64_t dropped;
};

struct numbered *
numbered_new(void)
{
	struct numbered *x = calloc(1, sizeof(*x));

	if (x == NULL)
		abort();
	x->arena = arena_new();
	x->by_key = index_new();
	return x;
}

void
numbered_free(struct numbered *x)
{
	if (x == NULL)
		return;
	free(x->counter);
	index_free(x->by_key);
	arena_free(x->arena);
	free(x);
}

const struct numbered_counter *
numbered_counter(const struct numbered *x, size_t i)
{
	return &x->counter[i];
}

uint64_t
numbered_dropped(const struct numbered *x)
{
	return x->dropped;
}

static void
put_key(struct buf *key, const struct event *e, const struct fact_actor *a)
{
	struct span serial = event_get(e, ECS_OBSERVER_SERIAL);

	buf_str(key, "device=");
	buf_span(key, a->device_key);
	if (serial.len > 0) {
		buf_str(key, " serial=");
		buf_span(key, serial);
	}
	buf_str(key, " counter=");
	buf_span(key, event_get(e, ECS_SEQUENCE_SCOPE));
	if (e->format != NULL)
		buf_printf(key, " format=%s", e->format);
}

static int
find(struct numbered *x, const struct event *e, struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);
	struct numbered_counter *c;
	uint32_t at;
	struct buf key;

	buf_init(&key);
	put_key(&key, e, a);
	at = index_get(x->by_key, buf_view(&key));
	if (at == INDEX_NONE && x->n < NUMBERED_COUNTERS) {
		at = (uint32_t)x->n;
		*index_put(x->by_key, buf_view(&key)) = at;
		grow(&x->counter, x->n, &x->cap, sizeof(*x->counter));
		c = &x->counter[x->n++];
		c->key = arena_str(x->arena, buf_view(&key));
		c->name = arena_str(x->arena, a->device_name);
		c->scope =
		    arena_str(x->arena, event_get(e, ECS_SEQUENCE_SCOPE));
		c->device = a->device;
	}
	buf_fini(&key);
	return at == INDEX_NONE ? -1 : (int)at;
}

int
numbered_read(struct numbered *x, const struct event *e, const char *origin,
    struct facts *fs, struct numbered_record *r)
{
	int at;

	if (!span_is(facts_field(fs, ECS_SEQUENCE_KIND), "filtered") ||
	    facts_field(fs, ECS_SEQUENCE_SCOPE).len == 0 ||
	    event_number(e, ECS_EVENT_SEQUENCE, &r->n) != 0)
		return -1;
	if ((at = find(x, e, fs)) == -1) {
		x->dropped++;
		return -1;
	}
	r->clock = e->clock == EVENT_CLOCK_NONE || (e->mark & EVENT_MARK_UNSET)
	    ? e->received
	    : e->time;
	r->replay = e->source != NULL && e->source->replay;
	r->cite = (struct finding_cite){ origin, e->index, fs->time, { 0 } };
	memcpy(r->cite.leaf, e->leaf, sizeof(r->cite.leaf));
	return at;
}

bool
numbered_before(const struct numbered_record *a,
    const struct numbered_record *b)
{
	int c;

	if (a->n != b->n)
		return a->n < b->n;
	if (a->cite.time != b->cite.time)
		return a->cite.time < b->cite.time;
	c = strcmp(a->cite.origin, b->cite.origin);
	return c != 0 ? c < 0 : a->cite.index < b->cite.index;
}

void
numbered_draft(struct draft *d, const struct rule *rule,
    const struct fact_site *site, const struct numbered_counter *c, int64_t day,
    struct arena *arena)
{
	draft_begin(d, rule, site, arena);
	d->f.key = arena_printf(arena, "%s", c->key);
	d->f.from = calendar_midnight(site->calendar, day);
	d->f.until = calendar_midnight(site->calendar, day + 1);
	draft_device(d, "device", c->device, span_str(c->name));
	sentence_set(&d->v, SENTENCE_COUNTER,
	    arena_printf(arena, "%s", c->scope));
}

const struct rule *
numbered_rule(const struct ruleset *rules, enum rule_detector detector)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->detector == detector)
			return rules->rules[i];
	return NULL;
}
