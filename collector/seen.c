/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The hash is not a secret one: a sender can only make its own messages look
 * like repeated ones, and those are kept all the same.
 */
#include "collector/seen.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

struct slot {
	uint64_t key;
	uint64_t used; /* a clock that ticks with each opening; 0: never */
	bool open;
	uint64_t n; /* messages seen, the last SEEN_MESSAGES are here */
	uint64_t hash[SEEN_MESSAGES];
};

struct seen {
	uint64_t clock;
	struct slot slot[SEEN_CONNS];
};

struct seen *
seen_new(void)
{
	void *p = mmap(NULL, sizeof(struct seen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
seen_free(struct seen *s)
{
	if (s != NULL)
		munmap(s, sizeof(*s));
}

void
seen_begin(struct seen *s)
{
	unsigned i;

	/* To look at an untouched slot would be to have its memory. */
	for (i = 0; i < SEEN_CONNS && s->slot[i].used != 0; i++)
		s->slot[i].open = false;
}

uint64_t
seen_hash(uint64_t from, struct span bytes)
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
seen_open(struct seen *s, struct seen_conn *c, uint64_t key)
{
	struct slot *best = NULL, *p;

	*c = (struct seen_conn){ .s = NULL };
	for (p = s->slot; p < s->slot + SEEN_CONNS; p++) {
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
	uint64_t i = p->n > SEEN_MESSAGES ? p->n - SEEN_MESSAGES : 0;

	for (; i < p->n; i++)
		if (p->hash[i % SEEN_MESSAGES] == hash)
			return i;
	return UINT64_MAX;
}

/* The first message of a connection: does another one of the peer have it? */
static void
look_up(struct seen_conn *c, uint64_t hash)
{
	const struct slot *own = &c->s->slot[c->own], *p;
	uint64_t latest = 0;

	c->state = SEEN_NEW;
	for (p = c->s->slot; p < c->s->slot + SEEN_CONNS && p->used != 0; p++) {
		if (p == own || p->key != own->key || p->used <= latest ||
		    find(p, hash) == UINT64_MAX)
			continue;
		latest = p->used;
		c->other = (unsigned)(p - c->s->slot);
		c->next = find(p, hash);
		c->state = SEEN_REPEATS;
	}
}

static bool
repeats(struct seen_conn *c, uint64_t hash)
{
	const struct slot *p = &c->s->slot[c->other];

	if (c->state == SEEN_REPEATS && p->key == c->s->slot[c->own].key &&
	    c->next < p->n && p->n - c->next <= SEEN_MESSAGES &&
	    p->hash[c->next % SEEN_MESSAGES] == hash) {
		c->next++;
		return true;
	}
	c->state = SEEN_NEW;
	return false;
}

bool
seen_message(struct seen_conn *c, struct span body)
{
	struct slot *own;
	uint64_t hash;

	if (c->s == NULL)
		return false;
	if (c->asked)
		return c->duplicate;
	hash = seen_hash(0, body);
	if (c->state == SEEN_FIRST)
		look_up(c, hash);
	own = &c->s->slot[c->own];
	own->hash[own->n++ % SEEN_MESSAGES] = hash;
	c->asked = true;
	c->duplicate = c->state == SEEN_REPEATS && repeats(c, hash);
	return c->duplicate;
}

void
seen_taken(struct seen_conn *c)
{
	c->asked = false;
}

void
seen_close(struct seen_conn *c, bool cleanly)
{
	if (c->s == NULL)
		return;
	c->s->slot[c->own].open = false;
	if (cleanly)
		c->s->slot[c->own].n = 0;
	c->s = NULL;
}
