/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVREAD_GAP_H
#define EVIDENCE_EVREAD_GAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/manifest.h"
#include "evidence/record.h"

/*
 * Segments that were not where a reader came by, at the end of their retention
 * or otherwise, and what x1 records say of them.  Pure.
 */
struct evread_gap {
	uint64_t segment, first, last; /* indexes of its records */
	uint64_t time_low, time_high;  /* of its records, by its manifest */
	uint8_t manifest[SHA256_LEN];  /* hash of its manifest */
	uint64_t deleted; /* usec, by the x1 record; 0: none was met yet */
};

struct evread_gaps {
	struct evread_gap *v;
	size_t n;
};

void evread_gaps_fini(struct evread_gaps *g);

/* Add the segment of that manifest, unless it is known. */
void evread_gap_add(struct evread_gaps *g, const struct manifest *m,
    const uint8_t hash[SHA256_LEN]);

/* Take an x1 record: whether it is true, the verifier knows. */
void evread_gap_explain(struct evread_gaps *g, const struct record *r);

/* The first that no x1 record named, or NULL. */
const struct evread_gap *evread_gap_unexplained(const struct evread_gaps *g);

#endif
