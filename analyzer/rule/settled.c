/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/settled.h"

#include "analyzer/rule/gather.h"
#include "analyzer/rule/scope.h"
#include "common/utc.h"

/* Every fact that the rule may ask for: that the account is not dormant. */
static struct span
in_use(void *arg, uint32_t field)
{
	(void)arg;
	(void)field;
	return SPAN("no");
}

static bool
asks_nothing_else(const struct detection *d)
{
	uint32_t field, n = 0;

	for (field = 0; field < (uint32_t)ECS_COUNT + FACT_COUNT; field++)
		n += detection_asks(d, field);
	return n == 1 && detection_asks(d, ECS_COUNT + FACT_ACCOUNT_DORMANT);
}

static bool
fits_in_use(const struct detection *d)
{
	struct view v;
	bool fits;

	scope_view_init(&v);
	view_clear(&v);
	v.derive = in_use;
	fits = detection_match(d, &v);
	view_fini(&v);
	return fits;
}

/* Without its ledgers a rule says 判定不可, whatever its history. */
bool
settled_may(const struct rule *r, const struct fact_site *site)
{
	return r->detector == RULE_EVENTS && r->history != NULL &&
	    r->baseline.measure == RULE_MEASURE_NONE &&
	    (r->keys & RULE_KEY_USER) != 0 && r->window > 0 &&
	    UTC_DAY % r->window == 0 && asks_nothing_else(r->history) &&
	    !fits_in_use(r->history) &&
	    gather_has_ledgers(r, site->ledgers);
}

bool
settled_is(struct facts *fs, const struct usage *usage)
{
	const struct settings *set = fs->site->settings;
	uint64_t a = settings_count(set, SETTING_ACC_DORMANT);
	uint64_t b = settings_count(set, SETTING_ACC_DORMANT_PRIV);
	int64_t day = calendar_day(fs->site->calendar, fs->time), last;

	return facts_actor(fs)->user_key.len > 0 &&
	    usage_last_before(usage, facts_actor(fs)->user_key, day, &last) &&
	    day - last < (int64_t)(a < b ? a : b);
}
