/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/visit_open.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#define DRIFT (10 * UTC_MINUTE) /* a duration that fits no better fits not */

struct visit_link { /* an entry under a key */
	uint32_t entry, next;
};

void
visit_open_init(struct visit_open *p)
{
	*p = (struct visit_open){ .heads = index_new() };
	buf_init(&p->key);
}

void
visit_open_fini(struct visit_open *p)
{
	free(p->entries);
	free(p->links);
	index_free(p->heads);
	buf_fini(&p->key);
}

static void
put(struct visit_open *p, struct span s)
{
	buf_span(&p->key, s);
	buf_byte(&p->key, 0);
}

static void
put_number(struct visit_open *p, uint64_t n)
{
	buf_append(&p->key, &n, sizeof(n));
}

static void
put_folded(struct visit_open *p, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		buf_byte(&p->key, (uint8_t)tolower(s.p[i]));
	buf_byte(&p->key, 0);
}

/* The key of that level into p->key; false if the mark has not got it. */
bool
visit_open_key(struct visit_open *p, const struct visit_mark *m,
    enum visit_level level)
{
	p->key.len = 0;
	buf_byte(&p->key,
	    level == VISIT_BY_OTHER_ID ? VISIT_BY_ID : (uint8_t)level);
	buf_byte(&p->key, (uint8_t)m->kind);
	put(p, m->device);
	switch (level) {
	case VISIT_BY_ID:
		put(p, m->id);
		return m->id.len > 0;
	case VISIT_BY_OTHER_ID:
		put(p, m->other_id);
		return m->other_id.len > 0;
	case VISIT_BY_TUNNEL:
		put(p, m->tunnel);
		return m->tunnel.len > 0;
	case VISIT_BY_PORT:
		put(p, m->source);
		put_number(p, m->port);
		return m->source.len > 0 && m->port != 0;
	case VISIT_BY_PROCESS:
		put(p, m->process);
		put_number(p, m->pid);
		return m->process.len > 0 && m->pid != 0;
	case VISIT_BY_SOURCE:
		put(p, m->source);
		put_folded(p, m->user);
		return m->source.len > 0 && m->user.len > 0;
	case VISIT_BY_USER:
		put_folded(p, m->user);
		return m->user.len > 0;
	case VISIT_LEVELS:
		break;
	}
	return false;
}

/* Hang the entry under that key of the mark. */
void
visit_open_hang(struct visit_open *p, const struct visit_mark *m,
    enum visit_level level, const struct visit_entry *e)
{
	uint32_t *head;

	if (!visit_open_key(p, m, level))
		return;
	if (p->n_links == p->cap_links) {
		p->cap_links = p->cap_links == 0 ? 256 : p->cap_links * 2;
		p->links =
		    reallocarray(p->links, p->cap_links, sizeof(*p->links));
		if (p->links == NULL)
			abort();
	}
	head = index_put(p->heads, buf_view(&p->key));
	p->links[p->n_links] =
	    (struct visit_link){ (uint32_t)(e - p->entries), *head };
	*head = (uint32_t)p->n_links++;
}

bool
visit_open_differ(struct span a, struct span b)
{
	return a.len > 0 && b.len > 0 &&
	    (a.len != b.len ||
		strncasecmp((const char *)a.p, (const char *)b.p, a.len) != 0);
}

static bool
ids_differ(const struct visit_entry *e, const struct visit_mark *m)
{
	return visit_open_differ(e->id, m->id) &&
	    (e->other_id.len == 0 || visit_open_differ(e->other_id, m->id)) &&
	    (m->other_id.len == 0 || visit_open_differ(e->id, m->other_id));
}

/* Whether nothing that both say contradicts. */
static bool
fits(const struct visit_entry *e, const struct visit_mark *m,
    enum visit_level level)
{
	const struct visit *v = &e->visit;
	int64_t off;

	if (visit_open_differ(v->user, m->user) ||
	    visit_open_differ(v->tunnel, m->tunnel) ||
	    (level > VISIT_BY_OTHER_ID && ids_differ(e, m)))
		return false;
	if (level <= VISIT_BY_TUNNEL)
		return true;
	if (visit_open_differ(v->source, m->source) ||
	    (e->port != 0 && m->port != 0 && e->port != m->port))
		return false;
	if (level < VISIT_BY_SOURCE || m->what != VISIT_ENDS || m->duration < 0)
		return true;
	off = v->begin - (m->at - m->duration);
	return off > -DRIFT && off < DRIFT;
}

/* How badly the duration that an end tells fits. */
static int64_t
misfit(const struct visit_entry *e, const struct visit_mark *m)
{
	int64_t off = e->visit.begin - (m->at - m->duration);

	if (m->duration < 0)
		return 0;
	return off < 0 ? -off : off;
}

/* Entries that lie so far back that nothing can match are let go. */
static bool
is_over(const struct visit_entry *e, const struct visit_mark *m)
{
	return e->closed && e->visit.end + VISIT_OPEN_JOIN < m->at;
}

static void
look_at(struct visit_found *f, struct visit_entry *e,
    const struct visit_mark *m)
{
	if (e->closed) {
		if (f->closed == NULL)
			f->closed = e;
		return;
	}
	if (f->open != NULL && misfit(e, m) > misfit(f->open, m))
		return;
	if (f->open == NULL || misfit(e, m) < misfit(f->open, m)) {
		f->open = e;
		f->n = 0;
	}
	f->all[f->n++] = e;
}

/* Those of that key, begun no later than latest. */
struct visit_found
visit_open_look(struct visit_open *p, const struct visit_mark *m,
    enum visit_level level, int64_t latest)
{
	struct visit_found f = { .n = 0 };
	uint32_t *at, seen = 0;

	if (!visit_open_key(p, m, level) ||
	    index_get(p->heads, buf_view(&p->key)) == INDEX_NONE)
		return f;
	at = index_put(p->heads, buf_view(&p->key));
	while (*at != INDEX_NONE && seen < VISIT_OPEN_LOOK) {
		struct visit_entry *e = &p->entries[p->links[*at].entry];

		if (is_over(e, m)) {
			*at = p->links[*at].next;
			continue;
		}
		if (e->visit.begin <= latest && fits(e, m, level))
			look_at(&f, e, m);
		seen++;
		at = &p->links[*at].next;
	}
	return f;
}

struct visit_entry *
visit_open_push(struct visit_open *p, const struct visit_mark *m)
{
	struct visit_entry *e;

	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 64 : p->cap * 2;
		p->entries =
		    reallocarray(p->entries, p->cap, sizeof(*p->entries));
		if (p->entries == NULL)
			abort();
	}
	e = &p->entries[p->n++];
	*e = (struct visit_entry){ .id = m->id,
		.other_id = m->other_id,
		.process = m->process,
		.port = m->port,
		.pid = m->pid };
	e->visit = (struct visit){ .kind = m->kind,
		.device = m->device,
		.user = m->user,
		.source = m->source,
		.tunnel = m->tunnel,
		.begin = m->at,
		.end = m->at,
		.first = m->cite };
	return e;
}

struct visit_entry *
visit_open_next(struct visit_open *p, const struct visit_mark *m,
    enum visit_level level, uint32_t *at)
{
	uint32_t *head;

	if (*at != INDEX_NONE)
		*at = p->links[*at].next;
	else if (visit_open_key(p, m, level) &&
	    index_get(p->heads, buf_view(&p->key)) != INDEX_NONE) {
		head = index_put(p->heads, buf_view(&p->key));
		while (*head != INDEX_NONE &&
		    is_over(&p->entries[p->links[*head].entry], m))
			*head = p->links[*head].next;
		*at = *head;
	}
	return *at == INDEX_NONE ? NULL : &p->entries[p->links[*at].entry];
}
