/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/status_log.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* How the figures of a log look: lines for people, an object for programs. */
#define KIB 1024u
#define FEW 10u /* of a unit: below, the smaller one is used */

static void
put_bytes(uint64_t n)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	while (i + 1 < sizeof(units) / sizeof(units[0]) && n >= FEW * KIB) {
		n /= KIB;
		i++;
	}
	printf("%" PRIu64 " %s", n, units[i]);
}

static void
put_time(uint64_t usec, const struct site *site)
{
	char text[UTC_TEXT];

	fputs(usec == 0 ? "-"
			: utc_print_local((int64_t)usec, site->zone, text),
	    stdout);
}

static void
put_held(const struct status_log *s, const struct site *site)
{
	fputs(tr("  held:      ", "  保存範囲:   "), stdout);
	put_time(s->from, site);
	fputs(tr(" to ", "〜"), stdout);
	put_time(s->to, site);
	printf(tr("\n  records:   %" PRIu64, "\n  記録:       %" PRIu64 "件"),
	    s->records);
	if (s->deleted > 0)
		printf(tr(", deleted %" PRIu64, "、削除済み%" PRIu64 "件"),
		    s->deleted);
	if (s->missing > 0)
		printf(tr(", MISSING %" PRIu64, "、所在不明%" PRIu64 "件"),
		    s->missing);
	putchar('\n');
}

static void
put_disk(const struct status_log *s)
{
	fputs(tr("  on disk:   ", "  ディスク上: "), stdout);
	put_bytes(s->disk);
	printf(tr(" in %zu segments (", "、セグメント%zu個（展開後"),
	    s->segments);
	put_bytes(s->stream);
	fputs(tr(" inflated)\n  growth:    ", "）\n  増加:       "), stdout);
	if (s->week == GROWTH_UNKNOWN)
		puts(tr("not known yet: less than an hour of records",
		    "判定不可（記録が1時間分に満たない）"));
	else {
		put_bytes(s->week);
		fputs(tr(" a day (7 days), ", "/日（7日間）、"), stdout);
		put_bytes(s->month);
		fputs(tr(" (30 days)\n", "/日（30日間）\n"), stdout);
	}
	if (!s->disk_known)
		return;
	fputs(tr("  free:      ", "  空き:       "), stdout);
	put_bytes(s->free);
	if (!s->days_known)
		puts(tr(", when it is full is not known yet",
		    "、満杯の時期は判定不可"));
	else if (s->days != UINT64_MAX)
		printf(tr(", full in %" PRIu64 " days\n",
			   "、あと%" PRIu64 "日で満杯\n"),
		    s->days);
	else
		puts(tr(", nothing grows", "、増加なし"));
}

static void
put_retention(const struct status_log *s, const struct site *site)
{
	char text[UTC_TEXT];
	struct buf period;

	buf_init(&period);
	period_print(&s->log->retention, &period);
	printf(tr("  retention: %s", "  保存期間:   %s"),
	    s->log->retention.forever ? tr("forever", "無期限")
				      : buf_cstr(&period));
	buf_fini(&period);
	if (s->past > 0) {
		printf(tr("; past it: %zu segments, ",
			   "、満了: セグメント%zu個、"),
		    s->past);
		put_bytes(s->past_disk);
	}
	if (s->next != NULL)
		printf(tr("\n             next: segment %" PRIu64 " on %.10s",
			   "\n              次の満了: セグメント%" PRIu64
			   "、%.10s"),
		    s->next->segment,
		    utc_print_local(s->next->end, site->zone, text));
	printf(tr("\n  holds:     %zu; requests waiting: %zu\n",
		   "\n  保全:       %zu件、承認待ち: %zu件\n"),
	    s->holds, s->requests);
}

static void
put_sealed(const struct status_log *s, const struct site *site)
{
	uint64_t age = s->now > s->h.sealed ? s->now - s->h.sealed : 0;

	fputs(tr("  sealed:    ", "  最新の封印: "), stdout);
	put_time(s->h.sealed, site);
	if (s->h.sealed != 0)
		printf(tr(" (%" PRIu64 " s ago)", "（%" PRIu64 "秒前）"),
		    age / (uint64_t)UTC_SECOND);
	printf(tr("; unsealed: %" PRIu64 " records\n",
		   "、未封印: %" PRIu64 "件\n"),
	    s->h.open.unsealed);
}

static void
put_fault(const struct status_log *s, const char *indent)
{
	struct buf why;

	if (s->why.len == 0)
		return;
	buf_init(&why);
	text_escape(buf_view(&s->why), &why);
	printf(tr("%sFAULT:     %s\n", "%s異常:       %s\n"), indent,
	    buf_cstr(&why));
	buf_fini(&why);
}

/* A generation that is over. */
static void
put_over(const struct status_log *s, const struct site *site)
{
	char text[UTC_TEXT];

	printf("    %s: ", s->log->ref);
	if (s->h.removal != NULL) {
		printf(tr("removed, %" PRIu64 " records, request %s of ",
			   "削除済み、記録%" PRIu64 "件、申請%s、"),
		    s->h.removal->act.size, s->h.removal->act.id);
		put_time(s->h.removal->from.at, site);
		putchar('\n');
		return;
	}
	put_time(s->from, site);
	fputs(tr(" to ", "〜"), stdout);
	put_time(s->to, site);
	if (s->ended.at != 0)
		printf(tr(" (%s)", "（%s）"),
		    predecessor_why_name(s->ended.why));
	printf(tr("\n      %" PRIu64 " records in %zu segments, ",
		   "\n      記録%" PRIu64 "件、セグメント%zu個、"),
	    s->records, s->segments);
	put_bytes(s->disk);
	if (s->deleted > 0)
		printf(tr(", deleted %" PRIu64, "、削除済み%" PRIu64 "件"),
		    s->deleted);
	if (s->missing > 0)
		printf(tr(", MISSING %" PRIu64, "、所在不明%" PRIu64 "件"),
		    s->missing);
	if (s->end == INT64_MAX || s->to == 0)
		putchar('\n');
	else
		printf(tr("; period ends %.10s\n", "、保存期限%.10s\n"),
		    utc_print_local(s->end, site->zone, text));
	put_fault(s, "      ");
}

static void
put_before(const struct status_log *s, const struct site *site)
{
	size_t i;

	printf(tr("  follows:   %zu before it; why: konseki show --log %s "
		  "--to 3\n",
		   "  後継:       前のログ%zu世代を引き継ぎ（理由: konseki "
		   "show --log %s --to 3）\n"),
	    s->n_before, s->log->name);
	for (i = 0; i < s->n_before; i++)
		put_over(&s->before[i], site);
	printf(tr("    in force is %s.%u, below; all together on disk: ",
		   "    現在は%s.%u（下記）。全世代の合計: "),
	    s->log->name, s->log->generation);
	put_bytes(status_log_disk(s));
	putchar('\n');
}

void
status_log_text(const struct status_log *s, const struct site *site)
{
	printf(tr("log %s (%s)\n", "ログ %s（%s）\n"), s->log->name,
	    s->log->origin);
	if (s->n_before > 0)
		put_before(s, site);
	put_held(s, site);
	put_disk(s);
	put_retention(s, site);
	put_sealed(s, site);
	put_fault(s, "  ");
}

static void
json_number(struct buf *out, const char *key, uint64_t value)
{
	buf_printf(out, ",\"%s\":%" PRIu64, key, value);
}

/* A number, or null. */
static void
json_known(struct buf *out, const char *key, bool known, uint64_t value)
{
	if (known)
		json_number(out, key, value);
	else
		buf_printf(out, ",\"%s\":null", key);
}

static void
json_time(struct buf *out, const char *key, int64_t usec,
    const struct site *site)
{
	char text[UTC_TEXT];

	buf_printf(out, ",\"%s\":", key);
	if (usec == 0 || usec == INT64_MAX)
		buf_str(out, "null");
	else
		json_quote(out, span_str(utc_print(usec, site->zone, text)));
}

static void
json_retention(const struct status_log *s, const struct site *site,
    struct buf *out)
{
	struct buf period;

	buf_init(&period);
	period_print(&s->log->retention, &period);
	buf_str(out, ",\"retention\":");
	json_quote(out, buf_view(&period));
	buf_fini(&period);
	json_number(out, "past_segments", s->past);
	json_number(out, "past_bytes", s->past_disk);
	buf_str(out, ",\"next\":");
	if (s->next == NULL)
		buf_str(out, "null");
	else {
		buf_printf(out, "{\"segment\":%" PRIu64, s->next->segment);
		json_time(out, "at", s->next->end, site);
		buf_byte(out, '}');
	}
	json_number(out, "holds", s->holds);
	json_number(out, "requests", s->requests);
}

/* What is said of each generation. */
static void
json_generation(const struct status_log *s, const struct site *site,
    struct buf *out)
{
	buf_str(out, "{\"name\":");
	json_quote(out, span_str(s->log->ref));
	buf_str(out, ",\"origin\":");
	json_quote(out, span_str(s->log->origin));
	json_number(out, "generation", s->log->generation);
	buf_printf(out, ",\"in_force\":%s", s->log->over ? "false" : "true");
	json_time(out, "ended", (int64_t)s->ended.at, site);
	json_time(out, "removed",
	    s->h.removal != NULL ? (int64_t)s->h.removal->from.at : 0, site);
	if (s->ended.at != 0)
		buf_printf(out, ",\"ended_why\":\"%s\"",
		    predecessor_why_name(s->ended.why));
	else
		buf_str(out, ",\"ended_why\":null");
	json_time(out, "from", (int64_t)s->from, site);
	json_time(out, "to", (int64_t)s->to, site);
	json_number(out, "records", s->records);
	json_number(out, "deleted", s->deleted);
	json_number(out, "missing", s->missing);
	json_number(out, "segments", s->segments);
	json_number(out, "disk_bytes", s->disk);
	json_number(out, "inflated_bytes", s->stream);
	json_time(out, "period_ends", s->to == 0 ? 0 : s->end, site);
	json_number(out, "size", s->h.size);
	json_time(out, "sealed", (int64_t)s->h.sealed, site);
	json_number(out, "unsealed", s->h.open.unsealed);
	buf_str(out, ",\"fault\":");
	if (s->why.len > 0)
		json_quote(out, buf_view(&s->why));
	else
		buf_str(out, "null");
}

static void
json_all(const struct status_log *s, const struct site *site, struct buf *out)
{
	size_t i;

	json_number(out, "all_disk_bytes", status_log_disk(s));
	buf_str(out, ",\"generations\":[");
	for (i = 0; i < s->n_before; i++) {
		json_generation(&s->before[i], site, out);
		buf_str(out, "},");
	}
	json_generation(s, site, out);
	buf_str(out, "}]");
}

void
status_log_json(const struct status_log *s, const struct site *site,
    struct buf *out)
{
	json_generation(s, site, out);
	json_known(out, "bytes_per_day_7", s->week != GROWTH_UNKNOWN, s->week);
	json_known(out, "bytes_per_day_30", s->month != GROWTH_UNKNOWN,
	    s->month);
	json_known(out, "free_bytes", s->disk_known, s->free);
	json_known(out, "days_until_full",
	    s->days_known && s->days != UINT64_MAX, s->days);
	json_retention(s, site, out);
	json_all(s, site, out);
	buf_byte(out, '}');
}
