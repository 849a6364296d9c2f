/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/rule/grow.h"
#include "analyzer/rule/senders_state.h"

/*
 * A sender is silent when nothing came of it for longer than floor, times the
 * median interval, and the interval that only one of a thousand exceeds.  Time
 * does not count in hours in which it is quiet as a rule (the night of a
 * clinic), by the day's class, nor while the collector itself recorded nothing.
 */
#define SILENCES 20000 /* that are remembered for servers_silent */
#define LONGEST 31     /* days that are looked at of one silence */
#define STEPS 8	       /* of intervals, to each doubling */
#define SIZES (34 * STEPS)

/* What was usual in the weeks before a day. */
struct usual {
	uint64_t n, size[SIZES]; /* intervals by their length, about */
	unsigned days[CLASSES], seen[CLASSES][24];
	unsigned all, any[24]; /* of all classes */
	unsigned quiet;	       /* percent below which an hour is quiet */
};

/* Seconds, so that each doubling has STEPS sizes. */
static unsigned
size_of(int64_t usec)
{
	uint64_t v = (uint64_t)(usec > 0 ? usec : 0) / 1000 + 1; /* ms */
	unsigned bits = 63 - (unsigned)__builtin_clzll(v);
	uint64_t rest = bits >= 3 ? v >> (bits - 3) & 7 : v << (3 - bits) & 7;
	unsigned i = bits * STEPS + (unsigned)rest;

	return i < SIZES ? i : SIZES - 1;
}

/* The longest that is of that size, usec. */
static int64_t
length_of(unsigned i)
{
	uint64_t low = (UINT64_C(8) + i % STEPS + 1) << (i / STEPS);

	return (int64_t)(low / 8) * 1000;
}

static int64_t
rank(const struct usual *u, double part)
{
	uint64_t want = (uint64_t)((double)u->n * part), sum = 0;
	unsigned i;

	for (i = 0; i < SIZES; i++) {
		sum += u->size[i];
		if (sum > want)
			return length_of(i);
	}
	return 0;
}

static bool
is_quiet(const struct usual *u, int class, int hour)
{
	if (u->days[class] >= 2)
		return u->seen[class][hour] * 100 < u->quiet * u->days[class];
	return u->all >= 2 && u->any[hour] * 100 < u->quiet * u->all;
}

/* What counts of [from, until): u NULL: hours are not known yet. */
static int64_t
counted(const struct senders *s, const struct usual *u, int64_t from,
    int64_t until)
{
	const struct calendar *c = s->site->calendar;
	int64_t sum = 0, day, hour, end;

	if (until > from + LONGEST * UTC_DAY)
		until = from + LONGEST * UTC_DAY;
	for (; from < until; from = end) {
		day = calendar_day(c, from);
		hour = (from - calendar_midnight(c, day)) / UTC_HOUR;
		end = calendar_midnight(c, day) + (hour + 1) * UTC_HOUR;
		if (end > until)
			end = until;
		if (!is_quiet(u, calendar_week_class(c, day), (int)hour))
			sum += end - from - senders_missed(s, from, end);
	}
	return sum;
}

static int64_t
time_of(const struct senders *s, const struct sender_day *d, int bin,
    uint16_t at)
{
	return calendar_midnight(s->site->calendar, d->day) + bin * BIN +
	    (int64_t)at * TICK;
}

/* Which hours of which days have records. */
static void
learn_hours(const struct senders *s, const struct sender *x, size_t first,
    size_t i, struct usual *u)
{
	const struct calendar *c = s->site->calendar;
	int64_t day = x->day[first]->day;
	size_t k = first;
	int class, h, b;

	for (; day < x->day[i]->day; day++) {
		class = calendar_week_class(c, day);
		u->days[class]++;
		u->all++;
		if (k < i && x->day[k]->day < day)
			k++;
		if (x->day[k]->day != day)
			continue;
		for (h = 0; h < 24; h++) {
			for (b = h * BINS_HOUR; b < (h + 1) * BINS_HOUR; b++)
				if (x->day[k]->bin[b].n > 0)
					break;
			if (b == (h + 1) * BINS_HOUR)
				continue;
			u->seen[class][h]++;
			u->any[h]++;
		}
	}
}

/* Within a bin intervals are taken as equal. */
static void
learn_intervals(const struct senders *s, const struct sender *x, size_t first,
    size_t i, struct usual *u)
{
	const struct sender_bin *b;
	int64_t last = INT64_MIN, at;
	int k;

	for (; first < i; first++)
		for (k = 0; k < BINS; k++) {
			b = &x->day[first]->bin[k];
			if (b->n == 0)
				continue;
			at = time_of(s, x->day[first], k, b->first);
			if (last != INT64_MIN) {
				u->size[size_of(counted(s, u, last, at))]++;
				u->n++;
			}
			last = time_of(s, x->day[first], k, b->last);
			if (b->n == 1)
				continue;
			u->size[size_of((last - at) / (b->n - 1))] += b->n - 1;
			u->n += b->n - 1;
		}
}

/* false: it is too young to say what is usual. */
static bool
learn(const struct senders *s, const struct sender *x, size_t i,
    struct usual *u)
{
	const struct settings *t = s->site->settings;
	int64_t day = x->day[i]->day;
	size_t first = sender_place(x,
	    day - (int64_t)settings_count(t, SETTING_SND_HISTORY));

	memset(u, 0, sizeof(*u));
	u->quiet = (unsigned)settings_number(t, SETTING_SIL_QUIET);
	if (first == i ||
	    day - x->day[first]->day <
		(int64_t)settings_count(t, SETTING_SIL_LEARN))
		return false;
	learn_hours(s, x, first, i, u);
	learn_intervals(s, x, first, i, u);
	return u->n > 0;
}

static int64_t
limit_of(const struct senders *s, const struct usual *u,
    struct sender_silence *q)
{
	const struct settings *t = s->site->settings;
	int64_t limit = settings_usec(t, SETTING_SIL_FLOOR), many;

	q->median = rank(u, 0.5);
	q->high = rank(u, 0.999);
	q->records = u->n + 1;
	many = (int64_t)((double)q->median *
	    settings_number(t, SETTING_SIL_TIMES));
	limit = many > limit ? many : limit;
	return q->high > limit ? q->high : limit;
}

/* The first record behind bin k of day i, or now; *lasts: there is none. */
static int64_t
next_record(const struct senders *s, const struct sender *x, size_t i, int k,
    int64_t now, bool *lasts)
{
	*lasts = false;
	for (k++; i < x->n; i++, k = 0)
		for (; k < BINS; k++)
			if (x->day[i]->bin[k].n > 0)
				return time_of(s, x->day[i], k,
				    x->day[i]->bin[k].first);
	*lasts = true;
	return now;
}

static const char *
minutes(struct arena *arena, int64_t usec)
{
	return arena_printf(arena, "%lld",
	    (long long)((usec + UTC_MINUTE / 2) / UTC_MINUTE));
}

static void
describe(struct draft *d, const struct sender_silence *q, struct arena *arena)
{
	const char *of = minutes(arena, q->quiet), *max =
						       minutes(arena, q->limit);
	double median = (double)q->median / UTC_SECOND;

	draft_time(d, SENTENCE_TIME, q->from);
	draft_time(d, SENTENCE_FROM, q->from);
	if (q->lasts)
		d->v.ja[SENTENCE_TO] = "（続いています）",
		d->v.en[SENTENCE_TO] = "(it goes on)";
	else
		draft_time(d, SENTENCE_TO, q->until);
	d->v.ja[SENTENCE_DETAIL] = arena_printf(arena,
	    "%s%s分、限度%s分、通常の間隔の中央値%.1f秒",
	    q->lasts ? "少なくとも" : "", of, max, median);
	d->v.en[SENTENCE_DETAIL] = arena_printf(arena,
	    "%s%s minutes, limit %s, median interval before %.1f s",
	    q->lasts ? "at least " : "", of, max, median);
	finding_count(&d->f, "", "silent", "minutes",
	    (uint64_t)(q->quiet / UTC_MINUTE));
	finding_count(&d->f, "", "limit", "minutes",
	    (uint64_t)(q->limit / UTC_MINUTE));
	finding_figure(&d->f, "", "median", "seconds", median, 1);
	finding_figure(&d->f, "", "p999", "seconds",
	    (double)q->high / UTC_SECOND, 1);
	finding_count(&d->f, "", "n", "", q->records);
	finding_count(&d->f, "", "ended", "", !q->lasts);
}

/* One of a point of contact with the outside, outside working hours, is more
 * severe. */
static void
deliver(const struct senders *s, const struct sender_silence *q,
    struct outbox *out, struct arena *arena)
{
	const struct sender *x = s->v[q->sender];
	struct draft *d = senders_draft(s, s->silence, x, "", arena);
	bool edge = x->device != NULL && x->device->edge &&
	    !calendar_open(s->site->calendar, q->from);

	d->f.from = d->f.first = q->from;
	d->f.until = q->until;
	d->f.severity =
	    finding_severity_raise(s->silence->level, edge, s->silence->cap);
	describe(d, q, arena);
	d->v.ja[SENTENCE_REASONS] = edge ? "外部接続点・時間外" : "なし";
	d->v.en[SENTENCE_REASONS] =
	    edge ? "point of contact with the outside, off hours" : "none";
	draft_cite(d, &q->before);
	draft_end(d);
	outbox_add(out, &d->f);
}

/* A silence that lasts is told as of when its limit was reached: else each
 * look at it would be another finding. */
static void
judge_gap(struct senders *s, struct sender_silence *q, const struct usual *u,
    struct outbox *out, struct arena *arena)
{
	q->quiet = counted(s, u, q->from, q->until);
	if (q->quiet <= q->limit)
		return;
	if (q->lasts) {
		q->quiet = q->limit;
		q->until = q->from + q->limit;
	}
	if (s->n_silences < SILENCES) {
		grow(&s->silences, s->n_silences, &s->cap_silences,
		    sizeof(*s->silences));
		s->silences[s->n_silences++] = *q;
	} else
		limits_note(s->limits, LIMIT_SENDERS, q->from, NULL);
	if (s->silence != NULL)
		deliver(s, q, out, arena);
}

static void
forget(struct senders *s, size_t sender, int64_t day)
{
	size_t i, n = 0;

	for (i = 0; i < s->n_silences; i++)
		if (s->silences[i].sender != sender ||
		    calendar_day(s->site->calendar, s->silences[i].from) != day)
			s->silences[n++] = s->silences[i];
	s->n_silences = n;
}

void
sender_silence(struct senders *s, size_t sender, size_t i, int64_t now,
    struct outbox *out, struct arena *arena)
{
	int64_t floor = settings_usec(s->site->settings, SETTING_SIL_FLOOR);
	const struct sender *x = s->v[sender];
	const struct sender_day *d = x->day[i];
	struct usual *u = NULL;
	int k;

	forget(s, sender, d->day);
	if (s->silence != NULL)
		outbox_scope(out,
		    span_str(arena_printf(arena, "%s %s %lld", s->silence->id,
			x->key, (long long)d->day)));
	for (k = 0; k < BINS; k++) {
		struct sender_silence q = { .sender = sender,
			.before = d->cites.last };

		if (d->bin[k].n == 0)
			continue;
		q.from = time_of(s, d, k, d->bin[k].last);
		q.until = next_record(s, x, i, k, now, &q.lasts);
		if (q.until - q.from <= floor)
			continue;
		if (u == NULL) {
			u = arena_alloc(arena, sizeof(*u));
			if (!learn(s, x, i, u))
				return;
		}
		q.limit = limit_of(s, u, &q);
		judge_gap(s, &q, u, out, arena);
	}
}
