/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/roster.h"

#include <string.h>

enum roster {
#define ROSTER(name, of, ja, en) ROSTER_##name,
#include "analyzer/rule/roster_tbl.h"
#undef ROSTER
	ROSTERS
};

static const struct {
	const char *name;
	enum { ACCOUNTS, DEVICES, ADDRESSES, NETWORKS } of;
} table[] = {
#define ROSTER(name, of, ja, en) { #name, of },
#include "analyzer/rule/roster_tbl.h"
#undef ROSTER
};

struct values {
	struct arena *arena;
	struct span *v;
	size_t n, cap;
};

bool
roster_has(struct span name)
{
	size_t i;

	for (i = 0; i < ROSTERS; i++)
		if (span_is(name, table[i].name))
			return true;
	return false;
}

static void
add(struct values *vs, struct span s)
{
	struct span *grown;

	if (vs->n == vs->cap) {
		vs->cap = vs->cap == 0 ? 16 : vs->cap * 2;
		grown = arena_alloc(vs->arena, vs->cap * sizeof(*grown));
		if (vs->n > 0)
			memcpy(grown, vs->v, vs->n * sizeof(*grown));
		vs->v = grown;
	}
	vs->v[vs->n++] = s;
}

/* So that a letter of the ledger is that letter and no wildcard. */
static struct span
escape(struct span s, struct arena *arena)
{
	uint8_t *p = arena_alloc(arena, 2 * s.len + 1);
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '\\')
			p[n++] = '\\';
		p[n++] = s.p[i];
	}
	return span_make(p, n);
}

static void
add_with(struct values *vs, const char *before, struct span s,
    const char *behind)
{
	add(vs,
	    span_str(arena_printf(vs->arena, "%s%.*s%s", before, (int)s.len,
		(const char *)s.p, behind)));
}

/* An ID that has a domain is also logged without it, and the other way. */
static void
add_id(struct values *vs, struct span id)
{
	struct span s = escape(id, vs->arena);
	const uint8_t *at = id.len > 0 ? memchr(id.p, '@', id.len) : NULL;
	const uint8_t *back =
	    id.len > 0 ? memrchr(id.p, '\\', id.len) : NULL;

	add(vs, s);
	if (at != NULL && at > id.p) {
		add(vs,
		    escape(span_sub(id, 0, (size_t)(at - id.p)), vs->arena));
	} else if (back != NULL) {
		add(vs,
		    escape(span_sub(id, (size_t)(back - id.p) + 1, id.len),
			vs->arena));
	} else {
		add_with(vs, "*\\\\", s, "");
		add_with(vs, "", s, "@*");
	}
}

static bool
account_is(const struct account *a, enum roster which)
{
	bool usable = a->expiry.base == EXPIRY_USABLE &&
	    a->person != ACCOUNT_PERSON_LEFT;

	if (which == ROSTER_disabled_accounts)
		return !usable;
	return usable &&
	    (which == ROSTER_accounts || (which == ROSTER_admins && a->admin) ||
		(which == ROSTER_vendor_accounts &&
		    a->kind == ACCOUNT_VENDOR) ||
		(which == ROSTER_shared_accounts &&
		    a->kind == ACCOUNT_SHARED) ||
		(which == ROSTER_system_accounts &&
		    a->kind == ACCOUNT_SYSTEM) ||
		(which == ROSTER_emergency_accounts &&
		    a->kind == ACCOUNT_EMERGENCY) ||
		(which == ROSTER_leavers && a->leaving) ||
		(which == ROSTER_watched_accounts && a->watched));
}

static void
add_accounts(struct values *vs, const struct accounts *as, enum roster which)
{
	const struct account *a;
	struct span other;
	size_t i;

	for (i = 0; (a = accounts_at(as, i)) != NULL; i++) {
		if (!account_is(a, which))
			continue;
		add_id(vs, a->key);
		if (!span_eq(a->id, a->key))
			add_id(vs, a->id);
	}
	for (i = 0; accounts_alias_at(as, i, &other, &a); i++)
		if (account_is(a, which))
			add_id(vs, other);
}

static bool
device_is(const struct device *d, enum roster which)
{
	bool stopped = d->state == DEVICE_STOPPED;

	switch (which) {
	case ROSTER_stopped_devices:
	case ROSTER_stopped_addresses:
		return stopped;
	case ROSTER_devices:
	case ROSTER_device_addresses:
		return !stopped;
	case ROSTER_servers:
	case ROSTER_server_addresses:
		return !stopped && d->server;
	case ROSTER_admin_terminals:
	case ROSTER_admin_terminal_addresses:
		return !stopped && d->manager;
	case ROSTER_edge_devices:
	case ROSTER_edge_addresses:
		return !stopped && d->edge;
	case ROSTER_isolated_devices:
	case ROSTER_isolated_addresses:
		return !stopped && d->external == DEVICE_EXTERNAL_NONE;
	case ROSTER_accounts:
	case ROSTER_admins:
	case ROSTER_vendor_accounts:
	case ROSTER_shared_accounts:
	case ROSTER_system_accounts:
	case ROSTER_emergency_accounts:
	case ROSTER_leavers:
	case ROSTER_watched_accounts:
	case ROSTER_disabled_accounts:
	case ROSTER_internal_networks:
	case ROSTER_vpn_networks:
	case ROSTERS:
		break;
	}
	return false;
}

static void
add_device(struct values *vs, const struct device *d, bool addresses)
{
	struct span name = escape(d->name, vs->arena);
	char text[ADDRESS_TEXT];
	size_t i;

	if (!addresses && name.len > 0) {
		add(vs, name);
		add_with(vs, "", name, ".*");
	}
	for (i = 0; addresses && i < d->n_ips; i++)
		add(vs,
		    span_str(arena_printf(vs->arena, "%s",
			address_print(&d->ips[i], text))));
}

static void
add_networks(struct values *vs, const struct prefixes *ps)
{
	char text[ADDRESS_TEXT];
	bool v4;
	size_t i;

	for (i = 0; ps != NULL && i < ps->n; i++) {
		v4 = address_is_v4(&ps->v[i].address);
		add(vs,
		    span_str(arena_printf(vs->arena, "%s/%u",
			address_print(&ps->v[i].address, text),
			ps->v[i].bits - (v4 ? 96 : 0))));
	}
}

struct placeholders *
roster_names(const struct ledgers *l, const struct prefixes *internal,
    const struct prefixes *vpn, struct arena *arena)
{
	struct placeholders *ps = placeholders_new(arena);
	const struct device *d;
	struct values vs;
	size_t i, k;

	for (i = 0; i < ROSTERS; i++) {
		vs = (struct values){ .arena = arena };
		if (table[i].of == NETWORKS)
			add_networks(&vs,
			    i == ROSTER_internal_networks ? internal : vpn);
		else if (table[i].of == ACCOUNTS && l != NULL)
			add_accounts(&vs, l->accounts, (enum roster)i);
		else
			for (k = 0; l != NULL &&
			     (d = devices_at(l->devices, k)) != NULL;
			     k++)
				if (device_is(d, (enum roster)i))
					add_device(&vs, d,
					    table[i].of == ADDRESSES);
		placeholders_add(ps, span_str(table[i].name), vs.v, vs.n,
		    arena);
	}
	return ps;
}
