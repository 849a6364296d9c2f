/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/reorder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* What waits comes out in its order, in whatever order it came. */
#define EVENTS 4000

static uint32_t dice = 1;
static struct groups *groups;

static uint32_t
roll(uint32_t n)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % n;
}

struct one {
	int64_t time;
	uint64_t event;
};

static int
compare(const void *a, const void *b)
{
	const struct one *p = a, *q = b;

	if (p->time != q->time)
		return p->time < q->time ? -1 : 1;
	return p->event < q->event ? -1 : p->event > q->event;
}

static void
put(struct reorder *r, const struct one *o)
{
	struct held h = { .e = { .time = o->time, .event = o->event } };

	h.group =
	    groups_hold(groups, 0, (uint32_t)o->event,
		span_make(&o->event, sizeof(o->event)));
	reorder_put(r, &h);
}

/* The next one is that, with the key that it came with. */
static bool
take_is(struct reorder *r, const struct one *o)
{
	const struct held *first = reorder_first(r);
	bool same = first != NULL && first->e.time == o->time &&
	    first->e.event == o->event && first->group->len == sizeof(o->event);
	struct held h;

	if (!same)
		return false;
	h = reorder_take(r);
	same = h.e.time == o->time && h.e.event == o->event &&
	    memcmp(h.group->key, &o->event, sizeof(o->event)) == 0;
	groups_release(groups, h.group);
	return same;
}

/* Up to late back in time; so many wait at once. */
static bool
check(uint32_t late, size_t waiting)
{
	static struct one in[EVENTS], out[EVENTS];
	struct reorder r = { 0 };
	size_t i, n = 0, taken = 0;
	bool good = true;

	for (i = 0; i < EVENTS; i++)
		in[i] = (struct one){ 1000000 + (int64_t)i -
			    (int64_t)(late > 0 ? roll(late) : 0),
			roll(1000) * EVENTS + i };
	for (i = 0; i < EVENTS; i++) {
		put(&r, &in[i]);
		out[n++] = in[i];
		if (n - taken < waiting)
			continue;
		qsort(out + taken, n - taken, sizeof(*out), compare);
		for (; n - taken > waiting / 2; taken++)
			good &= take_is(&r, &out[taken]);
	}
	qsort(out + taken, n - taken, sizeof(*out), compare);
	for (; taken < n; taken++)
		good &= take_is(&r, &out[taken]);
	good &= reorder_first(&r) == NULL && r.n == 0;
	reorder_fini(&r);
	return good;
}

int
main(void)
{
	struct reorder r = { 0 };
	struct one a = { 5, 1 }, b = { 5, 0 }, c = { 4, 9 };

	groups = groups_new(1);
	ok(check(0, 1000), "what comes in order goes in order");
	ok(check(3, 1000), "a little out of order");
	ok(check(5000, 1000), "in no order at all");
	ok(check(5000, EVENTS + 1), "all of it first");
	ok(check(2, 1), "one at a time");
	put(&r, &a);
	put(&r, &b);
	put(&r, &c);
	ok(take_is(&r, &c) && take_is(&r, &b) && take_is(&r, &a),
	    "by time, then by number");
	ok(groups_held_bytes(groups) == 0, "no group is held any more");
	reorder_fini(&r);
	groups_free(groups);
	return done();
}
