/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/timeline.h"

#include <getopt.h>

#include "analyzer/command/command.h"
#include "analyzer/command/feed.h"
#include "analyzer/command/operator.h"
#include "evidence/record.h"

/* konseki timeline: a case, or a window, as CSV, JSON Lines and HTML. */
struct call {
	const char *site, *id, *from, *to, *lang, *output;
};

static int
options(int argc, char *argv[], struct call *c)
{
	static const struct option list[] = {
		{ "site", required_argument, NULL, 's' },
		{ "case", required_argument, NULL, 'c' },
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
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
		case 'f':
			c->from = optarg;
			break;
		case 't':
			c->to = optarg;
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

static int
window(const struct call *c, const struct feed *f, struct timeline_options *w)
{
	if (c->id != NULL && (w->group = feed_case(f, c->id)) == NULL)
		return -1;
	w->has_from = c->from != NULL;
	w->has_until = c->to != NULL;
	if (w->has_from && feed_parse_time(f, c->from, &w->from) != 0)
		return -1;
	return w->has_until ? feed_parse_time(f, c->to, &w->until) : 0;
}

static void
take(void *m, const struct event *e, int64_t at)
{
	timeline_event(m, e, at);
}

static int
write_all(const struct call *c, const struct feed *f, const struct timeline *t)
{
	static const struct {
		const char *suffix;
		void (*print)(const struct report *r, const struct timeline *t,
		    struct buf *out);
	} forms[] = {
		{ "html", timeline_print_html },
		{ "csv", timeline_print_csv },
		{ "jsonl", timeline_print_jsonl },
	};
	const struct report *r = feed_report(f);
	const char *stem = arena_printf(r->arena, "timeline-%s",
	    t->group == NULL ? "all" : t->group->id);
	struct buf out;
	size_t i;
	int rc = 0;

	buf_init(&out);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]) && rc == 0; i++) {
		out.len = 0;
		forms[i].print(r, t, &out);
		rc = feed_write(f, c->output, stem, forms[i].suffix,
		    buf_view(&out));
	}
	buf_fini(&out);
	return rc;
}

/* That it is made is an operator's action. */
static void
recorded(const struct feed *f, const struct timeline_options *w)
{
	struct buf words;

	buf_init(&words);
	if (w->group != NULL)
		record_word(&words, "case", span_str(w->group->id));
	if (w->has_from)
		record_word_u64(&words, "since", (uint64_t)w->from);
	if (w->has_until)
		record_word_u64(&words, "until", (uint64_t)w->until);
	(void)operator_use(feed_site(f), "export", "timeline", "evidence",
	    buf_view(&words)); /* it said so */
	buf_fini(&words);
}

static int
run(const struct call *c, struct feed *f)
{
	struct timeline_options w = { 0 };
	struct timeline_maker *m;

	if (window(c, f, &w) != 0)
		return 1;
	recorded(f, &w);
	m = timeline_new(feed_report(f), &w);
	if (feed_events(f, take, m) != 0)
		return 1;
	return write_all(c, f, timeline_finish(m)) == 0 ? 0 : 1;
}

int
command_timeline(int argc, char *argv[])
{
	struct call c = { 0 };
	struct feed *f;
	int rc;

	if (options(argc, argv, &c) != 0)
		return command_usage("timeline",
		    "[--site DIR] [--case ID] [--from TIME] [--to TIME] "
		    "[--lang en|ja] [--output DIR]");
	f = feed_open(c.site, c.lang);
	if (f == NULL)
		return 1;
	rc = run(&c, f);
	feed_close(f);
	return rc;
}
