/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A hash table with a secret seed (addresses are the sender's choice) and a
 * list from the latest heard to the longest silent.  Most datagrams come from
 * the sender of the one before: that one is looked at first.
 */
#include "collector/source.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "collector/conn_end.h"
#include "collector/seed.h"
#include "common/utc.h"

#define BUCKETS 16384u /* a power of two */

struct key {
	const struct listener *listener;
	uint8_t addr[16]; /* IPv4 in the first four; families never share a
			     listener */
	uint8_t to[16];	  /* likewise, or zeros: the listener's */
	uint32_t scope, to_scope;
};
_Static_assert(sizeof(struct key) == sizeof(void *) + 40, "compared whole");

struct source {
	struct key key;
	uint32_t stream;
	uint32_t used;	     /* records since then; only with a rate limit */
	uint64_t since;	     /* usec */
	struct source *same; /* in the bucket */
	TAILQ_ENTRY(source) next;
};

struct sources {
	struct intake *in;
	uint64_t seed;
	size_t n;
	struct source *buckets[BUCKETS];
	TAILQ_HEAD(source_list, source) heard; /* latest first */
};

struct sources *
sources_new(struct intake *in)
{
	struct sources *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->in = in;
	TAILQ_INIT(&s->heard);
	s->seed = seed_new(s);
	return s;
}

static void
key_part(uint8_t addr[16], uint32_t *scope, const struct sockaddr *sa)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memcpy(addr, &v4.sin_addr, sizeof(v4.sin_addr));
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		memcpy(addr, &v6.sin6_addr, sizeof(v6.sin6_addr));
		*scope = v6.sin6_scope_id;
	}
}

static void
key_set(struct key *k, const struct listener *l, const struct sockaddr *from,
    const struct sockaddr *to)
{
	memset(k, 0, sizeof(*k));
	k->listener = l;
	key_part(k->addr, &k->scope, from);
	if (to != NULL)
		key_part(k->to, &k->to_scope, to);
}

static struct source **
bucket(struct sources *s, const struct key *k)
{
	uint64_t h = s->seed ^ (uint64_t)(uintptr_t)k->listener, part[4];
	size_t i;

	memcpy(part, k->addr, sizeof(k->addr));
	memcpy(part + 2, k->to, sizeof(k->to));
	for (i = 0; i < 4; i++)
		h = seed_mix(h, part[i]);
	h = seed_mix(h, k->scope);
	return &s->buckets[(h >> 40) & (BUCKETS - 1)];
}

static void
source_end(struct sources *s, struct source *old, const char *why)
{
	struct source **p = bucket(s, &old->key);

	while (*p != old)
		p = &(*p)->same;
	*p = old->same;
	TAILQ_REMOVE(&s->heard, old, next);
	s->n--;
	intake_end(s->in, old->stream, why);
	free(old);
}

static struct source *
source_open(struct sources *s, struct listener *l, const struct key *k,
    const struct endpoint *peer, uint64_t rx)
{
	struct source *new = calloc(1, sizeof(*new));
	struct source **p = bucket(s, k);
	struct buf words;

	if (new == NULL)
		return NULL;
	buf_init(&words);
	listen_words(l, peer, "none", SPAN(""), &words);
	new->stream = intake_open(s->in, l->conf->log, rx, buf_view(&words));
	buf_fini(&words);
	if (new->stream == RINGMSG_NO_STREAM) {
		free(new);
		return NULL;
	}
	new->key = *k;
	new->same = *p;
	*p = new;
	s->n++;
	TAILQ_INSERT_HEAD(&s->heard, new, next);
	return new;
}

uint32_t
sources_stream(struct sources *s, struct listener *l,
    const struct sockaddr *from, const struct sockaddr *to, uint64_t rx)
{
	struct source *e = TAILQ_FIRST(&s->heard);
	struct endpoint peer;
	struct key k;

	key_set(&k, l, from, to);
	if (e != NULL && memcmp(&e->key, &k, sizeof(k)) == 0)
		return e->stream;
	for (e = *bucket(s, &k); e != NULL; e = e->same)
		if (memcmp(&e->key, &k, sizeof(k)) == 0) {
			TAILQ_REMOVE(&s->heard, e, next);
			TAILQ_INSERT_HEAD(&s->heard, e, next);
			return e->stream;
		}
	if (!listen_allows(l, from))
		return SOURCES_REFUSED; /* who is in the table is on the list */
	if (s->n >= SOURCES_MAX)
		source_end(s, TAILQ_LAST(&s->heard, source_list),
		    conn_end_name(CONN_END_RECYCLED));
	endpoint_set(&peer, from);
	if (to != NULL) {
		endpoint_local(&peer, to);
		peer.local_port = l->local.port; /* no datagram says it */
	}
	e = source_open(s, l, &k, &peer, rx);
	return e == NULL ? RINGMSG_NO_STREAM : e->stream;
}

/* The sender that was asked for last is the one heard last. */
bool
sources_limited(struct sources *s, uint64_t rx)
{
	struct source *e = TAILQ_FIRST(&s->heard);

	if (rx < e->since || rx >= e->since + (uint64_t)UTC_SECOND) {
		e->since = rx;
		e->used = 0;
	}
	return e->used >= e->key.listener->conf->rate_limit;
}

void
sources_count(struct sources *s)
{
	TAILQ_FIRST(&s->heard)->used++;
}

void
sources_end(struct sources *s, const struct listener *l, const char *why)
{
	struct source *e, *next;

	for (e = TAILQ_FIRST(&s->heard); e != NULL; e = next) {
		next = TAILQ_NEXT(e, next);
		if (e->key.listener == l)
			source_end(s, e, why);
	}
}

void
sources_free(struct sources *s, const char *why)
{
	struct source *e;

	if (s == NULL)
		return;
	while ((e = TAILQ_FIRST(&s->heard)) != NULL)
		source_end(s, e, why);
	free(s);
}
