/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/keep.h"
#include "tests/tap.h"

static struct event_source udp, file;

static void
make_sources(void)
{
	udp.listener = udp.transport = SPAN("udp");
	udp.peer = SPAN("192.0.2.1");
	file.listener = file.transport = SPAN("import");
	file.peer = SPAN("fw01");
	file.replay = true;
}

static void
make(struct event *e, uint64_t index, const char *user, const char *address)
{
	memset(e, 0, sizeof(*e));
	e->index = index;
	e->leaf[0] = e->leaf[31] = (uint8_t)index;
	e->stream = 300;
	e->time = INT64_C(1763456789000000) - (int64_t)index;
	e->received = index % 2 == 0 ? INT64_MIN : e->time + 1500000;
	e->clock = EVENT_CLOCK_SITE;
	e->mark = EVENT_MARK_YEAR;
	e->source = &udp;
	e->format = "fortigate";
	e->message = SPAN("the line as it came");
	e->time_text = SPAN("10:00");
	event_add(e, ECS_KIND, SPAN("login"));
	event_add(e, ECS_USER_NAME, span_str(user));
	event_add(e, ECS_SOURCE_IP, span_str(address));
}

static bool
same_fields(const struct event *a, const struct event *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (a->f[i].field != b->f[i].field ||
		    !span_eq(a->f[i].value, b->f[i].value))
			return false;
	return a->n == b->n;
}

static bool
is_same(const struct event *a, const struct event *b)
{
	return same_fields(a, b) && a->index == b->index &&
	    memcmp(a->leaf, b->leaf, sizeof(a->leaf)) == 0 &&
	    a->stream == b->stream && a->time == b->time &&
	    a->received == b->received && a->clock == b->clock &&
	    a->mark == b->mark && strcmp(a->origin, "o") == 0 &&
	    span_eq(a->message, b->message) &&
	    span_eq(a->time_text, b->time_text) &&
	    strcmp(a->format, b->format) == 0 &&
	    span_eq(a->source->peer, b->source->peer) &&
	    a->source->replay == b->source->replay;
}

static void
check(const struct keep *k, const struct event *want, const char *what)
{
	static struct event got;

	keep_restore(k, &got);
	ok(is_same(&got, want), "%s", what);
}

int
main(void)
{
	static struct event a, b, c, d;
	struct keep *ka, *kb, *kc, *kd;

	make_sources();
	make(&a, 1, "tanaka", "192.0.2.7");
	make(&b, 2, "sato", "192.0.2.7");
	make(&c, 3, "tanaka", "192.0.2.8");
	event_add(&c, ECS_EVENT_OUTCOME, SPAN("failure")); /* more fields */
	c.source = &file;
	c.format = "windows";
	make(&d, 4, "sato", "192.0.2.9");
	d.n = 2; /* fewer */
	ka = keep_event(&a, "o", 0);
	kb = keep_event_like(&b, "o", 0, true, ka);
	kc = keep_event_like(&c, "o", 0, true, kb);
	kd = keep_event_like(&d, "o", 0, true, kc);
	check(ka, &a, "an event is kept whole");
	check(kb, &b, "one like it, with another value");
	check(kc, &c, "with another source, format and a field more");
	check(kd, &d, "with a field less");
	keep_free(ka);
	check(kb, &b, "what it is like may be freed before");
	keep_free(kb);
	check(kd, &d, "and others that are like it");
	keep_free(kc);
	keep_free(kd);
	kb = keep_event_like(&b, "o", 0, false, NULL);
	b.message = b.time_text = SPAN("");
	check(kb, &b, "without its message if nobody asks for that");
	keep_free(kb);
	keep_free(NULL);
	return done();
}
