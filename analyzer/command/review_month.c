/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/review_month.h"

#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/month.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

/* konseki review --month: one page for the executives. */

static void
take(void *m, const struct event *e, int64_t at)
{
	month_event(m, e, at);
}

/* The midnight of the first of a month at the site, 1 and 13 being far. */
static int64_t
first_of(int year, int month, int zone)
{
	if (month < 1) {
		year--;
		month += 12;
	} else if (month > 12) {
		year++;
		month -= 12;
	}
	return utc_days(year, month, 1) * UTC_DAY - zone * UTC_SECOND;
}

/* "2026-11". */
static bool
parse(const char *text, int *year, int *month)
{
	uint64_t y, m;

	if (strlen(text) != 7 || text[4] != '-' ||
	    num_parse(span_make(text, 4), 9998, &y) != 0 ||
	    num_parse(span_make(text + 5, 2), 12, &m) != 0 || m == 0 ||
	    y < 1970)
		return false;
	*year = (int)y;
	*month = (int)m;
	return true;
}

int
review_month(const struct call *c, struct feed *f)
{
	const struct report *r = feed_report(f);
	int64_t from, until;
	struct month *m;
	struct buf out;
	int year, month, rc;

	if (!parse(c->value[CALL_MONTH], &year, &month)) {
		log_error(tr("'%s' is no month; write --month 2026-11",
			      "「%s」は月ではありません。--month 2026-11 "
			      "のように指定してください"),
		    c->value[CALL_MONTH]);
		return -1;
	}
	from = first_of(year, month, r->zone);
	until = first_of(year, month + 1, r->zone);
	if (from > report_made(r)) {
		log_error(tr("the month %s has not begun as the logs tell it: "
			     "the newest seal is of %s",
			      "%s の月はまだ始まっていません（最新の封印: "
			      "%s）"),
		    c->value[CALL_MONTH],
		    figure_time(r->arena, report_made(r), r->zone));
		return -1;
	}
	m = month_new(r, first_of(year, month - 1, r->zone), from, until);
	if (feed_events(f, take, m) != 0)
		return -1;
	feed_verify(f, from, until);
	buf_init(&out);
	month_print_html(m, feed_losses(f), &out);
	rc = feed_write(f, c->value[CALL_OUTPUT],
	    arena_printf(r->arena, "month-%04d-%02d", year, month), "html",
	    buf_view(&out));
	buf_fini(&out);
	return rc;
}
