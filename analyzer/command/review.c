/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/review.h"

#include <stdio.h>

#include "analyzer/command/call.h"
#include "analyzer/command/command.h"
#include "common/utc.h"

/* konseki review: the weekly sheet. */

static void
skip(void *cookie, const struct event *e, int64_t at)
{
	(void)cookie;
	(void)e;
	(void)at;
}

/* The week that was asked for, or by the newest record: read it first. */
static int
monday(const struct call *c, struct feed *f, int64_t *from)
{
	int zone = feed_report(f)->zone;

	if (c->value[CALL_WEEK] != NULL) {
		if (feed_parse_time(f, c->value[CALL_WEEK], from) != 0)
			return -1;
		*from = review_monday(*from, zone);
		return 0;
	}
	if (feed_events(f, skip, NULL) != 0)
		return -1;
	*from =
	    feed_newest(f) != 0 ? feed_newest(f) : report_made(feed_report(f));
	*from = review_default(*from, zone);
	return 0;
}

static void
take(void *v, const struct event *e, int64_t at)
{
	review_event(v, e, at);
}

static int
run(const struct call *c, struct feed *f)
{
	const struct report *r = feed_report(f);
	struct review *v;
	struct utc_civil day;
	struct buf out;
	int64_t from;
	int rc;

	if (monday(c, f, &from) != 0)
		return -1;
	v = review_new(r, from, from + 7 * UTC_DAY);
	if (feed_events(f, take, v) != 0)
		return -1;
	utc_to_civil(from, r->zone, &day);
	buf_init(&out);
	review_print_html(v, feed_losses(f), &out);
	rc = feed_write(f, c->value[CALL_OUTPUT],
	    arena_printf(r->arena, "review-%04d-%02d-%02d", day.year, day.month,
		day.day),
	    "html", buf_view(&out));
	buf_fini(&out);
	return rc;
}

int
command_review(int argc, char *argv[])
{
	return call_run(argc, argv, CALL_BIT(CALL_WEEK), run);
}
