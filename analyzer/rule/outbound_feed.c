/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbound_state.h"

#include <string.h>

#include "analyzer/ledger/sheet.h"
#include "common/num.h"
#include "common/utc.h"

struct end {
	struct address address;
	enum outbound_side side;
	struct outbound_place *place; /* NULL: it is not remembered */
};

/* A traffic event, resolved. */
struct traffic {
	struct outbound *o;
	const struct event *e;
	const struct facts *fs;
	struct span observer;
	struct end source, destination;
	const struct address *inner, *outer; /* NULL: not across the border */
	struct outbound_place *place;	     /* of the inner one, or NULL */
	bool inbound;			     /* opened from outside */
	bool denied, trusted, replay;
	int64_t time;
};

static struct span
observer_of(const struct traffic *t)
{
	static const enum ecs names[] = { ECS_OBSERVER_SERIAL,
		ECS_OBSERVER_NAME, ECS_OBSERVER_HOSTNAME, ECS_HOST_NAME,
		ECS_SYSLOG_HOSTNAME };
	struct span s;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((s = facts_field(t->fs, names[i])).len > 0)
			return s;
	return t->e->source != NULL ? t->e->source->peer : s;
}

/* Where the text of an address is remembered, or would be. */
static struct outbound_place *
place_of(struct outbound *o, struct span text)
{
	uint64_t h = text.len, word;
	size_t i;

	for (i = 0; text.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, text.p + i, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	for (word = 0; i < text.len; i++)
		word = word << 8 | text.p[i];
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return &o->places[(h >> 48) % OUTBOUND_PLACES];
}

static enum outbound_side
side_of(const struct outbound *o, const struct address *a)
{
	if (address_is_special(a))
		return OUTBOUND_NOWHERE;
	return prefixes_hold(o->site->internal, a) ? OUTBOUND_INNER
						   : OUTBOUND_OUTER;
}

/*
 * An address is read, and networks are gone through, once for a text, while
 * others do not come.
 */
static bool
read_end(struct outbound *o, struct span text, struct end *end)
{
	struct outbound_place *p;

	end->place = NULL;
	if (text.len > OUTBOUND_TEXT) {
		if (address_parse(text, &end->address) == -1)
			return false;
		end->side = side_of(o, &end->address);
		return true;
	}
	p = place_of(o, text);
	if (p->len == 0 || !span_eq(span_make(p->text, p->len), text)) {
		if (address_parse(text, &p->address) == -1) {
			p->len = 0;
			return false;
		}
		p->side = side_of(o, &p->address);
		p->host = INDEX_NONE;
		p->len = (uint8_t)text.len;
		memcpy(p->text, text.p, text.len);
	}
	end->place = p;
	end->address = p->address;
	end->side = p->side;
	return true;
}

/* Which end is ours, and which is outside. */
static void
orient(struct traffic *t)
{
	enum outbound_side from = t->source.side, to = t->destination.side;

	t->inner = t->outer = NULL;
	if (from == OUTBOUND_INNER) {
		t->inner = &t->source.address;
		t->place = t->source.place;
		if (to == OUTBOUND_OUTER)
			t->outer = &t->destination.address;
	} else if (to == OUTBOUND_INNER && from == OUTBOUND_OUTER) {
		t->inner = &t->destination.address;
		t->place = t->destination.place;
		t->outer = &t->source.address;
		t->inbound = true;
	}
}

/* The ledger's number if it knows the host, else MAC, else address. */
static struct volume_host *
new_host(const struct traffic *t, struct span mac)
{
	const struct devices *ds = t->o->site->ledgers->devices;
	const struct device *d = devices_by_address(ds, t->inner);
	struct arena *arena = arena_new();
	char text[ADDRESS_TEXT];
	struct volume_host *h;
	struct span key;
	uint32_t row = INDEX_NONE;

	if (d == NULL)
		d = devices_by_mac(ds, mac);
	if (d == NULL && !t->inbound)
		d = devices_by_name(ds, facts_field(t->fs, ECS_SOURCE_DOMAIN));
	key = mac.len > 0 ? sheet_key(mac, arena)
			  : span_str(address_print(t->inner, text));
	if (d != NULL) {
		key = d->id;
		row = (uint32_t)(d - devices_at(ds, 0));
	}
	h = volume_host(t->o->volume, key, row,
	    d != NULL && d->external == DEVICE_EXTERNAL_NONE);
	arena_free(arena);
	return h;
}

static struct volume_host *
find_host(const struct traffic *t, struct span mac)
{
	struct volume_host *h;
	uint32_t *slot;

	t->o->key.len = 0;
	buf_append(&t->o->key, t->inner->b, sizeof(t->inner->b));
	buf_span(&t->o->key, mac);
	slot = index_put(t->o->by_end, buf_view(&t->o->key));
	if (*slot != INDEX_NONE)
		return volume_host_at(t->o->volume, *slot);
	if ((h = new_host(t, mac)) != NULL)
		*slot = h->number;
	if (h != NULL &&
	    memcmp(t->inner->b, h->address.b, sizeof(h->address.b)) < 0)
		h->address = *t->inner;
	return h;
}

static struct volume_host *
host_of(const struct traffic *t)
{
	struct span mac = facts_field(t->fs,
	    t->inbound ? ECS_DESTINATION_MAC : ECS_SOURCE_MAC);
	struct outbound_place *p = t->place;
	struct volume_host *h;

	/* The other end may have taken its place. */
	if (mac.len > 0 || p == NULL || !address_eq(&p->address, t->inner))
		return find_host(t, mac);
	if (p->host != INDEX_NONE)
		return volume_host_at(t->o->volume, p->host);
	if ((h = find_host(t, mac)) != NULL)
		p->host = h->number;
	return h;
}

#define INTERFACE "interface="

/* "interface=FW01/wan1" */
static bool
is_interface(struct span key, struct span observer, struct span at)
{
	size_t head = sizeof(INTERFACE) - 1, len = head + observer.len;

	if (key.len != len + (at.len > 0 ? 1 + at.len : 0) ||
	    !span_eq(span_sub(key, head, observer.len), observer))
		return false;
	return at.len == 0 ||
	    (key.p[len] == '/' && span_eq(span_sub(key, len + 1, at.len), at));
}

/*
 * The sum of what leaves by the interface, or by the device if it does not
 * say by which.  NULL if no rule asks for it.
 */
static struct volume_host *
total_of(const struct traffic *t)
{
	struct span at = facts_field(t->fs,
	    t->inbound ? ECS_OBSERVER_INGRESS : ECS_OBSERVER_EGRESS);
	struct buf *key = &t->o->key;

	if (t->o->of[RULE_LAYER_TOTAL] == NULL)
		return NULL;
	if (t->o->total != NULL &&
	    is_interface(t->o->total->key, t->observer, at))
		return t->o->total;
	key->len = 0;
	buf_span(key, SPAN(INTERFACE));
	buf_span(key, t->observer);
	if (at.len > 0) {
		buf_byte(key, '/');
		buf_span(key, at);
	}
	return t->o->total = volume_total(t->o->volume, buf_view(key));
}

static void
book(void *arg, const struct session_part *part, bool take_back)
{
	const struct session_record *r = part->record;
	struct traffic *t = arg;
	struct volume_flow f = { .from = part->from,
		.until = part->until,
		.bytes = part->bytes,
		.begins = part->begins,
		.unmeasured = !r->has_total && !r->has_delta,
		.both = r->both,
		.trusted = r->trusted,
		.replay = r->replay,
		.peer = r->peer,
		.origin = r->origin,
		.index = r->index };

	memcpy(f.leaf, r->leaf, sizeof(f.leaf));
	volume_book(t->o->volume, volume_host_at(t->o->volume, r->host), &f,
	    take_back);
	if (r->total_of != INDEX_NONE)
		volume_book(t->o->volume,
		    volume_host_at(t->o->volume, r->total_of), &f, take_back);
}

static void
book_blocked(struct traffic *t, struct volume_host *h, const char *origin)
{
	struct volume_flow f = { .from = t->time,
		.until = t->time,
		.blocked = true,
		.trusted = t->trusted,
		.replay = t->replay,
		.peer = *t->outer,
		.origin = origin,
		.index = t->e->index };

	memcpy(f.leaf, t->e->leaf, sizeof(f.leaf));
	volume_book(t->o->volume, h, &f, false);
}

static bool
has_number(const struct traffic *t, enum ecs field, uint64_t *n)
{
	return num_parse(facts_field(t->fs, field), UINT64_MAX, n) == 0;
}

/* Bytes that our end sent: of the session so far, and since its last record. */
static void
take_bytes(const struct traffic *t, struct session_record *r)
{
	bool in = t->inbound;

	r->has_total = has_number(t,
	    in ? ECS_DESTINATION_BYTES : ECS_SOURCE_BYTES, &r->total);
	r->has_delta = has_number(t, in ? ECS_DELTA_RECEIVED : ECS_DELTA_SENT,
	    &r->delta);
	if (!r->has_total && !r->has_delta &&
	    has_number(t, ECS_NETWORK_BYTES, &r->total))
		r->has_total = r->both = true;
}

/* Both ends, its number, and who says so; empty without a number. */
static struct span
session_key(const struct traffic *t, struct span id)
{
	const struct address *from = &t->source.address;
	const struct address *until = &t->destination.address;
	size_t ends = sizeof(from->b) + sizeof(until->b);
	struct buf *key = &t->o->key;
	uint8_t *to;

	key->len = 0;
	if (id.len == 0)
		return buf_view(key);
	to = buf_reserve(key, ends + id.len + 1 + t->observer.len);
	memcpy(to, from->b, sizeof(from->b));
	memcpy(to + sizeof(from->b), until->b, sizeof(until->b));
	memcpy(to + ends, id.p, id.len);
	to[ends + id.len] = '\0';
	if (t->observer.len > 0)
		memcpy(to + ends + id.len + 1, t->observer.p, t->observer.len);
	key->len = ends + id.len + 1 + t->observer.len;
	return buf_view(key);
}

static void
count(struct traffic *t, struct volume_host *h, const char *origin)
{
	struct volume_host *all = total_of(t);
	struct session_record r = { .end = t->time,
		.total_of = INDEX_NONE,
		.inbound = t->inbound,
		.peer = *t->outer,
		.trusted = t->trusted,
		.replay = t->replay,
		.origin = origin,
		.index = t->e->index };
	struct span id = facts_field(t->fs, ECS_NETWORK_SESSION);
	uint64_t duration = 0;

	r.host = h->number;
	if (all != NULL) {
		volume_observe(t->o->volume, t->observer, all, t->time);
		r.total_of = all->number;
	}
	memcpy(r.leaf, t->e->leaf, sizeof(r.leaf));
	if (has_number(t, ECS_EVENT_DURATION, &duration) &&
	    duration / 1000 < INT64_MAX / 2)
		r.duration = (int64_t)(duration / 1000);
	else
		r.untimed = true;
	r.interim = facts_field(t->fs, ECS_INTERIM).len > 0;
	take_bytes(t, &r);
	r.key = session_key(t, id);
	t->o->records++;
	if (!session_add(t->o->sessions, &r, book, t))
		t->o->duplicates++;
}

void
outbound_feed(struct outbound *o, const struct event *e, const char *origin,
    const struct facts *fs)
{
	struct span kind = facts_field(fs, ECS_KIND);
	struct traffic t = { .o = o, .e = e, .fs = fs, .time = fs->time };
	struct volume_host *h;

	if (!span_starts(kind, SPAN("traffic")) ||
	    !read_end(o, facts_field(fs, ECS_SOURCE_IP), &t.source) ||
	    !read_end(o, facts_field(fs, ECS_DESTINATION_IP), &t.destination))
		return;
	t.observer = observer_of(&t);
	t.denied = span_is(kind, "traffic-denied");
	if (e->source != NULL) {
		t.replay = e->source->replay;
		t.trusted = t.replay || span_is(e->source->transport, "import");
	}
	orient(&t);
	h = t.inner != NULL ? host_of(&t) : NULL;
	volume_observe(o->volume, t.observer, h, t.time);
	if (h == NULL || t.outer == NULL)
		return;
	if (span_is(kind, "traffic"))
		count(&t, h, origin);
	else if (t.denied && !t.inbound && h->isolated)
		book_blocked(&t, h, origin);
}
