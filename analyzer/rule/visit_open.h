/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_VISIT_OPEN_H
#define RULE_VISIT_OPEN_H

#include "analyzer/ledger/index.h"
#include "analyzer/rule/visit_pair.h"
#include "common/buf.h"
#include "common/utc.h"

/*
 * The visits that pairing knows so far, by the keys that records may have in
 * common with them.  Under each key they hang newest first.
 */
#define VISIT_OPEN_JOIN (2 * UTC_MINUTE) /* lines about one event */
#define VISIT_OPEN_LOOK 64u /* under one key, as many are looked at */

enum visit_level { /* kinds of keys, the strongest first */
	VISIT_BY_ID,
	VISIT_BY_OTHER_ID, /* looked for among the first ones */
	VISIT_BY_TUNNEL,
	VISIT_BY_PORT,
	/* From here on several may have it. */
	VISIT_BY_PROCESS,
	VISIT_BY_SOURCE,
	VISIT_BY_USER,
	VISIT_LEVELS
};

struct visit_entry {
	struct visit visit;
	struct span id, other_id, process;
	uint64_t port, pid;
	bool closed;
	bool doubtful; /* an end may be its own or another's */
};

struct visit_open {
	struct visit_entry *entries;
	size_t n;
	struct buf key; /* as visit_open_key() left it */
	/* Not for others. */
	size_t cap, n_links, cap_links;
	struct visit_link *links;
	struct index *heads;
};

void visit_open_init(struct visit_open *p);
void visit_open_fini(struct visit_open *p);

/* The key of that level into p->key; false if the mark has not got it. */
bool visit_open_key(struct visit_open *p, const struct visit_mark *m,
    enum visit_level level);

/* Add one, without keys; what was returned before may have moved. */
struct visit_entry *visit_open_push(struct visit_open *p,
    const struct visit_mark *m);

/* Hang it under that key of the mark, if that has one. */
void visit_open_hang(struct visit_open *p, const struct visit_mark *m,
    enum visit_level level, const struct visit_entry *e);

/* Whether both say something, and not the same; upper case is lower case. */
bool visit_open_differ(struct span a, struct span b);

struct visit_found {
	struct visit_entry *open;   /* that fits best; NULL: none */
	struct visit_entry *closed; /* a moment ago, the newest; NULL: none */
	struct visit_entry *all[VISIT_OPEN_LOOK]; /* that fit as well as open */
	size_t n;
};

/* Those of that key of the mark that fit it, begun no later than latest. */
struct visit_found visit_open_look(struct visit_open *p,
    const struct visit_mark *m, enum visit_level level, int64_t latest);

/*
 * One after the other of that key, whether it fits or not, newest first; *at
 * is INDEX_NONE before the first.  NULL at the end.
 */
struct visit_entry *visit_open_next(struct visit_open *p,
    const struct visit_mark *m, enum visit_level level, uint32_t *at);

#endif
