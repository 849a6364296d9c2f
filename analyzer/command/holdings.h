/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_HOLDINGS_H
#define ANALYZER_COMMAND_HOLDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/command/growth.h"
#include "common/buf.h"
#include "evidence/retention.h"
#include "site/site.h"

/*
 * What one log holds: its segments by their manifests, the open one, and what
 * its records say of holds and deletions.  Nothing here proves it.
 */
enum holding_state {
	HOLDING_KEPT,	 /* within its period */
	HOLDING_PAST,	 /* past it: two persons may have it deleted */
	HOLDING_HELD,	 /* by a legal hold */
	HOLDING_DELETED, /* an x1 says so */
	HOLDING_MISSING, /* its file is gone and no x1 says why */
};

struct holding { /* a closed segment */
	enum holding_state state;
	uint64_t segment, first, last;
	uint64_t time_low, time_high; /* usec, of its records */
	uint64_t disk, stream;	      /* bytes: of the file; inflated */
	int64_t end; /* usec, of its period; INT64_MAX: never */
	const struct retention_hold *hold;
};

struct holdings_open { /* the segment being written */
	bool there;
	uint64_t first, records; /* records: sealed and not */
	uint64_t disk, stream;
	uint64_t time_low, time_high;
	uint64_t unsealed; /* records behind the newest checkpoint */
};

struct holdings {
	const struct site_log *log;
	struct holding *v;
	size_t n;
	struct holdings_open open;
	uint64_t size;	 /* of the newest checkpoint */
	uint64_t sealed; /* usec: wall clock of its seal; 0: none */
	struct retention *retention;
	struct retention *force; /* of a log that is over: that of the one in
				    force, which says what became of it */
	const struct retention_removal *removal; /* NULL: it is here */
};

/*
 * As of now (usec).  Return 0, or -1 and a sentence in *why; in any case
 * holdings_free() it.
 */
int holdings_load(struct holdings *h, const struct site *site,
    const struct site_log *log, uint64_t now, struct buf *why);
void holdings_free(struct holdings *h);

/*
 * The receive times (usec) of the oldest and the newest record of a log, the
 * deleted ones left out; 0 and 0: it has none.  Return 0, or -1 and a sentence
 * in *why.
 */
int holdings_span(const struct site *site, const struct site_log *log,
    uint64_t *low, uint64_t *high, struct buf *why);

/* What was written to the disk, deleted or not, and when. */
void holdings_grow(const struct holdings *h, struct growth *g);

/* Whether two that follow each other are one line to people. */
bool holdings_alike(const struct holding *a, const struct holding *b);

#endif
