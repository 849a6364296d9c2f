/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/review.h"

#include <stdbool.h>
#include <stdio.h>

#include "analyzer/command/call.h"
#include "analyzer/command/command.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/review_month.h"
#include "analyzer/command/review_sign.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/review_past.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

/*
 * konseki review: the weekly sheet.  --analyze analyses first, by the same
 * reading of the evidence.
 */

static void
take(void *v, const struct event *e, int64_t at)
{
	review_event(v, e, at);
}

static bool
take_past(void *v, const struct past *p, const char *origin)
{
	return review_past(v, p, origin);
}

/* It has records on it, word for word: that it is made is an operator's
 * action. */
static void
recorded(const struct feed *f, int64_t from, int64_t until)
{
	struct buf words;

	buf_init(&words);
	record_word_u64(&words, "since", (uint64_t)from);
	record_word_u64(&words, "until", (uint64_t)until);
	(void)operator_use(feed_site(f), "export", "review", "evidence",
	    buf_view(&words)); /* it said so */
	buf_fini(&words);
}

/* The week of the newest record that tells a time; all were read. */
static int64_t
newest_week(struct feed *f)
{
	const struct report *r = feed_report(f);

	return review_default(feed_newest(f) != 0 ? feed_newest(f)
						  : report_made(r),
	    r->zone);
}

struct made { /* a sheet, and of which week it is */
	struct review *v;
	int64_t from;
};

/* Read for it: 0, or -1 (said), and then there is no sheet. */
static int
fill(struct feed *f, struct made *m, bool analyze)
{
	struct feed_week week = { .from = m->from,
		.until = m->from + 7 * UTC_DAY,
		.take = take,
		.past = take_past };
	int rc;

	do {
		m->v = review_new(feed_report(f), week.from, week.until);
		week.cookie = m->v;
		rc = analyze ? feed_analyze(f, take, m->v)
			     : feed_week(f, &week);
		if (rc != 0)
			review_drop(m->v);
	} while (rc == 1);
	return rc;
}

/*
 * Read for the week that was asked for, or that of the newest record.  Which
 * one that is is known in the end: at first it is taken to be that of the
 * record that was received last, or of today if that is not known before it is
 * read, which is wrong where history was imported.
 */
static int
gather(const struct call *c, struct feed *f, struct made *m)
{
	const struct report *r = feed_report(f);
	bool analyze = c->value[CALL_ANALYZE] != NULL;

	if (c->value[CALL_FULL] != NULL)
		feed_read_all(f);
	m->from = review_default(analyze ? utc_now()
					 : (int64_t)r->evidence->last_time,
	    r->zone);
	if (c->value[CALL_WEEK] != NULL) {
		if (feed_parse_time(f, c->value[CALL_WEEK], &m->from) != 0)
			return -1;
		m->from = review_monday(m->from, r->zone);
	}
	if (fill(f, m, analyze) != 0)
		return -1;
	while (c->value[CALL_WEEK] == NULL && m->from != newest_week(f)) {
		review_drop(m->v);
		m->from = newest_week(f);
		if (fill(f, m, false) != 0)
			return -1;
	}
	return 0;
}

/* An empty sheet of days that nobody sealed would say that nothing happened. */
static bool
has_begun(const struct feed *f, int64_t from)
{
	const struct report *r = feed_report(f);

	if (from <= report_made(r))
		return true;
	log_error(tr("the week of %s has not begun as the logs tell it: the "
		     "newest seal is of %s",
		      "%s からの週はまだ始まっていません（最新の封印: %s）"),
	    figure_day(r->arena, from, r->zone),
	    figure_time(r->arena, report_made(r), r->zone));
	return false;
}

/* Which weeks were reviewed, from the casebook alone. */
static int
history(const struct call *c, struct feed *f)
{
	struct buf out;
	int rc;

	feed_verify(f, 0, 0);
	buf_init(&out);
	review_history_html(feed_report(f), &out);
	rc = feed_write(f, c->value[CALL_OUTPUT], "review-history", "html",
	    buf_view(&out));
	buf_fini(&out);
	return rc;
}

static int
run(const struct call *c, struct feed *f)
{
	const bool text = c->value[CALL_TEXT] != NULL;
	const struct report *r = feed_report(f);
	struct utc_civil day;
	struct made m;
	struct buf out;
	int rc;

	if (c->value[CALL_HISTORY] != NULL)
		return history(c, f);
	if (c->value[CALL_MONTH] != NULL)
		return review_month(c, f);
	if (gather(c, f, &m) != 0)
		return -1;
	if (!has_begun(f, m.from)) {
		review_drop(m.v);
		return -1;
	}
	recorded(f, m.from, m.from + 7 * UTC_DAY);
	feed_verify(f, m.from, m.from + 7 * UTC_DAY);
	utc_to_civil(m.from, r->zone, &day);
	buf_init(&out);
	(text ? review_print_text : review_print_html)(m.v, feed_losses(f),
	    &out);
	rc = feed_write(f, c->value[CALL_OUTPUT],
	    arena_printf(r->arena, "review-%04d-%02d-%02d", day.year, day.month,
		day.day),
	    text ? "txt" : "html", buf_view(&out));
	buf_fini(&out);
	return rc;
}

int
command_review(int argc, char *argv[])
{
	if (review_signs(argc, argv))
		return review_sign(argc, argv);
	return call_run(argc, argv,
	    CALL_BIT(CALL_WEEK) | CALL_BIT(CALL_ANALYZE) |
		CALL_BIT(CALL_HISTORY) | CALL_BIT(CALL_FULL) |
		CALL_BIT(CALL_MONTH) | CALL_BIT(CALL_TEXT),
	    run);
}
