/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/timeline.h"

#include "analyzer/command/call.h"
#include "analyzer/command/command.h"
#include "analyzer/command/operator.h"
#include "common/log.h"
#include "evidence/record.h"

/*
 * konseki timeline: a case, a window, or all about one device, user or address,
 * as HTML, CSV, and JSON Lines of Timesketch and of ECS.
 */

static int
window(const struct call *c, const struct feed *f, struct timeline_options *w)
{
	const char *id = c->value[CALL_CASE];
	const char *from = c->value[CALL_FROM], *to = c->value[CALL_TO];
	const char *who = c->value[CALL_ENTITY];

	if (who != NULL &&
	    timeline_entity(arena_str(feed_report(f)->arena, span_str(who)),
		w) != 0) {
		log_error(tr("--entity '%s' is not host=, user= or ip= and a "
			     "name, number or address",
			      "--entity「%s」は host=、user=、ip= のいずれか"
			      "と、名前・管理番号・アドレスで指定してください"),
		    who);
		return -1;
	}
	if (id != NULL && (w->group = feed_case(f, id)) == NULL)
		return -1;
	w->has_from = from != NULL;
	w->has_until = to != NULL;
	if (w->has_from && feed_parse_time(f, from, &w->from) != 0)
		return -1;
	if (w->has_until && feed_parse_time(f, to, &w->until) != 0)
		return -1;
	if (!w->has_from || !w->has_until || w->from < w->until)
		return 0;
	log_error(tr("--to %s is not after --from %s",
		      "--to %s は --from %s より後ではありません"),
	    to, from);
	return -1;
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
		const char *more, *suffix;
		void (*print)(const struct report *r, const struct timeline *t,
		    struct buf *out);
	} forms[] = {
		{ "", "html", timeline_print_html },
		{ "", "csv", timeline_print_csv },
		{ "", "jsonl", timeline_print_jsonl },
		{ "-ecs", "jsonl", timeline_print_ecs },
	};
	const struct report *r = feed_report(f);
	const char *name = timeline_name(r, t);
	struct buf out;
	size_t i;
	int rc = 0;

	buf_init(&out);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]) && rc == 0; i++) {
		out.len = 0;
		forms[i].print(r, t, &out);
		rc = feed_write(f, c->value[CALL_OUTPUT],
		    arena_printf(r->arena, "timeline-%s%s", name,
			forms[i].more),
		    forms[i].suffix, buf_view(&out));
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
	if (w->entity != NULL)
		record_word(&words, w->entity_kind, span_str(w->entity));
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
		return -1;
	recorded(f, &w);
	m = timeline_new(feed_report(f), &w);
	if (feed_events(f, take, m) != 0)
		return -1;
	feed_verify(f, w.has_from ? w.from : 0,
	    w.has_until ? w.until : INT64_MAX);
	return write_all(c, f, timeline_finish(m, feed_losses(f)));
}

int
command_timeline(int argc, char *argv[])
{
	return call_run(argc, argv,
	    CALL_BIT(CALL_CASE) | CALL_BIT(CALL_ENTITY) | CALL_BIT(CALL_FROM) |
		CALL_BIT(CALL_TO),
	    run);
}
