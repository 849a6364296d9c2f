/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/review.h"

#include <getopt.h>
#include <stdio.h>

#include "analyzer/command/command.h"
#include "analyzer/command/feed.h"
#include "common/utc.h"

/* konseki review: the weekly sheet. */
struct call {
	const char *site, *week, *lang, *output;
};

static int
options(int argc, char *argv[], struct call *c)
{
	static const struct option list[] = {
		{ "site", required_argument, NULL, 's' },
		{ "week", required_argument, NULL, 'w' },
		{ "lang", required_argument, NULL, 'l' },
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = getopt_long(argc, argv, "", list, NULL)) != -1)
		switch (o) {
		case 's':
			c->site = optarg;
			break;
		case 'w':
			c->week = optarg;
			break;
		case 'l':
			c->lang = optarg;
			break;
		case 'o':
			c->output = optarg;
			break;
		default:
			return -1;
		}
	return optind == argc ? 0 : -1;
}

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

	if (c->week != NULL) {
		if (feed_parse_time(f, c->week, from) != 0)
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
		return 1;
	v = review_new(r, from, from + 7 * UTC_DAY);
	if (feed_events(f, take, v) != 0)
		return 1;
	utc_to_civil(from, r->zone, &day);
	buf_init(&out);
	review_print_html(v, feed_losses(f), &out);
	rc = feed_write(f, c->output,
	    arena_printf(r->arena, "review-%04d-%02d-%02d", day.year, day.month,
		day.day),
	    "html", buf_view(&out));
	buf_fini(&out);
	return rc == 0 ? 0 : 1;
}

int
command_review(int argc, char *argv[])
{
	struct call c = { 0 };
	struct feed *f;
	int rc;

	if (options(argc, argv, &c) != 0)
		return command_usage("review",
		    "[--site DIR] [--week YYYY-MM-DD] [--lang en|ja] "
		    "[--output DIR]");
	f = feed_open(c.site, c.lang);
	if (f == NULL)
		return 1;
	rc = run(&c, f);
	feed_close(f);
	return rc;
}
