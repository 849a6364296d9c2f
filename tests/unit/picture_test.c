/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/picture.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

#define ZONE (9 * 3600)

static struct arena *arena;
static int64_t monday;

static bool
has(const struct buf *b, const char *what)
{
	struct buf copy;
	bool found;

	buf_init(&copy);
	buf_span(&copy, buf_view(b));
	found = strstr(buf_cstr(&copy), what) != NULL;
	buf_fini(&copy);
	return found;
}

/* Of a day: silent before 10, heard 10 to 12 and at 15, begun at 8. */
static void
heard(void)
{
	static const uint8_t hours[16] = { 0, 0, 1, 1, 0, 0, 0, 1 };
	struct source s = { .since = monday + 8 * UTC_HOUR,
		.hours = 16,
		.heard = hours };
	struct buf b;

	buf_init(&b);
	picture_heard(&b, &s, monday, monday + UTC_DAY);
	ok(has(&b, "viewBox=\"0 0 24 10\""), "an hour is one wide");
	ok(has(&b, "<rect x=\"8\" width=\"16\""),
	    "what was before the first record is not drawn");
	ok(has(&b, "d=\"M10 0h2v10h-2zM15 0h1v10h-1z\""),
	    "hours in a row are one bar, silence is left white");
	b.len = 0;
	picture_heard(&b, &s, monday, monday + 30 * UTC_DAY);
	ok(has(&b, "d=\"M0 10h24v-1.2h-24z\""),
	    "of a month a bar is a day, as high as its share of hours");
	b.len = 0;
	picture_heard(&b, &(struct source){ .since = monday }, monday,
	    monday + UTC_DAY);
	ok(!has(&b, "<rect"), "of nothing nothing is drawn");
	buf_fini(&b);
}

static void
hours(void)
{
	struct picture_hours h = { { { 0 } } };
	struct buf b;
	int i;

	for (i = 0; i < 4; i++)
		picture_hours_add(&h, monday + 2 * UTC_HOUR, ZONE);
	picture_hours_add(&h, monday + 7 * UTC_DAY - 1, ZONE);
	ok(h.n[0][2] == 4 && h.n[6][23] == 1,
	    "Monday 02:00 is the first day, Sunday 23:59 the last, at the "
	    "site");
	buf_init(&b);
	picture_hours(&b, &h);
	ok(has(&b, "<rect x=\"42\" y=\"2\" width=\"16\" height=\"16\">"
		   "<title>4</title>"),
	    "the most is the largest square");
	ok(has(&b, "width=\"8\" height=\"8\"><title>1</title>"),
	    "a quarter of it has half the side");
	b.len = 0;
	picture_hours(&b, &(struct picture_hours){ { { 0 } } });
	ok(!has(&b, "<title>"), "none is no square");
	buf_fini(&b);
}

static void
traffic(void)
{
	const struct hourly_hour v[] = {
		{ .heard = true,
		    .sent = 100,
		    .usual = true,
		    .low = 50,
		    .high = 200 },
		{ .heard = false },
		{ .heard = true, .sent = 0 },
	};
	const struct report r = { .arena = arena, .zone = ZONE };
	struct buf b;

	buf_init(&b);
	picture_traffic(&r, &b, v, 3, monday);
	ok(has(&b, "200 bytes") || has(&b, "200 B"),
	    "the top is the most of both");
	ok(has(&b, "d=\"M0 76H1V0H0z\""), "the band is what is usual");
	ok(has(&b, "d=\"M0 50V50H1M2 100V100H3\""),
	    "an hour without records breaks the line: it is not nothing");
	buf_fini(&b);
}

int
main(void)
{
	int zone;

	log_set_lang("en");
	arena = arena_new();
	(void)utc_parse(SPAN("2026-11-16T00:00:00+09:00"), &monday, &zone);
	heard();
	hours();
	traffic();
	arena_free(arena);
	return done();
}
