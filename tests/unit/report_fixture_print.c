/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "tests/unit/report_fixture.h"

/* The reports of the fixture, whole. */

static void
to_timeline(void *m, const struct event *e, int64_t at)
{
	timeline_event(m, e, at);
}

static void
to_review(void *v, const struct event *e, int64_t at)
{
	review_event(v, e, at);
}

static void
to_damage(void *d, const struct event *e, int64_t at)
{
	damage_event(d, e, at);
}

static void
print_timeline(struct fixture *f, const char *what, struct buf *out)
{
	struct timeline_maker *m = timeline_new(&f->r,
	    &(struct timeline_options){ .group = &f->book.groups[0] });
	const struct timeline *t;

	fixture_events(f, to_timeline, m);
	t = timeline_finish(m, &f->losses);
	if (strcmp(what, "timeline.csv") == 0)
		timeline_print_csv(&f->r, t, out);
	else if (strcmp(what, "timeline.jsonl") == 0)
		timeline_print_jsonl(&f->r, t, out);
	else if (strcmp(what, "timeline.ecs") == 0)
		timeline_print_ecs(&f->r, t, out);
	else
		timeline_print_html(&f->r, t, out);
}

void
fixture_print(struct fixture *f, const char *what, struct buf *out)
{
	struct review *v;
	struct damage *d;

	if (strncmp(what, "timeline.", 9) == 0)
		print_timeline(f, what, out);
	else if (strcmp(what, "review.html") == 0) {
		v = review_new(&f->r, fixture_time("2026-11-16T00:00:00+09:00"),
		    fixture_time("2026-11-23T00:00:00+09:00"));
		fixture_events(f, to_review, v);
		review_print_html(v, &f->losses, out);
	} else {
		d = damage_new(&f->r, &f->book.groups[0], 0, 0);
		fixture_events(f, to_damage, d);
		damage_finish(d, &f->losses,
		    &(struct damage_version){ .number = 1 });
		damage_print_html(d, out);
	}
}
