/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_BEACON_STATE_H
#define RULE_BEACON_STATE_H

#include "analyzer/ledger/index.h"
#include "analyzer/rule/beacon.h"
#include "analyzer/rule/repeat.h"
#include "common/buf.h"

/* What beacon.c gathers and beacon_tell.c judges. */
struct beacon_beat { /* a session */
	int64_t time; /* at which it began */
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
};

struct beacon_pair {
	char *source, *destination;
	uint32_t of; /* the destination's number */
	struct beacon_beat *v; /* by time, origin and index */
	size_t n, cap;
	int64_t last;
	uint64_t sessions, bytes; /* of all, kept or not */
	bool replay, dirty, told;
	struct beacon_pair *next; /* of this destination */
};

struct beacon_destination {
	int64_t first, last;
	struct beacon_pair *pairs;
	unsigned hosts; /* that came to it while it was new */
	bool popular;
};

struct beacon {
	const struct rule *rule;
	const struct fact_site *site;
	int64_t began, newest; /* of all sessions */
	int64_t swept;
	struct index *by_destination, *by_pair;
	struct beacon_destination *d;
	size_t n_d, cap_d;
	struct beacon_pair **p;
	size_t n_p, cap_p, beats;
	struct beacon_pair **dirty;
	size_t n_dirty, cap_dirty;
	struct repeat *repeats;
	struct buf key;
	uint64_t dropped;
};

/* One pair: its finding, if there is one. */
void beacon_tell(const struct beacon *b, struct beacon_pair *p,
    struct outbox *out, struct arena *arena);

#endif
