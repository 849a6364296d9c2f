/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/subject.h"

#include <string.h>
#include <strings.h>

#include "common/utc.h"

/* A logout's record may come a little after the last of what was done. */
#define LOGOUT_SLACK (5 * UTC_MINUTE)

struct member {
	struct span key;	     /* address, name or user */
	const struct device *device; /* of the ledger, or NULL */
	bool user;
	int64_t from, until; /* a VPN's address is theirs only for a while */
};

struct subject {
	const struct report *r;
	struct member *members;
	size_t n, cap;
};

struct subject *
subject_new(const struct report *r)
{
	struct subject *s = arena_alloc(r->arena, sizeof(*s));

	s->r = r;
	return s;
}

static bool
same(struct span a, struct span b)
{
	return a.len == b.len && a.len > 0 &&
	    strncasecmp((const char *)a.p, (const char *)b.p, a.len) == 0;
}

static struct member *
add(struct subject *s, struct span key, bool user)
{
	struct member *wider;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->members[i].user == user &&
		    s->members[i].from == INT64_MIN &&
		    same(s->members[i].key, key))
			return &s->members[i];
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 16 : s->cap * 2;
		wider = arena_alloc(s->r->arena, s->cap * sizeof(*wider));
		if (s->n > 0)
			memcpy(wider, s->members, s->n * sizeof(*wider));
		s->members = wider;
	}
	s->members[s->n] = (struct member){
		.key = arena_copy(s->r->arena, key),
		.device = user ? NULL : report_device(s->r, key),
		.user = user,
		.from = INT64_MIN,
		.until = INT64_MAX,
	};
	return &s->members[s->n++];
}

void
subject_add(struct subject *s, struct span key, bool user)
{
	if (key.len > 0)
		(void)add(s, key, user);
}

void
subject_add_finding(struct subject *s, const struct casebook_finding *f)
{
	size_t i;

	for (i = 0; i < f->n_entities; i++) {
		const struct casebook_entity *e = &f->entities[i];

		if (*e->value != '\0')
			(void)add(s, span_str(e->value),
			    strcmp(e->kind, "user") == 0);
	}
}

static bool
is_user(const struct subject *s, struct span name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->members[i].user && same(s->members[i].key, name))
			return true;
	return false;
}

static bool
is_host(const struct subject *s, struct span key, const struct device *d,
    int64_t at)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct member *m = &s->members[i];

		if (!m->user && at >= m->from && at <= m->until &&
		    (same(m->key, key) || (d != NULL && d == m->device)))
			return true;
	}
	return false;
}

bool
subject_has_host(const struct subject *s, struct span key, int64_t at)
{
	return key.len > 0 && is_host(s, key, report_device(s->r, key), at);
}

bool
subject_is_named(const struct subject *s, const struct casebook_finding *f)
{
	size_t i;

	for (i = 0; i < f->n_entities; i++) {
		struct span value = span_str(f->entities[i].value);

		if (strcmp(f->entities[i].kind, "user") == 0
			? is_user(s, value)
			: subject_has_host(s, value, f->first))
			return true;
	}
	return false;
}

/* The address that was given out goes back, or to somebody else. */
static void
end_lease(struct subject *s, struct span tunnel, int64_t at)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct member *m = &s->members[i];

		if (m->from != INT64_MIN && m->from <= at && at < m->until &&
		    same(m->key, tunnel))
			m->until = at + LOGOUT_SLACK;
	}
}

void
subject_learn(struct subject *s, const struct event *e, int64_t at)
{
	struct span kind = event_get(e, ECS_KIND);
	struct span tunnel = event_get(e, ECS_TUNNEL_IP);
	size_t n = s->n;
	struct member *m;

	if (tunnel.len == 0 ||
	    (!span_is(kind, "vpn-login") && !span_is(kind, "vpn-logout")))
		return;
	end_lease(s, tunnel, at);
	if (!span_is(kind, "vpn-login") ||
	    span_is(event_get(e, ECS_EVENT_OUTCOME), "failure") ||
	    (!is_user(s, event_get(e, ECS_USER_NAME)) &&
		!subject_has_host(s, event_get(e, ECS_SOURCE_IP), at)))
		return;
	m = add(s, tunnel, false);
	if (s->n > n)
		m->from = at;
}

/* What devices write of others' packets, not of their own people. */
static bool
is_traffic(struct span kind)
{
	static const char *const kinds[] = { "utm", "nat", "connection", "host",
		"threat", "tls", "web-access", "address-lease" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_is(kind, kinds[i]))
			return true;
	return span_starts(kind, SPAN("traffic"));
}

struct subject_names
subject_names(const struct event *e)
{
	struct subject_names n = {
		.user = event_get(e, ECS_USER_NAME),
		.other_user = event_get(e, ECS_USER_TARGET_NAME),
		.source = event_get(e, ECS_SOURCE_IP),
		.destination = event_get(e, ECS_DESTINATION_IP),
		.tunnel = event_get(e, ECS_TUNNEL_IP),
		.device = report_observer(e),
		.traffic = is_traffic(event_get(e, ECS_KIND)),
	};

	return n;
}

bool
subject_has(const struct subject *s, const struct subject_names *n, int64_t at)
{
	return is_user(s, n->user) || is_user(s, n->other_user) ||
	    subject_has_host(s, n->source, at) ||
	    subject_has_host(s, n->destination, at) ||
	    subject_has_host(s, n->tunnel, at) ||
	    (!n->traffic && subject_has_host(s, n->device, at));
}
