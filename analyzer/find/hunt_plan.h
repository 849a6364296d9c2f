/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_HUNT_PLAN_H
#define ANALYZER_FIND_HUNT_PLAN_H

#include "analyzer/find/hunt.h"
#include "evidence/logdir.h"
#include "evidence/manifest.h"
#include "evidence/tree.h"

/*
 * Which segments of a log a search looks at, and what it must find in the
 * newest to have proved them all (hunt.h).
 */
struct hunt_segment {
	char path[MANIFEST_FILE];
	uint64_t number, first, last;
	bool closed, newest;
	uint64_t gzip_len, members;
	uint8_t gzip_hash[SHA256_LEN];
};

struct hunt_plan {
	struct logdir dir;
	struct hunt_segment *v; /* the newest is the last, and always there */
	size_t n;
	struct tree_range range;   /* of all leaves before the newest */
	uint8_t last[SHA256_LEN];  /* hash of the manifest before the newest */
};

/*
 * Read the checkpoint, whose origin, size and root go to h, and the manifests.
 * What is not as it must be goes to h->why, -1 if nothing can be searched.
 */
int hunt_plan_make(struct hunt_plan *p, const struct hunt_options *o,
    struct hunt *h);
void hunt_plan_fini(struct hunt_plan *p);

/*
 * What the newest segment has: the range of its leaves, and the hash that its
 * m1 names.  A word in h->why if that is not what was signed.
 */
void hunt_plan_prove(struct hunt_plan *p, const struct tree_range *newest,
    const uint8_t previous[SHA256_LEN], struct hunt *h);

#endif
