/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TALLY_H
#define COLLECTOR_TALLY_H

#include <stdint.h>

#include "collector/endpoint.h"
#include "collector/intake.h"
#include "evidence/gap.h"

/*
 * What a listener refused or dropped of single senders, by address: one g1 for
 * each address at most once a minute, with how much it was.  Anybody can forge
 * addresses, so only TALLY_MAX are told apart; what more come share a row
 * whose g1 says peer=-.  The sums are exact either way.
 */
#define TALLY_MAX 256u	/* addresses of a listener, each kind by itself */
#define TALLY_AGAIN 60u /* seconds from one g1 of an address to the next */

struct tally_row {
	char peer[ENDPOINT_TEXT];
	uint32_t hash; /* of peer */
	enum gap_kind kind;
	uint64_t count, bytes; /* since the last g1 */
	uint64_t from, until;  /* usec; the first and last of them */
	uint64_t told;	       /* usec; of the last g1, 0: none yet */
};

struct tally {
	const char *listener;
	size_t log;
	size_t n, last;			    /* last: the row that grew last */
	struct tally_row *rows;		    /* TALLY_MAX, or NULL: none yet */
	struct tally_row others[GAP_COUNT]; /* for whom there is no row */
	uint64_t total[GAP_COUNT]; /* told or not: for gauges.h */
};

void tally_init(struct tally *t, const char *listener, size_t log);
void tally_fini(struct tally *t);

/* Add one datagram, connection or record of that sender. */
void tally_add(struct tally *t, enum gap_kind kind, const char *peer,
    uint64_t bytes, uint64_t now);

/*
 * Put a g1 for each row that grew and was not told for TALLY_AGAIN; once a
 * second.  While other messages wait for room it is left for later, unless
 * this is the end: then all is told.
 */
void tally_tell(struct tally *t, struct intake *in, uint64_t now, bool end);

#endif
