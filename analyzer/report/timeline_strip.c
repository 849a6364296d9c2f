/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/timeline.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/*
 * One lane for each phase, time to the right.  A filled mark is a record that
 * a finding cites, an open one is about the same hosts or users: told apart by
 * shape, for grey paper.  Marks are put into buckets, so that the picture
 * stays small however many rows there are.
 */
#define LEFT 118
#define WIDTH 866
#define LANE 19
#define BUCKETS 216u /* of four units each */
#define TICKS 12

enum mark { MARK_NONE, MARK_AROUND, MARK_CITED };

struct strip {
	int64_t from, until;
	enum mark lanes[PHASE_COUNT][BUCKETS];
	bool used[PHASE_COUNT];
};

static bool
drawn(const struct timeline *t, const struct timeline_row *row)
{
	return row->basis != TIMELINE_PERSON || !t->replay;
}

static void
gather(struct strip *s, const struct timeline *t)
{
	size_t i, at;

	for (i = 0; i < t->n; i++) {
		const struct timeline_row *row = &t->rows[i];
		enum mark mark =
		    *row->rule != '\0' || row->basis == TIMELINE_PERSON
		    ? MARK_CITED
		    : MARK_AROUND;

		if (!drawn(t, row))
			continue;
		at = (size_t)((double)(row->time - s->from) * BUCKETS /
		    (double)(s->until - s->from));
		at = at >= BUCKETS ? BUCKETS - 1 : at;
		s->used[row->phase] = true;
		if (mark > s->lanes[row->phase][at])
			s->lanes[row->phase][at] = mark;
	}
}

static void
put_marks(struct buf *out, const enum mark *lane, int y)
{
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		if (lane[i] != MARK_NONE)
			html_put(out,
			    "<rect x=\"%d\" y=\"%d\" width=\"3\" height=\"%d\" "
			    "class=\"%s\"/>",
			    (int)(LEFT + i * WIDTH / BUCKETS),
			    lane[i] == MARK_CITED ? y + 2 : y + 6,
			    lane[i] == MARK_CITED ? 14 : 6,
			    lane[i] == MARK_CITED ? "m" : "o");
}

/* The smallest step that gives at most TICKS lines. */
static int64_t
step(int64_t length)
{
	static const int64_t steps[] = { 5, 10, 15, 30, 60, 120, 180, 360, 720,
		1440, 2880, 10080, 43200 };
	size_t i, last = sizeof(steps) / sizeof(steps[0]) - 1;

	for (i = 0; i < last && length / (steps[i] * UTC_MINUTE) >= TICKS; i++)
		;
	return steps[i] * UTC_MINUTE;
}

static void
put_axis(const struct report *r, struct buf *out, const struct strip *s,
    int height)
{
	int64_t by = step(s->until - s->from), zone = r->zone * UTC_SECOND, t;
	const char *label;
	struct utc_civil c;
	int x;

	t = s->from + zone;
	t += by - 1 - (t + by - 1) % by;
	for (; t - zone < s->until; t += by) {
		x = LEFT +
		    (int)((double)(t - zone - s->from) * WIDTH /
			(double)(s->until - s->from));
		utc_to_civil(t, 0, &c);
		label = c.hour == 0 && c.minute == 0
		    ? arena_printf(r->arena, "%d/%d", c.month, c.day)
		    : arena_printf(r->arena, "%d:%02d", c.hour, c.minute);
		html_put(out,
		    "<line x1=\"%d\" y1=\"0\" x2=\"%d\" y2=\"%d\" "
		    "class=\"%s\"/>"
		    "<text x=\"%d\" y=\"%d\" "
		    "text-anchor=\"middle\">%s</text>\n",
		    x, x, height, c.hour == 0 && c.minute == 0 ? "d" : "t", x,
		    height + 14, label);
	}
}

/* First and last time; some room when there is but one moment. */
static bool
range(const struct timeline *t, struct strip *s)
{
	bool any = false;
	size_t i;

	for (i = 0; i < t->n; i++) {
		int64_t at = t->rows[i].time;

		if (!drawn(t, &t->rows[i]))
			continue;
		s->from = !any || at < s->from ? at : s->from;
		s->until = !any || at > s->until ? at : s->until;
		any = true;
	}
	s->from -= 5 * UTC_MINUTE + (s->until - s->from) / 50;
	s->until += 5 * UTC_MINUTE + (s->until - s->from) / 50;
	return any;
}

void
timeline_print_strip(const struct report *r, const struct timeline *t,
    struct buf *out)
{
	struct strip *s = arena_alloc(r->arena, sizeof(*s));
	int y = 0, lanes = 0;
	size_t p;

	if (!range(t, s))
		return;
	gather(s, t);
	for (p = 0; p < PHASE_COUNT; p++)
		lanes += p < PHASE_RESPONSE || s->used[p];
	html_put(out,
	    "<figure class=\"strip\"><svg viewBox=\"0 0 1000 %d\" "
	    "role=\"img\" aria-label=\"%s\">\n",
	    lanes * LANE + 20, word_of(WORD_STRIP));
	put_axis(r, out, s, lanes * LANE);
	for (p = 0; p < PHASE_COUNT; p++) {
		if (p >= PHASE_RESPONSE && !s->used[p])
			continue;
		html_put(out,
		    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
		    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
		    "class=\"t\"/>\n",
		    LEFT - 8, y + 14, phase_name((enum phase)p), LEFT, y + LANE,
		    LEFT + WIDTH, y + LANE);
		put_marks(out, s->lanes[p], y);
		y += LANE;
	}
	html_put(out, "</svg><figcaption>%s</figcaption></figure>\n",
	    word_of(WORD_STRIP_KEY));
}
