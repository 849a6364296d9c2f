/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact.h"

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact_flow.h"
#include "analyzer/rule/fact_ledger.h"
#include "analyzer/rule/fact_list.h"
#include "analyzer/rule/fact_memo.h"
#include "analyzer/rule/fact_patient.h"
#include "analyzer/rule/usage.h"
#include "common/utc.h"

static const struct {
	const char *name;
	bool history;
} table[] = {
#define FACT(id, name, history, ja, en) { name, history },
#include "analyzer/rule/fact_tbl.h"
#undef FACT
};

int
fact_parse(struct span name, enum fact *f)
{
	size_t i;

	for (i = 0; i < FACT_COUNT; i++) {
		if (!span_is(name, table[i].name))
			continue;
		*f = (enum fact)i;
		return 0;
	}
	return -1;
}

const char *
fact_name(enum fact f)
{
	return table[f].name;
}

bool
fact_needs_history(enum fact f)
{
	return table[f].history;
}

bool
fact_is_day(enum fact f)
{
	return f == FACT_ACCOUNT_ISSUED || f == FACT_ACCOUNT_PASSWORD;
}

void
facts_init(struct facts *fs, const struct fact_site *site,
    const struct event *e, int64_t time, struct arena *arena)
{
	size_t i;

	memset(fs, 0, offsetof(struct facts, value)); /* most of it */
	fs->site = site;
	fs->event = e;
	fs->time = time;
	fs->arena = arena;
	for (i = e->n; i-- > 0;)
		fs->first[e->f[i].field] = (uint8_t)(i + 1);
}

void
facts_init_account(struct facts *fs, const struct account *a)
{
	fs->resolved = FACTS_ALL;
	fs->actor.account = a;
	fs->actor.match = ACCOUNT_EXACT;
	fs->actor.user = a->id;
	fs->actor.user_key = a->key;
}

void
facts_init_device(struct facts *fs, const struct device *d)
{
	fs->resolved = FACTS_ALL;
	fs->actor.device = d;
	fs->actor.device_name = d->name;
	fs->actor.device_key = d->id;
	fs->actor.named = true;
}

void
facts_init_exported(struct facts *fs, const struct exported *e)
{
	struct fact_actor *a = &fs->actor;

	fs->resolved = FACTS_ALL;
	fs->exported = e;
	a->user = e->id;
	a->match =
	    accounts_find(fs->site->ledgers->accounts, e->id, &a->account);
	a->user_key = a->account != NULL ? a->account->key : e->key;
}

/* The first of several fields that has a value. */
static struct span
first_of(const struct facts *fs, const enum ecs *fields, size_t n)
{
	struct span s = { NULL, 0 };
	size_t i;

	for (i = 0; i < n && s.len == 0; i++)
		s = facts_field(fs, fields[i]);
	return s;
}

#define FIRST_OF(fs, ...)                                                      \
	first_of(fs, (const enum ecs[]){ __VA_ARGS__ },                        \
	    sizeof((const enum ecs[]){ __VA_ARGS__ }) / sizeof(enum ecs))

#define USERS                                                                  \
	ECS_USER_NAME, ECS_SOURCE_USER_NAME, ECS_USER_ID, ECS_USER_EMAIL

struct span
fact_user(const struct event *e)
{
	static const enum ecs fields[] = { USERS };
	struct span s = { NULL, 0 };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && s.len == 0; i++)
		s = event_get(e, fields[i]);
	return s;
}

const struct device *
fact_device(const struct facts *fs, struct span name)
{
	return fs->memo != NULL
	    ? fact_memo_device(fs->memo, name)
	    : devices_by_name(fs->site->ledgers->devices, name);
}

/* The device that wrote the line, by what it says of itself, then by peer. */
static void
resolve_device(struct facts *fs)
{
	static const enum ecs names[] = { ECS_OBSERVER_NAME,
		ECS_OBSERVER_HOSTNAME, ECS_HOST_NAME, ECS_HOST_HOSTNAME,
		ECS_SYSLOG_HOSTNAME };
	const struct devices *ds = fs->site->ledgers->devices;
	struct fact_actor *a = &fs->actor;
	const struct event *e = fs->event;
	struct address ip;
	struct span s;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s = facts_field(fs, names[i]);
		if (a->device_name.len == 0)
			a->device_name = s;
		if (a->device == NULL && s.len > 0)
			a->device = fact_device(fs, s);
		a->named |= a->device != NULL;
		if (a->device == NULL && address_parse(s, &ip) == 0)
			a->device = devices_by_address(ds, &ip);
	}
	s = FIRST_OF(fs, ECS_OBSERVER_IP, ECS_HOST_IP);
	if (s.len == 0 && e->source != NULL)
		s = e->source->peer;
	if (a->device_name.len == 0)
		a->device_name = s;
	if (a->device == NULL && address_parse(s, &ip) == 0)
		a->device = devices_by_address(ds, &ip);
	a->device_key = a->device != NULL
	    ? a->device->id
	    : sheet_key(a->device_name, fs->arena);
}

static void
resolve_user(struct facts *fs)
{
	struct fact_actor *a = &fs->actor;

	a->user = FIRST_OF(fs, USERS);
	a->user_key = account_key(a->user, fs->arena);
	a->match = accounts_find_key(fs->site->ledgers->accounts, a->user_key,
	    &a->account);
	if (a->account != NULL)
		a->user_key = a->account->key;
}

static void
resolve_source(struct facts *fs)
{
	struct span s = FIRST_OF(fs, ECS_SOURCE_IP, ECS_CLIENT_IP,
	    ECS_SOURCE_ADDRESS);

	fs->actor.has_source =
	    fact_address(fs, s, &fs->actor.source, &fs->at_source);
}

const struct fact_actor *
facts_actor_of(struct facts *fs, uint8_t what)
{
	uint8_t missing = what & (uint8_t)~fs->resolved;

	if (missing & FACTS_USER)
		resolve_user(fs);
	if (missing & FACTS_SOURCE)
		resolve_source(fs);
	if (missing & FACTS_DEVICE)
		resolve_device(fs);
	fs->resolved |= missing;
	return &fs->actor;
}

const struct fact_actor *
facts_actor(struct facts *fs)
{
	return facts_actor_of(fs, FACTS_ALL);
}

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

static int64_t
day_of(const struct facts *fs)
{
	return calendar_day(fs->site->calendar, fs->time);
}

static struct span
account_fact(const struct facts *fs, enum fact f, const struct account *a)
{
	static const char *const states[] = { "usable", "not-yet", "expired",
		"disabled", "leave", "unknown" };
	static const char *const kinds[] = { "person", "shared", "system",
		"emergency", "vendor" };

	if (a == NULL)
		return (struct span){ NULL, 0 };
	if (f == FACT_ACCOUNT_STATE)
		return span_str(states[account_state_on(a, day_of(fs))]);
	if (f == FACT_ACCOUNT_ROLE)
		return a->admin ? SPAN("admin") : SPAN("user");
	if (f == FACT_ACCOUNT_KIND)
		return span_str(kinds[a->kind]);
	return yes(a->leaving);
}

struct plan_act
fact_act(struct facts *fs, int64_t grace)
{
	const struct fact_actor *a = facts_actor(fs);
	struct plan_act act = { .time = fs->time,
		.grace = grace,
		.user = account_key(a->user, fs->arena) };
	char text[ADDRESS_TEXT];

	if (a->account != NULL) {
		act.account = a->account->key;
		act.vendor = sheet_key(a->account->vendor, fs->arena);
	}
	act.device[0] = sheet_key(a->device_key, fs->arena);
	act.device[1] = sheet_key(a->device_name, fs->arena);
	if (a->device != NULL) {
		act.device[1] = sheet_key(a->device->name, fs->arena);
		if (a->device->n_ips > 0)
			act.device[2] = span_str(arena_printf(fs->arena, "%s",
			    address_print(&a->device->ips[0], text)));
	}
	return act;
}

/* The hours of this principal: shifts, then the duty roster, then the site. */
static struct span
calendar_state(struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);
	struct plan_act act = fact_act(fs, 0);
	bool known = false, in = false;

	if (a->account != NULL && a->account->shifts.len > 0)
		in = calendar_in_shifts(fs->site->calendar, a->account->shifts,
		    fs->time, &known);
	if (!known)
		in = calendar_open(fs->site->calendar, fs->time);
	if (!in && a->user.len > 0)
		in = plans_covering(fs->site->ledgers->duty, &act) != NULL;
	return in ? SPAN("business") : SPAN("off-hours");
}

static struct span
calendar_fact(struct facts *fs, enum fact f)
{
	const struct calendar *c = fs->site->calendar;

	if (f == FACT_CALENDAR_STATE)
		return calendar_state(fs);
	if (f == FACT_CALENDAR_RUN)
		return count(fs, calendar_closed_run(c, day_of(fs)));
	return calendar_closed(c, day_of(fs)) ? SPAN("closed") : SPAN("open");
}

static struct span
plan_state(struct facts *fs)
{
	struct plan_act act =
	    fact_act(fs, settings_usec(fs->site->settings, SETTING_ADM_GRACE));

	fs->plan = plans_covering(fs->site->ledgers->maintenance, &act);
	return fs->plan != NULL ? SPAN("covered") : SPAN("none");
}

static struct span
device_fact(const struct facts *fs, const struct device *d, enum fact f)
{
	if (d == NULL)
		return f == FACT_DEVICE_KNOWN ? SPAN("no")
					      : (struct span){ NULL, 0 };
	if (f == FACT_DEVICE_STATE)
		return span_str(device_state_name(d->state));
	if (f == FACT_DEVICE_DAY)
		return yes(day_of(fs) >= d->registered);
	if (f == FACT_DEVICE_EXTERNAL)
		return span_str(device_external_name(d->external));
	if (f == FACT_DEVICE_SERVER)
		return yes(d->server);
	if (f == FACT_DEVICE_EDGE)
		return yes(d->edge);
	return SPAN("yes");
}

/*
 * Who sent what this device is said to have written: itself, another device
 * of the ledger, which hands on for it, or an address that nobody knows.
 */
static struct span
sender_state(struct facts *fs, enum fact f)
{
	const struct fact_actor *a = facts_actor_of(fs, FACTS_DEVICE);
	const struct event_source *source = fs->event->source;
	struct address peer;
	struct fact_at at;
	size_t i;

	(void)f;
	if (!a->named || a->device->n_ips == 0 || source == NULL ||
	    !fact_address(fs, source->peer, &peer, &at) ||
	    address_is_special(&peer))
		return (struct span){ NULL, 0 };
	for (i = 0; i < a->device->n_ips; i++)
		if (address_eq(&a->device->ips[i], &peer))
			return SPAN("own");
	return fact_device_at(fs, &at, &peer) != NULL
	    ? SPAN("relay")
	    : SPAN("unregistered");
}

static bool
site_learning(const struct facts *fs)
{
	int64_t first, last;

	return !coverage_days(fs->coverage, &first, &last) ||
	    day_of(fs) < first +
		(int64_t)settings_count(fs->site->settings,
		    SETTING_ACC_STARTER);
}

/* First seen says nothing while everything is: when the site is new. */
static struct span
source_new(struct facts *fs,
    bool (*when_first)(const struct usage *, struct span,
	const struct address *, int64_t *))
{
	const struct fact_actor *a = facts_actor(fs);
	int64_t first;

	if (!a->has_source || a->user_key.len == 0)
		return (struct span){ NULL, 0 };
	if (site_learning(fs))
		return SPAN("no");
	return yes(!when_first(fs->usage, a->user_key, &a->source, &first) ||
	    first >= fs->time);
}

static bool
is_privileged(struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);
	struct span kind = facts_field(fs, ECS_KIND);

	return span_is(kind, "vpn-login") || span_is(kind, "admin-login") ||
	    (a->account != NULL &&
		(a->account->admin || a->account->kind == ACCOUNT_VENDOR));
}

static struct span
dormant(struct facts *fs, enum fact f)
{
	const struct settings *set = fs->site->settings;
	const struct fact_actor *a = facts_actor(fs);
	struct coverage_share share;
	int64_t last, day = day_of(fs), limit;

	if (a->user_key.len == 0 ||
	    !usage_last_before(fs->usage, a->user_key, day, &last))
		return (struct span){ NULL, 0 };
	if (f == FACT_ACCOUNT_IDLE)
		return count(fs, day - last);
	limit = (int64_t)settings_count(set,
	    is_privileged(fs) ? SETTING_ACC_DORMANT_PRIV : SETTING_ACC_DORMANT);
	if (day - last < limit)
		return SPAN("no");
	share = coverage_share(fs->coverage, last + 1, day - 1);
	return share.percent >= settings_number(set, SETTING_ACC_COVERAGE)
	    ? SPAN("yes")
	    : SPAN("unknown");
}

static struct span
history_fact(struct facts *fs, enum fact f)
{
	if (f == FACT_SITE_LEARNING)
		return yes(site_learning(fs));
	if (f == FACT_SOURCE_NEW)
		return source_new(fs, usage_first_from);
	if (f == FACT_NETWORK_NEW)
		return source_new(fs, usage_first_near);
	return dormant(fs, f);
}

static struct span
account_known(struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);

	if (a->user.len == 0 || !fs->site->ledgers->has_accounts)
		return (struct span){ NULL, 0 };
	if (a->match == ACCOUNT_AMBIGUOUS)
		return SPAN("ambiguous");
	return yes(a->account != NULL);
}

/* Who it is.  Keys: what is the same is written the same. */
static struct span
identity(struct facts *fs, enum fact f)
{
	const struct fact_actor *a = facts_actor(fs);
	struct span s = f == FACT_ACCOUNT_KEY ? a->user_key : a->device_key;
	char text[ADDRESS_TEXT];

	if (f == FACT_ACCOUNT_KNOWN)
		return account_known(fs);
	if (f == FACT_SOURCE_KEY)
		s = a->has_source
		    ? span_str(arena_printf(fs->arena, "%s",
			  address_print(&a->source, text)))
		    : sheet_key(FIRST_OF(fs, ECS_SOURCE_ADDRESS,
				    ECS_SOURCE_DOMAIN),
			  fs->arena);
	return s.len > 0 ? s : (struct span){ NULL, 0 };
}

static struct span
account_row_fact(struct facts *fs, enum fact f)
{
	return account_fact(fs, f, facts_actor(fs)->account);
}

static struct span
device_row_fact(struct facts *fs, enum fact f)
{
	return device_fact(fs, facts_actor_of(fs, FACTS_DEVICE)->device, f);
}

static struct span
plan_fact(struct facts *fs, enum fact f)
{
	(void)f;
	return plan_state(fs);
}

/* Who works it out; fact_test sees that none is left out. */
static struct span (*const work_out[FACT_COUNT])(struct facts *fs,
    enum fact f) = {
	[FACT_ACCOUNT_KEY] = identity,
	[FACT_SOURCE_KEY] = identity,
	[FACT_DEVICE_KEY] = identity,
	[FACT_ACCOUNT_KNOWN] = identity,
	[FACT_SENDER_STATE] = sender_state,
	[FACT_ACCOUNT_STATE] = account_row_fact,
	[FACT_ACCOUNT_ROLE] = account_row_fact,
	[FACT_ACCOUNT_KIND] = account_row_fact,
	[FACT_ACCOUNT_LEAVING] = account_row_fact,
	[FACT_CALENDAR_STATE] = calendar_fact,
	[FACT_CALENDAR_DAY] = calendar_fact,
	[FACT_CALENDAR_RUN] = calendar_fact,
	[FACT_PLAN_STATE] = plan_fact,
	[FACT_DEVICE_KNOWN] = device_row_fact,
	[FACT_DEVICE_STATE] = device_row_fact,
	[FACT_DEVICE_EXTERNAL] = device_row_fact,
	[FACT_DEVICE_SERVER] = device_row_fact,
	[FACT_DEVICE_DAY] = device_row_fact,
	[FACT_DEVICE_EDGE] = device_row_fact,
	[FACT_SITE_LEARNING] = history_fact,
	[FACT_SOURCE_NEW] = history_fact,
	[FACT_NETWORK_NEW] = history_fact,
	[FACT_ACCOUNT_DORMANT] = history_fact,
	[FACT_ACCOUNT_IDLE] = history_fact,
	[FACT_ACCOUNT_DEPT] = fact_ledger,
	[FACT_ACCOUNT_NAME] = fact_ledger,
	[FACT_ACCOUNT_ROSTER] = fact_ledger,
	[FACT_ACCOUNT_WATCHED] = fact_ledger,
	[FACT_PATIENT_CARE] = fact_patient,
	[FACT_PATIENT_TREATED] = fact_patient,
	[FACT_PATIENT_RELATION] = fact_patient,
	[FACT_TARGET_KNOWN] = fact_ledger,
	[FACT_CHANGE_KEY] = fact_ledger,
	[FACT_PLAN_EXCEEDED] = fact_ledger,
	[FACT_SESSION_MINUTES] = fact_ledger,
	[FACT_SESSION_NIGHT] = fact_ledger,
	[FACT_SOURCE_ALLOWED] = fact_ledger,
	[FACT_SOURCE_MANAGER] = fact_ledger,
	[FACT_DEVICE_ADMIN] = fact_ledger,
	[FACT_DEVICE_REMOTE] = fact_ledger,
	[FACT_SOURCE_SIDE] = fact_flow,
	[FACT_SOURCE_KNOWN] = fact_flow,
	[FACT_SOURCE_STATE] = fact_flow,
	[FACT_SOURCE_SERVER] = fact_flow,
	[FACT_SOURCE_DAY] = fact_flow,
	[FACT_SOURCE_PLAN] = fact_flow,
	[FACT_SOURCE_MAC] = fact_flow,
	[FACT_DESTINATION_KEY] = fact_flow,
	[FACT_DESTINATION_SERVER] = fact_flow,
	[FACT_DESTINATION_SIDE] = fact_flow,
	[FACT_HOST_KEY] = fact_flow,
	[FACT_HOST_SERVER] = fact_flow,
	[FACT_HOST_USER] = fact_flow,
	[FACT_ACCOUNT_WRITTEN] = fact_list,
	[FACT_ACCOUNT_EMPLOYED] = fact_list,
	[FACT_ACCOUNT_EXPIRES] = fact_list,
	[FACT_ACCOUNT_FACTOR] = fact_list,
	[FACT_ACCOUNT_LENGTH] = fact_list,
	[FACT_ACCOUNT_ISSUED] = fact_list,
	[FACT_ACCOUNT_PASSWORD] = fact_list,
	[FACT_ACCOUNT_AGE] = fact_list,
	[FACT_DEVICE_SUPPORT] = fact_list,
	[FACT_DEVICE_VERSIONS] = fact_list,
	[FACT_EXPORTED_ROLE] = fact_list,
	[FACT_EXPORTED_STATE] = fact_list,
	[FACT_SOURCE_AS] = fact_list,
	[FACT_SOURCE_COUNTRY] = fact_list,
	[FACT_SOURCE_NETWORK] = fact_list,
	[FACT_DESTINATION_NETWORK] = fact_list,
	[FACT_DEVICE_FIRMWARE] = fact_list,
	[FACT_ACCOUNT_REMOTE] = fact_list,
	[FACT_SOURCE_AS_NEW] = fact_list,
	[FACT_SOURCE_FAR] = fact_list,
	[FACT_DEVICE_SITE] = fact_list,
};

struct span
facts_get(struct facts *fs, enum fact f)
{
	if (table[f].history && fs->usage == NULL)
		return (struct span){ NULL, 0 };
	if (!fs->known[f]) {
		fs->known[f] = true;
		fs->value[f] = work_out[f](fs, f);
	}
	return fs->value[f];
}
