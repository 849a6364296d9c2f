/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/num.h"
#include "common/text.h"
#include "common/utc.h"

static const char *const days_en[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat" };
static const char *const days_ja[] = { "日", "月", "火", "水", "木", "金",
	"土" };

const char *
figure_count(struct arena *a, uint64_t n)
{
	char digits[20], *out = arena_alloc(a, 28);
	size_t len = num_print(n, digits), i, at = 0;

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	return out;
}

const char *
figure_bytes(struct arena *a, uint64_t n)
{
	static const char *const units[] = { "KB", "MB", "GB", "TB", "PB" };
	uint64_t unit = 1000;
	size_t i = 0;

	if (n < 1000)
		return arena_printf(a, tr("%u bytes", "%uバイト"), (unsigned)n);
	/* 999,950 is 1.0 MB, not 1000.0 KB. */
	while (i + 1 < sizeof(units) / sizeof(units[0]) &&
	    n >= unit * 1000 - unit / 20) {
		unit *= 1000;
		i++;
	}
	n = n / (unit / 100) / 10 + (n / (unit / 100) % 10 >= 5);
	return arena_printf(a, "%llu.%llu %s", (unsigned long long)(n / 10),
	    (unsigned long long)(n % 10), units[i]);
}

const char *
figure_records(struct arena *a, uint64_t n)
{
	if (n == 1)
		return tr("1 record", "1件");
	return arena_printf(a, tr("%s records", "%s件"), figure_count(a, n));
}

const char *
figure_exact(struct arena *a, uint64_t n)
{
	if (n < 1000)
		return figure_bytes(a, n);
	return arena_printf(a, tr("%s (%s bytes)", "%s（%sバイト）"),
	    figure_bytes(a, n), figure_count(a, n));
}

static const char *
weekday(int64_t usec, int zone, struct utc_civil *c)
{
	int day;

	utc_to_civil(usec, zone, c);
	day = utc_weekday(utc_days(c->year, c->month, c->day));
	return tr(days_en[day], days_ja[day]);
}

const char *
figure_time(struct arena *a, int64_t usec, int zone)
{
	struct utc_civil c;
	const char *day = weekday(usec, zone, &c);

	if (log_lang() == LOG_JA)
		return arena_printf(a, "%d年%d月%d日(%s) %02d:%02d:%02d",
		    c.year, c.month, c.day, day, c.hour, c.minute, c.second);
	return arena_printf(a, "%s %04d-%02d-%02d %02d:%02d:%02d", day, c.year,
	    c.month, c.day, c.hour, c.minute, c.second);
}

const char *
figure_minute(struct arena *a, int64_t usec, int zone)
{
	struct utc_civil c;
	const char *day = weekday(usec, zone, &c);

	if (log_lang() == LOG_JA)
		return arena_printf(a, "%d年%d月%d日(%s) %02d:%02d", c.year,
		    c.month, c.day, day, c.hour, c.minute);
	return arena_printf(a, "%s %04d-%02d-%02d %02d:%02d", day, c.year,
	    c.month, c.day, c.hour, c.minute);
}

const char *
figure_day(struct arena *a, int64_t usec, int zone)
{
	struct utc_civil c;
	const char *day = weekday(usec, zone, &c);

	return arena_printf(a, tr("%04d-%02d-%02d (%s)", "%04d-%02d-%02d(%s)"),
	    c.year, c.month, c.day, day);
}

const char *
figure_clock(struct arena *a, int64_t usec, int zone)
{
	struct utc_civil c;

	utc_to_civil(usec, zone, &c);
	return arena_printf(a, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

const char *
figure_short(struct arena *a, int64_t usec, int zone)
{
	struct utc_civil c;
	const char *day = weekday(usec, zone, &c);

	if (log_lang() == LOG_JA)
		return arena_printf(a, "%d/%d(%s) %02d:%02d", c.month, c.day,
		    day, c.hour, c.minute);
	return arena_printf(a, "%s %02d-%02d %02d:%02d", day, c.month, c.day,
	    c.hour, c.minute);
}

const char *
figure_range(struct arena *a, int64_t from, int64_t until, int zone)
{
	const char *first = figure_short(a, from, zone);
	const char *last = figure_short(a, until, zone);
	struct utc_civil x, y;

	utc_to_civil(from, zone, &x);
	utc_to_civil(until, zone, &y);
	if (x.year != y.year || x.month != y.month || x.day != y.day)
		return arena_printf(a, tr("%s – %s", "%s ～ %s"), first, last);
	if (x.hour == y.hour && x.minute == y.minute)
		return first;
	return arena_printf(a, tr("%s – %02d:%02d", "%s ～ %02d:%02d"), first,
	    y.hour, y.minute);
}

const char *
figure_zone(struct arena *a, int zone)
{
	unsigned minutes = (unsigned)abs(zone) / 60;

	return arena_printf(a, "%s%c%02u:%02u",
	    zone != 9 * 3600 ? "UTC" : tr("JST, UTC", "日本標準時 UTC"),
	    zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

const char *
figure_length(struct arena *a, int64_t usec)
{
	int64_t s = (usec < 0 ? 0 : usec) / UTC_SECOND;

	if (s < 60)
		return arena_printf(a, tr("%d s", "%d秒"), (int)s);
	if (s < 3600)
		return arena_printf(a, tr("%d min", "%d分"), (int)(s / 60));
	if (s < 86400)
		return arena_printf(a, tr("%d h %d min", "%d時間%d分"),
		    (int)(s / 3600), (int)(s % 3600 / 60));
	return arena_printf(a, tr("%d d %d h", "%d日%d時間"), (int)(s / 86400),
	    (int)(s % 86400 / 3600));
}

/* Columns of one character: two for what a Japanese font draws wide. */
static size_t
columns_of(uint32_t rune)
{
	return rune >= 0x1100 && (rune < 0xFF61 || rune > 0xFFDC) ? 2 : 1;
}

const char *
figure_clip(struct arena *a, struct span s, size_t columns)
{
	size_t at, n, wide = 0, keep = 0;
	struct buf safe;
	const char *out;

	buf_init(&safe);
	text_escape(s, &safe);
	for (at = 0; at < safe.len; at += n) {
		struct span rest = span_sub(buf_view(&safe), at, 4);

		n = text_step(rest);
		wide += columns_of(text_rune(span_sub(rest, 0, n)));
		if (wide > columns)
			break;
		if (wide < columns)
			keep = at + n;
	}
	out = at < safe.len
	    ? arena_printf(a, "%.*s…", (int)keep, (const char *)safe.p)
	    : arena_str(a, buf_view(&safe));
	buf_fini(&safe);
	return out;
}

/* Bytes up to the end of the last whole sentence; 0 if there is none. */
static size_t
sentences(struct span s)
{
	size_t i, end = 0;

	for (i = 0; i < s.len; i++) {
		if (span_starts(span_sub(s, i, s.len), SPAN("。")))
			end = i + 3;
		else if (span_starts(span_sub(s, i, s.len), SPAN(". ")))
			end = i + 1;
	}
	return end;
}

const char *
figure_brief(struct arena *a, struct span s, size_t columns)
{
	const char *cut = figure_clip(a, s, columns);
	size_t len = strlen(cut), end;

	if (len < 3 || memcmp(cut + len - 3, "…", 3) != 0)
		return cut;
	end = sentences(span_make(cut, len));
	return end == 0 ? cut : arena_printf(a, "%.*s …", (int)end, cut);
}

struct span
figure_line(struct arena *a, struct span line, enum text_encoding encoding)
{
	struct buf text;

	if (encoding == TEXT_UTF8)
		return line;
	buf_init(&text);
	(void)text_decode(encoding, line, &text);
	line = arena_copy(a, buf_view(&text));
	buf_fini(&text);
	return line;
}
