/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/settled.h"

#include "analyzer/rule/gather.h"
#include "analyzer/rule/scope.h"
#include "common/utc.h"

/* Every fact that the rule may ask for: that it is not so. */
static struct span
is_not(void *arg, uint32_t field)
{
	(void)arg;
	(void)field;
	return SPAN("no");
}

/* The fact that a history asks for, if it asks for nothing else. */
static enum settled
asks_for(const struct detection *d)
{
	static const enum fact facts[] = { [SETTLED_USED] =
						FACT_ACCOUNT_DORMANT,
		[SETTLED_SOURCE] = FACT_SOURCE_NEW,
		[SETTLED_NETWORK] = FACT_NETWORK_NEW };
	uint32_t field, n = 0;
	unsigned by;

	for (field = 0; field < (uint32_t)ECS_COUNT + FACT_COUNT; field++)
		n += detection_asks(d, field);
	for (by = SETTLED_USED; n == 1 && by <= SETTLED_NETWORK; by++)
		if (detection_asks(d, ECS_COUNT + facts[by]))
			return (enum settled)by;
	return SETTLED_NEVER;
}

static bool
fits_without(const struct detection *d)
{
	struct view v;
	bool fits;

	scope_view_init(&v);
	view_clear(&v);
	v.derive = is_not;
	fits = detection_match(d, &v);
	view_fini(&v);
	return fits;
}

/* Dormancy is one answer for a day: then a window is settled as a whole. */
static bool
is_of_a_day(const struct rule *r)
{
	return (r->keys & RULE_KEY_USER) != 0 && r->window > 0 &&
	    UTC_DAY % r->window == 0;
}

/* Without its ledgers a rule says 判定不可, whatever its history. */
enum settled
settled_by(const struct rule *r, const struct fact_site *site)
{
	enum settled by;

	if (r->detector != RULE_EVENTS || r->history == NULL ||
	    r->baseline.measure != RULE_MEASURE_NONE || r->novel.n > 0 ||
	    !gather_has_ledgers(r, site->ledgers))
		return SETTLED_NEVER;
	by = asks_for(r->history);
	if (by == SETTLED_NEVER || fits_without(r->history) ||
	    (by == SETTLED_USED && !is_of_a_day(r)))
		return SETTLED_NEVER;
	return by;
}

static bool
was_used(struct facts *fs, const struct usage *usage)
{
	const struct settings *set = fs->site->settings;
	uint64_t a = settings_count(set, SETTING_ACC_DORMANT);
	uint64_t b = settings_count(set, SETTING_ACC_DORMANT_PRIV);
	int64_t day = calendar_day(fs->site->calendar, fs->time), last;

	return usage_last_before(usage, facts_actor(fs)->user_key, day,
		   &last) &&
	    day - last < (int64_t)(a < b ? a : b);
}

bool
settled_is(enum settled by, struct facts *fs, const struct usage *usage)
{
	const struct fact_actor *a = facts_actor(fs);
	int64_t first;

	if (by == SETTLED_NEVER || a->user_key.len == 0)
		return false;
	if (by == SETTLED_USED)
		return was_used(fs, usage);
	return a->has_source &&
	    (by == SETTLED_SOURCE ? usage_first_from : usage_first_near)(usage,
		a->user_key, &a->source, &first) &&
	    first < fs->time;
}
