/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/timeline_priv.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/*
 * One lane for each phase, time to the right; below them who was silent, what
 * the collector lost, and how far clocks are off.  Marks are told apart by
 * length and gaps by hatching, for grey paper.  Marks are put into buckets, so
 * that the picture stays small however many rows there are.  It zooms by radio
 * buttons: the drawing is as wide as the style says and its marks stretch,
 * while texts stand at percentages and keep their size.
 */
#define LANE 19
#define BUCKETS 3456u /* the marks' own width */
#define GAPS 864u     /* gaps are drawn to this precision */
#define LINKS 96u     /* bars that lead to rows */
#define SOURCES 6u
#define OFF UTC_MINUTE /* a clock this far off is drawn */

enum mark { MARK_NONE, MARK_AROUND, MARK_CITED };

struct strip {
	const struct report *r;
	const struct timeline *t;
	int64_t from, until;
	enum mark lanes[PHASE_COUNT][BUCKETS];
	bool used[PHASE_COUNT];
	size_t bars[LINKS], line[LINKS]; /* rows; the first line's number */
	bool lost[GAPS], off[GAPS];
	bool any_lost, any_off;
	int y;
	struct buf names;
};

bool
timeline_is_drawn(const struct timeline *t, const struct timeline_row *row)
{
	return row->basis != TIMELINE_PERSON || !t->replay;
}

/* First and last time; some room when there is but one moment. */
bool
timeline_span(const struct timeline *t, int64_t *from, int64_t *until)
{
	bool any = false;
	size_t i;

	for (i = 0; i < t->n; i++) {
		int64_t at = t->rows[i].time;

		if (!timeline_is_drawn(t, &t->rows[i]))
			continue;
		*from = !any || at < *from ? at : *from;
		*until = !any || at > *until ? at : *until;
		any = true;
	}
	if (any) {
		*from -= 5 * UTC_MINUTE + (*until - *from) / 50;
		*until += 5 * UTC_MINUTE + (*until - *from) / 50;
	}
	return any;
}

static size_t
place(const struct strip *s, int64_t at, size_t of)
{
	double p = (double)(at - s->from) * (double)of /
	    (double)(s->until - s->from);

	return p < 0 ? 0 : p >= (double)of ? of - 1 : (size_t)p;
}

/* Mark what [from, until] overlaps; whether it does. */
static bool
cover(const struct strip *s, bool *gaps, int64_t from, int64_t until)
{
	size_t i, last;

	if (from > s->until || until < s->from)
		return false;
	last = place(s, until, GAPS);
	for (i = place(s, from, GAPS); i <= last; i++)
		gaps[i] = true;
	return true;
}

static void
gather_row(struct strip *s, const struct timeline_row *row)
{
	size_t at = place(s, row->time, BUCKETS);
	enum mark mark =
	    *row->rule != '\0' || row->basis == TIMELINE_PERSON ? MARK_CITED
								: MARK_AROUND;
	int64_t a = row->clock, b = row->received;

	s->used[row->phase] = true;
	if (mark > s->lanes[row->phase][at])
		s->lanes[row->phase][at] = mark;
	s->bars[place(s, row->time, LINKS)]++;
	if (row->has_clock && row->live && (a - b > OFF || b - a > OFF))
		s->any_off |= cover(s, s->off, a < b ? a : b, a < b ? b : a);
}

static void
gather(struct strip *s, const struct timeline_lines *lines)
{
	const struct timeline *t = s->t;
	size_t i, at;

	for (i = 0; i < t->n; i++)
		if (timeline_is_drawn(t, &t->rows[i]))
			gather_row(s, &t->rows[i]);
	for (i = lines->n; i-- > 0;) {
		at = place(s, lines->v[i].row->time, LINKS);
		if (timeline_is_drawn(t, lines->v[i].row))
			s->line[at] = lines->v[i].no;
	}
	for (i = 0; t->losses != NULL && i < t->losses->n; i++)
		s->any_lost |= cover(s, s->lost, t->losses->rows[i].from,
		    t->losses->rows[i].until);
}

/* ---- drawing ---- */

static void
put_name(struct strip *s, const char *name)
{
	html_put(&s->names, "<div>%s</div>", name);
}

/* "12.34%". */
static const char *
percent(const struct strip *s, double part)
{
	return arena_printf(s->r->arena, "%.2f%%", part * 100);
}

static void
put_marks(struct strip *s, struct buf *out, const enum mark *lane)
{
	static const struct {
		enum mark mark;
		const char *class;
		int from, length;
	} kinds[] = { { MARK_AROUND, "o", 7, 6 }, { MARK_CITED, "m", 2, 15 } };
	size_t i, k;

	for (k = 0; k < 2; k++) {
		html_put(out, "<path class=\"%s\" d=\"", kinds[k].class);
		for (i = 0; i < BUCKETS; i++)
			if (lane[i] == kinds[k].mark)
				html_put(out, "M%zu %dv%d", i,
				    s->y + kinds[k].from, kinds[k].length);
		buf_str(out, "\"/>");
	}
}

/* Runs of marked places, as bars. */
static void
put_gaps(struct strip *s, struct buf *out, const char *name, const bool *gaps,
    const char *class)
{
	size_t i, end;

	put_name(s, name);
	for (i = 0; i < GAPS; i = end) {
		end = i + 1;
		if (!gaps[i])
			continue;
		while (end < GAPS && gaps[end])
			end++;
		html_put(out,
		    "<rect class=\"%s\" x=\"%s\" y=\"%d\" width=\"%s\" "
		    "height=\"11\"/>",
		    class, percent(s, (double)i / GAPS), s->y + 4,
		    percent(s, (double)(end - i) / GAPS));
	}
	s->y += LANE;
}

static void
put_source(struct strip *s, struct buf *out, const struct source *x)
{
	bool *gaps = arena_alloc(s->r->arena, GAPS);
	bool any = false;
	unsigned h;

	for (h = 0; h < x->hours; h++)
		if (!x->heard[h])
			any |= cover(s, gaps, x->since + (int64_t)h * UTC_HOUR,
			    x->since + (int64_t)(h + 1) * UTC_HOUR - 1);
	if (any)
		put_gaps(s, out,
		    arena_printf(s->r->arena, "%s %s",
			word_of(WORD_STRIP_SILENT), x->label),
		    gaps, "g");
}

/* Who was silent, those first that send most; how many more there are. */
static size_t
put_sources(struct strip *s, struct buf *out)
{
	const struct sources_total *t = s->t->received;
	size_t i, n = 0, more = 0;

	for (i = 0; t != NULL && i < t->n; i++) {
		if (t->rows[i].silent == 0)
			continue;
		if (n++ < SOURCES)
			put_source(s, out, &t->rows[i]);
		else
			more++;
	}
	return more;
}

/* How many rows when; each bar leads to its first line. */
static void
put_bars(struct strip *s, struct buf *out)
{
	size_t i, most = 1;

	for (i = 0; i < LINKS; i++)
		most = s->bars[i] > most ? s->bars[i] : most;
	put_name(s, word_of(WORD_STRIP_ROWS));
	for (i = 0; i < LINKS; i++) {
		int height = 3 + (int)(s->bars[i] * 14 / most);

		if (s->bars[i] == 0)
			continue;
		if (s->line[i] > 0)
			html_put(out, "<a href=\"#r%zu\">", s->line[i]);
		html_put(out,
		    "<rect class=\"b\" x=\"%s\" y=\"%d\" width=\"%s\" "
		    "height=\"%d\"/>",
		    percent(s, (double)i / LINKS), LANE - height,
		    percent(s, 0.9 / LINKS), height);
		if (s->line[i] > 0)
			buf_str(out, "</a>");
	}
	s->y += LANE;
}

static const int64_t steps[] = { 1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440,
	2880, 10080, 43200 };
#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* The smallest step that gives at most so many lines. */
static int64_t
step(int64_t length, int64_t ticks)
{
	size_t i;

	for (i = 0; i < STEPS - 1 && length / (steps[i] * UTC_MINUTE) >= ticks;
	     i++)
		;
	return steps[i] * UTC_MINUTE;
}

static void
put_tick(struct strip *s, struct buf *out, int64_t at, const char *class)
{
	const char *label, *x = percent(s,
	    (double)(at - s->from) / (double)(s->until - s->from));
	struct utc_civil c;
	bool day;

	utc_to_civil(at, s->r->zone, &c);
	day = c.hour == 0 && c.minute == 0;
	label = day ? arena_printf(s->r->arena, "%d/%d", c.month, c.day)
		    : arena_printf(s->r->arena, "%d:%02d", c.hour, c.minute);
	html_put(out,
	    "<g class=\"%s\"><line x1=\"%s\" y1=\"0\" x2=\"%s\" y2=\"%d\" "
	    "class=\"%s\"/><text x=\"%s\" y=\"%d\" "
	    "text-anchor=\"middle\">%s</text></g>\n",
	    class, x, x, s->y, day ? "d" : "t", x, s->y + 14, label);
}

/* Lines by a step that divides the one before: finer ones show when zoomed. */
static void
put_axis(struct strip *s, struct buf *out)
{
	static const struct {
		int64_t ticks;
		const char *class;
	} zooms[] = { { 12, "f1" }, { 48, "f4" }, { 192, "f16" } };
	int64_t zone = s->r->zone * UTC_SECOND, before = 0, by, at;
	size_t z;

	for (z = 0; z < 3; z++) {
		by = step(s->until - s->from, zooms[z].ticks);
		at = s->from + zone;
		at += by - 1 - (at + by - 1) % by;
		for (; at - zone < s->until && by != before; at += by)
			if (before == 0 || at % before != 0)
				put_tick(s, out, at - zone, zooms[z].class);
		before = by;
	}
}

/* Return how many silent sources had no lane. */
static size_t
put_lanes(struct strip *s, struct buf *out, struct buf *marks)
{
	size_t more;
	int p;

	put_bars(s, out);
	for (p = 0; p < PHASE_COUNT; p++) {
		if (p >= PHASE_RESPONSE && !s->used[p])
			continue;
		put_name(s, phase_name((enum phase)p));
		put_marks(s, marks, s->lanes[p]);
		s->y += LANE;
		html_put(out,
		    "<line x1=\"0\" y1=\"%d\" x2=\"100%%\" y2=\"%d\" "
		    "class=\"t\"/>\n",
		    s->y, s->y);
	}
	more = put_sources(s, out);
	if (s->any_lost)
		put_gaps(s, out, word_of(WORD_STRIP_LOST), s->lost, "l");
	if (s->any_off)
		put_gaps(s, out, word_of(WORD_STRIP_OFF), s->off, "k");
	return more;
}

static const char zoom[] =
    "<input type=\"radio\" name=\"z\" id=\"z1\" checked>"
    "<label for=\"z1\">×1</label>"
    "<input type=\"radio\" name=\"z\" id=\"z4\"><label for=\"z4\">×4</label>"
    "<input type=\"radio\" name=\"z\" id=\"z16\">"
    "<label for=\"z16\">×16</label>\n";

void
timeline_print_strip(const struct report *r, const struct timeline *t,
    const struct timeline_lines *lines, struct buf *out)
{
	struct strip *s = arena_alloc(r->arena, sizeof(*s));
	struct buf lanes, marks;
	size_t more;

	s->r = r;
	s->t = t;
	if (!timeline_span(t, &s->from, &s->until))
		return;
	buf_init(&s->names);
	buf_init(&lanes);
	buf_init(&marks);
	gather(s, lines);
	more = put_lanes(s, &lanes, &marks);
	put_axis(s, &lanes);
	html_put(out, "<figure class=\"strip\"><span>%s</span>",
	    word_of(WORD_STRIP_ZOOM));
	buf_str(out, zoom);
	buf_str(out, "<div class=\"lanes\"><div class=\"names\">");
	buf_span(out, buf_view(&s->names));
	html_put(out,
	    "</div><div class=\"scroll\"><svg class=\"w\" height=\"%d\" "
	    "role=\"img\" aria-label=\"%s\">\n<defs><pattern id=\"hatch\" "
	    "width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
	    "<path d=\"M-1 1l2-2M0 5l5-5M4 6l2-2\"/></pattern></defs>",
	    s->y + 20, word_of(WORD_STRIP));
	buf_span(out, buf_view(&lanes));
	html_put(out,
	    "<svg x=\"0\" y=\"0\" width=\"100%%\" height=\"%d\" "
	    "viewBox=\"0 0 %u %d\" preserveAspectRatio=\"none\">",
	    s->y, BUCKETS, s->y);
	buf_span(out, buf_view(&marks));
	html_put(out, "</svg></svg></div></div><figcaption>%s",
	    word_of(WORD_STRIP_KEY));
	if (more > 0)
		html_put(out, " %s %zu", word_of(WORD_STRIP_MORE), more);
	buf_str(out, "</figcaption></figure>\n");
	buf_fini(&marks);
	buf_fini(&lanes);
	buf_fini(&s->names);
}
