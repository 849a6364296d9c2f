/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/session.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/lately.h"

#define RECENT (3u << 16)	      /* keys in each of two generations */
#define JITTER (5 * INT64_C(1000000)) /* starts that differ less are one */

/* Where a record stood that is no longer remembered. */
struct mark {
	bool set, interim;
	int64_t end;
	uint64_t total;
};

/* The newest records of one long session, by end time. */
struct chain {
	struct span key; /* that of the index */
	struct mark base;
	struct session_record *v;
	uint8_t n, cap;
};
_Static_assert(SESSION_RECORDS <= UINT8_MAX, "they are counted in a byte");

struct session {
	struct lately *ends; /* (key, end) */
	struct index *chains_by_key;
	struct chain *chains;
	size_t n_chains, cap_chains;
	uint64_t forgotten;
};

struct session *
session_new(void)
{
	struct session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->ends = lately_new(RECENT);
	s->chains_by_key = index_new();
	return s;
}

void
session_free(struct session *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n_chains; i++)
		free(s->chains[i].v);
	free(s->chains);
	lately_free(s->ends);
	index_free(s->chains_by_key);
	free(s);
}

/* Whether the same device said the same end of the same session lately. */
static bool
is_duplicate(struct session *s, const struct session_record *r)
{
	struct digest d;

	digest_begin(&d, lately_seed(s->ends));
	digest_add(&d, r->key);
	digest_add_word(&d, (uint64_t)r->end);
	digest_end(&d);
	return lately_seen(s->ends, &d, false);
}

static int64_t
start_of(const struct session_record *r)
{
	return r->end - r->duration;
}

static struct mark
mark_of(const struct session_record *r)
{
	return (struct mark){ true, r->interim, r->end, r->total };
}

/*
 * A session number is used again after a while: a record that starts where the
 * one before had ended begins anew; if starts are not said, what comes behind
 * an end does.
 */
static bool
is_anew(const struct session_record *r, const struct mark *before)
{
	if (r->untimed)
		return !before->interim;
	return start_of(r) + JITTER >= before->end && r->duration > 0;
}

/*
 * The part that record i of a chain stands for: what it adds to the one
 * before.
 */
static struct session_part
part_of(const struct chain *c, size_t i)
{
	const struct session_record *r = &c->v[i];
	struct session_part p = { r, start_of(r), r->end, r->total, true };
	struct mark before = c->base;

	if (i > 0)
		before = mark_of(&c->v[i - 1]);
	if (!before.set || is_anew(r, &before))
		return p;
	p.begins = false;
	p.from = before.end;
	p.bytes = r->total > before.total ? r->total - before.total : 0;
	return p;
}

static int64_t
last_end(const struct chain *c)
{
	return c->n > 0 ? c->v[c->n - 1].end : c->base.end;
}

static int
by_age(const void *a, const void *b)
{
	int64_t p = last_end(a), q = last_end(b);
	const struct chain *c = a, *d = b;

	if (p != q)
		return p > q ? -1 : 1;
	if (c->key.len != d->key.len)
		return c->key.len < d->key.len ? -1 : 1;
	return memcmp(c->key.p, d->key.p, c->key.len);
}

/*
 * Forget the half that has been silent for longest: a session that lives on
 * reports every few minutes.  What was booked stays booked, so one that has
 * long ended is no loss.
 */
static void
forget(struct session *s)
{
	size_t i, keep = s->n_chains / 2;
	struct index *old = s->chains_by_key;
	struct chain *c;
	int64_t silent;

	qsort(s->chains, s->n_chains, sizeof(*s->chains), by_age);
	/* Not by the newest: one clock that is ahead would hide a loss. */
	silent = last_end(&s->chains[keep / 2]) - SESSION_SILENT;
	for (i = keep; i < s->n_chains; i++) {
		s->forgotten += last_end(&s->chains[i]) > silent;
		free(s->chains[i].v);
	}
	s->n_chains = keep;
	s->chains_by_key = index_new();
	for (i = 0; i < keep; i++) {
		c = &s->chains[i];
		*index_put(s->chains_by_key, c->key) = (uint32_t)i;
		c->key = index_key(s->chains_by_key, c->key);
	}
	index_free(old);
}

static struct chain *
chain_of(struct session *s, struct span key)
{
	uint32_t i = index_get(s->chains_by_key, key);

	if (i != INDEX_NONE)
		return &s->chains[i];
	if (s->n_chains == SESSION_MAX)
		forget(s);
	if (s->n_chains == s->cap_chains) {
		s->cap_chains = s->cap_chains == 0 ? 64 : s->cap_chains * 2;
		s->chains =
		    reallocarray(s->chains, s->cap_chains, sizeof(*s->chains));
	}
	if (s->chains == NULL)
		abort();
	*index_put(s->chains_by_key, key) = (uint32_t)s->n_chains;
	s->chains[s->n_chains] =
	    (struct chain){ .key = index_key(s->chains_by_key, key) };
	return &s->chains[s->n_chains++];
}

static void
book_part(const struct chain *c, size_t i, bool take_back, session_book *book,
    void *arg)
{
	struct session_part p = part_of(c, i);

	book(arg, &p, take_back);
}

/* Let go of the oldest record; what it said becomes the mark. */
static void
drop_oldest(struct chain *c)
{
	c->base = mark_of(&c->v[0]);
	memmove(c->v, c->v + 1, (c->n - 1u) * sizeof(*c->v));
	c->n--;
}

/* Put a record where its end time belongs; the one behind it changes. */
static void
add_to_chain(struct chain *c, const struct session_record *r,
    session_book *book, void *arg)
{
	size_t i;

	/* Too late to tell apart: the mark's total holds its bytes. */
	if (c->base.set && r->end <= c->base.end)
		return;
	if (c->n == SESSION_RECORDS)
		drop_oldest(c);
	if (c->base.set && r->end <= c->base.end)
		return;
	if (c->n == c->cap) {
		/* Most have one: their end. */
		c->cap = (uint8_t)(c->cap == 0 ? 1 : c->cap * 2);
		c->v = reallocarray(c->v, c->cap, sizeof(*c->v));
		if (c->v == NULL)
			abort();
	}
	for (i = c->n; i > 0 && c->v[i - 1].end > r->end; i--)
		;
	if (i < c->n)
		book_part(c, i, true, book, arg);
	memmove(c->v + i + 1, c->v + i, (c->n - i) * sizeof(*c->v));
	c->v[i] = *r;
	c->v[i].key = (struct span){ NULL, 0 }; /* was borrowed */
	c->n++;
	book_part(c, i, false, book, arg);
	if (i + 1 < c->n)
		book_part(c, i + 1, false, book, arg);
}

bool
session_add(struct session *s, const struct session_record *r,
    session_book *book, void *arg)
{
	struct session_part p = { r, start_of(r), r->end, r->total, true };

	if (r->key.len > 0 && is_duplicate(s, r))
		return false;
	if (r->has_total && r->key.len > 0 &&
	    (r->untimed || r->duration >= SESSION_LONG)) {
		add_to_chain(chain_of(s, r->key), r, book, arg);
		return true;
	}
	/* Without a number the record before is not found: trust the delta. */
	if (r->has_delta && (!r->has_total || r->key.len == 0))
		p.bytes = r->delta;
	else if (!r->has_total || (r->interim && r->key.len == 0))
		p.bytes = 0; /* its end will say it */
	book(arg, &p, false);
	return true;
}

uint64_t
session_forgotten(const struct session *s)
{
	return s->forgotten;
}
