/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

static struct arena *a;

static const struct {
	uint64_t n;
	const char *count, *bytes;
} numbers[] = {
	{ 0, "0", "0 bytes" },
	{ 999, "999", "999 bytes" },
	{ 1000, "1,000", "1.0 KB" },
	{ 999949, "999,949", "999.9 KB" },
	{ 999950, "999,950", "1.0 MB" },
	{ 40000000000, "40,000,000,000", "40.0 GB" },
	{ 1234567890123, "1,234,567,890,123", "1.2 TB" },
	{ UINT64_MAX, "18,446,744,073,709,551,615", "18446.7 PB" },
};

static const struct {
	const char *name, *in;
	size_t columns;
	const char *want;
} clips[] = {
	{ "what fits stays", "abc", 3, "abc" },
	{ "what does not is cut", "abcd", 3, "ab…" },
	{ "a kana is two columns", "あいう", 6, "あいう" },
	{ "and is not cut in half", "あいう", 5, "あい…" },
	{ "there is room for the mark", "あいう", 4, "あ…" },
	{ "half-width kana are one", "ｱｲｳ", 3, "ｱｲｳ" },
	{ "controls are shown", "a\nb", 9, "a\\x0ab" },
	{ "ill-formed UTF-8 too", "\xFF", 9, "\\xff" },
	{ "nothing", "", 0, "" },
};

static void
check(const char *got, const char *want)
{
	ok(strcmp(got, want) == 0, "%s (%s)", want, got);
}

static void
test_times(void)
{
	const int64_t t = INT64_C(1795281247) * UTC_SECOND;

	log_set_lang("ja");
	check(figure_time(a, t, 9 * 3600), "2026年11月22日(日) 02:14:07");
	check(figure_day(a, t, 9 * 3600), "2026-11-22(日)");
	check(figure_short(a, t, 9 * 3600), "11/22(日) 02:14");
	check(figure_zone(a, 9 * 3600), "日本標準時 UTC+09:00");
	check(figure_length(a, 25 * UTC_HOUR), "1日1時間");
	log_set_lang("en");
	check(figure_time(a, t, 0), "Sat 2026-11-21 17:14:07");
	check(figure_minute(a, t, -12600), "Sat 2026-11-21 13:44");
	check(figure_zone(a, -12600), "UTC-03:30");
	check(figure_clock(a, t, 0), "17:14:07");
	check(figure_length(a, 61 * UTC_MINUTE), "1 h 1 min");
	check(figure_exact(a, 2000), "2.0 KB (2,000 bytes)");
}

static void
test_brief(void)
{
	static const struct {
		const char *name, *in, *want;
	} rows[] = {
		{ "what fits stays", "一。二。", "一。二。" },
		{ "sentences stay whole", "一二三。四五六。", "一二三。 …" },
		{ "in English too", "One. Two is longer.", "One. …" },
		{ "one long one is cut", "一二三四五六七八", "一二三四五…" },
	};
	static const char sjis[] = "\x8d\x82\x8b\xb4";
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(strcmp(figure_brief(a, span_str(rows[i].in), 12),
		       rows[i].want) == 0,
		    "%s", rows[i].name);
	ok(span_is(figure_line(a, span_str(sjis), TEXT_CP932), "高橋"),
	    "a line in CP932 is shown as text");
	ok(span_is(figure_line(a, SPAN("\x8d\x82\xFF,\x8b"), TEXT_CP932),
	       "高\uFFFD,\uFFFD"),
	    "what does not decode is marked, the rest is shown");
	ok(span_is(figure_line(a, SPAN("\xFF\xFE\x80"), TEXT_UTF8),
	       "\xFF\xFE\x80"),
	    "one in nothing stays as it is");
}

int
main(void)
{
	size_t i;

	a = arena_new();
	log_set_lang("en");
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		check(figure_count(a, numbers[i].n), numbers[i].count);
		check(figure_bytes(a, numbers[i].n), numbers[i].bytes);
	}
	for (i = 0; i < sizeof(clips) / sizeof(clips[0]); i++)
		ok(strcmp(figure_clip(a, span_str(clips[i].in),
			      clips[i].columns),
		       clips[i].want) == 0,
		    "%s", clips[i].name);
	test_times();
	test_brief();
	arena_free(a);
	return done();
}
