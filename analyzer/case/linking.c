/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/linking.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "common/buf.h"

static bool
is_kind(const struct casebook_entity *e, const char *kind)
{
	return strcmp(e->kind, kind) == 0;
}

static bool
is_shared(const struct casebook_entity *a, const struct casebook_entity *b)
{
	if (strcmp(a->value, b->value) != 0)
		return false;
	if (is_kind(a, "device"))
		return is_kind(b, "host");
	return is_kind(b, a->kind) ||
	    (is_kind(a, "host") && is_kind(b, "device"));
}

bool
linking_shares(const struct casebook_finding *f,
    const struct casebook_finding *g)
{
	size_t i, k;

	for (i = 0; i < f->n_entities; i++)
		for (k = 0; k < g->n_entities; k++)
			if (is_shared(&f->entities[i], &g->entities[k]))
				return true;
	return false;
}

/* ---- what is common ---- */

/* Whom a finding is about: "source=192.0.2.1", among other words. */
static bool
is_about(const char *key, const char *address)
{
	static const char *const names[] = { "source=", "host=" };
	size_t i, len, word;

	for (; *key != '\0'; key += word + (key[word] == ' ')) {
		word = strcspn(key, " ");
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			len = strlen(names[i]);
			if (strncmp(key, names[i], len) == 0 &&
			    strlen(address) == word - len &&
			    memcmp(key + len, address, word - len) == 0)
				return true;
		}
	}
	return false;
}

static bool
has_address(const struct casebook_finding *f, const char *address)
{
	size_t i;

	for (i = 0; i < f->n_entities; i++)
		if (is_kind(&f->entities[i], "ip") &&
		    strcmp(f->entities[i].value, address) == 0)
			return true;
	return false;
}

/* Those that have to do with an address, each once; too many: more. */
struct company {
	const char *key[LINKING_COMMON];
	size_t n;
	bool many;
};

static void
add_company(struct company *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->key[i], key) == 0)
			return;
	c->many = c->n == LINKING_COMMON;
	if (!c->many)
		c->key[c->n++] = key;
}

bool
linking_near(const struct casebook_finding *f, const struct casebook_finding *g)
{
	return f->from <= g->until + LINKING_TOGETHER &&
	    g->from <= f->until + LINKING_TOGETHER;
}

static bool
takes_part(const struct casebook_finding *f)
{
	return *f->group != '\0' && !f->withdrawn;
}

/* What joins others, and counts among those that an address has to do with. */
static bool
counts(const struct casebook_finding *f)
{
	return takes_part(f) && f->quiet != CASEBOOK_EXCEPTED &&
	    f->quiet != CASEBOOK_SILENCED;
}

/* One more finding: false if it is about the address. */
static bool
meet(struct company *c, const struct casebook_finding *f, const char *address)
{
	if (is_about(f->key, address))
		return false;
	if (!c->many)
		add_company(c, f->key);
	return true;
}

/* also: one more that is near, NULL: none. */
static bool
is_common_for(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *also, const struct casebook_finding *f,
    const struct casebook_entity *e)
{
	struct company c = { .n = 0 };
	size_t i;

	if (!is_kind(e, "ip") || !meet(&c, f, e->value) ||
	    (also != NULL && !meet(&c, also, e->value)))
		return false;
	for (i = 0; i < n; i++)
		if (counts(&v[i]) && v[i].replay == f->replay &&
		    linking_near(f, &v[i]) && has_address(&v[i], e->value) &&
		    !meet(&c, &v[i], e->value))
			return false;
	return c.many;
}

bool
linking_is_common(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f, const struct casebook_entity *e)
{
	return is_common_for(v, n, NULL, f, e);
}

/* Of the first 64 entities of a finding, a bit each, as far as is known. */
struct known {
	uint64_t asked, common;
};

static bool
is_common_known(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f, size_t i, struct known *k)
{
	const uint64_t bit = UINT64_C(1) << i % 64;

	if (i >= 64)
		return is_common_for(v, n, NULL, f, &f->entities[i]);
	if ((k->asked & bit) == 0) {
		k->asked |= bit;
		if (is_common_for(v, n, NULL, f, &f->entities[i]))
			k->common |= bit;
	}
	return (k->common & bit) != 0;
}

static bool
joins(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f, const struct casebook_finding *g,
    struct known *known)
{
	size_t i, k;

	for (i = 0; i < f->n_entities; i++)
		for (k = 0; k < g->n_entities; k++)
			if (is_shared(&f->entities[i], &g->entities[k]) &&
			    !is_common_known(v, n, f, i, known) &&
			    !is_common_for(v, n, f, g, &g->entities[k]))
				return true;
	return false;
}

bool
linking_joins(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f, const struct casebook_finding *g)
{
	struct known known = { 0, 0 };

	return joins(v, n, f, g, &known);
}

const struct casebook_finding *
linking_earliest(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f)
{
	const struct casebook_finding *best = NULL, *g;
	struct known known = { 0, 0 };

	for (g = v; g < v + n; g++)
		if (*g->group != '\0' && g->replay == f->replay &&
		    (best == NULL || g->first < best->first) &&
		    linking_near(f, g) && joins(v, n, f, g, &known))
			best = g;
	return best;
}

/* ---- sets ---- */

/* One finding with one key; device: a key of hosts, seen from an appliance. */
struct member {
	uint32_t key;
	bool device;
	bool common;
	size_t finding;
	int64_t from, until;
	const char *address; /* NULL: it is none */
};

struct members {
	struct member *v;
	size_t n;
	struct index *keys;
	struct buf text;
};

static size_t
root(size_t *set, size_t i)
{
	while (set[i] != i)
		i = set[i] = set[set[i]];
	return i;
}

static void
join(const struct casebook_finding *v, size_t *set, size_t a, size_t b)
{
	a = root(set, a);
	b = root(set, b);
	if (a == b)
		return;
	if (v[a].entered < v[b].entered ||
	    (v[a].entered == v[b].entered && a < b))
		set[b] = a;
	else
		set[a] = b;
}

static uint32_t
key_of(struct members *m, const char *kind, bool replay, const char *value)
{
	uint32_t *slot;

	m->text.len = 0;
	buf_printf(&m->text, "%c%s=%s", replay ? 'r' : 'l', kind, value);
	slot = index_put(m->keys, buf_view(&m->text));
	if (*slot == INDEX_NONE)
		*slot = (uint32_t)index_count(m->keys);
	return *slot;
}

static void
add(struct members *m, const struct casebook_finding *f, size_t at)
{
	const struct casebook_entity *e;
	bool device;
	size_t i;

	for (i = 0; i < f->n_entities; i++) {
		e = &f->entities[i];
		device = is_kind(e, "device");
		m->v[m->n++] = (struct member){
			.key = key_of(m, device ? "host" : e->kind, f->replay,
			    e->value),
			.device = device,
			.finding = at,
			.from = f->from,
			.until = f->until,
			.address = is_kind(e, "ip") ? e->value : NULL,
		};
	}
}

/*
 * The same as linking_is_common(), of the members of one key, by their begin:
 * those from low on that begin until a day behind it.  any: one of all is about
 * the address.
 */
static bool
is_common(const struct casebook_finding *v, const struct member *m, size_t n,
    size_t at, size_t low, bool any)
{
	struct company c = { .n = 0 };
	size_t i;

	for (i = low; i < n && m[i].from <= m[at].until + LINKING_TOGETHER;
	     i++) {
		if (!linking_near(&v[m[at].finding], &v[m[i].finding]))
			continue;
		if (!meet(&c, &v[m[i].finding], m[at].address))
			return false;
		if (c.many && !any)
			break;
	}
	return c.many;
}

/* Take out what joins nothing: of an address that many share.  How many are
 * left. */
static size_t
leave_common(const struct casebook_finding *v, struct member *m, size_t n)
{
	size_t i, low = 0, left = 0;
	bool any = false;

	if (m[0].address == NULL || n <= LINKING_COMMON)
		return n;
	for (i = 0; i < n; i++)
		any |= is_about(v[m[i].finding].key, m[i].address);
	for (i = 0; i < n; i++) {
		/* None behind is near one of those before low, either. */
		while (m[low].until < m[i].from - LINKING_TOGETHER)
			low++;
		m[i].common = is_common(v, m, n, i, low, any);
	}
	for (i = 0; i < n; i++)
		if (!m[i].common)
			m[left++] = m[i];
	return left;
}

/* Hosts before devices, by time: neighbours are then what may be near. */
static int
by_key(const void *a, const void *b)
{
	const struct member *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	if (p->device != q->device)
		return p->device ? 1 : -1;
	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	return p->finding < q->finding ? -1 : p->finding > q->finding;
}

/*
 * The members of one key.  What begins within a day of the latest end so far
 * belongs to what came before; so one pass joins all that pairs would.
 */
static void
join_key(const struct casebook_finding *v, size_t *set, const struct member *m,
    size_t n)
{
	size_t i, k, hosts, last = 0;

	for (i = 1; i < n && !m[i].device; i++) {
		if (m[i].from <= m[last].until + LINKING_TOGETHER)
			join(v, set, m[last].finding, m[i].finding);
		if (m[i].until > m[last].until)
			last = i;
	}
	for (hosts = 0; hosts < n && !m[hosts].device; hosts++)
		;
	for (i = hosts; i < n; i++)
		for (k = 0; k < hosts &&
		     m[k].from <= m[i].until + LINKING_TOGETHER;
		     k++)
			if (m[i].from <= m[k].until + LINKING_TOGETHER)
				join(v, set, m[i].finding, m[k].finding);
}

static void
join_keys(const struct casebook_finding *v, size_t n, size_t *set)
{
	struct members m = { .keys = index_new() };
	size_t i, from, all = 1;

	for (i = 0; i < n; i++)
		all += v[i].n_entities;
	if ((m.v = calloc(all, sizeof(*m.v))) == NULL)
		abort();
	buf_init(&m.text);
	for (i = 0; i < n; i++)
		if (counts(&v[i]))
			add(&m, &v[i], i);
	if (m.n > 0)
		qsort(m.v, m.n, sizeof(*m.v), by_key);
	for (i = from = 0; i < m.n; i++) {
		if (i + 1 < m.n && m.v[i + 1].key == m.v[i].key)
			continue;
		join_key(v, set, m.v + from,
		    leave_common(v, m.v + from, i + 1 - from));
		from = i + 1;
	}
	index_free(m.keys);
	buf_fini(&m.text);
	free(m.v);
}

void
linking_sets(const struct casebook_finding *v, size_t n, size_t *set)
{
	struct index *names = index_new();
	uint32_t *slot;
	size_t i;

	for (i = 0; i < n; i++)
		set[i] = i;
	for (i = 0; i < n; i++) {
		if (!takes_part(&v[i]))
			continue;
		slot = index_put(names, span_str(v[i].group));
		if (*slot == INDEX_NONE)
			*slot = (uint32_t)i;
		else
			join(v, set, *slot, i);
	}
	join_keys(v, n, set);
	for (i = 0; i < n; i++)
		set[i] = root(set, i);
	index_free(names);
}
