/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_PRESENCE_H
#define RULE_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "common/span.h"

/*
 * When each account was connected by VPN, and from where: logins and ends, in
 * whatever order they come; the same set gives the same answers.  Bounded:
 * beyond PRESENCE_NOTES they are counted and forgotten.
 */
#define PRESENCE_NOTES 1000000

struct presence;

struct presence *presence_new(void);
void presence_free(struct presence *p);

/* A login; source may be NULL. */
void presence_login(struct presence *p, struct span account, int64_t time,
    const struct address *source);

/* A connection ended that had lasted so long, usec; 0: it is not said. */
void presence_end(struct presence *p, struct span account, int64_t time,
    int64_t duration);

/*
 * Whether it was connected at that time.  A login whose end was never told
 * counts for so long, usec.
 */
bool presence_at(const struct presence *p, struct span account, int64_t time,
    int64_t unended);

/*
 * The logins of an account in [from, until) with a source, newest first:
 * start with *at SIZE_MAX.  NULL when there are no more.
 */
const struct address *presence_sources(const struct presence *p,
    struct span account, int64_t from, int64_t until, size_t *at);

/* Logins and ends that found no room. */
uint64_t presence_forgotten(const struct presence *p);

#endif
