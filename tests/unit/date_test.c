/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/date.h"

#include "common/utc.h"
#include "tests/tap.h"

static const struct {
	const char *in;
	int year, month, day; /* year 0: refused */
} days[] = {
	{ "2020/12/1", 2020, 12, 1 },
	{ "2014/10/01", 2014, 10, 1 },
	{ "2026-03-31", 2026, 3, 31 },
	{ "2026.3.31", 2026, 3, 31 },
	{ "20260331", 2026, 3, 31 },
	{ "2026年3月31日", 2026, 3, 31 },
	{ "２０２６年３月３１日", 2026, 3, 31 },
	{ " 2026年 3月 1日 ", 2026, 3, 1 },
	{ "令和8年3月31日", 2026, 3, 31 },
	{ "令和元年5月1日", 2019, 5, 1 },
	{ "平成31年4月30日", 2019, 4, 30 },
	{ "昭和64年1月7日", 1989, 1, 7 },
	{ "R8.3.31", 2026, 3, 31 },
	{ "Ｈ３１．４．３０", 2019, 4, 30 },
	{ "23.3.31", 2023, 3, 31 },
	{ "44166", 2020, 12, 1 },
	{ "2026/2/29", 0, 0, 0 },
	{ "2028/2/29", 2028, 2, 29 },
	{ "2026/13/1", 0, 0, 0 },
	{ "2026年3月", 0, 0, 0 },
	{ "10/1", 0, 0, 0 },
	{ "3", 0, 0, 0 },
	{ "未定", 0, 0, 0 },
	{ "", 0, 0, 0 },
	{ "2026/3/31まで", 0, 0, 0 },
};

static const struct {
	const char *in;
	int64_t seconds; /* -1: refused */
	bool dated;
} times[] = {
	{ "1970/1/1 9:00", 32400, false },
	{ "1970-01-02T00:00:30", 86430, false },
	{ "1970/1/1 24:00", 86400, false },
	{ "1970年1月1日 １：００", 3600, false },
	{ "1970/1/2", 86400, true },
	{ "1970/1/1 9:60", -1, false },
	{ "1970/1/1 25:00", -1, false },
	{ "1970/1/1 9", -1, false },
	{ "9:00", -1, false },
	{ "1970/1/1 9:00:00:00", -1, false },
};

int
main(void)
{
	int64_t got;
	bool dated;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		rc = date_parse(span_str(days[i].in), &got);
		ok(days[i].year == 0 ? rc == -1
				     : rc == 0 &&
			    got ==
				utc_days(days[i].year, days[i].month,
				    days[i].day),
		    "day '%s'", days[i].in);
	}
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		rc = date_parse_time(span_str(times[i].in), &got, &dated);
		ok(times[i].seconds == -1 ? rc == -1
					  : rc == 0 &&
			    got == times[i].seconds && dated == times[i].dated,
		    "time '%s'", times[i].in);
	}
	return done();
}
