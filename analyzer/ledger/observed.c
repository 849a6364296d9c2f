/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/observed.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/account.h"
#include "analyzer/ledger/index.h"
#include "analyzer/ledger/sheet.h"
#include "common/arena.h"

struct observed {
	const struct prefixes *internal;
	struct arena *arena, *pass;
	struct index *by_account, *by_device;
	struct observed_account *accounts;
	struct observed_device *devices;
	struct observed_network *networks;
	size_t n_accounts, n_devices, n_networks;
	uint64_t beyond;
	int64_t first, last;
};

struct observed *
observed_new(const struct prefixes *internal)
{
	struct observed *o = calloc(1, sizeof(*o));

	if (o == NULL)
		abort();
	o->internal = internal;
	o->arena = arena_new();
	o->pass = arena_new();
	o->by_account = index_new();
	o->by_device = index_new();
	o->accounts = calloc(OBSERVED_MAX, sizeof(*o->accounts));
	o->devices = calloc(OBSERVED_MAX, sizeof(*o->devices));
	if (o->accounts == NULL || o->devices == NULL)
		abort();
	o->first = INT64_MAX;
	o->last = INT64_MIN;
	return o;
}

void
observed_free(struct observed *o)
{
	if (o == NULL)
		return;
	index_free(o->by_account);
	index_free(o->by_device);
	arena_free(o->arena);
	arena_free(o->pass);
	free(o->accounts);
	free(o->devices);
	free(o);
}

/* The number of a key; INDEX_NONE: there is no room for a new one. */
static uint32_t
number_of(struct observed *o, struct index *x, struct span key, size_t *n)
{
	uint32_t i = index_get(x, key);

	if (i != INDEX_NONE)
		return i;
	if (*n == OBSERVED_MAX) {
		o->beyond++;
		return INDEX_NONE;
	}
	i = (uint32_t)(*n)++;
	*index_put(x, key) = i;
	return i;
}

/* What was said first stays. */
static void
keep(struct observed *o, struct span *to, struct span value)
{
	if (to->len == 0 && value.len > 0)
		*to = arena_copy(o->arena, value);
}

/* ---- accounts ---- */

static struct span
user_of(const struct event *e)
{
	static const enum ecs fields[] = { ECS_USER_NAME,
		ECS_SOURCE_USER_NAME, ECS_USER_ID, ECS_USER_EMAIL };
	struct span s = { NULL, 0 };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && s.len == 0; i++)
		s = event_get(e, fields[i]);
	return s;
}

static bool
is_admin(const struct event *e)
{
	static const char *const kinds[] = { "admin-login", "admin-session",
		"admin-command", "config-change", "config-session",
		"account-change", "sudo" };
	struct span kind = event_get(e, ECS_KIND);
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_is(kind, kinds[i]))
			return true;
	return false;
}

static struct span
observer_of(const struct event *e)
{
	static const enum ecs fields[] = { ECS_OBSERVER_NAME,
		ECS_OBSERVER_HOSTNAME, ECS_SYSLOG_HOSTNAME, ECS_HOST_NAME,
		ECS_OBSERVER_PRODUCT };
	struct span s = { NULL, 0 };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && s.len == 0; i++)
		s = event_get(e, fields[i]);
	return s;
}

static void
add_system(struct observed *o, struct observed_account *a, struct span name)
{
	size_t i;

	for (i = 0; i < a->n_systems; i++)
		if (span_eq(a->systems[i], name))
			return;
	if (name.len > 0 && a->n_systems < OBSERVED_SYSTEMS)
		a->systems[a->n_systems++] = arena_copy(o->arena, name);
}

static void
feed_account(struct observed *o, const struct event *e, int64_t time)
{
	struct span user = user_of(e);
	struct span key = account_key(user, o->pass);
	struct observed_account *a;
	uint32_t i;

	/* A computer's own account is none of a person. */
	if (key.len == 0 || key.p[key.len - 1] == '$' ||
	    (i = number_of(o, o->by_account, key, &o->n_accounts)) ==
		INDEX_NONE)
		return;
	a = &o->accounts[i];
	if (a->key.len == 0) {
		a->id = arena_copy(o->arena, user);
		a->key = index_key(o->by_account, key);
		a->first = a->last = INT64_MIN;
	}
	if (span_is(event_get(e, ECS_EVENT_OUTCOME), "failure")) {
		a->failures++;
		return;
	}
	a->uses++;
	a->admin |= is_admin(e);
	if (a->first == INT64_MIN || time < a->first)
		a->first = time;
	if (time > a->last)
		a->last = time;
	keep(o, &a->full_name, event_get(e, ECS_USER_FULL_NAME));
	add_system(o, a, observer_of(e));
}

/* ---- devices ---- */

static struct observed_device *
device_of(struct observed *o, struct span address, struct span name,
    int64_t time)
{
	struct span key = { NULL, 0 };
	struct observed_device *d;
	struct address a;
	uint32_t i;
	char text[ADDRESS_TEXT];

	if (address.len > 0 && address_parse(address, &a) == 0) {
		if (address_is_special(&a) || !prefixes_hold(o->internal, &a))
			return NULL;
		address = key = span_str(address_print(&a, text));
	} else {
		address.len = 0;
		key = sheet_key(name, o->pass);
	}
	if (key.len == 0 ||
	    (i = number_of(o, o->by_device, key, &o->n_devices)) == INDEX_NONE)
		return NULL;
	d = &o->devices[i];
	if (d->n++ == 0) {
		d->key = index_key(o->by_device, key);
		if (address.len > 0)
			d->address = d->key;
		d->first = d->last = time;
	}
	if (time < d->first)
		d->first = time;
	if (time > d->last)
		d->last = time;
	return d;
}

/* The machine that wrote the record. */
static void
feed_sender(struct observed *o, const struct event *e, int64_t time)
{
	struct span name = event_get(e, ECS_OBSERVER_NAME);
	struct observed_device *d;
	struct address a;
	struct span peer = e->source->peer;

	if (name.len == 0)
		name = event_get(e, ECS_OBSERVER_HOSTNAME);
	if (name.len == 0)
		name = event_get(e, ECS_SYSLOG_HOSTNAME);
	if (address_parse(peer, &a) == -1 || address_is_special(&a))
		peer = event_get(e, ECS_OBSERVER_IP);
	d = device_of(o, peer, name, time);
	if (d == NULL)
		return;
	d->sender = true;
	keep(o, &d->name, name);
	keep(o, &d->vendor, event_get(e, ECS_OBSERVER_VENDOR));
	keep(o, &d->product, event_get(e, ECS_OBSERVER_PRODUCT));
	keep(o, &d->version, event_get(e, ECS_OBSERVER_VERSION));
}

/* The machine that it is about, and the one that something came from. */
static void
feed_hosts(struct observed *o, const struct event *e, int64_t time)
{
	struct span host = event_get(e, ECS_HOST_IP);
	struct span source = event_get(e, ECS_SOURCE_IP);
	struct observed_device *d = NULL;

	if (host.len > 0)
		d = device_of(o, host, event_get(e, ECS_HOST_NAME), time);
	if (d != NULL) {
		keep(o, &d->name, event_get(e, ECS_HOST_NAME));
		keep(o, &d->mac, event_get(e, ECS_HOST_MAC));
	}
	if (source.len == 0)
		source = event_get(e, ECS_CLIENT_IP);
	if (source.len == 0 || span_eq(source, host))
		return;
	d = device_of(o, source, source, time);
	if (d != NULL) {
		keep(o, &d->name, event_get(e, ECS_SOURCE_DOMAIN));
		keep(o, &d->mac, event_get(e, ECS_SOURCE_MAC));
	}
}

void
observed_feed(struct observed *o, const struct event *e, int64_t time)
{
	if (time < o->first)
		o->first = time;
	if (time > o->last)
		o->last = time;
	if (e->format == NULL)
		return;
	arena_reset(o->pass);
	feed_account(o, e, time);
	if (e->source != NULL)
		feed_sender(o, e, time);
	feed_hosts(o, e, time);
}

/* ---- the end ---- */

static int
by_bytes(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int rc = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return rc != 0 ? rc : a.len < b.len ? -1 : a.len > b.len;
}

static int
by_account_key(const void *a, const void *b)
{
	const struct observed_account *p = a, *q = b;

	return by_bytes(p->key, q->key);
}

/* Addresses by their number, then names. */
static int
by_device_key(const void *a, const void *b)
{
	const struct observed_device *p = a, *q = b;
	struct address x, y;

	if ((p->address.len == 0) != (q->address.len == 0))
		return p->address.len == 0 ? 1 : -1;
	if (p->address.len == 0 || address_parse(p->address, &x) == -1 ||
	    address_parse(q->address, &y) == -1)
		return by_bytes(p->key, q->key);
	return memcmp(x.b, y.b, sizeof(x.b));
}

/* Devices are sorted, so those of a network stand together. */
static void
add_network(struct observed *o, const struct observed_device *d)
{
	struct observed_network *last;
	struct address a, net;

	if (d->address.len == 0 || address_parse(d->address, &a) == -1)
		return;
	net = address_network(&a);
	last = o->n_networks > 0 ? &o->networks[o->n_networks - 1] : NULL;
	if (last == NULL || !address_eq(&last->network, &net)) {
		last = &o->networks[o->n_networks++];
		*last = (struct observed_network){ net, 0, d->first, d->last };
	}
	last->hosts++;
	if (d->first < last->first)
		last->first = d->first;
	if (d->last > last->last)
		last->last = d->last;
}

void
observed_finish(struct observed *o)
{
	size_t i;

	if (o->n_accounts > 1)
		qsort(o->accounts, o->n_accounts, sizeof(*o->accounts),
		    by_account_key);
	if (o->n_devices > 1)
		qsort(o->devices, o->n_devices, sizeof(*o->devices),
		    by_device_key);
	o->networks =
	    arena_alloc(o->arena, (o->n_devices + 1) * sizeof(*o->networks));
	for (i = 0; i < o->n_devices; i++)
		add_network(o, &o->devices[i]);
}

size_t
observed_accounts(const struct observed *o)
{
	return o->n_accounts;
}

const struct observed_account *
observed_account(const struct observed *o, size_t i)
{
	return &o->accounts[i];
}

size_t
observed_devices(const struct observed *o)
{
	return o->n_devices;
}

const struct observed_device *
observed_device(const struct observed *o, size_t i)
{
	return &o->devices[i];
}

size_t
observed_networks(const struct observed *o)
{
	return o->n_networks;
}

const struct observed_network *
observed_network(const struct observed *o, size_t i)
{
	return &o->networks[i];
}

uint64_t
observed_beyond(const struct observed *o)
{
	return o->beyond;
}

int64_t
observed_first(const struct observed *o)
{
	return o->first;
}

int64_t
observed_last(const struct observed *o)
{
	return o->last;
}
