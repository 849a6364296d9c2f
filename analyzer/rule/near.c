/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/near.h"

const char *
near_how_text(enum near_how how)
{
	static const char *const text[] = { ">=", ">", "<=", "<", "=", "!=" };

	return text[how];
}

static bool
holds(double value, enum near_how how, double limit)
{
	switch (how) {
	case NEAR_GTE:
		return value >= limit;
	case NEAR_GT:
		return value > limit;
	case NEAR_LTE:
		return value <= limit;
	case NEAR_LT:
		return value < limit;
	case NEAR_EQ:
		return value >= limit && value <= limit;
	case NEAR_NEQ:
		break;
	}
	return value < limit || value > limit;
}

bool
near_value(struct near *n, const char *name, double value, enum near_how how,
    double limit)
{
	bool yes = holds(value, how, limit);

	if (n->n < NEAR_VALUES)
		n->v[n->n++] =
		    (struct near_value){ name, value, limit, how, yes };
	return yes;
}

/* 1: it holds; else the smaller of value and limit by the larger. */
static double
share_of(const struct near_value *v)
{
	double a = v->value, b = v->limit;

	if (v->holds)
		return 1;
	if (a < 0 || b < 0)
		return 0;
	if (a > b) {
		b = a;
		a = v->limit;
	}
	return b > 0 ? a / b * 0.999 : 0;
}

double
near_share(const struct near *n)
{
	double least = 1, share;
	size_t i, yes = 0;

	for (i = 0; i < n->n; i++) {
		share = share_of(&n->v[i]);
		least = share < least ? share : least;
		yes += n->v[i].holds;
	}
	return n->n == 0 ? 0 : ((double)yes + least) / (double)(n->n + 1);
}
