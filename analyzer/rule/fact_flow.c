/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact_flow.h"

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/fact_ledger.h"
#include "analyzer/rule/fact_memo.h"

#define NOTHING ((struct span){ NULL, 0 })
#define NAME 4 /* bytes: less is not taken for a person's name */

static struct span
yes(bool b)
{
	return b ? SPAN("yes") : SPAN("no");
}

struct span
fact_side(const struct fact_site *site, const struct address *a)
{
	if (prefixes_hold(site->vpn, a))
		return SPAN("vpn");
	return prefixes_hold(site->internal, a) || address_is_special(a)
	    ? SPAN("lan")
	    : SPAN("wan");
}

/* Who has been looked up lately need not be again. */
const struct device *
fact_device_at(const struct facts *fs, const struct fact_at *at,
    const struct address *a)
{
	return at->known
	    ? at->device
	    : devices_by_address(fs->site->ledgers->devices, a);
}

static struct span
side_of(const struct facts *fs, const struct fact_at *at,
    const struct address *a)
{
	return at->known ? at->side : fact_side(fs->site, a);
}

bool
fact_address(const struct facts *fs, struct span text, struct address *a,
    struct fact_at *at)
{
	const struct fact_place *p;

	at->known = false;
	if (fs->memo == NULL)
		return address_parse(text, a) == 0;
	p = fact_memo_place(fs->memo, text);
	if (!p->is_address)
		return false;
	*a = p->address;
	*at = (struct fact_at){ true, p->device, p->side };
	return true;
}

static struct span
source_side(struct facts *fs)
{
	const struct fact_actor *a = facts_actor_of(fs, FACTS_SOURCE);

	return a->has_source ? side_of(fs, &fs->at_source, &a->source)
			     : NOTHING;
}

static bool
seek_destination(struct facts *fs, struct address *a)
{
	static const enum ecs fields[] = { ECS_DESTINATION_NAT_IP,
		ECS_DESTINATION_IP, ECS_DESTINATION_ADDRESS };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fact_address(fs, facts_field(fs, fields[i]), a,
			&fs->at_destination))
			return true;
	return false;
}

bool
fact_destination(struct facts *fs, struct address *a)
{
	if (fs->has_destination == 0)
		fs->has_destination =
		    seek_destination(fs, &fs->destination) ? 1 : -1;
	*a = fs->destination;
	return fs->has_destination == 1;
}

/* Where it went, behind NAT: on which side, which address, a server or not. */
static struct span
destination_fact(struct facts *fs, enum fact f)
{
	const struct device *d;
	char text[ADDRESS_TEXT];
	struct address a;

	if (!fact_destination(fs, &a))
		return NOTHING;
	if (f == FACT_DESTINATION_SIDE)
		return side_of(fs, &fs->at_destination, &a);
	if (f == FACT_DESTINATION_KEY)
		return span_str(arena_printf(fs->arena, "%s",
		    address_print(&a, text)));
	d = fact_device_at(fs, &fs->at_destination, &a);
	return d == NULL ? NOTHING : d->server ? SPAN("yes") : SPAN("no");
}

/* The device at the source: by its address, else by its MAC. */
static const struct device *
seek_source(struct facts *fs)
{
	const struct devices *ds = fs->site->ledgers->devices;
	const struct fact_actor *a = facts_actor_of(fs, FACTS_SOURCE);
	struct span mac = facts_field(fs, ECS_SOURCE_MAC);
	const struct device *d = NULL;

	if (a->has_source)
		d = fact_device_at(fs, &fs->at_source, &a->source);
	return d == NULL && mac.len > 0 ? devices_by_mac(ds, mac) : d;
}

static const struct device *
source_device(struct facts *fs)
{
	if (!fs->sought)
		fs->source = seek_source(fs);
	fs->sought = true;
	return fs->source;
}

static struct span
source_plan(struct facts *fs, const struct device *d)
{
	struct plan_act act =
	    fact_act(fs, settings_usec(fs->site->settings, SETTING_ADM_GRACE));
	const struct fact_actor *a = facts_actor(fs);
	char text[ADDRESS_TEXT];

	act.nobody = a->user.len == 0;
	memset(act.device, 0, sizeof(act.device));
	if (d != NULL) {
		act.device[0] = sheet_key(d->id, fs->arena);
		act.device[1] = sheet_key(d->name, fs->arena);
	}
	if (a->has_source)
		act.device[2] = span_str(arena_printf(fs->arena, "%s",
		    address_print(&a->source, text)));
	return plans_covering(fs->site->ledgers->maintenance, &act) != NULL
	    ? SPAN("covered")
	    : SPAN("none");
}

/* A site without a device ledger knows no source, and misses none. */
static struct span
source_known(struct facts *fs, const struct device *d)
{
	if (d != NULL)
		return SPAN("yes");
	return facts_actor_of(fs, FACTS_SOURCE)->has_source &&
		devices_count(fs->site->ledgers->devices) > 0
	    ? SPAN("no")
	    : NOTHING;
}

static struct span
source_fact(struct facts *fs, enum fact f)
{
	const struct device *d = source_device(fs);

	if (f == FACT_SOURCE_PLAN)
		return source_plan(fs, d);
	if (f == FACT_SOURCE_KNOWN)
		return source_known(fs, d);
	if (d == NULL)
		return NOTHING;
	if (f == FACT_SOURCE_STATE)
		return span_str(device_state_name(d->state));
	if (f == FACT_SOURCE_SERVER)
		return yes(d->server);
	return yes(calendar_day(fs->site->calendar, fs->time) >= d->registered);
}

/* A ledger without MACs says nothing of any. */
static struct span
source_mac(const struct facts *fs)
{
	const struct devices *ds = fs->site->ledgers->devices;
	struct span mac = facts_field(fs, ECS_SOURCE_MAC);
	size_t i;

	if (mac.len == 0)
		return NOTHING;
	if (devices_by_mac(ds, mac) != NULL)
		return SPAN("yes");
	for (i = 0; i < devices_count(ds); i++)
		if (devices_at(ds, i)->mac.len > 0)
			return SPAN("no");
	return NOTHING;
}

struct fact_host
fact_host(struct facts *fs)
{
	const struct devices *ds = fs->site->ledgers->devices;
	const struct fact_actor *a = facts_actor(fs);
	struct fact_host h = { a->device, a->device_name, a->device_key };
	struct span ip = facts_field(fs, ECS_HOST_IP);
	struct span name = facts_field(fs, ECS_HOST_NAME);
	struct address address;

	if (name.len == 0)
		name = facts_field(fs, ECS_HOST_HOSTNAME);
	if (name.len == 0)
		name = ip;
	if (name.len == 0)
		return h;
	h.name = name;
	h.device = fact_device(fs, name);
	if (h.device == NULL &&
	    (address_parse(ip, &address) == 0 ||
		address_parse(name, &address) == 0))
		h.device = devices_by_address(ds, &address);
	h.key = h.device != NULL ? h.device->id : sheet_key(name, fs->arena);
	return h;
}

static struct span
host_key(struct facts *fs)
{
	struct fact_host h = fact_host(fs);

	return h.key.len > 0 ? h.key : NOTHING;
}

static struct span
host_server(struct facts *fs)
{
	struct fact_host h = fact_host(fs);

	return h.device != NULL ? yes(h.device->server) : NOTHING;
}

/* The cell may say more than the name: a department, a title. */
static bool
is_named(struct span cell, const struct account *a)
{
	return a != NULL &&
	    (span_eq(cell, a->key) ||
		(a->full_name.len >= NAME && span_starts(cell, a->full_name)));
}

/* A cell that names no person of the other ledger is a room or a team. */
static struct span
host_user(struct facts *fs)
{
	const struct accounts *as = fs->site->ledgers->accounts;
	const struct fact_actor *a = facts_actor(fs);
	struct fact_host h = fact_host(fs);
	struct span rest, value, cell;
	size_t i;

	if (h.device == NULL || a->account == NULL)
		return NOTHING;
	rest = h.device->users;
	if (!sheet_next_value(&rest, &value))
		return NOTHING;
	cell = sheet_key(value, fs->arena);
	if (sheet_next_value(&rest, &value))
		return NOTHING;
	if (is_named(cell, a->account))
		return SPAN("yes");
	for (i = 0; i < accounts_count(as); i++)
		if (is_named(cell, accounts_at(as, i)))
			return SPAN("no");
	return NOTHING;
}

struct span
fact_flow(struct facts *fs, enum fact f)
{
	if (f == FACT_SOURCE_SIDE)
		return source_side(fs);
	if (f == FACT_DESTINATION_SIDE || f == FACT_DESTINATION_KEY ||
	    f == FACT_DESTINATION_SERVER)
		return destination_fact(fs, f);
	if (f == FACT_HOST_KEY)
		return host_key(fs);
	if (f == FACT_HOST_SERVER)
		return host_server(fs);
	if (f == FACT_HOST_USER)
		return host_user(fs);
	if (f == FACT_SOURCE_MAC)
		return source_mac(fs);
	return source_fact(fs, f);
}
