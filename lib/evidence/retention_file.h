/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_RETENTION_FILE_H
#define EVIDENCE_RETENTION_FILE_H

#include <stdint.h>

#include "common/buf.h"
#include "evidence/retention.h"

/*
 * The retention records of a log from its segments, with a cache of those
 * found before so that a log of years is not read at each start.  The cache is
 * whole or not used; it holds nothing that the log does not.
 */
struct retention_file {
	const char *dir;   /* of the log */
	const char *cache; /* file, or NULL; it need not be there */
	uint64_t size;	   /* out: records looked at */
};

/* Return 0, or -1 and a sentence in *why. */
int retention_load(struct retention *r, struct retention_file *f,
    struct buf *why);

/*
 * Write the cache as of f->size from the lines of a struct retention; those of
 * records beyond are left out.  Return 0, or -1 and errno.
 */
int retention_save(struct span lines, const struct retention_file *f,
    const char *origin);

#endif
