/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/visit_pair.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/visit_open.h"

/*
 * One pass over the records in order of time.  Open visits are found by keys,
 * the strongest first; under each key they hang newest first.  Records of the
 * same instant have no order of their own: ends first go to what began
 * earlier, then come the beginnings, then the ends that are left.
 */
#define INSTANT 64u /* so many ends of one instant are tried early */

struct pairing {
	const struct visit_mark *marks; /* in order */
	struct visit_open open;
	struct index *tellers;	/* kind and device that tell of ends */
	struct index *restarts; /* device -> its newest mark */
	struct index *waiting;	/* id -> the mark that named its user */
	struct buf key;
};

int
visit_pair_span_order(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int c = len == 0 ? 0 : memcmp(a.p, b.p, len);

	return c != 0 ? c : a.len < b.len ? -1 : a.len > b.len;
}

static int
number_order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* By time, then by what they say: never by how they arrived. */
static int
mark_order(const void *p, const void *q)
{
	const struct visit_mark *a = p, *b = q;
	const struct span x[] = { a->device, a->user, a->source, a->id,
		a->other_id, a->tunnel, a->process };
	const struct span y[] = { b->device, b->user, b->source, b->id,
		b->other_id, b->tunnel, b->process };
	int c = a->at < b->at ? -1 : a->at > b->at;
	size_t i;

	if (c == 0)
		c = (int)a->kind - (int)b->kind;
	for (i = 0; c == 0 && i < sizeof(x) / sizeof(x[0]); i++)
		c = visit_pair_span_order(x[i], y[i]);
	if (c == 0)
		c = (int)a->what - (int)b->what;
	if (c == 0)
		c = number_order(a->port, b->port);
	if (c == 0)
		c = number_order(a->pid, b->pid);
	return c != 0 ? c : number_order(a->cite.index, b->cite.index);
}

/* What the visit learns of a record that belongs to it. */
static void
learn(struct visit *v, const struct visit_mark *m)
{
	v->records++;
	v->replay |= m->replay;
	v->last = m->cite;
	if (!m->has_bytes)
		return;
	v->has_bytes = true;
	if (m->sent > v->sent)
		v->sent = m->sent;
	if (m->received > v->received)
		v->received = m->received;
}

static void
fill(struct span *to, struct span from)
{
	if (to->len == 0)
		*to = from;
}

/* A name, an address, a number that only a later record says. */
static void
complete(struct pairing *p, struct visit_entry *e, const struct visit_mark *m)
{
	struct span id = e->id, other = e->other_id;

	if (e->visit.tunnel.len == 0)
		visit_open_hang(&p->open, m, VISIT_BY_TUNNEL, e);
	if (!span_eq(m->id, id) && !span_eq(m->id, other))
		visit_open_hang(&p->open, m, VISIT_BY_ID, e);
	if (!span_eq(m->other_id, id) && !span_eq(m->other_id, other))
		visit_open_hang(&p->open, m, VISIT_BY_OTHER_ID, e);
	fill(&e->visit.user, m->user);
	fill(&e->visit.source, m->source);
	fill(&e->visit.tunnel, m->tunnel);
	fill(&e->id, m->id);
	if (visit_open_differ(e->id, m->id))
		fill(&e->other_id, m->id);
	if (visit_open_differ(e->id, m->other_id))
		fill(&e->other_id, m->other_id);
}

static void
close_entry(struct visit_entry *e, int64_t at, enum visit_how how)
{
	e->closed = true;
	e->visit.how = how;
	e->visit.end = at;
}

/* The portal's login and that of the tunnel through it are one. */
static struct visit_entry *
joinable(struct pairing *p, const struct visit_mark *m)
{
	static const enum visit_level levels[] = { VISIT_BY_ID,
		VISIT_BY_SOURCE };
	size_t i;

	if (m->kind != VISIT_VPN)
		return NULL;
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		struct visit_found f =
		    visit_open_look(&p->open, m, levels[i], m->at);

		if (f.open != NULL &&
		    !visit_open_differ(f.open->visit.source, m->source) &&
		    f.open->visit.begin + VISIT_OPEN_JOIN >= m->at)
			return f.open;
	}
	return NULL;
}

/* Whether somebody may be in twice: as account and address say, no more. */
static bool
is_apart(const struct visit_entry *e, const struct visit_mark *m)
{
	return e->id.len > 0 || e->visit.tunnel.len > 0 || e->port != 0 ||
	    (e->pid != 0 && m->pid != 0 && e->pid != m->pid);
}

/* Who had this key has it no longer. */
static void
supersede(struct pairing *p, const struct visit_mark *m, enum visit_level level)
{
	uint32_t at = INDEX_NONE, seen = 0;
	struct visit_entry *e;

	while (seen++ < VISIT_OPEN_LOOK &&
	    (e = visit_open_next(&p->open, m, level, &at)) != NULL)
		if (!e->closed && (level != VISIT_BY_SOURCE || !is_apart(e, m)))
			close_entry(e, m->at, VISIT_SUPERSEDED);
}

/* The newest mark that told this of the mark's number, or NULL. */
static uint32_t *
waiting(struct pairing *p, const struct visit_mark *m, char what)
{
	if (!visit_open_key(&p->open, m, VISIT_BY_ID))
		return NULL;
	buf_byte(&p->open.key, (uint8_t)what);
	return index_put(p->waiting, buf_view(&p->open.key));
}

/* Some devices say who calls, and from where, in records of their own. */
static void
ask_waiting(struct pairing *p, struct visit_entry *e,
    const struct visit_mark *m)
{
	static const char whats[] = "us";
	const struct visit_mark *w, *last = NULL;
	const uint32_t *at;
	size_t i;

	for (i = 0; i < 2; i++) {
		at = waiting(p, m, whats[i]);
		if (at == NULL || *at == INDEX_NONE)
			continue;
		w = &p->marks[*at];
		if (w == last || w->at > m->at ||
		    w->at + VISIT_OPEN_JOIN < m->at ||
		    visit_open_differ(w->user, e->visit.user) ||
		    visit_open_differ(w->source, e->visit.source))
			continue;
		fill(&e->visit.user, w->user);
		fill(&e->visit.source, w->source);
		e->visit.records++;
		last = w;
	}
}

static void
wait(struct pairing *p, const struct visit_mark *m)
{
	const uint32_t number = (uint32_t)(m - p->marks);

	if (m->id.len == 0)
		return;
	if (m->user.len > 0)
		*waiting(p, m, 'u') = number;
	if (m->source.len > 0)
		*waiting(p, m, 's') = number;
}

static void
begins(struct pairing *p, const struct visit_mark *m)
{
	struct visit_entry *e = joinable(p, m);
	enum visit_level level;

	if (e != NULL) {
		learn(&e->visit, m);
		complete(p, e, m);
		return;
	}
	supersede(p, m, VISIT_BY_ID);
	supersede(p, m, VISIT_BY_TUNNEL);
	supersede(p, m, VISIT_BY_PORT);
	if (m->id.len == 0 && m->tunnel.len == 0 && m->port == 0)
		supersede(p, m, VISIT_BY_SOURCE);
	e = visit_open_push(&p->open, m);
	learn(&e->visit, m);
	e->visit.begun = true;
	ask_waiting(p, e, m);
	for (level = 0; level < VISIT_LEVELS; level++)
		visit_open_hang(&p->open, m, level, e);
}

static void
tells(struct pairing *p, const struct visit_mark *m)
{
	enum visit_level level;
	struct visit_found f = { .n = 0 };

	wait(p, m);
	for (level = 0; level < VISIT_LEVELS && f.n != 1; level++)
		f = visit_open_look(&p->open, m, level, m->at);
	if (f.n != 1)
		return;
	if (f.open->visit.begin + VISIT_OPEN_JOIN >= m->at)
		complete(p, f.open, m);
	else if (!m->has_bytes)
		return;
	learn(&f.open->visit, m);
}

/* Under this a device stands that tells of logouts: its silence speaks. */
static struct span
teller(struct pairing *p, enum visit_kind kind, struct span device)
{
	p->key.len = 0;
	buf_byte(&p->key, (uint8_t)kind);
	buf_span(&p->key, device);
	return buf_view(&p->key);
}

/* Give the end to the visit that it ends; false if there is none. */
static bool
ends(struct pairing *p, const struct visit_mark *m, int64_t latest, bool join)
{
	bool alone = m->what == VISIT_ENDS;
	enum visit_level level;
	struct visit_found f;
	size_t i;

	for (level = 0; level < (alone ? VISIT_LEVELS : VISIT_BY_SOURCE);
	     level++) {
		f = visit_open_look(&p->open, m, level, latest);
		if (f.n > 1 && level >= VISIT_BY_PROCESS) {
			for (i = 0; i < f.n; i++)
				f.all[i]->doubtful = true;
			return true;
		}
		if (f.open == NULL && (!join || f.closed == NULL))
			continue;
		if (f.open == NULL) /* another line about the same end */
			f.open = f.closed;
		complete(p, f.open, m);
		learn(&f.open->visit, m);
		close_entry(f.open, m->at, VISIT_SAID);
		return true;
	}
	return false;
}

/* An end whose beginning was not recorded. */
static bool
ends_alone(struct pairing *p, const struct visit_mark *m)
{
	struct visit_entry *e;
	enum visit_level level;

	if (m->what != VISIT_ENDS ||
	    (m->user.len == 0 && m->source.len == 0 && m->tunnel.len == 0))
		return m->what == VISIT_ENDS;
	e = visit_open_push(&p->open, m);
	learn(&e->visit, m);
	if (m->duration > 0)
		e->visit.begin = m->at - m->duration;
	close_entry(e, m->at, VISIT_SAID);
	for (level = 0; level < VISIT_LEVELS;
	     level++) /* for lines that follow */
		visit_open_hang(&p->open, m, level, e);
	return true;
}

static bool
is_end(const struct visit_mark *m)
{
	return m->what == VISIT_ENDS || m->what == VISIT_LINE_ENDS;
}

/* All records of one instant. */
static void
instant(struct pairing *p, const struct visit_mark *m, size_t n)
{
	bool done[INSTANT] = { false };
	size_t i;

	for (i = 0; i < n && i < INSTANT; i++)
		done[i] = is_end(&m[i]) && ends(p, &m[i], m[i].at - 1, false);
	for (i = 0; i < n; i++)
		if (m[i].what == VISIT_BEGINS)
			begins(p, &m[i]);
	for (i = 0; i < n; i++)
		if (m[i].what == VISIT_TELLS)
			tells(p, &m[i]);
		else if (m[i].what == VISIT_RESTARTS)
			*index_put(p->restarts, m[i].device) =
			    (uint32_t)(&m[i] - p->marks);
	for (i = 0; i < n; i++) {
		if (!is_end(&m[i]))
			continue;
		if ((i >= INSTANT || !done[i]) &&
		    !ends(p, &m[i], m[i].at, true) && !ends_alone(p, &m[i]))
			continue;
		*index_put(p->tellers, teller(p, m[i].kind, m[i].device)) = 1;
	}
}

static int
visit_order(const void *p, const void *q)
{
	const struct visit *a = p, *b = q;
	int c = a->begin < b->begin ? -1 : a->begin > b->begin;

	if (c == 0)
		c = (int)a->kind - (int)b->kind;
	if (c == 0)
		c = visit_pair_span_order(a->device, b->device);
	if (c == 0)
		c = visit_pair_span_order(a->user, b->user);
	if (c == 0)
		c = visit_pair_span_order(a->source, b->source);
	if (c == 0)
		c = visit_pair_span_order(a->tunnel, b->tunnel);
	if (c == 0)
		c = a->end < b->end ? -1 : a->end > b->end;
	return c != 0 ? c : number_order(a->first.index, b->first.index);
}

/* Whether silence about its end means that it goes on. */
static void
judge(struct pairing *p, struct visit_entry *e)
{
	uint32_t restart = index_get(p->restarts, e->visit.device);

	if (e->closed)
		return;
	if (restart != INDEX_NONE && p->marks[restart].at >= e->visit.begin)
		e->doubtful = true;
	e->visit.how = !e->doubtful &&
		index_get(p->tellers,
		    teller(p, e->visit.kind, e->visit.device)) != INDEX_NONE
	    ? VISIT_OPEN
	    : VISIT_UNKNOWN;
	e->visit.end = e->visit.begin;
}

struct visit *
visit_pair(struct visit_mark *marks, size_t n_marks, size_t *n)
{
	struct pairing p = { .marks = marks,
		.tellers = index_new(),
		.restarts = index_new(),
		.waiting = index_new() };
	struct visit *out;
	size_t i, end;

	buf_init(&p.key);
	visit_open_init(&p.open);
	if (n_marks > 0)
		qsort(marks, n_marks, sizeof(*marks), mark_order);
	for (i = 0; i < n_marks; i = end) {
		for (end = i; end < n_marks && marks[end].at == marks[i].at;)
			end++;
		instant(&p, &marks[i], end - i);
	}
	*n = p.open.n;
	if ((out = calloc(*n + 1, sizeof(*out))) == NULL)
		abort();
	for (i = 0; i < *n; i++) {
		judge(&p, &p.open.entries[i]);
		out[i] = p.open.entries[i].visit;
	}
	if (*n > 0)
		qsort(out, *n, sizeof(*out), visit_order);
	visit_open_fini(&p.open);
	index_free(p.tellers);
	index_free(p.restarts);
	index_free(p.waiting);
	buf_fini(&p.key);
	return out;
}
