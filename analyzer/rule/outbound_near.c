/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>

#include "analyzer/rule/near.h"
#include "analyzer/rule/outbound_state.h"

/* How near the layers came, for who asks. */

static struct near
begin(const struct outbound_judging *j, enum rule_layer_kind layer,
    int64_t hour)
{
	const struct rule *rule = j->o->of[layer];

	return (struct near){ .rule = rule,
		.layer = rule->layers[layer].code,
		.time = volume_hour_start(j->o->volume, hour) };
}

static void
tell(const struct outbound_judging *j, struct near *n)
{
	const struct near_told *told = j->o->site->near;
	char key[256];

	snprintf(key, sizeof(key), "host=%.*s", (int)j->h->key.len,
	    (const char *)j->h->key.p);
	n->key = key;
	told->tell(told->arg, n);
}

void
outbound_near_amount(const struct outbound_judging *j,
    enum rule_layer_kind layer, int64_t hour, uint64_t bytes, double limit)
{
	struct near n;

	if (j->o->site->near == NULL)
		return;
	n = begin(j, layer, hour);
	(void)near_value(&n, "bytes", (double)bytes, NEAR_GTE, limit);
	tell(j, &n);
}

void
outbound_near_baseline(const struct outbound_judging *j,
    enum rule_layer_kind layer, int64_t hour, uint64_t amount,
    const struct baseline *b, const struct baseline_limits *limits)
{
	struct near n;

	if (j->o->site->near == NULL)
		return;
	n = begin(j, layer, hour);
	(void)near_value(&n, "days", (double)(hour / 24 - j->exists / 24),
	    NEAR_GTE, outbound_number(j, SETTING_OUT_LEARN));
	(void)near_value(&n, "amount", (double)amount, NEAR_GTE,
	    (double)limits->bytes);
	(void)near_value(&n, "references", (double)b->n, NEAR_GTE,
	    (double)limits->n);
	(void)near_value(&n, "z", b->z, NEAR_GTE, limits->z);
	if (b->median > 0)
		(void)near_value(&n, "ratio", (double)amount / b->median,
		    NEAR_GTE, limits->ratio);
	tell(j, &n);
}

void
outbound_near_weight(struct outbound *o, const struct outbound_weight *w)
{
	const struct settings *s = o->site->settings;
	double large = settings_number(s, SETTING_COMMON_BYTES);
	struct outbound_judging j = { .o = o,
		.h = volume_host_at(o->volume, w->host) };
	struct near n = { .rule = w->rule,
		.layer = "",
		.time = volume_hour_start(o->volume, w->from) };

	if (o->site->near == NULL || w->always)
		return;
	if (w->excess + w->before >= (uint64_t)large)
		(void)near_value(&n, "excess", (double)(w->excess + w->before),
		    NEAR_GTE, large);
	else {
		(void)near_value(&n, "excess", (double)w->excess, NEAR_GT,
		    w->limit);
		(void)near_value(&n, "told_that_day", (double)w->told, NEAR_LT,
		    settings_number(s, SETTING_COMMON_DAY));
	}
	tell(&j, &n);
}
