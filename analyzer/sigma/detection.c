/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/detection.h"

#include "analyzer/sigma/detection_tree.h"
#include "analyzer/sigma/moment.h"
#include "common/literals.h"
#include "common/utc.h"

#define POWER_MAX 400 /* what is beyond is 0 or infinite anyway */

/* "e-3", all of s: what it multiplies by. */
static bool
power_of_ten(struct span s, double *v)
{
	bool minus = s.len > 1 && s.p[1] == '-';
	size_t i = minus || (s.len > 1 && s.p[1] == '+') ? 2 : 1;
	unsigned n = 0;

	if (i >= s.len)
		return false;
	for (; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (n < POWER_MAX)
			n = n * 10 + (s.p[i] - '0');
	}
	for (*v = 1; n > 0; n--)
		*v = minus ? *v / 10 : *v * 10;
	return true;
}

bool
detection_number(struct span s, double *v)
{
	bool minus = s.len > 0 && s.p[0] == '-', dot = false;
	double n = 0, unit = 1, power = 1;
	size_t i, digits = 0;

	for (i = minus || (s.len > 0 && s.p[0] == '+'); i < s.len && i < 30;
	     i++) {
		if (s.p[i] == '.' && !dot && digits > 0) {
			dot = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			break;
		n = n * 10 + (s.p[i] - '0');
		unit *= dot ? 10 : 1;
		digits++;
	}
	if (digits == 0 || s.p[i - 1] == '.' ||
	    (i < s.len && ((s.p[i] | 0x20) != 'e' ||
		!power_of_ten(span_sub(s, i, s.len), &power))))
		return false;
	*v = (minus ? -n : n) / unit * power;
	return true;
}

/* ISO 8601: the week that has the year's first Thursday is its first. */
static int
week_of(const struct utc_civil *c)
{
	int64_t day = utc_days(c->year, c->month, c->day);
	int64_t thursday = day - (utc_weekday(day) + 6) % 7 + 3;
	int year, month, mday;

	utc_date(thursday, &year, &month, &mday);
	return (int)((thursday - utc_days(year, 1, 1)) / 7) + 1;
}

static bool
part_of(enum item_part part, struct span s, double *v)
{
	struct utc_civil c;
	int64_t usec;
	int zone;

	if (moment_parse(s, &usec, &zone) == -1)
		return false;
	utc_to_civil(usec, zone, &c);
	*v = part == PART_MINUTE ? c.minute
	    : part == PART_HOUR	 ? c.hour
	    : part == PART_DAY	 ? c.day
	    : part == PART_WEEK	 ? week_of(&c)
	    : part == PART_MONTH ? c.month
				 : c.year;
	return true;
}

static bool
compares(const struct item *it, const struct test *t, struct span s)
{
	double n;

	if (it->part != PART_NONE ? !part_of(it->part, s, &n)
				  : !detection_number(s, &n))
		return false;
	return t->kind == TEST_EQ ? n == t->number
	    : t->kind == TEST_GT  ? n > t->number
	    : t->kind == TEST_GTE ? n >= t->number
	    : t->kind == TEST_LT  ? n < t->number
				  : n <= t->number;
}

/* One of the values of another field is at that place of s. */
static bool
refers(const struct test *t, struct view_value *at, struct view *v)
{
	struct span s = t->cased ? at->text : view_folded(v, at);
	struct view_value *o;

	for (o = view_first(v, t->other); o != NULL; o = view_next(v, o))
		if (!o->null && !o->bare &&
		    pattern_stands(s, t->cased ? o->text : view_folded(v, o),
			t->place))
			return true;
	return false;
}

static bool
searches(const struct test *t, struct span s, struct view *v)
{
	int rc = regex_search(t->regex, v->match, s);

	v->overruns += rc == -1;
	return rc == 1;
}

/* Folding only shortens, so what is too short need not be folded. */
static bool
stands(const struct pattern *p, struct view_value *o, struct view *v)
{
	if (p->simple && p->core.len > o->text.len)
		return false;
	if (p->simple && p->core.len == 0 && p->place != PATTERN_WHOLE)
		return true;
	return pattern_match(p, o->text,
	    p->cased ? o->text : view_folded(v, o));
}

/* A value that is there, against one form of the rule's. */
static bool
form_fits(const struct item *it, const struct test *t, struct view_value *o,
    struct view *v)
{
	struct address a;

	if (o->bare)
		return t->kind == TEST_EXISTS && t->exists;
	switch (t->kind) {
	case TEST_PATTERN:
		return stands(&t->pattern, o, v);
	case TEST_REGEX:
		return searches(t, o->text, v);
	case TEST_CIDR:
		return address_parse(o->text, &a) == 0 &&
		    prefix_holds(&t->prefix, &a);
	case TEST_EXISTS:
		return t->exists;
	case TEST_FIELD:
		return refers(t, o, v);
	case TEST_NULL:
		return false;
	case TEST_EQ:
	case TEST_GT:
	case TEST_GTE:
	case TEST_LT:
	case TEST_LTE:
		break;
	}
	return compares(it, t, o->text);
}

static bool
text_fits(const struct item *it, const struct value *val, struct view_value *o,
    struct view *v)
{
	size_t i;

	for (i = 0; i < val->n; i++)
		if (form_fits(it, &val->form[i], o, v))
			return true;
	return false;
}

/* Nothing is there: null is that, and exists may ask for it. */
static bool
nothing_fits(const struct value *val)
{
	return val->form[0].kind == TEST_NULL ||
	    (val->form[0].kind == TEST_EXISTS && !val->form[0].exists);
}

static bool
keyword_fits(const struct item *it, const struct value *val, struct view *v)
{
	uint32_t i;

	if (v->whole.text.len > 0 && text_fits(it, val, &v->whole, v))
		return true;
	for (i = 0; i < v->n; i++)
		if (!v->v[i].null && text_fits(it, val, &v->v[i], v))
			return true;
	return false;
}

bool
detection_fits(const struct item *it, const struct value *val, struct view *v)
{
	struct view_value derived = { .field = it->field }, *o;
	bool present = false;

	if (it->keyword)
		return keyword_fits(it, val, v);
	if (it->field >= v->nfield && v->derive != NULL) {
		derived.text = view_derive(v, it->field);
		return derived.text.len > 0 ? text_fits(it, val, &derived, v)
					    : nothing_fits(val);
	}
	for (o = view_first(v, it->field); o != NULL; o = view_next(v, o)) {
		if (o->null)
			continue;
		if (text_fits(it, val, o, v))
			return true;
		present = true;
	}
	return !present && nothing_fits(val);
}

static bool
has_word(const struct item *it, struct view *v)
{
	struct view_value *o;
	uint64_t found = 0;

	for (o = view_first(v, it->field); o != NULL && found == 0;
	     o = view_next(v, o))
		if (!o->null && !o->bare)
			literals_scan(it->words, view_folded(v, o), &found);
	return found != 0;
}

/* Whether a value is one of whole texts. */
static bool
is_text(const struct item *it, struct view_value *o, struct view *v)
{
	struct span s = view_folded(v, o);
	size_t i;

	if ((it->lengths >> s.len % 64 & 1) != 0)
		for (i = 0; i < it->n; i++)
			if (span_same(it->values[i].form->pattern.core, s))
				return true;
	return false;
}

static bool
has_text(const struct item *it, struct view *v)
{
	struct view_value derived = { .field = it->field }, *o;

	if (it->field >= v->nfield && v->derive != NULL) {
		derived.text = view_derive(v, it->field);
		return derived.text.len > 0 && is_text(it, &derived, v);
	}
	for (o = view_first(v, it->field); o != NULL; o = view_next(v, o))
		if (!o->null && !o->bare && is_text(it, o, v))
			return true;
	return false;
}

static bool
item_fits(const struct item *it, struct view *v)
{
	bool fits = it->all;
	size_t i;

	if (it->words != NULL && (it->field < v->nfield || v->derive == NULL))
		return has_word(it, v) != it->negate;
	if (it->lengths != 0)
		return has_text(it, v) != it->negate;
	for (i = 0; i < it->n && fits == it->all; i++)
		fits = detection_fits(it, &it->values[i], v);
	return fits != it->negate;
}

bool
detection_tests(const struct item *it, struct view *v)
{
	uint32_t *answer = view_answer(v, it->number);

	if (*answer >> 1 != v->event)
		*answer = v->event << 1 | item_fits(it, v);
	return (*answer & 1) != 0;
}

bool
detection_selects(const struct selection *s, struct view *v)
{
	const struct alternative *a;
	const struct item *it;

	for (a = s->first; a != NULL; a = a->next) {
		for (it = a->first; it != NULL; it = it->next)
			if (!detection_tests(it, v))
				break;
		if (it == NULL)
			return true;
	}
	return false;
}

struct asked {
	const struct detection *d;
	struct view *v;
};

static bool
holds(void *arg, size_t i)
{
	struct asked *a = arg;

	return detection_selects(&a->d->selections[i], a->v);
}

bool
detection_match(const struct detection *d, struct view *v)
{
	struct asked a = { d, v };

	return condition_holds(d->condition, holds, &a);
}

static bool
item_asks(const struct item *it, uint32_t field)
{
	size_t i, k;

	if (it->keyword || it->field == field)
		return true;
	for (i = 0; i < it->n; i++)
		for (k = 0; k < it->values[i].n; k++)
			if (it->values[i].form[k].kind == TEST_FIELD &&
			    it->values[i].form[k].other == field)
				return true;
	return false;
}

bool
detection_asks(const struct detection *d, uint32_t field)
{
	const struct alternative *a;
	const struct item *it;
	size_t i;

	for (i = 0; d != NULL && i < d->n; i++)
		for (a = d->selections[i].first; a != NULL; a = a->next)
			for (it = a->first; it != NULL; it = it->next)
				if (item_asks(it, field))
					return true;
	return false;
}
