/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/detection.h"

#include "analyzer/ledger/address.h"
#include "analyzer/rule/condition.h"
#include "analyzer/rule/detection_file.h"
#include "analyzer/rule/pattern.h"

bool
detection_number(struct span s, double *v)
{
	bool minus = s.len > 0 && s.p[0] == '-', dot = false;
	double n = 0, unit = 1;
	size_t i, digits = 0;

	for (i = minus; i < s.len && i < 30; i++) {
		if (s.p[i] == '.' && !dot && digits > 0) {
			dot = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n * 10 + (s.p[i] - '0');
		unit *= dot ? 10 : 1;
		digits++;
	}
	*v = (minus ? -n : n) / unit;
	return digits > 0 && i == s.len && s.p[i - 1] != '.';
}

static bool
compare(const struct item *it, const struct value *v, struct span s)
{
	double n;

	if (!detection_number(s, &n))
		return false;
	switch (it->test) {
	case TEST_GT:
		return n > v->number;
	case TEST_GTE:
		return n >= v->number;
	case TEST_LT:
		return n < v->number;
	case TEST_LTE:
		return n <= v->number;
	case TEST_PATTERN:
	case TEST_CIDR:
	case TEST_EXISTS:
		break;
	}
	return false;
}

static bool
value_fits(const struct item *it, const struct value *v, struct span s)
{
	struct address a;

	switch (it->test) {
	case TEST_PATTERN:
		return !v->null && pattern_match(&v->pattern, s);
	case TEST_CIDR:
		return address_parse(s, &a) == 0 &&
		    prefix_holds(&v->prefix, &a);
	case TEST_EXISTS:
		return v->exists;
	case TEST_GT:
	case TEST_GTE:
	case TEST_LT:
	case TEST_LTE:
		break;
	}
	return compare(it, v, s);
}

/* Whether one of the field's values fits v; without any, only absence does. */
static bool
field_fits(const struct item *it, const struct value *v, const struct event *e,
    struct facts *fs)
{
	bool present = false;
	struct span s;
	size_t i;

	if (it->is_fact) {
		s = facts_get(fs, it->fact);
		if (s.len > 0)
			return value_fits(it, v, s);
	} else if (it->field == ECS_MESSAGE) {
		s = event_get(e, ECS_MESSAGE);
		s = s.len > 0 ? s : e->message;
		if (s.len > 0)
			return value_fits(it, v, s);
	} else
		for (i = 0; i < e->n; i++) {
			if (e->f[i].field != it->field)
				continue;
			if (value_fits(it, v, e->f[i].value))
				return true;
			present = true;
		}
	return !present && (it->test == TEST_EXISTS ? !v->exists : v->null);
}

static bool
item_fits(const struct item *it, const struct event *e, struct facts *fs)
{
	size_t i;

	for (i = 0; i < it->n; i++)
		if (field_fits(it, &it->values[i], e, fs) != it->all)
			return !it->all;
	return it->all;
}

static bool
selection_fits(const struct selection *s, const struct event *e,
    struct facts *fs)
{
	const struct alternative *a;
	const struct item *it;

	for (a = s->first; a != NULL; a = a->next) {
		for (it = a->first; it != NULL; it = it->next)
			if (!item_fits(it, e, fs))
				break;
		if (it == NULL)
			return true;
	}
	return false;
}

struct match {
	const struct detection *d;
	const struct event *e;
	struct facts *fs;
};

static bool
holds(void *arg, size_t i)
{
	struct match *m = arg;

	return selection_fits(&m->d->selections[i], m->e, m->fs);
}

bool
detection_match(const struct detection *d, const struct event *e,
    struct facts *fs)
{
	struct match m = { d, e, fs };

	return condition_holds(d->condition, holds, &m);
}
