/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>

#include "analyzer/command/command.h"
#include "analyzer/command/feed.h"
#include "analyzer/command/operator.h"
#include "analyzer/report/damage.h"
#include "evidence/record.h"

/* konseki report: the damage report of a case. */
struct call {
	const char *site, *id, *lang, *output;
};

static int
options(int argc, char *argv[], struct call *c)
{
	static const struct option list[] = {
		{ "site", required_argument, NULL, 's' },
		{ "case", required_argument, NULL, 'c' },
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
		case 'c':
			c->id = optarg;
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
take(void *d, const struct event *e, int64_t at)
{
	damage_event(d, e, at);
}

static int
run(const struct call *c, struct feed *f)
{
	const struct report *r = feed_report(f);
	const struct casebook_group *group = feed_case(f, c->id);
	struct damage *d;
	struct buf out;
	int rc;

	if (group == NULL)
		return 1;
	buf_init(&out);
	record_word(&out, "case", span_str(group->id));
	(void)operator_use(feed_site(f), "export", "report", "evidence",
	    buf_view(&out)); /* it said so */
	out.len = 0;
	d = damage_new(r, group, 0, 0);
	if (feed_events(f, take, d) != 0) {
		buf_fini(&out);
		return 1;
	}
	damage_print_html(d, feed_losses(f), &out);
	rc = feed_write(f, c->output,
	    arena_printf(r->arena, "report-%s", group->id), "html",
	    buf_view(&out));
	buf_fini(&out);
	return rc == 0 ? 0 : 1;
}

int
command_report(int argc, char *argv[])
{
	struct call c = { 0 };
	struct feed *f;
	int rc;

	if (options(argc, argv, &c) != 0)
		return command_usage("report",
		    "[--site DIR] [--case ID] [--lang en|ja] [--output DIR]");
	f = feed_open(c.site, c.lang);
	if (f == NULL)
		return 1;
	rc = run(&c, f);
	feed_close(f);
	return rc;
}
