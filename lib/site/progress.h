/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_PROGRESS_H
#define SITE_PROGRESS_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/checkpoint.h"
#include "site/site.h"

/*
 * How far records were forwarded to a target: cache/forward-NAME, which the
 * collector writes and `konseki status` reads.  Without it everything is sent
 * again.  Print and parse are pure.
 */
#define PROGRESS_FILE_MAX 4096u /* bytes */
#define PROGRESS_WHY_MAX 512u

enum progress_state {
	PROGRESS_AWAY, /* there is no connection: why says why */
	PROGRESS_UP,
};

struct progress {
	char origin[CHECKPOINT_ORIGIN_MAX + 1]; /* of the generation */
	unsigned generation;			/* of the log, from 1 */
	uint64_t next;	  /* index: the target has all before it */
	uint64_t told;	  /* index: what before it was not sent is recorded */
	uint64_t time;	  /* usec: receipt of the last that it has; 0 */
	uint64_t sent;	  /* records that it has, in all */
	uint64_t skipped; /* that it will never have */
	uint64_t since;	  /* usec: of the state */
	enum progress_state state;
	char why[PROGRESS_WHY_MAX + 1]; /* printable; may be empty */
};

void progress_print(const struct progress *p, struct buf *out);

/* Return 0, or -1. */
int progress_parse(struct span in, struct progress *p);

/* The file of a target, below the folder for caches.  0, or -1: too long. */
int progress_path(const struct site *site, const struct site_forward *f,
    char *out, size_t size);

/* Read it: 0, or -1 and errno (ENOENT: none yet; EBADMSG). */
int progress_load(const struct site *site, const struct site_forward *f,
    struct progress *p);

/* Replace it, durably.  0, or -1 and errno. */
int progress_save(const struct site *site, const struct site_forward *f,
    const struct progress *p);

#endif
