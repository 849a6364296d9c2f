/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/call.h"
#include "analyzer/command/command.h"
#include "analyzer/command/operator.h"
#include "analyzer/report/damage.h"
#include "evidence/record.h"

/* konseki report: the damage report of a case. */

static void
take(void *d, const struct event *e, int64_t at)
{
	damage_event(d, e, at);
}

static int
run(const struct call *c, struct feed *f)
{
	const struct report *r = feed_report(f);
	const struct casebook_group *group = feed_case(f, c->value[CALL_CASE]);
	struct damage *d;
	struct buf out;
	int rc;

	if (group == NULL)
		return -1;
	buf_init(&out);
	record_word(&out, "case", span_str(group->id));
	(void)operator_use(feed_site(f), "export", "report", "evidence",
	    buf_view(&out)); /* it said so */
	out.len = 0;
	d = damage_new(r, group, 0, 0);
	if (feed_events(f, take, d) != 0) {
		buf_fini(&out);
		return -1;
	}
	feed_verify(f, 0, INT64_MAX);
	damage_print_html(d, feed_losses(f), &out);
	rc = feed_write(f, c->value[CALL_OUTPUT],
	    arena_printf(r->arena, "report-%s", group->id), "html",
	    buf_view(&out));
	buf_fini(&out);
	return rc;
}

int
command_report(int argc, char *argv[])
{
	return call_run(argc, argv, CALL_BIT(CALL_CASE), run);
}
