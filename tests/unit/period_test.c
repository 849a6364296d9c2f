/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/period.h"
#include "common/utc.h"
#include "tests/tap.h"

static const struct {
	const char *name, *text;
	int rc;
} texts[] = {
	{ "days", "1095d", 0 },
	{ "years", "5y", 0 },
	{ "without end", "forever", 0 },
	{ "the shortest", "30d", 0 },
	{ "the longest", "36500d", 0 },
	{ "a day less than the shortest", "29d", -1 },
	{ "a day more than the longest", "36501d", -1 },
	{ "no years", "0y", -1 },
	{ "too many years", "101y", -1 },
	{ "a leading zero", "05y", -1 },
	{ "no number", "y", -1 },
	{ "no unit", "5", -1 },
	{ "months", "6m", -1 },
	{ "a sign", "+5y", -1 },
	{ "a blank", "5 y", -1 },
	{ "nothing", "", -1 },
	{ "something behind", "forever!", -1 },
};

static const struct {
	const char *name, *period, *from;
	int zone;
	const char *end; /* NULL: never */
} ends[] = {
	{ "its last day is kept to its end", "30d", "2026-01-01T00:00:00Z", 0,
	    "2026-02-01T00:00:00Z" },
	{ "the hour on the first day counts for nothing", "30d",
	    "2026-01-01T23:59:59Z", 0, "2026-02-01T00:00:00Z" },
	{ "days are those of the zone", "30d", "2026-01-01T15:00:00Z", 32400,
	    "2026-02-01T15:00:00Z" },
	{ "just before its midnight", "30d", "2026-01-01T14:59:59Z", 32400,
	    "2026-01-31T15:00:00Z" },
	{ "five years", "5y", "2026-11-20T03:00:00Z", 32400,
	    "2031-11-20T15:00:00Z" },
	{ "five years from a day that comes every four", "5y",
	    "2024-02-29T12:00:00Z", 0, "2029-03-01T00:00:00Z" },
	{ "four years from it", "4y", "2024-02-29T12:00:00Z", 0,
	    "2028-03-01T00:00:00Z" },
	{ "years over a leap day", "3y", "2023-03-01T00:00:00Z", 0,
	    "2026-03-02T00:00:00Z" },
	{ "days over a leap day", "1095d", "2023-03-01T00:00:00Z", 0,
	    "2026-03-01T00:00:00Z" },
	{ "forever", "forever", "2023-03-01T00:00:00Z", 0, NULL },
	{ "beyond the calendar", "100y", "9950-01-01T00:00:00Z", 0, NULL },
};

static void
parse(size_t i)
{
	struct period p;
	struct buf out;

	buf_init(&out);
	ok(period_parse(span_str(texts[i].text), &p) == texts[i].rc, "%s: %s",
	    texts[i].name, texts[i].text);
	if (texts[i].rc == 0) {
		period_print(&p, &out);
		ok(span_is(buf_view(&out), texts[i].text), "and back");
	}
	buf_fini(&out);
}

static void
end(size_t i)
{
	int64_t from = 0, want = INT64_MAX, got;
	char text[UTC_TEXT];
	struct period p;
	int zone;

	period_parse(span_str(ends[i].period), &p);
	utc_parse(span_str(ends[i].from), &from, &zone);
	if (ends[i].end != NULL)
		utc_parse(span_str(ends[i].end), &want, &zone);
	got = period_end(&p, from, ends[i].zone);
	ok(got == want, "%s", ends[i].name);
	if (got != want)
		printf("# %s\n", utc_print(got, 0, text));
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		parse(i);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		end(i);
	return done();
}
