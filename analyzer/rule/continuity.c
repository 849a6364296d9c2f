/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/continuity.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/draft.h"
#include "analyzer/rule/near.h"
#include "common/buf.h"
#include "common/utc.h"

#define HOLES_CITED 10 /* the records around each of the largest */

struct number {
	uint64_t n;
	struct finding_cite cite;
};

struct stretch {
	struct number low, high;
};

/* One counter of one device on one day. */
struct counter {
	const char *key, *name, *scope; /* device_key, its name, counter */
	const struct device *device;	/* or NULL */
	int64_t day;
	bool replay, trusted, dirty;
	size_t n, cap;
	struct stretch *stretch; /* by number */
	uint64_t records;
};

struct continuity {
	const struct rule *rule;
	const struct fact_site *site;
	struct arena *arena; /* texts of counters */
	struct index *by_key;
	struct counter *counter;
	size_t n, cap;
	uint64_t dropped;
};

struct continuity *
continuity_new(const struct ruleset *rules, const struct fact_site *site)
{
	struct continuity *c;
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->detector == RULE_SEQUENCE)
			break;
	if (i == rules->n)
		return NULL;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		abort();
	c->rule = rules->rules[i];
	c->site = site;
	c->arena = arena_new();
	c->by_key = index_new();
	return c;
}

void
continuity_free(struct continuity *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		free(c->counter[i].stretch);
	free(c->counter);
	index_free(c->by_key);
	arena_free(c->arena);
	free(c);
}

uint64_t
continuity_dropped(const struct continuity *c)
{
	return c->dropped;
}

static struct counter *
counter_new(struct continuity *c, const struct fact_actor *a, struct span scope)
{
	struct counter *x;

	if (c->n == c->cap) {
		c->cap = c->cap * 2 + 16;
		c->counter =
		    reallocarray(c->counter, c->cap, sizeof(*c->counter));
		if (c->counter == NULL)
			abort();
	}
	x = &c->counter[c->n++];
	memset(x, 0, sizeof(*x));
	x->key = arena_str(c->arena, a->device_key);
	x->name = arena_str(c->arena, a->device_name);
	x->scope = arena_str(c->arena, scope);
	x->device = a->device;
	return x;
}

/* The counter of this device on this day; NULL: there is no room. */
static struct counter *
find_counter(struct continuity *c, const struct fact_actor *a,
    struct span scope, int64_t day)
{
	struct buf key;
	uint32_t at;

	buf_init(&key);
	buf_span(&key, a->device_key);
	buf_byte(&key, '\0');
	buf_span(&key, scope);
	buf_printf(&key, "%c%lld", '\0', (long long)day);
	at = index_get(c->by_key, buf_view(&key));
	if (at == INDEX_NONE && c->n < CONTINUITY_DAYS) {
		at = (uint32_t)c->n;
		*index_put(c->by_key, buf_view(&key)) = at;
		counter_new(c, a, scope)->day = day;
	}
	buf_fini(&key);
	return at == INDEX_NONE ? NULL : &c->counter[at];
}

/* How many stretches begin at or before n. */
static size_t
behind(const struct counter *x, uint64_t n)
{
	size_t low = 0, high = x->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (x->stretch[mid].low.n <= n)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
insert(struct counter *x, size_t at, const struct number *number)
{
	if (x->n == CONTINUITY_STRETCHES)
		return false;
	if (x->n == x->cap) {
		x->cap = x->cap * 2 + 4;
		x->stretch =
		    reallocarray(x->stretch, x->cap, sizeof(*x->stretch));
		if (x->stretch == NULL)
			abort();
	}
	memmove(&x->stretch[at + 1], &x->stretch[at],
	    (x->n - at) * sizeof(*x->stretch));
	x->stretch[at] = (struct stretch){ *number, *number };
	x->n++;
	return true;
}

/* Put a number where it belongs.  Return false if there is no room. */
static bool
add(struct counter *x, const struct number *number)
{
	size_t at = behind(x, number->n);
	struct stretch *left = at > 0 ? &x->stretch[at - 1] : NULL,
		       *right = at < x->n ? &x->stretch[at] : NULL;
	bool joins_left = left != NULL && left->high.n + 1 == number->n,
	     joins_right = right != NULL && number->n + 1 == right->low.n;

	if (left != NULL && number->n <= left->high.n)
		return true; /* it came twice, or after a restart */
	if (joins_left && joins_right) {
		left->high = right->high;
		memmove(right, right + 1,
		    (x->n - at - 1) * sizeof(*x->stretch));
		x->n--;
	} else if (joins_left)
		left->high = *number;
	else if (joins_right)
		right->low = *number;
	else
		return insert(x, at, number);
	return true;
}

static bool
is_trusted(const struct event *e)
{
	return e->source != NULL &&
	    (e->source->replay || span_is(e->source->transport, "import"));
}

void
continuity_feed(struct continuity *c, const struct event *e,
    const char *origin, struct facts *fs)
{
	struct span scope = facts_field(fs, ECS_SEQUENCE_SCOPE);
	struct number number = {
		.cite = { origin, e->index, fs->time, { 0 } }
	};
	struct counter *x;

	if (scope.len == 0 || facts_field(fs, ECS_SEQUENCE_KIND).len > 0 ||
	    event_number(e, ECS_EVENT_SEQUENCE, &number.n) != 0)
		return;
	memcpy(number.cite.leaf, e->leaf, sizeof(number.cite.leaf));
	x = find_counter(c, facts_actor(fs), scope,
	    calendar_day(c->site->calendar, fs->time));
	if (x == NULL || !add(x, &number)) {
		c->dropped++;
		return;
	}
	x->records++;
	x->replay |= e->source != NULL && e->source->replay;
	x->trusted |= is_trusted(e);
	x->dirty = true;
}

/* What is missing of a counter, and the largest holes in it. */
struct holes {
	uint64_t missing, n;
	size_t cited;
	const struct stretch *before[HOLES_CITED]; /* the hole lies behind */
	uint64_t size[HOLES_CITED];
	int64_t first;
	bool waiting; /* some are younger than what is complete */
};

static void
note_hole(struct holes *h, const struct stretch *left, uint64_t size)
{
	size_t i;

	if (h->n++ == 0 || left->high.cite.time < h->first)
		h->first = left->high.cite.time;
	h->missing += size;
	if (h->cited < HOLES_CITED)
		i = h->cited++;
	else if (size <= h->size[HOLES_CITED - 1])
		return;
	else
		i = HOLES_CITED - 1;
	for (; i > 0 && h->size[i - 1] < size; i--) {
		h->size[i] = h->size[i - 1];
		h->before[i] = h->before[i - 1];
	}
	h->size[i] = size;
	h->before[i] = left;
}

static void
find_holes(const struct continuity *c, const struct counter *x,
    int64_t complete, struct holes *h)
{
	uint64_t jump = settings_count(c->site->settings, SETTING_SEQ_JUMP);
	size_t i;

	memset(h, 0, sizeof(*h));
	for (i = 1; i < x->n; i++) {
		const struct stretch *left = &x->stretch[i - 1],
				     *right = &x->stretch[i];
		uint64_t size = right->low.n - left->high.n - 1;

		if (right->low.cite.time < left->high.cite.time || size > jump)
			continue; /* it began to count anew */
		if (right->low.cite.time > complete)
			h->waiting = true;
		else
			note_hole(h, left, size);
	}
}

static void
deliver(const struct continuity *c, const struct counter *x,
    const struct holes *h, struct outbox *out, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	size_t i;

	draft_begin(d, c->rule, c->site, arena);
	d->f.key = arena_printf(arena, "device=%s counter=%s", x->key,
	    x->scope);
	d->f.from = calendar_midnight(c->site->calendar, x->day);
	d->f.until = calendar_midnight(c->site->calendar, x->day + 1);
	d->f.first = h->first;
	d->f.replay = x->replay;
	draft_device(d, "device", x->device, span_str(x->name));
	draft_time(d, SENTENCE_TIME, h->first);
	sentence_set(&d->v, SENTENCE_LOST,
	    arena_printf(arena, "%llu", (unsigned long long)h->missing));
	finding_count(&d->f, "", "missing", "", h->missing);
	finding_count(&d->f, "", "holes", "", h->n);
	finding_count(&d->f, "", "received", "", x->records);
	for (i = 0; i < h->cited; i++) {
		draft_cite(d, &h->before[i]->high.cite);
		draft_cite(d, &h->before[i][1].low.cite);
	}
	draft_end(d);
	outbox_add(out, &d->f);
}

static void
tell_near(const struct continuity *c, const struct counter *x,
    const struct holes *h, uint64_t least, struct arena *arena)
{
	struct near n = { .rule = c->rule, .layer = "" };

	n.key = arena_printf(arena, "%s %s", x->key, x->scope);
	n.time = calendar_midnight(c->site->calendar, x->day);
	(void)near_value(&n, "missing", (double)h->missing, NEAR_GTE,
	    (double)least);
	c->site->near->tell(c->site->near->arg, &n);
}

void
continuity_judge(struct continuity *c, int64_t watermark, int64_t replay,
    bool finish, struct outbox *out, struct arena *arena)
{
	uint64_t least = settings_count(c->site->settings, SETTING_SEQ_MISSING);
	struct holes h;
	size_t i;

	for (i = 0; i < c->n; i++) {
		struct counter *x = &c->counter[i];

		if (!x->dirty)
			continue;
		find_holes(c, x,
		    finish	   ? INT64_MAX
			: x->trusted ? replay
				     : watermark,
		    &h);
		x->dirty = h.waiting;
		outbox_scope(out,
		    span_str(arena_printf(arena, "%s %s %s %lld", c->rule->id,
			x->key, x->scope, (long long)x->day)));
		if (c->site->near != NULL && h.n > 0)
			tell_near(c, x, &h, least, arena);
		if (h.missing >= least && h.n > 0)
			deliver(c, x, &h, out, arena);
	}
}
