/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/reminder.h"

#include <inttypes.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

static int64_t
day_of(int64_t usec, int zone)
{
	int64_t local = usec + zone * UTC_SECOND;

	return (local - (local % UTC_DAY + UTC_DAY) % UTC_DAY) / UTC_DAY;
}

static bool
is_of(const struct casebook_step *s, enum casebook_step_kind kind,
    const struct casebook_group *g, const struct deadline *d)
{
	return s->kind == kind && strcmp(s->group, g->id) == 0 &&
	    strcmp(s->about, d->id) == 0;
}

/*
 * Whether nothing is to be said: the report was made, somebody was reminded
 * since that day, or could not be within the last hour.
 */
static bool
is_settled(const struct reminder_asked *a, const struct casebook_group *g,
    const struct deadline *d, int64_t since)
{
	size_t i;

	for (i = 0; i < a->book->n_steps; i++) {
		const struct casebook_step *s = &a->book->steps[i];

		if (is_of(s, CASEBOOK_DONE, g, d))
			return true;
		if (is_of(s, CASEBOOK_REMIND, g, d) &&
		    (s->ok ? day_of(s->at, a->zone) >= since
			   : s->at > a->now - UTC_HOUR))
			return true;
	}
	return false;
}

int
reminder_next(const struct reminder_asked *a, const struct casebook_group *g,
    size_t *at, struct reminder_due *due)
{
	int64_t today = day_of(a->now - REMINDER_FROM_H * UTC_HOUR, a->zone);
	const struct deadline *d;
	int64_t aware, day;
	int before;

	if (g->aware == NULL ||
	    (g->judged != NULL && strcmp(g->judged->how, "normal") == 0))
		return 0;
	aware = day_of(g->aware->from, a->zone);
	while ((d = deadlines_next(a->deadlines, aware, at)) != NULL) {
		day = deadline_day(d, aware, a->holidays);
		before = deadline_reminder(d, day, today);
		if (before < 0 || is_settled(a, g, d, day - before))
			continue;
		*due = (struct reminder_due){ g, d, day, day - today };
		return 1;
	}
	return 0;
}

static void
put_day(int64_t day, struct buf *out)
{
	static const char *const en[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const ja[] = { "日", "月", "火", "水", "木", "金",
		"土" };
	int year, month, date, w = utc_weekday(day);

	utc_date(day, &year, &month, &date);
	if (log_lang() == LOG_JA)
		buf_printf(out, "%d年%d月%d日(%s)", year, month, date, ja[w]);
	else
		buf_printf(out, "%s %04d-%02d-%02d", en[w], year, month, date);
}

/* "あと3日", "本日", "2日超過". */
static void
put_left(int64_t left, struct buf *out)
{
	if (left > 0)
		buf_printf(out, tr("%" PRId64 " day(s) left", "あと%" PRId64
							      "日"),
		    left);
	else if (left == 0)
		buf_str(out, tr("today", "本日"));
	else
		buf_printf(out,
		    tr("%" PRId64 " day(s) over", "%" PRId64 "日超過"), -left);
}

void
reminder_title(const struct reminder_due *due, struct buf *out)
{
	buf_printf(out, "%s (",
	    tr(due->deadline->name_en, due->deadline->name_ja));
	put_left(due->left, out);
	buf_byte(out, ')');
}

void
reminder_text(const struct reminder_due *due,
    const struct escalation_site *site, struct buf *out)
{
	const struct deadline *d = due->deadline;
	char when[UTC_TEXT];

	buf_printf(out, tr("Case %s\n", "事案 %s\n"), due->group->id);
	buf_printf(out, "%s: ", tr(d->name_en, d->name_ja));
	put_day(due->day, out);
	buf_str(out, tr(" (", "（"));
	put_left(due->left, out);
	buf_str(out, tr(")\n", "）\n"));
	buf_printf(out,
	    tr("Applies if: %s\nAddressee: %s\nBasis: %s\n"
	       "Counted from: %s, the first day\n",
		"条件: %s\n宛先: %s\n根拠: %s\n"
		"起算: 覚知日時 %s（この日を1日目）\n"),
	    tr(d->if_en, d->if_ja), tr(d->to_en, d->to_ja), d->basis,
	    utc_print_local(due->group->aware->from, site->zone, when));
	buf_printf(out,
	    tr("When it was reported: konseki case done %s %s --by ID "
	       "--comment TEXT%s%s\n",
		"報告したら: konseki case done %s %s --by ID --comment 内容"
		"%s%s\n"),
	    due->group->id, d->id, *site->option == '\0' ? "" : " --site ",
	    site->option);
}
