/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_SHELF_H
#define ANALYZER_HANDOVER_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/checkpoint.h"
#include "evidence/logdir.h"
#include "evidence/logfile.h"

/*
 * A log as it stands at one checkpoint, to be handed over: its description,
 * that checkpoint, and what the manifests say of the segments closed below it.
 */
struct shelf_item {
	uint64_t number;
	uint64_t first, last; /* indexes */
	uint64_t low, high;   /* receive times */
	bool here;	      /* the segment's file is there */
	char file[MANIFEST_FILE];
};

struct shelf {
	const char *path;
	struct logdir dir;
	struct logfile log;
	struct buf log_bytes, note;   /* `log` and the checkpoint */
	struct checkpoint checkpoint; /* origin borrows from note */
	struct shelf_item *v;
	size_t n;
};

/*
 * Open the log at its newest checkpoint; signatures of it are checked.  note:
 * that checkpoint if it is known already, else empty.  Return 0, or -1 and
 * *why; shelf_close() in any case.
 */
int shelf_open(struct shelf *s, const char *path, struct span note,
    struct buf *why);
void shelf_close(struct shelf *s);

/* The i-th manifest: its bytes appended and parsed.  0, or -1 and *why. */
int shelf_manifest(const struct shelf *s, size_t i, struct buf *bytes,
    struct manifest *m, struct buf *why);

/* How many leaves the closed segments hold; the open one begins there. */
uint64_t shelf_closed(const struct shelf *s);

#endif
