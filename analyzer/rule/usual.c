/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/usual.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/hashes.h"
#include "analyzer/rule/repeat.h"
#include "analyzer/rule/session.h"
#include "common/utc.h"

#define HOURS_OF_WEEK 168
#define REFS 1024      /* more than three hours of each of a year's days */
#define NSEC_PER_USEC 1000
#define LONGEST 31     /* days that one record is spread over */
#define NEVER (INT64_MAX / 2)

struct slot {
	int64_t at; /* hour or day of the site's clock */
	uint64_t amount;
	bool odd; /* unusual: no reference; right below odd_from */
};

struct stretch { /* hours or days; until is not part of it */
	int64_t from, until;
};

struct past { /* of one key of one rule */
	struct slot *v; /* by at */
	size_t n, cap;
	int64_t odd_from; /* from here on odd must be worked out */
	bool daily;
	struct stretch *normal; /* as people judged */
	size_t n_normal, cap_normal;
};

struct usual {
	const struct fact_site *site;
	struct index *by_key;
	struct hashes *values; /* of keys in an hour or day */
	struct past *v;
	size_t n, cap, slots;
	struct session *sessions;
	struct repeat *repeats;
	const char *origin; /* of the record that was last looked at */
	uint64_t index;
	bool repeated;
	struct buf key;
	uint64_t dropped;
};

struct usual *
usual_new(const struct fact_site *site)
{
	struct usual *u = calloc(1, sizeof(*u));

	if (u == NULL)
		abort();
	u->site = site;
	u->by_key = index_new();
	u->values = hashes_new();
	u->sessions = session_new();
	u->repeats = repeat_new();
	buf_init(&u->key);
	return u;
}

void
usual_free(struct usual *u)
{
	size_t i;

	if (u == NULL)
		return;
	for (i = 0; i < u->n; i++) {
		free(u->v[i].v);
		free(u->v[i].normal);
	}
	free(u->v);
	index_free(u->by_key);
	hashes_free(u->values);
	session_free(u->sessions);
	repeat_free(u->repeats);
	buf_fini(&u->key);
	free(u);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a >= 0 ? a / b : -((b - 1 - a) / b);
}

static int64_t
length_of(const struct past *p)
{
	return p->daily ? UTC_DAY : UTC_HOUR;
}

static int64_t
slot_of(const struct usual *u, const struct past *p, int64_t time)
{
	return floor_div(time + calendar_zone(u->site->calendar) * UTC_SECOND,
	    length_of(p));
}

static int64_t
day_of_slot(const struct past *p, int64_t at)
{
	return p->daily ? at : floor_div(at, 24);
}

static struct span
key_of(struct usual *u, const struct rule *r, struct span key)
{
	u->key.len = 0;
	buf_str(&u->key, r->id);
	buf_byte(&u->key, '\0');
	buf_span(&u->key, key);
	return buf_view(&u->key);
}

static struct past *
past_put(struct usual *u, const struct rule *r, struct span key)
{
	struct span whole = key_of(u, r, key);
	uint32_t i = index_get(u->by_key, whole);

	if (i != INDEX_NONE)
		return &u->v[i];
	if (u->n == USUAL_KEYS)
		return NULL;
	grow(&u->v, u->n, &u->cap, sizeof(*u->v));
	*index_put(u->by_key, whole) = (uint32_t)u->n;
	u->v[u->n] = (struct past){ .daily = r->baseline.daily };
	return &u->v[u->n++];
}

/* The position of a slot, or where it would go. */
static size_t
search(const struct past *p, int64_t at)
{
	size_t lo = 0, hi = p->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (p->v[mid].at < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct slot *
slot_get(const struct past *p, int64_t at)
{
	size_t i = search(p, at);

	return i < p->n && p->v[i].at == at ? &p->v[i] : NULL;
}

static void
book(struct usual *u, struct past *p, int64_t at, uint64_t amount,
    bool take_back)
{
	size_t i = search(p, at);

	if (i == p->n || p->v[i].at != at) {
		if (u->slots == USUAL_SLOTS) {
			u->dropped++;
			return;
		}
		u->slots++;
		grow(&p->v, p->n, &p->cap, sizeof(*p->v));
		memmove(p->v + i + 1, p->v + i, (p->n - i) * sizeof(*p->v));
		p->n++;
		p->v[i] = (struct slot){ at, 0, false };
	}
	if (!take_back)
		p->v[i].amount += amount;
	else
		p->v[i].amount -=
		    amount < p->v[i].amount ? amount : p->v[i].amount;
	if (at < p->odd_from)
		p->odd_from = at;
}

/* Bytes spread evenly over [from, until], the same way when taken back. */
static void
book_part(void *arg, const struct session_part *part, bool take_back)
{
	struct usual *u = arg;
	struct past *p = &u->v[part->record->host];
	int64_t from = part->from, total, at, end;
	uint64_t done = 0, sum;

	if (part->until - from > LONGEST * UTC_DAY)
		from = part->until - LONGEST * UTC_DAY;
	total = part->until - from;
	for (at = slot_of(u, p, from); done < part->bytes; at++) {
		end = (at + 1) * length_of(p) -
		    calendar_zone(u->site->calendar) * UTC_SECOND - from;
		sum = part->bytes;
		if (end < total)
			sum = (uint64_t)((double)part->bytes *
			    ((double)end / (double)total));
		book(u, p, at, sum - done, take_back);
		done = sum;
		if (end >= total)
			break;
	}
}

static int64_t
duration_of(const struct event *e)
{
	uint64_t nsec;

	if (event_number(e, ECS_EVENT_DURATION, &nsec) == -1 ||
	    nsec / NSEC_PER_USEC > LONGEST * UTC_DAY)
		return 0;
	return (int64_t)(nsec / NSEC_PER_USEC);
}

static bool
is_repeated(struct usual *u, const struct event *e, const char *origin)
{
	if (u->origin == NULL || u->index != e->index || u->origin != origin) {
		u->origin = origin;
		u->index = e->index;
		u->repeated = repeat_seen(u->repeats, e);
	}
	return u->repeated;
}

/*
 * Whose totals are compared: the session's number, else who from where on the
 * day that it began.  Without either each record stands for itself.
 */
static struct span
session_key(struct usual *u, const struct rule *r, const struct event *e,
    struct facts *fs, int64_t duration)
{
	static const enum ecs parts[] = { ECS_NETWORK_SESSION, ECS_TUNNEL_IP,
		ECS_SOURCE_IP };
	const struct fact_actor *a = facts_actor(fs);
	int64_t day = 0;
	size_t i;

	if (event_get(e, ECS_NETWORK_SESSION).len == 0) {
		if (duration == 0)
			return (struct span){ NULL, 0 };
		day = calendar_day(u->site->calendar, fs->time - duration);
	}
	key_of(u, r, a->user_key);
	buf_append(&u->key, &day, sizeof(day));
	buf_span(&u->key, a->device_key);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_byte(&u->key, '\0');
		buf_span(&u->key, event_get(e, parts[i]));
	}
	return buf_view(&u->key);
}

static int64_t
note_sum(struct usual *u, const struct rule *r, uint32_t number,
    const struct event *e, const char *origin, struct facts *fs)
{
	struct session_record rec = { .end = fs->time,
		.duration = duration_of(e),
		.host = number,
		.origin = origin,
		.index = e->index };

	rec.has_total = event_number(e, r->baseline.field, &rec.total) == 0;
	rec.untimed = event_get(e, ECS_EVENT_DURATION).len == 0;
	rec.interim = event_get(e, ECS_INTERIM).len > 0;
	if (!rec.has_total)
		return fs->time;
	rec.key = session_key(u, r, e, fs, rec.duration);
	if (rec.key.len == 0 && is_repeated(u, e, origin))
		return fs->time;
	(void)session_add(u->sessions, &rec, book_part, u);
	return fs->time - rec.duration;
}

/* A value counts once in each hour or day. */
static bool
is_new_value(struct usual *u, uint32_t number, int64_t at, struct span value)
{
	struct digest d;

	digest_begin(&d, hashes_seed(u->values));
	digest_add_word(&d, number);
	digest_add_word(&d, (uint64_t)at);
	digest_add(&d, value);
	digest_end(&d);
	if (hashes_has(u->values, &d))
		return false;
	if (hashes_count(u->values) == USUAL_VALUES) {
		u->dropped++;
		return false;
	}
	hashes_add(u->values, &d);
	return true;
}

int64_t
usual_note(struct usual *u, const struct rule *r, struct span key,
    const struct event *e, const char *origin, struct facts *fs)
{
	const struct rule_baseline *b = &r->baseline;
	struct past *p = past_put(u, r, key);
	struct span value;
	uint32_t number;
	int64_t at;

	if (p == NULL) {
		u->dropped++;
		return fs->time;
	}
	number = (uint32_t)(p - u->v);
	if (b->measure == RULE_MEASURE_SUM)
		return note_sum(u, r, number, e, origin, fs);
	at = slot_of(u, p, fs->time);
	if (b->measure == RULE_MEASURE_VALUES) {
		value = event_get(e, b->field);
		if (value.len > 0 && is_new_value(u, number, at, value))
			book(u, p, at, 1, false);
	} else if (!is_repeated(u, e, origin))
		book(u, p, at, 1, false);
	return fs->time;
}

/* ---- what people judged ---- */

void
usual_accept(struct usual *u, const struct rule *r, struct span key,
    int64_t from, int64_t until)
{
	struct past *p = past_put(u, r, key);

	if (p == NULL) {
		u->dropped++;
		return;
	}
	grow(&p->normal, p->n_normal, &p->cap_normal, sizeof(*p->normal));
	p->normal[p->n_normal++] = (struct stretch){ slot_of(u, p, from),
		slot_of(u, p, until - 1) + 1 };
	p->odd_from = INT64_MIN;
}

void
usual_accept_none(struct usual *u)
{
	size_t i;

	for (i = 0; i < u->n; i++) {
		if (u->v[i].n_normal == 0)
			continue;
		u->v[i].n_normal = 0;
		u->v[i].odd_from = INT64_MIN;
	}
}

static bool
is_normal(const struct past *p, int64_t at)
{
	size_t i;

	for (i = 0; i < p->n_normal; i++)
		if (at >= p->normal[i].from && at < p->normal[i].until)
			return true;
	return false;
}

/* No reference for at: what was judged with it stays as it was found. */
static bool
is_odd(const struct past *p, const struct slot *s, int64_t at)
{
	return s->odd && (is_normal(p, at) || !is_normal(p, s->at));
}

/* ---- judging ---- */

static struct usual_verdict
judge_hours(const struct usual *u, const struct rule_baseline *b,
    const struct past *p, int64_t at)
{
	const struct calendar *c = u->site->calendar;
	int class = calendar_week_class(c, day_of_slot(p, at));
	int64_t hour = at - floor_div(at, 24) * 24;
	struct usual_verdict v = { .unusual = false };
	const struct slot *s;
	size_t i;

	for (i = search(p, at - b->days * 24); i < p->n && p->v[i].at < at;
	     i++) {
		s = &p->v[i];
		v.past += s->amount;
		if (s->at - floor_div(s->at, 24) * 24 == hour &&
		    calendar_week_class(c, day_of_slot(p, s->at)) == class)
			v.same += s->amount;
	}
	v.percent = 100 * ((double)v.same + b->prior) /
	    ((double)v.past + b->prior * HOURS_OF_WEEK);
	v.unusual = v.past >= b->least && v.percent < b->percent;
	return v;
}

static bool
has_records(const struct coverage *covered, int64_t day)
{
	struct coverage_share s = coverage_share(covered, day, day);

	return s.days == 1 && s.covered == 1;
}

struct references {
	uint64_t v[REFS]; /* hours or days */
	size_t n;
	uint64_t most[REFS]; /* of hours: the largest of each day */
	size_t n_most;
};

/* What an hour was, for who judges that of at: 0 if there are records of its
 * day, and none is the key's. */
static bool
reference(const struct past *p, int64_t hour, int64_t at,
    const struct coverage *covered, uint64_t *amount)
{
	const struct slot *s;

	if (hour < p->v[0].at)
		return false;
	s = slot_get(p, hour);
	if (s != NULL ? is_odd(p, s, at)
		      : !has_records(covered, day_of_slot(p, hour)))
		return false;
	*amount = s == NULL ? 0 : s->amount;
	return true;
}

/*
 * The same hour of the week, one before and one behind, for weeks back.  A job
 * of one hour every night leaves two of the three empty, so that their median
 * says nothing of it and each night would be unusual: its largest hour is what
 * it always was.
 */
static void
hour_references(const struct usual *u, const struct rule_baseline *b,
    const struct past *p, int64_t at, const struct coverage *covered,
    struct references *r)
{
	const struct calendar *c = u->site->calendar;
	int64_t day = day_of_slot(p, at), d, k, of_day = at - day * 24;
	int class = calendar_week_class(c, day);
	uint64_t amount, most;
	size_t before;

	for (d = day - 1; d >= day - b->days && d * 24 + 24 > p->v[0].at;
	     d--) {
		if (calendar_week_class(c, d) != class)
			continue;
		before = r->n;
		most = 0;
		for (k = -1; k <= 1; k++) {
			if (r->n == REFS ||
			    !reference(p, d * 24 + of_day + k, at, covered,
				&amount))
				continue;
			r->v[r->n++] = amount;
			most = amount > most ? amount : most;
		}
		if (r->n > before)
			r->most[r->n_most++] = most;
	}
}

/* Days on which there was any, or all that have records. */
static void
day_references(const struct rule_baseline *b, const struct past *p, int64_t at,
    const struct coverage *covered, struct references *r)
{
	const struct slot *s;
	int64_t d;
	size_t i;

	for (d = at - 1; b->zero && d >= at - b->days && r->n < REFS; d--) {
		s = slot_get(p, d);
		if (s == NULL ? has_records(covered, d) : !is_odd(p, s, at))
			r->v[r->n++] = s == NULL ? 0 : s->amount;
	}
	i = b->zero ? p->n : search(p, at - b->days);
	for (; i < p->n && p->v[i].at < at; i++)
		if (r->n < REFS && !is_odd(p, &p->v[i], at) &&
		    p->v[i].amount > 0)
			r->v[r->n++] = p->v[i].amount;
}

static bool
exceeds(const struct rule_baseline *b, const struct baseline *base,
    uint64_t amount, uint64_t least)
{
	return base->n >= least &&
	    (double)amount >= b->ratio * base->median &&
	    (b->z == 0 || base->z >= b->z);
}

static struct usual_verdict
judge_amount(const struct usual *u, const struct rule_baseline *b,
    const struct past *p, const struct slot *s, const struct coverage *covered)
{
	struct usual_verdict v = { .amount = s->amount };
	double mad_floor = b->mad_floor > 0 ? b->mad_floor : 1;
	struct references r;
	struct baseline job;

	if ((double)s->amount < b->floor)
		return v;
	r.n = r.n_most = 0;
	if (p->daily)
		day_references(b, p, s->at, covered, &r);
	else
		hour_references(u, b, p, s->at, covered, &r);
	v.base = baseline_of(s->amount, r.v, r.n, mad_floor);
	v.past = v.base.n;
	v.unusual = exceeds(b, &v.base, s->amount, b->least);
	if (!v.unusual || p->daily)
		return v;
	job = baseline_of(s->amount, r.most, r.n_most, mad_floor);
	/* A day gives one of them and not three. */
	v.unusual = exceeds(b, &job, s->amount, b->least / 3);
	return v;
}

/* In the order of time, so that what is unusual is no reference. */
static void
mark_odd(const struct usual *u, const struct rule_baseline *b, struct past *p,
    const struct coverage *covered)
{
	size_t i;

	for (i = search(p, p->odd_from); i < p->n; i++)
		p->v[i].odd = false;
	for (i = search(p, p->odd_from); i < p->n; i++)
		p->v[i].odd =
		    judge_amount(u, b, p, &p->v[i], covered).unusual;
	p->odd_from = NEVER;
}

struct usual_verdict
usual_judge(struct usual *u, const struct rule *r, struct span key,
    const struct event *e, int64_t time, const struct coverage *covered)
{
	const struct rule_baseline *b = &r->baseline;
	struct usual_verdict v = { .unusual = false }, worst = v;
	uint32_t number = index_get(u->by_key, key_of(u, r, key));
	int64_t at, from;
	const struct slot *s;
	struct past *p;

	if (number == INDEX_NONE)
		return v;
	p = &u->v[number];
	at = slot_of(u, p, time);
	if (b->measure == RULE_MEASURE_HOURS)
		return judge_hours(u, b, p, at);
	mark_odd(u, b, p, covered);
	from = b->measure == RULE_MEASURE_SUM
	    ? slot_of(u, p, time - duration_of(e))
	    : at;
	for (; at >= from; at--) {
		if ((s = slot_get(p, at)) == NULL)
			continue;
		v = judge_amount(u, b, p, s, covered);
		if (v.unusual >= worst.unusual && v.amount >= worst.amount)
			worst = v;
	}
	return worst;
}

uint64_t
usual_dropped(const struct usual *u)
{
	return u->dropped + session_forgotten(u->sessions);
}
