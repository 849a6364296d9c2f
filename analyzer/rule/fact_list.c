/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact_list.h"

#include "analyzer/ledger/date.h"
#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/fact_flow.h"
#include "analyzer/rule/presence.h"
#include "common/utc.h"

#define NOTHING ((struct span){ NULL, 0 })

static struct span
yes(bool b)
{
	return b ? SPAN("yes") : SPAN("no");
}

static struct span
count(struct facts *fs, int64_t n)
{
	return span_str(arena_printf(fs->arena, "%lld", (long long)n));
}

static struct span
print_day(struct facts *fs, int64_t day)
{
	int year, month, dom;

	if (day == INT64_MIN)
		return NOTHING;
	utc_date(day, &year, &month, &dom);
	return span_str(
	    arena_printf(fs->arena, "%04d-%02d-%02d", year, month, dom));
}

int
fact_day(struct span value, int64_t *day)
{
	return date_parse(value, day);
}

static int64_t
today(const struct facts *fs)
{
	return calendar_day(fs->site->calendar, fs->time);
}

/* An exported row says it of itself, an account by its newest row. */
static struct span
password_fact(struct facts *fs, enum fact f, const struct account *a)
{
	int64_t set = INT64_MIN, taken = INT64_MIN;

	if (fs->exported != NULL) {
		set = fs->exported->password_set;
		taken = fs->exported->taken;
	} else if (a != NULL) {
		set = a->password_set;
		taken = a->password_taken;
	}
	if (f == FACT_ACCOUNT_PASSWORD)
		return print_day(fs, set);
	if (taken == INT64_MIN)
		taken = today(fs);
	return set == INT64_MIN ? NOTHING : count(fs, taken - set);
}

static struct span
account_fact(struct facts *fs, enum fact f, const struct account *a)
{
	static const char *const states[] = { "usable", "not-yet", "expired",
		"disabled", "leave", "unknown" };
	static const char *const people[] = { "", "present", "moved", "leave",
		"left" };
	int64_t until, day = today(fs);

	if (f == FACT_ACCOUNT_WRITTEN)
		return span_str(states[expiry_on(&a->expiry, day)]);
	if (f == FACT_ACCOUNT_EMPLOYED)
		return a->person == ACCOUNT_PERSON_LEFT && day <= a->left
		    ? SPAN("present")
		    : span_str(people[a->person]);
	if (f == FACT_ACCOUNT_FACTOR)
		return yes(a->two_factor);
	if (f == FACT_ACCOUNT_LENGTH)
		return a->password_length == 0
		    ? NOTHING
		    : count(fs, (int64_t)a->password_length);
	if (f == FACT_ACCOUNT_ISSUED)
		return print_day(fs, a->issued);
	until = account_until(a);
	if (a->left < until)
		until = a->left;
	return until == EXPIRY_NEVER || until == INT64_MAX || until < day
	    ? NOTHING
	    : count(fs, until - day);
}

static struct span
exported_fact(const struct facts *fs, enum fact f)
{
	if (fs->exported == NULL)
		return NOTHING;
	if (f == FACT_EXPORTED_ROLE)
		return fs->exported->admin ? SPAN("admin") : SPAN("user");
	return fs->exported->disabled ? SPAN("disabled") : SPAN("enabled");
}

static struct span
source_fact(struct facts *fs, enum fact f)
{
	const struct fact_actor *a = facts_actor_of(fs, FACTS_SOURCE);
	const struct network *n;

	if (!a->has_source)
		return NOTHING;
	n = networks_find(fs->site->ledgers->networks, &a->source);
	if (n == NULL || (f == FACT_SOURCE_AS && n->as == 0))
		return NOTHING;
	return f == FACT_SOURCE_AS ? count(fs, n->as) : n->country;
}

/* Whose the network of an end is. */
static struct span
network_kind(struct facts *fs, enum fact f)
{
	const struct fact_actor *a = facts_actor_of(fs, FACTS_SOURCE);
	const struct network *n = NULL;
	struct address to;

	if (f == FACT_DESTINATION_NETWORK) {
		if (fact_destination(fs, &to))
			n = networks_find(fs->site->ledgers->networks, &to);
	} else if (a->has_source)
		n = networks_find(fs->site->ledgers->networks, &a->source);
	if (n == NULL || n->kind == NETWORK_UNSAID)
		return NOTHING;
	return n->kind == NETWORK_VENDOR ? SPAN("vendor") : SPAN("partner");
}

/* What the record says of the version, else what the ledger does. */
static struct span
firmware_fact(struct facts *fs)
{
	const struct device *d = facts_actor(fs)->device;
	const struct event *e = fs->event;
	struct span version = event_get(e, ECS_OBSERVER_VERSION);
	struct span vendor = event_get(e, ECS_OBSERVER_VENDOR);
	struct span product = event_get(e, ECS_OBSERVER_PRODUCT);
	struct span what;
	bool known;

	if (fs->site->firmware == NULL)
		return NOTHING;
	if (version.len == 0 && d != NULL) {
		version = d->version.len > 0 ? d->version : d->os;
		vendor = d->maker;
		product = span_str(arena_printf(fs->arena, "%.*s %.*s",
		    (int)d->os.len, (const char *)d->os.p,
		    (int)d->software.len, (const char *)d->software.p));
	}
	what = span_str(arena_printf(fs->arena, "%.*s %.*s", (int)vendor.len,
	    (const char *)vendor.p, (int)product.len,
	    (const char *)product.p));
	fs->version = version;
	fs->lacks = firmware_lacks(fs->site->firmware,
	    sheet_key(what, fs->arena), sheet_key(version, fs->arena),
	    today(fs), &known);
	if (!known)
		return NOTHING;
	return fs->lacks != NULL ? SPAN("outdated") : SPAN("current");
}

static struct span
support_fact(struct facts *fs)
{
	const struct device *d = facts_actor(fs)->device;

	if (fs->site->support == NULL || d == NULL || d->os.len == 0)
		return NOTHING;
	fs->version = d->os;
	fs->support =
	    support_find(fs->site->support, sheet_key(d->os, fs->arena));
	if (fs->support == NULL)
		return NOTHING;
	return today(fs) > fs->support->day ? SPAN("ended") : SPAN("supported");
}

/* Against those of the ledger whose software is written in the same way. */
static struct span
versions_fact(struct facts *fs)
{
	const struct devices *ds = fs->site->ledgers->devices;
	const struct device *d = facts_actor(fs)->device, *o;
	size_t i;

	if (d == NULL || d->software.len == 0 || d->version.len == 0)
		return NOTHING;
	fs->version = d->version;
	for (i = 0; i < devices_count(ds); i++) {
		o = devices_at(ds, i);
		if (o != d && o->version.len > 0 &&
		    (o->state == DEVICE_RUNNING || o->state == DEVICE_LENT) &&
		    span_eq(o->software, d->software) &&
		    firmware_compare(d->version, o->version) < 0)
			return SPAN("behind");
	}
	return SPAN("same");
}

static struct span
by_vpn(struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);

	if (a->user_key.len == 0)
		return NOTHING;
	return yes(presence_at(fs->presence, a->user_key, fs->time,
	    settings_usec(fs->site->settings, SETTING_VPN_UNENDED)));
}

enum answer { NO, YES, UNKNOWN };

static const struct network *
network_of(const struct facts *fs, const struct address *a)
{
	return networks_find(fs->site->ledgers->networks, a);
}

static enum answer
other_as(const struct facts *fs, const struct address *a,
    const struct address *b)
{
	const struct network *m = network_of(fs, a), *n = network_of(fs, b);

	if (m == NULL || n == NULL || m->as == 0 || n->as == 0)
		return UNKNOWN;
	return m->as != n->as ? YES : NO;
}

static enum answer
other_place(const struct facts *fs, const struct address *a,
    const struct address *b)
{
	const struct network *m = network_of(fs, a), *n = network_of(fs, b);
	double far = settings_number(fs->site->settings, SETTING_VPN_TRAVEL_KM);

	if (m == NULL || n == NULL || !m->has_place || !n->has_place)
		return UNKNOWN;
	return network_distance(m, n) > far ? YES : NO;
}

/* Of the VPN logins just before, from other addresses. */
static struct span
vpn_before(struct facts *fs, enum setting within,
    enum answer (*differs)(const struct facts *, const struct address *,
	const struct address *))
{
	int64_t span = settings_usec(fs->site->settings, within);
	const struct fact_actor *a = facts_actor(fs);
	const struct address *source;
	bool any = false, unknown = false;
	size_t at = SIZE_MAX;
	enum answer x;

	if (!a->has_source || a->user_key.len == 0)
		return NOTHING;
	while ((source = presence_sources(fs->presence, a->user_key,
		    fs->time - span, fs->time, &at)) != NULL) {
		any = true;
		if (address_eq(source, &a->source))
			continue;
		if ((x = differs(fs, source, &a->source)) == YES)
			return SPAN("yes");
		unknown |= x == UNKNOWN;
	}
	return unknown ? SPAN("unknown") : any ? SPAN("no") : NOTHING;
}

static struct span
source_far(struct facts *fs)
{
	return networks_have_places(fs->site->ledgers->networks)
	    ? vpn_before(fs, SETTING_VPN_TRAVEL_WITHIN, other_place)
	    : NOTHING;
}

/*
 * By who sent it: names of devices repeat from one institution to the next,
 * their networks do not.
 */
static struct span
device_site(struct facts *fs)
{
	const struct event_source *source = fs->event->source;
	const struct device *d = facts_actor(fs)->device;
	const struct network *n = NULL;
	struct address peer;

	if (source != NULL && address_parse(source->peer, &peer) == 0)
		n = network_of(fs, &peer);
	if (n != NULL && n->site.len > 0)
		return n->site;
	return d != NULL && d->site.len > 0 ? d->site : NOTHING;
}

struct span
fact_list(struct facts *fs, enum fact f)
{
	const struct account *a;

	if (f == FACT_EXPORTED_ROLE || f == FACT_EXPORTED_STATE)
		return exported_fact(fs, f);
	if (f == FACT_SOURCE_AS || f == FACT_SOURCE_COUNTRY)
		return source_fact(fs, f);
	if (f == FACT_SOURCE_NETWORK || f == FACT_DESTINATION_NETWORK)
		return network_kind(fs, f);
	if (f == FACT_DEVICE_FIRMWARE)
		return firmware_fact(fs);
	if (f == FACT_DEVICE_SUPPORT)
		return support_fact(fs);
	if (f == FACT_DEVICE_VERSIONS)
		return versions_fact(fs);
	if (f == FACT_ACCOUNT_REMOTE)
		return by_vpn(fs);
	if (f == FACT_SOURCE_AS_NEW)
		return vpn_before(fs, SETTING_VPN_AS_WITHIN, other_as);
	if (f == FACT_SOURCE_FAR)
		return source_far(fs);
	if (f == FACT_DEVICE_SITE)
		return device_site(fs);
	a = facts_actor(fs)->account;
	if (f == FACT_ACCOUNT_PASSWORD || f == FACT_ACCOUNT_AGE)
		return password_fact(fs, f, a);
	return a == NULL ? NOTHING : account_fact(fs, f, a);
}
