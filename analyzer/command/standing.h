/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_STANDING_H
#define ANALYZER_COMMAND_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "common/span.h"
#include "site/site.h"

/*
 * What the casebook says and the evidence does not bear out any more.  An
 * analysis takes back what it told itself, if late records take the ground
 * away; what another one told before it, whose place it took, it knows from the
 * casebook alone.
 *
 * A finding is taken back only by the rules that told it (their hash), only
 * where all of the evidence that it could rest on was read (what is gone at the
 * end of its retention contradicts nothing), and not if somebody has judged it:
 * what a person said of it stands.
 */
#define STANDING_HISTORY_DAYS 200 /* what rules look back by, and some */
#define STANDING_BROKEN "LOG-03" /* not of the evidence: of its verification */

struct standing;

struct standing *standing_new(void);
void standing_free(struct standing *s);

/* A record of the evidence that was read, in order; origin of its log. */
void standing_read(struct standing *s, const char *origin, uint64_t index,
    int64_t time);

/* This analysis told of a finding, or took it back: that is its own. */
void standing_told(struct standing *s, struct span id);

struct standing_scope {
	unsigned logs;		  /* generations that the evidence has */
	uint64_t size;		  /* of its newest one, as it was read */
	const char *rules_sha256; /* hex; of the rules in force */
	/* Not all is judged: only of findings between these two can be said
	 * that they are not found.  Those that say what cannot be said are told
	 * at the end alone. */
	bool partly;
	int64_t since, until;
};

/*
 * Withdrawals of what nothing was told of, each into found, in the order of the
 * book; they live until the call returns.  Return how many.
 */
size_t standing_withdraw(const struct standing *s,
    const struct casebook *book, const struct standing_scope *scope,
    void (*found)(void *cookie, const struct casebook_finding *f),
    void *cookie);

#endif
