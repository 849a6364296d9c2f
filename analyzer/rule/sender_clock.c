/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>

#include "analyzer/rule/senders_state.h"

/*
 * How far a clock is from the collector's: each hour the median of its first
 * differences, so that lines that waited somewhere move nothing; of the day
 * the median of its hours.  A clock that was set is one whose hours differ
 * from the hour before, and stay so.
 */
#define LEAST 3 /* differences that an hour needs */

struct hours { /* of one day, those that tell */
	int hour[24];
	int64_t median[24]; /* seconds */
	size_t n;
};

static int
compare(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static int64_t
middle(int64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[(n - 1) / 2];
}

static void
read_hours(const struct sender_day *d, struct hours *h)
{
	int64_t v[SKEWS];
	int i, k;

	h->n = 0;
	for (i = 0; d->hours != NULL && i < 24; i++) {
		if (d->hours[i].n < LEAST)
			continue;
		for (k = 0; k < d->hours[i].n; k++)
			v[k] = d->hours[i].v[k];
		h->hour[h->n] = i;
		h->median[h->n++] = middle(v, d->hours[i].n);
	}
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* The first jump that lasted at least into the next hour; 0: none. */
static int64_t
find_jump(const struct hours *h, const struct hours *before, int64_t least,
    int *hour)
{
	int64_t last = before->n > 0 ? before->median[before->n - 1]
	    : h->n > 0		     ? h->median[0]
				     : 0;
	size_t i;

	for (i = 0; i < h->n; last = h->median[i++])
		if (distance(h->median[i], last) > least && i + 1 < h->n &&
		    distance(h->median[i + 1], h->median[i]) <= least) {
			*hour = h->hour[i];
			return h->median[i] - last;
		}
	return 0;
}

static void
deliver(const struct senders *s, const struct sender *x, size_t i, int64_t skew,
    int64_t jump, int hour, struct outbox *out, struct arena *arena)
{
	const struct settings *t = s->site->settings;
	const struct sender_day *day = x->day[i];
	struct draft *d = senders_draft(s, s->clock, x, "", arena);
	int64_t far = settings_usec(t, SETTING_CLOCK_FAR) / UTC_SECOND;

	d->f.from = calendar_midnight(s->site->calendar, day->day);
	d->f.until = calendar_midnight(s->site->calendar, day->day + 1);
	d->f.first = jump == 0 ? day->cites.first.time
			       : d->f.from + hour * UTC_HOUR;
	d->f.severity = finding_severity_raise(s->clock->level,
	    distance(skew, 0) > far, s->clock->cap);
	draft_time(d, SENTENCE_TIME, d->f.first);
	d->v.ja[SENTENCE_DETAIL] = arena_printf(arena, "%lld秒%s%s",
	    (long long)distance(skew, 0), skew >= 0 ? "遅れ" : "進み",
	    jump == 0 ? "" : arena_printf(arena, "、%d時台に%lld秒の変化", hour,
				 (long long)distance(jump, 0)));
	d->v.en[SENTENCE_DETAIL] = arena_printf(arena, "%lld s %s%s",
	    (long long)distance(skew, 0), skew >= 0 ? "behind" : "ahead",
	    jump == 0 ? "" : arena_printf(arena, ", changed by %lld s at %d:00",
				 (long long)distance(jump, 0), hour));
	finding_figure(&d->f, "", "behind", "seconds", (double)skew, 0);
	finding_figure(&d->f, "", "jump", "seconds", (double)jump, 0);
	draft_cite(d, &day->cites.first);
	if (day->n > 1)
		draft_cite(d, &day->cites.last);
	draft_end(d);
	outbox_add(out, &d->f);
}

void
sender_clock(const struct senders *s, const struct sender *x, size_t i,
    int64_t now, struct outbox *out, struct arena *arena)
{
	const struct settings *t = s->site->settings;
	int64_t off = settings_usec(t, SETTING_CLOCK_OFF) / UTC_SECOND;
	struct hours h, before = { .n = 0 };
	int64_t v[24], skew, jump;
	int hour = 0;
	size_t k;

	(void)now;
	outbox_scope(out,
	    span_str(arena_printf(arena, "%s %s %lld", s->clock->id, x->key,
		(long long)x->day[i]->day)));
	read_hours(x->day[i], &h);
	if (h.n == 0)
		return;
	if (i > 0 && x->day[i - 1]->day == x->day[i]->day - 1)
		read_hours(x->day[i - 1], &before);
	for (k = 0; k < h.n; k++)
		v[k] = h.median[k];
	skew = middle(v, h.n);
	jump = find_jump(&h, &before,
	    settings_usec(t, SETTING_CLOCK_JUMP) / UTC_SECOND, &hour);
	if (distance(skew, 0) > off || jump != 0)
		deliver(s, x, i, skew, jump, hour, out, arena);
}
