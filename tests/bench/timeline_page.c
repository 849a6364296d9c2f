/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/unit/report_fixture.h"

/* timeline_page N: the timeline of a case with N events, as HTML. */
static uint32_t state = 12345;

static unsigned
draw(unsigned of)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % of;
}

struct pass {
	struct timeline_maker *m;
	struct event e;
	uint64_t index;
	char user[32], source[32], destination[32], bytes[32];
};

static void
hand(struct pass *p, const char *kind, const char *outcome, int64_t at)
{
	struct event *e = &p->e;

	event_clear(e);
	e->index = p->index++;
	e->leaf[0] = (uint8_t)(e->index >> 16);
	e->leaf[1] = (uint8_t)(e->index >> 8);
	e->leaf[2] = (uint8_t)e->index;
	e->time = at;
	e->received = at + draw(3000) * 1000;
	e->clock = EVENT_CLOCK_SITE;
	e->format = "bench";
	e->time_text = SPAN("Nov 22 02:14:07");
	event_add(e, ECS_KIND, span_str(kind));
	event_add(e, ECS_EVENT_OUTCOME, span_str(outcome));
	event_add(e, ECS_OBSERVER_NAME, SPAN("fw01"));
}

/* Passwords are tried, the network is searched, data goes out. */
static void
one(struct pass *p, int64_t at)
{
	unsigned what = draw(10);

	snprintf(p->bytes, sizeof(p->bytes), "%u", 1000 + draw(90000000));
	if (what < 4) {
		hand(p, "vpn-login", "failure", at);
		snprintf(p->source, sizeof(p->source), "198.51.100.%u",
		    1 + draw(250));
		snprintf(p->user, sizeof(p->user), "tanaka-t");
		event_add(&p->e, ECS_USER_NAME, span_str(p->user));
	} else if (what < 7) {
		hand(p, "traffic", "success", at);
		snprintf(p->source, sizeof(p->source), "192.168.20.10");
		snprintf(p->destination, sizeof(p->destination),
		    "192.168.%u.%u", 10 + draw(20), 1 + draw(250));
		event_add(&p->e, ECS_DESTINATION_IP,
		    span_str(p->destination));
	} else {
		hand(p, "traffic", "success", at);
		snprintf(p->source, sizeof(p->source), "192.168.20.10");
		snprintf(p->destination, sizeof(p->destination),
		    "203.0.113.%u", 1 + draw(200));
		event_add(&p->e, ECS_DESTINATION_IP,
		    span_str(p->destination));
		event_add(&p->e, ECS_SOURCE_BYTES, span_str(p->bytes));
	}
	event_add(&p->e, ECS_SOURCE_IP, span_str(p->source));
	timeline_event(p->m, &p->e, at);
}

static void
to_timeline(void *m, const struct event *e, int64_t at)
{
	timeline_event(m, e, at);
}

int
main(int argc, char *argv[])
{
	static const struct event_source live = { .transport = SPAN("udp") };
	size_t i, n = argc > 1 ? strtoul(argv[1], NULL, 10) : 50000;
	static struct pass p = { .index = 100000 };
	int64_t from, length = 40 * UTC_HOUR;
	const struct timeline *t;
	struct fixture f;
	struct buf out;

	log_set_lang("ja");
	fixture_init(&f, false);
	p.m = timeline_new(&f.r,
	    &(struct timeline_options){ .group = &f.book.groups[0] });
	p.e.origin = "mihon.example/evidence";
	p.e.source = &live;
	from = fixture_time("2026-11-21T10:00:00+09:00");
	for (i = 0; i < n; i++)
		one(&p, from + (int64_t)((double)length * (double)i /
			    (double)n));
	fixture_events(&f, to_timeline, p.m);
	t = timeline_finish(p.m, &f.losses);
	fprintf(stderr, "%zu rows\n", t->n);
	buf_init(&out);
	timeline_print_html(&f.r, t, &out);
	fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
	fixture_fini(&f);
	return 0;
}
