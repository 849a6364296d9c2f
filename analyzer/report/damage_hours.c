/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <math.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/*
 * The traffic of each hour as a bar, with what was usual at that hour of the
 * weeks before as a hatched band.  The scale is that of powers of ten: a band
 * of megabytes beside bars of gigabytes would else not be seen.  Bars of hours
 * that a finding speaks of are black, the others grey.
 */
#define HOSTS 4u
#define HOURS 336u /* two weeks; a longer period shows its last ones */
#define LEFT 60
#define WIDTH 930
#define HEIGHT 130
#define DECADES 9 /* from 1 kB to 1 TB */

/* 0 for nothing, HEIGHT for a terabyte. */
static int
high(uint64_t bytes)
{
	double x = log10(1 + (double)bytes / 1000);

	return x >= DECADES ? HEIGHT : (int)(x * HEIGHT / DECADES);
}

struct hours {
	const struct damage *d;
	struct span host;
	int64_t from;
	size_t n;
};

static int
x_of(const struct hours *h, size_t i)
{
	return LEFT + (int)(i * WIDTH / h->n);
}

static void
put_scale(const struct hours *h, struct buf *out)
{
	static const struct {
		const char *label;
		int power; /* of ten above a kilobyte */
	} lines[] = { { "1 MB", 3 }, { "1 GB", 6 }, { "1 TB", 9 } };
	struct arena *a = h->d->r->arena;
	struct utc_civil c;
	size_t i;
	int y, x;

	for (i = 0; i < 3; i++) {
		y = 5 + HEIGHT - lines[i].power * HEIGHT / DECADES;
		html_put(out,
		    "<line class=\"t\" x1=\"%d\" y1=\"%d\" x2=\"%d\" "
		    "y2=\"%d\"/><text x=\"%d\" y=\"%d\" "
		    "text-anchor=\"end\">%s</text>\n",
		    LEFT, y, LEFT + WIDTH, y, LEFT - 5, y + 4, lines[i].label);
	}
	for (i = 0; i < h->n; i++) {
		utc_to_civil(h->from + (int64_t)i * UTC_HOUR, h->d->r->zone,
		    &c);
		if (c.hour % (h->n > 72 ? 24 : 6) != 0)
			continue;
		x = x_of(h, i);
		html_put(out,
		    "<line class=\"%s\" x1=\"%d\" y1=\"5\" x2=\"%d\" "
		    "y2=\"%d\"/><text x=\"%d\" y=\"%d\" "
		    "text-anchor=\"middle\">%s</text>\n",
		    c.hour == 0 ? "d" : "t", x, x, 5 + HEIGHT, x, HEIGHT + 20,
		    c.hour == 0
			? arena_printf(a, "%d/%d", c.month, c.day)
			: arena_printf(a, "%d:00", c.hour));
	}
}

/* Return how many hours have no past to compare with. */
static size_t
put_bars(const struct hours *h, struct buf *out)
{
	size_t i, unknown = 0;

	for (i = 0; i < h->n; i++) {
		int64_t hour = h->from + (int64_t)i * UTC_HOUR;
		struct damage_usual u = damage_usual(h->d, h->host, hour);
		uint64_t sent = damage_hour(h->d, h->host, hour);
		int x = x_of(h, i), w = x_of(h, i + 1) - x, top = high(u.most);

		unknown += u.n < DAMAGE_WEEKS;
		if (u.n >= DAMAGE_WEEKS)
			html_put(out,
			    "<rect class=\"g\" x=\"%d\" y=\"%d\" width=\"%d\" "
			    "height=\"%d\"/>",
			    x, 5 + HEIGHT - top, w,
			    top - high(u.least) + 1);
		if (sent > 0)
			html_put(out,
			    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
			    "height=\"%d\"/>",
			    damage_flagged(h->d, h->host, hour) ? "l" : "b",
			    x + (w > 3 ? w / 4 : 0), 5 + HEIGHT - high(sent),
			    w > 3 ? w - w / 2 : w, high(sent));
	}
	return unknown;
}

static void
put_host(const struct damage *d, struct buf *out, struct span host, size_t no)
{
	int64_t from = d->from - d->from % UTC_HOUR;
	struct hours h = { d, host, from,
		(size_t)((d->until - from + UTC_HOUR - 1) / UTC_HOUR) };
	size_t unknown;

	if (h.n > HOURS) {
		h.from += (int64_t)(h.n - HOURS) * UTC_HOUR;
		h.n = HOURS;
	}
	html_put(out,
	    "<figure class=\"hours\"><svg viewBox=\"0 0 1000 160\" "
	    "role=\"img\" aria-label=\"%s\">",
	    word_of(WORD_HOURS));
	if (no == 0)
		buf_str(out,
		    "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" "
		    "patternUnits=\"userSpaceOnUse\"><path "
		    "d=\"M-1 1l2-2M0 5l5-5M4 6l2-2\"/></pattern></defs>");
	put_scale(&h, out);
	unknown = put_bars(&h, out);
	html_put(out, "</svg><figcaption><b>%s</b>　%s",
	    report_device_text(d->r, host), word_of(WORD_HOURS_KEY));
	if (unknown > 0)
		html_put(out, " %s %zu/%zu", word_of(WORD_HOURS_LEARNING),
		    unknown, h.n);
	buf_str(out, "</figcaption></figure>\n");
}

/* What a host sent in all. */
static uint64_t
sum_of(const struct damage *d, size_t *at)
{
	const struct outflow_row *rows = d->sent.rows;
	size_t first = *at;
	uint64_t sum = 0;

	for (; *at < d->sent.n && span_eq(rows[*at].host, rows[first].host);
	     ++*at)
		sum += rows[*at].sent;
	return sum;
}

void
damage_put_hours(const struct damage *d, struct buf *out)
{
	struct span best[HOSTS];
	uint64_t sums[HOSTS], sum;
	size_t i, j, first, n = 0, hosts = 0;

	for (i = 0; i < d->sent.n;) {
		first = i;
		sum = sum_of(d, &i);
		hosts++;
		for (j = n; j > 0 && sums[j - 1] < sum; j--)
			if (j < HOSTS) {
				sums[j] = sums[j - 1];
				best[j] = best[j - 1];
			}
		if (j < HOSTS) {
			sums[j] = sum;
			best[j] = d->sent.rows[first].host;
			n += n < HOSTS;
		}
	}
	if (n > 0)
		html_put(out, "<h3>%s</h3>\n", word_of(WORD_HOURS));
	for (i = 0; i < n; i++)
		put_host(d, out, best[i], i);
	if (hosts > n)
		html_put(out, "<p>%s %zu</p>\n", word_of(WORD_SKIPPED),
		    hosts - n);
}
