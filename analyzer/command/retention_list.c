/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/retention_list.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyzer/command/generations.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

#define DAY_TEXT (sizeof("2026-11-20") - 1)

const char *
retention_state_name(enum holding_state s)
{
	static const char *const en[] = { "kept", "past its period", "on hold",
		"deleted", "MISSING" };
	static const char *const ja[] = { "保存中", "期間満了", "保全中",
		"削除済み", "所在不明" };

	return tr(en[s], ja[s]);
}

static void
put(const char *s)
{
	struct buf out;

	buf_init(&out);
	text_escape(span_str(s), &out);
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
}

/* "2026-11-20": the day of an instant at the site. */
static void
put_day(uint64_t usec, int zone)
{
	char text[UTC_TEXT];

	printf("%.*s", (int)DAY_TEXT,
	    utc_print_local((int64_t)usec, zone, text));
}

static void
put_time(uint64_t usec, int zone)
{
	char text[UTC_TEXT];

	fputs(utc_print_local((int64_t)usec, zone, text), stdout);
}

/* When the first of a run, the oldest, passes its period. */
static void
put_end(const struct holding *v, int zone)
{
	if (v->state == HOLDING_HELD) {
		putchar(' ');
		put(v->hold->act.id);
	} else if (v->state != HOLDING_KEPT && v->state != HOLDING_PAST)
		return;
	else if (v->end == INT64_MAX)
		fputs(tr(" forever", " 無期限"), stdout);
	else {
		fputs(v->state == HOLDING_PAST ? tr(" since ", " 満了 ")
					       : tr(" until ", " 期限 "),
		    stdout);
		put_day((uint64_t)v->end, zone);
	}
}

/* Segments a to b, which are alike. */
static void
put_run(const struct holding *a, const struct holding *b,
    const struct site *site)
{
	const struct holding *v;
	uint64_t disk = 0;

	for (v = a; v <= b; v++)
		disk += v->disk;
	printf(tr("  segments %" PRIu64 "-%" PRIu64 ": ",
		   "  セグメント%" PRIu64 "-%" PRIu64 ": "),
	    a->segment, b->segment);
	fputs(retention_state_name(a->state), stdout);
	put_end(a, site->zone);
	printf(tr("\n    records %" PRIu64 "-%" PRIu64 ", ",
		   "\n    記録%" PRIu64 "-%" PRIu64 "、"),
	    a->first, b->last);
	put_day(a->time_low, site->zone);
	fputs(tr(" to ", "〜"), stdout);
	put_day(b->time_high, site->zone);
	printf(tr(", %" PRIu64 " KiB\n", "、%" PRIu64 " KiB\n"), disk / 1024);
}

static void
put_segments(const struct holdings *h, const struct site *site)
{
	size_t i, j;

	for (i = 0; i < h->n; i = j) {
		for (j = i + 1; j < h->n && holdings_alike(&h->v[i], &h->v[j]);
		     j++)
			continue;
		put_run(&h->v[i], &h->v[j - 1], site);
		if (h->v[i].state == HOLDING_PAST && !h->log->over)
			printf(tr("    to have them deleted: konseki retention "
				  "--log %s delete ID --segments %" PRIu64
				  "-%" PRIu64 " --basis TEXT --by NAME\n",
				   "    削除の申請: konseki retention --log %s "
				   "delete ID --segments %" PRIu64 "-%" PRIu64
				   " --basis 根拠 --by 名前\n"),
			    h->log->name, h->v[i].segment, h->v[j - 1].segment);
	}
	if (h->open.there)
		printf(h->log->over
			? tr("  never closed: records %" PRIu64 "-, %" PRIu64
			     " KiB\n",
			      "  閉じられなかったセグメント: 記録%" PRIu64
			      "-、%" PRIu64 " KiB\n")
			: tr("  open: records %" PRIu64 "-, %" PRIu64 " KiB\n",
			      "  書き込み中: 記録%" PRIu64 "-、%" PRIu64
			      " KiB\n"),
		    h->open.first, h->open.disk / 1024);
}

static void
put_hold(const struct retention_hold *v, const struct site *site)
{
	if (v->act.action == RETENTION_HOLD_LOG)
		printf(tr("  hold %s: all of %s, since ",
			   "  保全%s: %sの全体、開始"),
		    v->act.id, v->act.origin);
	else
		printf(tr("  hold %s: records %" PRIu64 "-%" PRIu64 ", since ",
			   "  保全%s: 記録%" PRIu64 "-%" PRIu64 "、開始"),
		    v->act.id, v->act.first, v->act.last);
	put_time(v->from.at, site->zone);
	fputs(tr(", by ", "、担当 "), stdout);
	put(v->act.by);
	printf(" (uid %" PRIu32 ")\n    ", v->from.uid);
	put(v->act.basis);
	putchar('\n');
}

static void
put_request(const struct retention_request *q, const struct site *site)
{
	if (q->act.action == RETENTION_ASK_DELETE)
		printf(tr("  waits for approval: delete %s, segments %" PRIu64
			  "-%" PRIu64 ", until ",
			   "  承認待ち: 削除 %s、セグメント%" PRIu64 "-%" PRIu64
			   "、期限"),
		    q->act.id, q->act.first, q->act.last);
	else if (q->act.action == RETENTION_ASK_REMOVE)
		printf(tr("  waits for approval: remove %s, all of %s, until ",
			   "  承認待ち: 世代の削除 %s、%sの全体、期限"),
		    q->act.id, q->act.origin);
	else
		printf(tr("  waits for approval: release of hold %s, until ",
			   "  承認待ち: 保全%sの解除、期限"),
		    q->act.id);
	put_time(q->from.at + RETENTION_REQUEST_USEC, site->zone);
	fputs(tr(", by ", "、申請 "), stdout);
	put(q->act.by);
	fputs("\n    ", stdout);
	put(q->act.basis);
	putchar('\n');
}

/* All of a log that is over, by a hold of its own or one made since. */
static bool
is_held(const struct holdings *h)
{
	return retention_held_log(h->force, h->log->origin) != NULL ||
	    retention_held(h->retention, 0, UINT64_MAX) != NULL;
}

/* What stays as it is, and until when it must. */
static void
put_over(const struct holdings *h, struct site *site, uint64_t now)
{
	uint64_t high = h->n > 0 ? h->v[h->n - 1].time_high : 0;
	struct buf over;
	int64_t end;
	size_t i;

	for (i = 0; i < h->n; i++)
		if (h->v[i].time_high > high)
			high = h->v[i].time_high;
	if (h->open.time_high > high)
		high = h->open.time_high;
	end = period_end(&h->log->retention, (int64_t)high, site->zone);
	buf_init(&over);
	generations_print_over(site, h->log, &over);
	printf(tr("  %s: it stays whole, or is removed whole\n",
		   "  %s。全体を残すか、全体を削除します\n"),
	    buf_cstr(&over));
	buf_fini(&over);
	if (high == 0 || end == INT64_MAX)
		return;
	fputs(tr("  the last of it passes its period on ",
		  "  最後の記録の保存期限: "),
	    stdout);
	put_day((uint64_t)end, site->zone);
	putchar('\n');
	if (end <= (int64_t)now && !is_held(h))
		printf(tr("    to have it removed: konseki retention --log %s "
			  "remove ID --basis TEXT --by NAME\n",
			   "    削除の申請: konseki retention --log %s remove "
			   "ID --basis 根拠 --by 名前\n"),
		    h->log->ref);
}

static void
put_removal(const struct retention_removal *v, const struct site *site)
{
	fputs(tr("  removed on ", "  削除日時 "), stdout);
	put_time(v->from.at, site->zone);
	fputs(tr(" by ", "、申請 "), stdout);
	put(v->act.by);
	fputs(tr(" and ", "、承認 "), stdout);
	put(v->act.also);
	printf(tr(", request %s: %" PRIu64 " records\n    ",
		   "、id %s: 記録%" PRIu64 "件\n    "),
	    v->act.id, v->act.size);
	put(v->act.basis);
	putchar('\n');
}

void
retention_list(const struct holdings *h, struct site *site, uint64_t now)
{
	const struct retention *r = h->retention;
	struct buf period;
	size_t i;

	buf_init(&period);
	period_print(&h->log->retention, &period);
	printf(tr("log %s (%s): kept %s\n", "ログ %s（%s）: 保存期間 %s\n"),
	    h->log->ref, h->log->origin,
	    h->log->retention.forever ? tr("forever", "無期限")
				      : buf_cstr(&period));
	buf_fini(&period);
	if (h->removal != NULL) {
		put_removal(h->removal, site);
		return;
	}
	if (h->log->over)
		put_over(h, site, now);
	put_segments(h, site);
	for (i = 0; i < r->n_holds; i++)
		if (!r->holds[i].released)
			put_hold(&r->holds[i], site);
	for (i = 0; i < r->n_requests && !h->log->over; i++)
		if (!r->requests[i].done &&
		    r->requests[i].from.at + RETENTION_REQUEST_USEC >= now)
			put_request(&r->requests[i], site);
}
