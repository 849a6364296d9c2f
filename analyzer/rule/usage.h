/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_USAGE_H
#define RULE_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "common/span.h"

/*
 * Which account was used on which days, and from where first.  The same set
 * of events gives the same answers in whatever order it came.  Bounded: uses
 * by more than USAGE_ACCOUNTS names are counted and forgotten.
 */
#define USAGE_ACCOUNTS 100000
#define USAGE_SOURCES 1000000

struct usage;

struct usage_cite { /* the first use of a day */
	int64_t time;
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
	bool replay;
};

struct usage_day {
	int64_t day;
	uint32_t count;
	bool privileged; /* one of the uses was by VPN or of an appliance */
	struct usage_cite first;
};

struct usage *usage_new(void);
void usage_free(struct usage *u);

/* An account was used; source may be NULL. */
void usage_note(struct usage *u, struct span account, int64_t day,
    bool privileged, const struct usage_cite *cite,
    const struct address *source);

/* The days of an account in order, or NULL and *n 0; until the next note. */
const struct usage_day *usage_days(const struct usage *u, struct span account,
    size_t *n);

/* The day it was last used before day; false if it was not. */
bool usage_last_before(const struct usage *u, struct span account, int64_t day,
    int64_t *last);

/* When the account first came from there; false if it never did. */
bool usage_first_from(const struct usage *u, struct span account,
    const struct address *source, int64_t *time);

/* The same of any address in its network: /16, of IPv6 /32. */
bool usage_first_near(const struct usage *u, struct span account,
    const struct address *source, int64_t *time);

/* Uses that found no room. */
uint64_t usage_forgotten(const struct usage *u);

#endif
