/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The hash is not a secret one: a sender can only make its own messages look
 * like repeated ones, and those are kept all the same.
 */
#include "collector/resent.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

struct slot {
	uint64_t key;
	uint64_t used; /* a clock that ticks with each opening; 0: never */
	bool open;
	uint64_t n; /* messages seen, the last RESENT_MESSAGES are here */
	uint64_t hash[RESENT_MESSAGES];
};

struct resent {
	uint64_t clock;
	struct slot slot[RESENT_CONNS];
};

struct resent *
resent_new(void)
{
	void *p = mmap(NULL, sizeof(struct resent), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
resent_free(struct resent *s)
{
	if (s != NULL)
		munmap(s, sizeof(*s));
}

void
resent_begin(struct resent *s)
{
	unsigned i;

	/* To look at an untouched slot would be to have its memory. */
	for (i = 0; i < RESENT_CONNS && s->slot[i].used != 0; i++)
		s->slot[i].open = false;
}

uint64_t
resent_hash(uint64_t from, struct span bytes)
{
	const uint64_t k = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = (from ^ bytes.len) * k, word;
	size_t i;

	for (i = 0; i + sizeof(word) <= bytes.len; i += sizeof(word)) {
		memcpy(&word, bytes.p + i, sizeof(word));
		h = (h ^ word) * k;
		h ^= h >> 32;
	}
	word = 0;
	if (i < bytes.len)
		memcpy(&word, bytes.p + i, bytes.len - i);
	h = (h ^ word) * k;
	return h ^ h >> 29;
}

void
resent_open(struct resent *s, struct resent_conn *c, uint64_t key)
{
	struct slot *best = NULL, *p;

	*c = (struct resent_conn){ .s = NULL };
	for (p = s->slot; p < s->slot + RESENT_CONNS; p++) {
		if (!p->open && (best == NULL || p->used < best->used))
			best = p;
		if (p->used == 0) /* nor are those behind it used */
			break;
	}
	if (best == NULL)
		return;
	best->key = key;
	best->used = ++s->clock;
	best->open = true;
	best->n = 0;
	c->s = s;
	c->own = (unsigned)(best - s->slot);
}

/* Where that hash stands in a slot, oldest first; UINT64_MAX: nowhere. */
static uint64_t
find(const struct slot *p, uint64_t hash)
{
	uint64_t i = p->n > RESENT_MESSAGES ? p->n - RESENT_MESSAGES : 0;

	for (; i < p->n; i++)
		if (p->hash[i % RESENT_MESSAGES] == hash)
			return i;
	return UINT64_MAX;
}

/* The first message of a connection: does another one of the peer have it? */
static void
look_up(struct resent_conn *c, uint64_t hash)
{
	const struct slot *own = &c->s->slot[c->own], *p;
	uint64_t latest = 0, at;

	c->state = RESENT_NEW;
	for (p = c->s->slot; p < c->s->slot + RESENT_CONNS && p->used != 0;
	     p++) {
		if (p == own || p->key != own->key || p->used <= latest ||
		    (at = find(p, hash)) == UINT64_MAX)
			continue;
		latest = p->used;
		c->other = (unsigned)(p - c->s->slot);
		c->next = at;
		c->state = RESENT_REPEATS;
	}
}

static bool
repeats(struct resent_conn *c, uint64_t hash)
{
	const struct slot *p = &c->s->slot[c->other];

	if (c->state == RESENT_REPEATS && p->key == c->s->slot[c->own].key &&
	    c->next < p->n && p->n - c->next <= RESENT_MESSAGES &&
	    p->hash[c->next % RESENT_MESSAGES] == hash) {
		c->next++;
		return true;
	}
	c->state = RESENT_NEW;
	return false;
}

bool
resent_message(struct resent_conn *c, struct span body)
{
	struct slot *own;
	uint64_t hash;

	if (c->s == NULL)
		return false;
	if (c->asked)
		return c->duplicate;
	hash = resent_hash(0, body);
	if (c->state == RESENT_FIRST)
		look_up(c, hash);
	own = &c->s->slot[c->own];
	own->hash[own->n++ % RESENT_MESSAGES] = hash;
	c->asked = true;
	c->duplicate = c->state == RESENT_REPEATS && repeats(c, hash);
	return c->duplicate;
}

void
resent_taken(struct resent_conn *c)
{
	c->asked = false;
}

void
resent_close(struct resent_conn *c, bool cleanly)
{
	if (c->s == NULL)
		return;
	c->s->slot[c->own].open = false;
	if (cleanly)
		c->s->slot[c->own].n = 0;
	c->s = NULL;
}
