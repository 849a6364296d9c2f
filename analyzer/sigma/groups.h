/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_GROUPS_H
#define SIGMA_GROUPS_H

#include "analyzer/sigma/window.h"

/*
 * The groups of all correlations, by their key, and by when they were last
 * used: of all, and of each correlation.  Nothing that is given out depends on
 * how keys are hashed.
 */
struct waiting;

/* In an order of use. */
struct groups_link {
	struct group *older, *newer;
};

struct groups_list {
	struct group *oldest, *newest;
};

enum groups_order { GROUPS_ALL, GROUPS_OWN, GROUPS_ORDERS };

struct group {
	struct group *chain;
	struct groups_link link[GROUPS_ORDERS];
	int64_t used; /* the newest event's time */
	struct window window;
	struct waiting *waiting; /* absence: its first */
	int64_t expected;	 /* absence: when it last came */
	uint64_t expected_event;
	uint32_t nwaiting;
	uint32_t holds;
	bool in_use;
	uint32_t correlation, hash, len, room;
	uint8_t key[];
};

struct groups;

/* What keys are hashed by, which nobody outside knows: so none can be made to
 * collide. */
struct groups_seed {
	uint64_t v[2];
};

void groups_seed(struct groups_seed *s);
uint32_t groups_hash(const struct groups_seed *s, uint32_t correlation,
    struct span key);

/* For n correlations. */
struct groups *groups_new(size_t n);

/* None is in use or held any more. */
void groups_free(struct groups *g);

/*
 * The group of a key of that hash, made if there is none.  It is not gone
 * before it is let go of as often as it was held, in use or not; it is found
 * once for an event, however long that waits.
 */
struct group *groups_hold(struct groups *g, uint32_t correlation,
    uint32_t hash, struct span key);
void groups_release(struct groups *g, struct group *one);

/* It is in use from now on, and now the newest.  True: it was not before. */
bool groups_use(struct groups *g, struct group *one, int64_t time);

/* Out of use: nothing waits in it any more, and its window is empty. */
void groups_forget(struct groups *g, struct group *one);

/* The one not used for longest, of all (CORRELATION_NONE) or of one
 * correlation; NULL: there is none. */
struct group *groups_oldest(const struct groups *g, uint32_t correlation);

/* How many are in use. */
size_t groups_count(const struct groups *g);

/* Bytes of those in use; what their windows take is the caller's to add. */
size_t *groups_bytes(struct groups *g);

/* Bytes of those that are held alone.  The memory of some that are gone, of
 * which the next are made, is in neither: of at most 1,024, with keys as they
 * come and windows of a few events. */
size_t groups_held_bytes(const struct groups *g);

#endif
