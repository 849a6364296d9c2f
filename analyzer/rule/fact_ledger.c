/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact_ledger.h"

#include "analyzer/ledger/sheet.h"
#include "common/num.h"
#include "common/utc.h"

#define NOTHING ((struct span){ NULL, 0 })
#define NSEC_PER_USEC 1000
#define NSEC_PER_MINUTE UINT64_C(60000000000)

static struct span
yes(bool b)
{
	return b ? SPAN("yes") : SPAN("no");
}

/* What a name is written in; only two of one script can be compared. */
enum script { LETTERS, KANA, KANJI };

static enum script
script_of(struct span s)
{
	bool letters = true, kana = true;
	size_t i;

	for (i = 0; i < s.len; i++) {
		letters &= s.p[i] < 0x80;
		/* U+3040 to U+30FF, the second byte told by the first. */
		if (s.p[i] >= 0xc0)
			kana &= s.p[i] == 0xe3 && i + 1 < s.len &&
			    s.p[i + 1] >= 0x81 && s.p[i + 1] <= 0x83;
		else if (s.p[i] < 0x80)
			kana = false;
	}
	return letters ? LETTERS : kana ? KANA : KANJI;
}

static struct span
account_name(struct facts *fs, const struct account *a)
{
	struct span logged =
	    sheet_key(facts_field(fs, ECS_USER_FULL_NAME), fs->arena);

	if (logged.len == 0 || a->full_name.len == 0)
		return NOTHING;
	if (span_eq(logged, a->full_name))
		return SPAN("same");
	if (script_of(logged) != script_of(a->full_name) ||
	    script_of(logged) == KANA)
		return NOTHING;
	return SPAN("different");
}

static bool
has_duty(const struct plans *duty, struct span key)
{
	struct span cell, value;
	size_t i;

	for (i = 0; i < plans_count(duty); i++) {
		cell = plans_at(duty, i)->users;
		while (sheet_next_value(&cell, &value))
			if (span_eq(value, key))
				return true;
	}
	return false;
}

static struct span
account_roster(struct facts *fs, const struct account *a)
{
	bool known = false;

	if (a->shifts.len > 0)
		(void)calendar_in_shifts(fs->site->calendar, a->shifts,
		    fs->time, &known);
	return yes(known || has_duty(fs->site->ledgers->duty, a->key));
}

static struct span
account_fact(struct facts *fs, enum fact f)
{
	const struct account *a = facts_actor(fs)->account;

	if (a == NULL)
		return NOTHING;
	if (f == FACT_ACCOUNT_DEPT)
		return a->department;
	if (f == FACT_ACCOUNT_NAME)
		return account_name(fs, a);
	if (f == FACT_ACCOUNT_ROSTER)
		return account_roster(fs, a);
	return yes(a->watched);
}

/* "CN=..." or a SID: a directory's own names, which no ledger has. */
static bool
is_entry(struct span name)
{
	return span_starts(name, SPAN("CN=")) ||
	    span_starts(name, SPAN("S-1-5-"));
}

static struct span
target_known(struct facts *fs)
{
	struct span name = facts_field(fs, ECS_USER_TARGET_NAME);
	enum account_match match;
	const struct account *a;

	if (name.len == 0 || is_entry(name) || !fs->site->ledgers->has_accounts)
		return NOTHING;
	match = accounts_find(fs->site->ledgers->accounts, name, &a);
	if (match == ACCOUNT_AMBIGUOUS)
		return SPAN("ambiguous");
	return yes(match != ACCOUNT_MISSING);
}

/* A setting is made and taken back under one name, or by one command. */
static struct span
change_key(struct facts *fs)
{
	static const char *const backs[] = { "no ", "undo ", "delete " };
	struct span path = facts_field(fs, ECS_CONFIG_PATH);
	struct span object = facts_field(fs, ECS_CONFIG_OBJECT);
	struct span s = facts_field(fs, ECS_CONFIG_CHANGE);
	size_t i;

	if (path.len > 0 || object.len > 0)
		return sheet_key(span_str(arena_printf(fs->arena, "%.*s %.*s",
				     (int)path.len, (const char *)path.p,
				     (int)object.len,
				     (const char *)object.p)),
		    fs->arena);
	for (i = 0; i < sizeof(backs) / sizeof(backs[0]); i++)
		if (span_starts(s, span_str(backs[i]))) {
			s = span_sub(s, strlen(backs[i]), s.len);
			break;
		}
	return s.len > 0 ? sheet_key(s, fs->arena) : NOTHING;
}

static bool
duration(const struct facts *fs, uint64_t *nsec)
{
	return num_parse(facts_field(fs, ECS_EVENT_DURATION), INT64_MAX,
		   nsec) == 0;
}

static struct span
plan_exceeded(struct facts *fs)
{
	const struct plans *plans = fs->site->ledgers->maintenance;
	int64_t grace = settings_usec(fs->site->settings, SETTING_ADM_GRACE);
	struct plan_act act = fact_act(fs, grace);
	uint64_t nsec;

	if (plans_covering(plans, &act) != NULL)
		return SPAN("no");
	act.anywhere = true;
	if (plans_covering(plans, &act) != NULL)
		return SPAN("device");
	if (!duration(fs, &nsec))
		return SPAN("no");
	act.time -= (int64_t)(nsec / NSEC_PER_USEC);
	return plans_covering(plans, &act) != NULL ? SPAN("time") : SPAN("no");
}

static struct span
session_minutes(struct facts *fs)
{
	uint64_t nsec;

	if (!duration(fs, &nsec))
		return NOTHING;
	return span_str(arena_printf(fs->arena, "%llu",
	    (unsigned long long)(nsec / NSEC_PER_MINUTE)));
}

/* Whether a midnight and the hours behind it lie within. */
static struct span
session_night(struct facts *fs)
{
	int64_t hours = (int64_t)settings_count(fs->site->settings,
	    SETTING_VPN_NIGHT);
	int64_t zone = calendar_zone(fs->site->calendar) * UTC_SECOND;
	int64_t start, midnight;
	uint64_t nsec;

	if (!duration(fs, &nsec))
		return NOTHING;
	start = fs->time + zone - (int64_t)(nsec / NSEC_PER_USEC);
	midnight = start + UTC_DAY - 1;
	midnight -= (midnight % UTC_DAY + UTC_DAY) % UTC_DAY;
	return yes(fs->time + zone >= midnight + hours * UTC_HOUR);
}

/* A console has no source, and what the device calls itself is none. */
static struct span
source_manager(struct facts *fs)
{
	const struct devices *ds = fs->site->ledgers->devices;
	const struct fact_actor *a = facts_actor(fs);
	const struct device *d;

	if (!a->has_source || address_is_special(&a->source) ||
	    !devices_have_managers(ds))
		return NOTHING;
	d = devices_by_address(ds, &a->source);
	return yes(d != NULL && d->manager);
}

static struct span
source_allowed(struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);

	if (!a->has_source || a->account == NULL || a->account->sources.n == 0)
		return NOTHING;
	return yes(prefixes_hold(&a->account->sources, &a->source));
}

static struct span
device_admin(struct facts *fs)
{
	const struct device *d = facts_actor(fs)->device;

	if (d == NULL ||
	    !devices_have_admin_logons(fs->site->ledgers->devices))
		return NOTHING;
	return yes(d->admin_logon);
}

static struct span
device_remote(struct facts *fs)
{
	const struct device *d = facts_actor(fs)->device;

	if (d == NULL)
		return NOTHING;
	if (d->no_remote)
		return SPAN("none");
	return d->remote.len > 0 ? SPAN("allowed") : SPAN("unsaid");
}

struct span
fact_ledger(struct facts *fs, enum fact f)
{
	if (f == FACT_TARGET_KNOWN)
		return target_known(fs);
	if (f == FACT_CHANGE_KEY)
		return change_key(fs);
	if (f == FACT_PLAN_EXCEEDED)
		return plan_exceeded(fs);
	if (f == FACT_SESSION_MINUTES)
		return session_minutes(fs);
	if (f == FACT_SESSION_NIGHT)
		return session_night(fs);
	if (f == FACT_SOURCE_MANAGER)
		return source_manager(fs);
	if (f == FACT_SOURCE_ALLOWED)
		return source_allowed(fs);
	if (f == FACT_DEVICE_ADMIN)
		return device_admin(fs);
	if (f == FACT_DEVICE_REMOTE)
		return device_remote(fs);
	return account_fact(fs, f);
}
