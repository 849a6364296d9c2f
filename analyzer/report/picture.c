/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/picture.h"

#include <math.h>

#include "analyzer/report/figure.h"
#include "common/log.h"
#include "common/utc.h"

/* ---- when a source was heard ---- */
#define HOURS_EACH (21u * 24u) /* up to so many a bar is an hour */

/* Runs of hours that are alike as one bar: the page stays small. */
static void
put_hours(struct buf *out, const struct source *s, size_t at, size_t n)
{
	size_t i, end;

	for (i = 0; i < s->hours && at + i < n; i = end) {
		for (end = i; end < s->hours && at + end < n &&
		     (s->heard[end] != 0) == (s->heard[i] != 0);
		     end++)
			;
		if (s->heard[i] != 0)
			html_put(out, "M%zu 0h%zuv10h-%zuz", at + i, end - i,
			    end - i);
	}
}

static void
put_days(struct buf *out, const struct source *s, size_t at, size_t n)
{
	size_t day, hour, heard, i;

	for (day = 0; day * 24 < n; day++) {
		for (heard = hour = 0; hour < 24; hour++) {
			i = day * 24 + hour;
			heard += i >= at && i - at < s->hours &&
			    s->heard[i - at] != 0;
		}
		if (heard > 0)
			html_put(out, "M%zu 10h24v-%zu.%zuh-24z", day * 24,
			    heard * 10 / 24, heard * 100 / 24 % 10);
	}
}

void
picture_heard(struct buf *out, const struct source *s, int64_t from,
    int64_t until)
{
	size_t n = until > from
	    ? (size_t)((until - from + UTC_HOUR - 1) / UTC_HOUR)
	    : 1;
	size_t at = s->since > from ? (size_t)((s->since - from) / UTC_HOUR)
				    : 0;

	html_put(out,
	    "<svg class=\"heard\" role=\"img\" viewBox=\"0 0 %zu 10\" "
	    "preserveAspectRatio=\"none\">",
	    n);
	if (s->heard != NULL && s->hours > 0) {
		html_put(out,
		    "<rect x=\"%zu\" width=\"%u\" height=\"10\" fill=\"#fff\" "
		    "stroke=\"#000\" stroke-width=\".6\" "
		    "vector-effect=\"non-scaling-stroke\"/><path d=\"",
		    at, s->hours);
		if (n <= HOURS_EACH)
			put_hours(out, s, at, n);
		else
			put_days(out, s, at, n);
		buf_str(out, "\"/>");
	}
	buf_str(out, "</svg>");
}

/* ---- logins by hour of week ---- */
#define CELL 20 /* of the picture's own units */

void
picture_hours_add(struct picture_hours *h, int64_t at, int zone)
{
	struct utc_civil c;
	int day;

	utc_to_civil(at, zone, &c);
	day = (utc_weekday(utc_days(c.year, c.month, c.day)) + 6) % 7;
	if (h->n[day][c.hour % 24] < UINT32_MAX)
		h->n[day][c.hour % 24]++;
}

static uint32_t
most(const struct picture_hours *h)
{
	uint32_t n = 0;
	size_t d, i;

	for (d = 0; d < 7; d++)
		for (i = 0; i < 24; i++)
			if (h->n[d][i] > n)
				n = h->n[d][i];
	return n;
}

static void
put_square(struct buf *out, uint32_t n, uint32_t all, size_t x, size_t y)
{
	unsigned side;

	if (n == 0)
		return;
	side = (unsigned)(sqrt((double)n / all) * 8 + .5); /* half of it */
	side = side < 2 ? 2 : side;
	html_put(out,
	    "<rect x=\"%zu\" y=\"%zu\" width=\"%u\" height=\"%u\"><title>%u"
	    "</title></rect>",
	    x + CELL / 2 - side, y + CELL / 2 - side, 2 * side, 2 * side, n);
}

void
picture_hours(struct buf *out, const struct picture_hours *h)
{
	static const char *const ja[] = { "月", "火", "水", "木", "金", "土",
		"日" };
	static const char *const en[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat", "Sun" };
	const uint32_t all = most(h);
	static const char *const hours[] = { "0", "3", "6", "9", "12", "15",
		"18", "21" };
	size_t d, i;

	html_put(out,
	    "<svg class=\"week\" role=\"img\" viewBox=\"-46 -20 %d %d\" "
	    "font-size=\"15\">",
	    24 * CELL + 48, 7 * CELL + 22);
	for (i = 0; i < 8; i++)
		html_put(out,
		    "<text x=\"%zu\" y=\"-5\" text-anchor=\"middle\">%s</text>",
		    i * 3 * CELL + CELL / 2, hours[i]);
	for (d = 0; d < 7; d++) {
		html_put(out,
		    "<text x=\"-6\" y=\"%zu\" text-anchor=\"end\">%s</text>"
		    "<path d=\"M0 %zuh%d\" stroke=\"#999\" stroke-width=\".7\""
		    "/>",
		    d * CELL + 15, tr(en[d], ja[d]), d * CELL, 24 * CELL);
		for (i = 0; i < 24; i++)
			put_square(out, h->n[d][i], all, i * CELL, d * CELL);
	}
	html_put(out,
	    "<path d=\"M0 %dh%d\" stroke=\"#999\" stroke-width=\".7\"/></svg>",
	    7 * CELL, 24 * CELL);
}

/* ---- traffic ---- */
#define HEIGHT 100u

static unsigned
level(uint64_t bytes, uint64_t top)
{
	return top == 0
	    ? HEIGHT
	    : HEIGHT - (unsigned)((double)bytes / (double)top * HEIGHT + .5);
}

static void
put_band(struct buf *out, const struct hourly_hour *v, size_t n, uint64_t top)
{
	size_t i;

	buf_str(out, "<path fill=\"#ccc\" d=\"");
	for (i = 0; i < n; i++)
		if (v[i].usual)
			html_put(out, "M%zu %uH%zuV%uH%zuz", i,
			    level(v[i].low, top) + 1, i + 1,
			    level(v[i].high, top), i);
	buf_str(out, "\"/>");
}

static void
put_line(struct buf *out, const struct hourly_hour *v, size_t n, uint64_t top)
{
	bool on = false;
	size_t i;

	buf_str(out,
	    "<path fill=\"none\" stroke=\"#000\" stroke-width=\"1.1\" "
	    "vector-effect=\"non-scaling-stroke\" d=\"");
	for (i = 0; i < n; i++) {
		if (v[i].heard && !on)
			html_put(out, "M%zu %u", i, level(v[i].sent, top));
		if (v[i].heard)
			html_put(out, "V%uH%zu", level(v[i].sent, top), i + 1);
		on = v[i].heard;
	}
	buf_str(out, "\"/>");
}

/* Mondays of a month, days of a week. */
static void
put_days_of(const struct report *r, struct buf *out, size_t n, int64_t from)
{
	const size_t step = n > 10 * 24 ? 7 * 24 : 24;
	size_t i;

	for (i = 0; i < n; i += step)
		html_put(out,
		    "<path d=\"M%zu 0V%u\" stroke=\"#777\" stroke-width=\".5\" "
		    "vector-effect=\"non-scaling-stroke\"/>",
		    i, HEIGHT);
	buf_str(out, "</svg><div class=\"days\">");
	for (i = 0; i < n; i += step)
		html_put(out, "<span style=\"left:%zu.%zu%%\">%s</span>",
		    i * 100 / n, i * 1000 / n % 10,
		    figure_day(r->arena, from + (int64_t)i * UTC_HOUR,
			r->zone));
	buf_str(out, "</div>");
}

void
picture_traffic(const struct report *r, struct buf *out,
    const struct hourly_hour *v, size_t n, int64_t from)
{
	uint64_t top = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		top = v[i].sent > top ? v[i].sent : top;
		top = v[i].usual && v[i].high > top ? v[i].high : top;
	}
	html_put(out,
	    "<div class=\"traffic\"><p class=\"src\">%s %s</p>"
	    "<svg role=\"img\" viewBox=\"0 0 %zu %u\" "
	    "preserveAspectRatio=\"none\"><rect width=\"%zu\" height=\"%u\" "
	    "fill=\"none\" stroke=\"#000\" stroke-width=\".8\" "
	    "vector-effect=\"non-scaling-stroke\"/>",
	    tr("Top of the picture, an hour:", "縦軸の上端（1時間あたり）："),
	    figure_bytes(r->arena, top), n == 0 ? 1 : n, HEIGHT,
	    n == 0 ? 1 : n, HEIGHT);
	put_band(out, v, n, top);
	put_line(out, v, n, top);
	put_days_of(r, out, n, from);
	buf_str(out, "</div>\n");
}
