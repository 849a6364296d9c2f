/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <math.h>
#include <stdlib.h>

#include "analyzer/rule/senders_state.h"

/*
 * Far more or fewer records than at that hour before, for several bins on end:
 * against the bins of the same hour of the days of the same class in the weeks
 * before, by median and MAD, with Poisson's deviation as the least.
 */
#define REFS (BINS_HOUR * 60) /* bins that a bin is compared with, at most */
#define SIGMA 1.4826	      /* of a normal distribution, by its MAD */

struct refs {
	size_t n;
	double median, sigma;
	double v[REFS];
};

/* One run of bins that are all as far off, the same way. */
struct run {
	int from, n;	/* bins */
	double z, of;	/* the farthest bin, and what is usual there */
	uint64_t count; /* its records */
};

static int
compare(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static double
middle(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* A day without any record is one of a gap, or of before the device came. */
static void
gather(const struct senders *s, const struct sender *x, size_t i, int hour,
    struct refs *r)
{
	const struct calendar *c = s->site->calendar;
	int64_t days = (int64_t)settings_count(s->site->settings,
	    SETTING_SND_HISTORY);
	int class = calendar_week_class(c, x->day[i]->day), b;
	size_t k = sender_place(x, x->day[i]->day - days);
	double m;

	for (r->n = 0; k < i; k++) {
		if (calendar_week_class(c, x->day[k]->day) != class)
			continue;
		for (b = hour * BINS_HOUR; b < (hour + 1) * BINS_HOUR; b++)
			if (r->n < REFS)
				r->v[r->n++] = x->day[k]->bin[b].n;
	}
	if (r->n == 0)
		return;
	m = r->median = middle(r->v, r->n);
	for (k = 0; k < r->n; k++)
		r->v[k] = fabs(r->v[k] - m);
	r->sigma = SIGMA * middle(r->v, r->n);
	if (r->sigma < sqrt(m))
		r->sigma = sqrt(m);
	if (r->sigma < 1)
		r->sigma = 1;
}

/* 1 far more, -1 far fewer, 0 neither. */
static int
judge_bin(const struct senders *s, const struct refs *r, uint64_t n, double *z)
{
	const struct settings *t = s->site->settings;
	double least = settings_number(t, SETTING_RATE_LEAST);
	double ratio = settings_number(t, SETTING_RATE_RATIO);

	*z = ((double)n - r->median) / r->sigma;
	if (r->n < settings_count(t, SETTING_RATE_N) ||
	    fabs(*z) < settings_number(t, SETTING_RATE_Z))
		return 0;
	if (*z > 0)
		return (double)n >= least && (double)n >= ratio * r->median;
	return r->median >= least && (double)n * ratio <= r->median ? -1 : 0;
}

static void
deliver(const struct senders *s, const struct sender *x, size_t i, int way,
    const struct run *run, struct outbox *out, struct arena *arena)
{
	const struct sender_day *day = x->day[i];
	struct draft *d = senders_draft(s, s->rate, x,
	    way > 0 ? " rate=more" : " rate=fewer", arena);
	int64_t midnight = calendar_midnight(s->site->calendar, day->day);

	d->f.from = midnight;
	d->f.until = calendar_midnight(s->site->calendar, day->day + 1);
	d->f.first = midnight + run->from * BIN;
	draft_time(d, SENTENCE_TIME, d->f.first);
	d->v.ja[SENTENCE_DETAIL] = arena_printf(arena,
	    "%d分間続いて%s、最も離れた5分間に%llu件、通常は%.0f件、z=%.1f",
	    run->n * 5, way > 0 ? "多く" : "少なく",
	    (unsigned long long)run->count, run->of, run->z);
	d->v.en[SENTENCE_DETAIL] = arena_printf(arena,
	    "%s for %d minutes: %llu in the farthest five, usually %.0f, "
	    "z=%.1f",
	    way > 0 ? "more" : "fewer", run->n * 5,
	    (unsigned long long)run->count, run->of, run->z);
	finding_count(&d->f, "", "records", "", run->count);
	finding_figure(&d->f, "", "median", "", run->of, 1);
	finding_figure(&d->f, "", "z", "", run->z, 1);
	finding_count(&d->f, "", "minutes", "minutes", (uint64_t)run->n * 5);
	draft_cite(d, &day->cites.first);
	if (day->n > 1)
		draft_cite(d, &day->cites.last);
	draft_end(d);
	outbox_add(out, &d->f);
}

/* The longest run of one way; of equally long ones the first. */
static void
longest(const struct senders *s, const struct sender *x, size_t i, int64_t now,
    struct run best[2], struct arena *arena)
{
	int64_t at = calendar_midnight(s->site->calendar, x->day[i]->day);
	struct refs *r = arena_alloc(arena, sizeof(*r));
	struct run run = { 0 };
	int b, way, was = 0;
	double z;

	for (b = 0; b < BINS; b++, at += BIN) {
		if (b % BINS_HOUR == 0)
			gather(s, x, i, b / BINS_HOUR, r);
		way = at + BIN <= now && senders_missed(s, at, at + BIN) == 0
		    ? judge_bin(s, r, x->day[i]->bin[b].n, &z)
		    : 0;
		if (way != was)
			run = (struct run){ .from = b };
		was = way;
		if (way == 0)
			continue;
		run.n++;
		if (fabs(z) > fabs(run.z)) {
			run.z = z;
			run.of = r->median;
			run.count = x->day[i]->bin[b].n;
		}
		if (run.n > best[way > 0].n)
			best[way > 0] = run;
	}
}

void
sender_rate(const struct senders *s, const struct sender *x, size_t i,
    int64_t now, struct outbox *out, struct arena *arena)
{
	int least = (int)settings_count(s->site->settings, SETTING_RATE_BINS);
	struct run best[2] = { 0 };

	outbox_scope(out,
	    span_str(arena_printf(arena, "%s %s %lld", s->rate->id, x->key,
		(long long)x->day[i]->day)));
	if (i == 0)
		return;
	longest(s, x, i, now, best, arena);
	if (best[0].n >= least)
		deliver(s, x, i, -1, &best[0], out, arena);
	if (best[1].n >= least)
		deliver(s, x, i, 1, &best[1], out, arena);
}
