/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/visit.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/repeat.h"
#include "analyzer/rule/visit_pair.h"
#include "common/utc.h"

/* Collects what tells of visits, in bounds; visit_pair.c makes sense of it. */
#define LATE (5 * UTC_MINUTE) /* what was done is often told afterwards */
#define HOLD UTC_DAY /* nobody is taken to have an address for longer */

struct pile { /* of one kind */
	struct visit_mark *v;
	size_t n, cap;
};

struct visits {
	int64_t from, until;
	unsigned kinds; /* that matter, as bits */
	struct repeat *repeat;
	struct pile piles[VISIT_KINDS];
	struct visit_mark *marks; /* of all kinds, when it is finished */
	size_t n_marks;
	struct visit *visits;
	const struct visit **leases; /* with an address, by address, begin */
	size_t n, n_leases;
	struct visits_count count;
};

struct visits *
visits_new(int64_t from, int64_t until)
{
	struct visits *v = calloc(1, sizeof(*v));

	if (v == NULL)
		abort();
	v->from = from;
	v->until = until;
	v->kinds = ~0u;
	v->repeat = repeat_new();
	return v;
}

void
visits_only(struct visits *v, unsigned kinds)
{
	v->kinds = kinds;
}

void
visits_free(struct visits *v)
{
	size_t i, k;

	if (v == NULL)
		return;
	for (k = 0; k < VISIT_KINDS; k++) {
		for (i = 0; i < v->piles[k].n; i++)
			free(v->piles[k].v[i].bytes);
		free(v->piles[k].v);
	}
	for (i = 0; i < v->n_marks; i++)
		free(v->marks[i].bytes);
	free(v->marks);
	free(v->visits);
	free(v->leases);
	repeat_free(v->repeat);
	free(v);
}

static const struct {
	const char *name;
	enum visit_kind kind;
	enum visit_what what;
} kinds[] = {
	{ "vpn-login", VISIT_VPN, VISIT_BEGINS },
	{ "vpn-logout", VISIT_VPN, VISIT_ENDS },
	{ "vpn-session", VISIT_VPN, VISIT_TELLS },
	{ "vpn-statistics", VISIT_VPN, VISIT_TELLS },
	{ "admin-login", VISIT_ADMIN, VISIT_BEGINS },
	{ "admin-logout", VISIT_ADMIN, VISIT_ENDS },
	{ "login", VISIT_OTHER, VISIT_BEGINS },
	{ "logout", VISIT_OTHER, VISIT_ENDS },
	{ "session-end", VISIT_OTHER, VISIT_LINE_ENDS },
	{ "restart", VISIT_OTHER, VISIT_RESTARTS },
};

/* Computers, services and nobody: those of no person. */
static bool
is_person(struct span role)
{
	return !span_is(role, "computer") && !span_is(role, "system") &&
	    !span_is(role, "anonymous");
}

static struct span
device_of(const struct event *e)
{
	static const enum ecs fields[] = { ECS_OBSERVER_NAME, ECS_HOST_NAME,
		ECS_OBSERVER_HOSTNAME, ECS_HOST_HOSTNAME, ECS_SYSLOG_HOSTNAME,
		ECS_OBSERVER_IP, ECS_HOST_IP };
	struct span s = { NULL, 0 };
	size_t i;

	for (i = 0; s.len == 0 && i < sizeof(fields) / sizeof(fields[0]); i++)
		s = event_get(e, fields[i]);
	return s.len == 0 && e->source != NULL ? e->source->peer : s;
}

/* Some devices number the connection and the session that comes of it. */
static struct span
other_id(const struct event *e)
{
	struct span first = event_get(e, ECS_NETWORK_SESSION);
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->f[i].field == ECS_NETWORK_SESSION &&
		    !span_eq(e->f[i].value, first))
			return e->f[i].value;
	return span_make(NULL, 0);
}

static uint64_t
number(const struct event *e, enum ecs field)
{
	uint64_t n;

	return event_number(e, field, &n) == 0 ? n : 0;
}

static void
set_amounts(struct visit_mark *m, const struct event *e)
{
	uint64_t n;

	m->port = number(e, ECS_SOURCE_PORT);
	m->pid = number(e, ECS_PROCESS_PID);
	m->duration = -1;
	if (event_number(e, ECS_EVENT_DURATION, &n) == 0 &&
	    n / 1000 < INT64_MAX / 4)
		m->duration = (int64_t)(n / 1000);
	m->has_bytes = event_get(e, ECS_SOURCE_BYTES).len > 0 ||
	    event_get(e, ECS_DESTINATION_BYTES).len > 0;
	m->sent = number(e, ECS_SOURCE_BYTES);
	m->received = number(e, ECS_DESTINATION_BYTES);
}

/* What the mark says, still the event's bytes; false: nothing of a visit. */
static bool
read_mark(struct visit_mark *m, const struct event *e, int64_t at)
{
	struct span kind = event_get(e, ECS_KIND);
	size_t i, n = sizeof(kinds) / sizeof(kinds[0]);

	for (i = 0; i < n && !span_is(kind, kinds[i].name); i++)
		;
	if (i == n || !is_person(event_get(e, ECS_USER_ROLES)) ||
	    (kinds[i].what == VISIT_BEGINS &&
		span_is(event_get(e, ECS_EVENT_OUTCOME), "failure")))
		return false;
	*m = (struct visit_mark){
		.at = at,
		.kind = kinds[i].kind,
		.what = kinds[i].what,
		.device = device_of(e),
		.user = event_get(e, ECS_USER_NAME),
		.source = event_get(e, ECS_SOURCE_IP),
		.id = event_get(e, ECS_NETWORK_SESSION),
		.other_id = other_id(e),
		.process = event_get(e, ECS_PROCESS_NAME),
		.cite = { .origin = e->origin, .index = e->index },
		.replay = e->source != NULL && e->source->replay,
	};
	if (m->kind == VISIT_VPN)
		m->tunnel = event_get(e, ECS_TUNNEL_IP);
	memcpy(m->cite.leaf, e->leaf, sizeof(m->cite.leaf));
	set_amounts(m, e);
	/* Of the steps in between, those that tell more than that. */
	return m->what != VISIT_TELLS || m->tunnel.len > 0 || m->has_bytes ||
	    (m->id.len > 0 && (m->user.len > 0 || m->source.len > 0));
}

/* Move the strings of a mark into bytes of its own. */
static void
keep_bytes(struct visit_mark *m)
{
	struct span *spans[] = { &m->device, &m->user, &m->source, &m->tunnel,
		&m->id, &m->process, &m->other_id };
	size_t i, len = 0, n = sizeof(spans) / sizeof(spans[0]);

	for (i = 0; i < n; i++)
		len += spans[i]->len;
	if ((m->bytes = malloc(len + 1)) == NULL)
		abort();
	for (i = 0, len = 0; i < n; i++) {
		if (spans[i]->len > 0)
			memcpy(m->bytes + len, spans[i]->p, spans[i]->len);
		*spans[i] = span_make(m->bytes + len, spans[i]->len);
		len += spans[i]->len;
	}
}

/* How far from what matters, which qsort cannot be told. */
struct far {
	const struct visit_mark *mark;
	int64_t away;
};

static int
far_order(const void *p, const void *q)
{
	const struct far *a = p, *b = q;

	if (a->away != b->away)
		return a->away < b->away ? -1 : 1;
	if (a->mark->at != b->mark->at)
		return a->mark->at > b->mark->at ? -1 : 1;
	return a->mark->cite.index < b->mark->cite.index ? -1 : 1;
}

static int64_t
away(const struct visits *v, int64_t at)
{
	if (at < v->from)
		return v->from - at;
	return at < v->until ? 0 : at - v->until + 1;
}

/* Let a quarter go: what is farthest from the period, in it the oldest. */
static void
evict(struct visits *v, struct pile *p)
{
	struct far *far = calloc(p->n, sizeof(*far));
	size_t i, left = 0, keep = p->n - p->n / 4;
	struct visit_mark *m;

	if (far == NULL)
		abort();
	for (i = 0; i < p->n; i++)
		far[i] = (struct far){ &p->v[i], away(v, p->v[i].at) };
	qsort(far, p->n, sizeof(*far), far_order);
	for (i = keep; i < p->n; i++) {
		m = &p->v[far[i].mark - p->v];
		free(m->bytes);
		m->bytes = NULL; /* there are always some */
		v->count.evicted++;
		v->count.missed += far[i].away == 0;
	}
	for (i = 0; i < p->n; i++)
		if (p->v[i].bytes != NULL)
			p->v[left++] = p->v[i];
	p->n = left;
	free(far);
}

/* What others keep of it, and is few enough for a name. */
static bool
is_kept(const struct visit_mark *m)
{
	return m->kind != VISIT_OTHER || m->what == VISIT_RESTARTS;
}

bool
visits_read(struct visit_mark *m, const struct event *e, int64_t at)
{
	if (!read_mark(m, e, at) || !is_kept(m))
		return false;
	m->named = repeat_name(e, m->name);
	return true;
}

static bool
is_wanted(const struct visits *v, const struct visit_mark *m)
{
	return m->what == VISIT_RESTARTS || (v->kinds & 1u << m->kind) != 0;
}

static bool
take(struct visits *v, const struct visit_mark *mark, bool repeated)
{
	struct pile *p = &v->piles[mark->kind];
	struct visit_mark m = *mark;

	if (repeated) {
		v->count.repeated++;
		return false;
	}
	if (p->n == VISIT_RECORDS)
		evict(v, p);
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 64 : p->cap * 2;
		if (p->cap > VISIT_RECORDS)
			p->cap = VISIT_RECORDS;
		p->v = reallocarray(p->v, p->cap, sizeof(*p->v));
		if (p->v == NULL)
			abort();
	}
	keep_bytes(&m);
	p->v[p->n++] = m;
	return true;
}

bool
visits_mark(struct visits *v, const struct visit_mark *m)
{
	if (!is_wanted(v, m))
		return true;
	return take(v, m, m->named && repeat_seen_name(v->repeat, m->name));
}

bool
visits_add(struct visits *v, const struct event *e, int64_t at)
{
	struct visit_mark m;

	if (!read_mark(&m, e, at) || !is_wanted(v, &m))
		return true;
	if (!is_kept(&m))
		return take(v, &m, repeat_seen(v->repeat, e));
	m.named = repeat_name(e, m.name);
	return visits_mark(v, &m);
}

static void
gather(struct visits *v)
{
	size_t k, n = 0;

	for (k = 0; k < VISIT_KINDS; k++)
		n += v->piles[k].n;
	v->marks = calloc(n + 1, sizeof(*v->marks));
	if (v->marks == NULL)
		abort();
	for (k = 0; k < VISIT_KINDS; k++) {
		struct pile *p = &v->piles[k];

		if (p->n > 0)
			memcpy(v->marks + v->n_marks, p->v,
			    p->n * sizeof(*p->v));
		v->n_marks += p->n;
		free(p->v);
		*p = (struct pile){ NULL, 0, 0 };
	}
}

static int
lease_order(const void *p, const void *q)
{
	const struct visit *a = *(const struct visit *const *)p;
	const struct visit *b = *(const struct visit *const *)q;
	int c = visit_pair_span_order(a->tunnel, b->tunnel);

	return c != 0 ? c : a < b ? -1 : a > b;
}

const struct visit *
visits_finish(struct visits *v, size_t *n)
{
	size_t i;

	gather(v);
	v->visits = visit_pair(v->marks, v->n_marks, &v->n);
	v->leases = calloc(v->n + 1, sizeof(*v->leases));
	if (v->leases == NULL)
		abort();
	for (i = 0; i < v->n; i++)
		if (v->visits[i].tunnel.len > 0)
			v->leases[v->n_leases++] = &v->visits[i];
	if (v->n_leases > 0)
		qsort(v->leases, v->n_leases, sizeof(*v->leases), lease_order);
	*n = v->n;
	return v->visits;
}

/* Until when the visit's address was surely nobody else's. */
static int64_t
held_until(const struct visit *l)
{
	return l->how == VISIT_SAID || l->how == VISIT_SUPERSEDED
	    ? l->end
	    : l->begin + HOLD;
}

/* The one user of that address at that time, late seconds after it too. */
static struct span
holder(const struct visits *v, size_t at, struct span address, int64_t time,
    int64_t late, bool *several)
{
	struct span user = { NULL, 0 };

	*several = false;
	for (; at < v->n_leases && span_eq(v->leases[at]->tunnel, address);
	     at++) {
		const struct visit *l = v->leases[at];

		if (l->user.len == 0 || time < l->begin ||
		    time > held_until(l) + late)
			continue;
		*several |= user.len > 0 && !span_eq(user, l->user);
		user = l->user;
	}
	return user;
}

struct span
visits_holder(const struct visits *v, struct span address, int64_t at)
{
	size_t lo = 0, hi = v->n_leases, mid;
	struct span user;
	bool several;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (visit_pair_span_order(v->leases[mid]->tunnel, address) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	user = holder(v, lo, address, at, 0, &several);
	if (user.len == 0)
		user = holder(v, lo, address, at, LATE, &several);
	return several ? (struct span){ NULL, 0 } : user;
}

struct visits_count
visits_count(const struct visits *v)
{
	return v->count;
}
