/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_SUCCESSION_H
#define SITE_SUCCESSION_H

#include "common/arena.h"
#include "site/site.h"

/*
 * A log that cannot go on is never repaired: another follows it, with keys and
 * an origin of its own.  The log that the configuration names is generation 1;
 * generation n lies in DIR.n, has its keys in KEYS/NAME.n and signs as
 * ORIGIN/n.  A generation exists when its file `log` does.  To people the
 * generation in force is NAME, and the n-th is NAME.n, the first NAME.1.
 */
#define SUCCESSION_MAX 999u /* generations of a log */
#define SUCCESSION_GAP 8u   /* folders that may be gone before one of them */
#define SUCCESSION_PENDING                                                     \
	"log.new" /* `log` of one that is made and not yet in force */

struct generation {
	char dir[4096], keys[4096]; /* folders */
	char origin[128];
};

/* Where that generation (from 1) of a log lies.  0, or -1: a path is too long,
 * or there are no more of them. */
int generation_find(const struct site *site, const struct site_log *log,
    unsigned number, struct generation *g);

/*
 * Let every log be its newest generation: dir, keys, origin and generation of
 * site->logs.  A folder that somebody removed makes none before it the newest
 * again, whose keys are destroyed.  May be called again after another was made.
 */
void succession_follow(struct site *site);

/* The folders of all generations of a log, the oldest first, in the arena;
 * the last one is log->dir.  Their number is log->generation. */
const char *const *succession_dirs(const struct site *site,
    const struct site_log *log, struct arena *arena);

/* A generation of a log, from 1 to log->generation; it lives as long as the
 * site.  NULL: there is none. */
const struct site_log *succession_generation(struct site *site,
    const struct site_log *log, unsigned number);

/* The log that people call NAME or NAME.n, or NULL. */
const struct site_log *succession_log(struct site *site, const char *name);

#endif
