/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_state.h"

#include <stdlib.h>

#include "analyzer/rule/grow.h"

/*
 * What only days tell: a day that is too large, seven days that are, and a
 * drift, day by day a little more than there should be.
 */
#define REFS 512	/* a year's days, and more */
#define WEEKS 8		/* before this one */
#define DRIFT_STEP 3.0	/* what one day alone does is for the daily layer */

static bool
same_class(struct outbound *o, int64_t a, int64_t b)
{
	int p = outbound_class(o, a), q = outbound_class(o, b);

	p = p == 0 || p == 6 ? p : 1;
	q = q == 0 || q == 6 ? q : 1;
	return p == q;
}

static bool
is_reference(const struct outbound_judging *j, const struct outbound_day *d)
{
	return (!d->told || (d->normal && !j->settled)) &&
	    d->hours >= outbound_count(j, SETTING_DAY_HOURS);
}

/*
 * A day against those of its class, and against its day of the week, holiday
 * or not: a weekly job makes one day of five what the others never are.
 */
static void
compare(const struct outbound_judging *j, int64_t day, uint64_t bytes,
    struct baseline *class, struct baseline *week)
{
	int64_t back = (int64_t)outbound_count(j, SETTING_OUT_HISTORY);
	double mad_floor = outbound_number(j, SETTING_DAY_MAD);
	uint64_t refs[REFS], same[REFS];
	const struct outbound_day *d;
	size_t i, n = 0, m = 0;

	for (i = j->hits->n_past; i-- > 0 && n < REFS && m < REFS;) {
		d = &j->hits->past[i];
		if (d->day < day - back)
			break;
		if (d->day >= day || !is_reference(j, d))
			continue;
		if (same_class(j->o, d->day, day))
			refs[n++] = d->all;
		if ((day - d->day) % 7 == 0)
			same[m++] = d->all;
	}
	*class = baseline_of(bytes, refs, n, mad_floor);
	*week = baseline_of(bytes, same, m, mad_floor);
}

static bool
has_learned(const struct outbound_judging *j, int64_t day)
{
	return day - j->exists / 24 >=
	    (int64_t)outbound_count(j, SETTING_OUT_LEARN);
}

uint64_t
outbound_day_excess(struct outbound_judging *j, int64_t day)
{
	const struct outbound_hits *hits = j->hits;
	struct baseline class, week;
	uint64_t all;
	int64_t at;

	if (hits->n_past == 0 ||
	    (at = day - hits->past[0].day) < 0 || at >= (int64_t)hits->n_past)
		return 0;
	all = hits->past[at].all;
	j->settled = outbound_is_normal(j, day * 24, day * 24 + 24);
	compare(j, day, all, &class, &week);
	return class.n >= outbound_count(j, SETTING_DAY_N) &&
		(double)all > class.median
	    ? all - (uint64_t)class.median
	    : 0;
}

static struct baseline_limits
day_limits(const struct outbound_judging *j)
{
	return (struct baseline_limits){ outbound_count(j, SETTING_DAY_N),
		outbound_number(j, SETTING_DAY_Z),
		outbound_number(j, SETTING_DAY_MAD),
		outbound_count(j, SETTING_DAY_BYTES),
		outbound_number(j, SETTING_DAY_RATIO) };
}

/*
 * Where days differ much, z asks for more than anybody could carry out: of
 * what is large by itself less is enough.
 */
static void
ease(const struct outbound_judging *j, const struct baseline *b, uint64_t sum,
    struct baseline_limits *limits)
{
	double large = outbound_number(j, SETTING_DAY_LARGE);
	double z = outbound_number(j, SETTING_DAY_LARGE_Z);

	if ((double)sum - b->median >= large && z < limits->z)
		limits->z = z;
}

/* The ratio that is told is that to the larger: both must be exceeded. */
static void
tell_near(const struct outbound_judging *j, int64_t day, uint64_t sum,
    struct baseline class, const struct baseline *week)
{
	struct baseline_limits limits = day_limits(j);

	ease(j, &class, sum, &limits);
	if (week->n >= BASELINE_HABIT && week->median > class.median)
		class.median = week->median;
	outbound_near_baseline(j, RULE_LAYER_DAY, day * 24, sum, &class,
	    &limits);
}

static void
judge_daily(struct outbound_judging *j, const struct volume_day *d)
{
	struct baseline_limits limits = day_limits(j);
	struct baseline class, week;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < 24; i++)
		sum += d->hours[i].bytes;
	if ((sum < limits.bytes || !has_learned(j, d->day)) &&
	    j->o->site->near == NULL)
		return;
	j->settled = outbound_is_normal(j, d->day * 24, d->day * 24 + 24);
	compare(j, d->day, sum, &class, &week);
	ease(j, &class, sum, &limits);
	tell_near(j, d->day, sum, class, &week);
	if (!has_learned(j, d->day) ||
	    !baseline_exceeds(&class, sum, &limits) ||
	    (week.n >= BASELINE_HABIT &&
		(double)sum < limits.ratio * week.median))
		return;
	grow(&j->hits->days, j->hits->n_days, &j->hits->cap_days,
	    sizeof(*j->hits->days));
	j->hits->days[j->hits->n_days++] =
	    (struct outbound_hit){ .hour = d->day * 24,
		    .layers = 1u << RULE_LAYER_DAY,
		    .level[RULE_LAYER_DAY] =
			j->o->of[RULE_LAYER_DAY]->layers[RULE_LAYER_DAY].level,
		    .base = class,
		    .bytes = sum };
}

static struct outbound_slow *
add_slow(struct outbound_judging *j, enum rule_layer_kind layer, int64_t from,
    int64_t day)
{
	struct outbound_hits *hits = j->hits;

	grow(&hits->slow, hits->n_slow, &hits->cap_slow, sizeof(*hits->slow));
	hits->slow[hits->n_slow] = (struct outbound_slow){ .from = from * 24,
		.until = day * 24 + 24,
		.layer = layer };
	return &hits->slow[hits->n_slow++];
}

/* One step of the CUSUM, from the day before to this one. */
static void
drift(struct outbound_judging *j, struct outbound_day *d)
{
	double mad_floor = outbound_number(j, SETTING_DAY_MAD), z, usual;
	struct baseline class, week;
	struct outbound_slow *slow;
	bool habit;

	if (d->told || !is_reference(j, d) || !has_learned(j, d->day))
		return;
	compare(j, d->day, d->bytes, &class, &week);
	if (class.n < outbound_count(j, SETTING_DAY_N))
		return;
	habit = week.n >= BASELINE_HABIT && week.median > class.median;
	usual = habit ? week.median : class.median;
	z = (class.x - (habit ? week.x_median : class.x_median)) /
	    (class.mad > mad_floor ? class.mad : mad_floor);
	z = z > DRIFT_STEP ? DRIFT_STEP : z;
	if (d->drift <= 0) {
		d->rose = d->day;
		d->excess = 0;
	}
	d->drift += z - outbound_number(j, SETTING_SLOW_K);
	d->excess += (double)d->bytes - usual;
	if (d->drift <= 0)
		d->drift = d->excess = 0;
	if (d->drift < outbound_number(j, SETTING_SLOW_H) ||
	    d->excess < (double)outbound_count(j, SETTING_SLOW_BYTES))
		return;
	slow = add_slow(j, RULE_LAYER_DRIFT, d->rose, d->day);
	slow->drift = d->drift;
	slow->bytes = (uint64_t)d->excess;
	d->drift = d->excess = 0;
}

/* Seven days that end with past[last]; false if too little is known of them. */
static bool
seven_days(const struct outbound_judging *j, size_t last, uint64_t *bytes)
{
	uint64_t hours = 0;
	size_t i;

	*bytes = 0;
	for (i = last - 6; i <= last; i++) {
		*bytes += j->hits->past[i].bytes;
		hours += j->hits->past[i].hours;
	}
	return hours >= 7 * outbound_count(j, SETTING_DAY_HOURS);
}

static void
judge_week(struct outbound_judging *j)
{
	const struct outbound_hits *hits = j->hits;
	uint64_t sum, refs[WEEKS];
	struct outbound_slow *slow;
	struct baseline b;
	size_t i, n = 0;

	if (hits->n_past < 7)
		return;
	(void)seven_days(j, hits->n_past - 1, &sum);
	outbound_near_amount(j, RULE_LAYER_WEEK,
	    hits->past[hits->n_past - 7].day * 24, sum,
	    outbound_number(j, SETTING_SLOW_BYTES));
	if (sum < outbound_count(j, SETTING_SLOW_BYTES))
		return;
	for (i = 1; i <= WEEKS && hits->n_past >= 7 * (i + 1); i++)
		if (seven_days(j, hits->n_past - 1 - 7 * i, &refs[n]))
			n++;
	b = baseline_of(sum, refs, n, outbound_number(j, SETTING_DAY_MAD));
	if (n < outbound_count(j, SETTING_SLOW_WEEKS) ||
	    (double)sum < outbound_number(j, SETTING_SLOW_RATIO) * b.median)
		return;
	slow = add_slow(j, RULE_LAYER_WEEK, hits->past[hits->n_past - 7].day,
	    hits->past[hits->n_past - 1].day);
	slow->bytes = sum;
	slow->median = (uint64_t)b.median;
	slow->n = n;
}

/* One more day; h: its hours, or NULL if it had no traffic. */
static void
pass(struct outbound_judging *j, int64_t day, const struct volume_day *h)
{
	struct outbound_hits *hits = j->hits;
	const struct outbound_day *before =
	    hits->n_past > 0 ? &hits->past[hits->n_past - 1] : NULL;
	struct outbound_day d = { .day = day };
	uint64_t bytes;
	int64_t hour;
	bool told;
	size_t k;

	if (before != NULL) {
		d.drift = before->drift;
		d.excess = before->excess;
		d.rose = before->rose;
	}
	d.normal = outbound_is_normal(j, day * 24, day * 24 + 24);
	for (k = 0; k < 24; k++) {
		hour = day * 24 + (int64_t)k;
		if (hour < j->exists ||
		    !volume_covered(j->o->volume, j->h, hour))
			continue;
		d.hours++;
		bytes = h != NULL ? h->hours[k].bytes : 0;
		d.all += bytes;
		j->settled = true;
		told = outbound_is_told(j, hour);
		j->settled = false;
		d.told |= told;
		/* Some was told and not judged: none of it is a reference. */
		d.normal &= !outbound_is_told(j, hour);
		d.bytes += told ? 0 : bytes;
	}
	if (j->o->of[RULE_LAYER_DRIFT] != NULL)
		drift(j, &d);
	grow(&hits->past, hits->n_past, &hits->cap_past, sizeof(*hits->past));
	hits->past[hits->n_past++] = d;
}

void
outbound_judge_day(struct outbound_judging *j, const struct volume_day *d)
{
	int64_t back = (int64_t)outbound_count(j, SETTING_OUT_HISTORY), day;

	if (j->hits->n_past > 0)
		day = j->hits->past[j->hits->n_past - 1].day + 1;
	else {
		day = j->exists / 24;
		if (day < d->day - back - 7 * (WEEKS + 1))
			day = d->day - back - 7 * (WEEKS + 1);
	}
	for (; day < d->day; day++)
		pass(j, day, NULL);
	if (j->o->of[RULE_LAYER_DAY] != NULL)
		judge_daily(j, d);
	pass(j, d->day, d);
	if (j->o->of[RULE_LAYER_WEEK] != NULL)
		judge_week(j);
}

void
outbound_forget_days(struct outbound_judging *j)
{
	struct outbound_hits *hits = j->hits;
	size_t i, kept = 0;

	while (hits->n_days > 0 &&
	    hits->days[hits->n_days - 1].hour + 24 > j->from)
		hits->n_days--;
	while (hits->n_past > 0 &&
	    hits->past[hits->n_past - 1].day * 24 + 24 > j->from)
		hits->n_past--;
	for (i = 0; i < hits->n_slow; i++)
		if (hits->slow[i].until <= j->from)
			hits->slow[kept++] = hits->slow[i];
	hits->n_slow = kept;
}
