/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_LOGFILE_H
#define EVIDENCE_LOGFILE_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/note.h"

/*
 * The file `log`: what a log is, and what an investigator pins (FORMAT.md, 2).
 * For what parse accepts, print gives the same bytes again.  Pure.
 */
#define LOGFILE_MAX 4096u
#define LOGFILE_SECONDS_MAX 31536000u /* a longer epoch protects nothing */

struct logfile {
	struct note_key key; /* of the log; its name is the origin */
	unsigned height;     /* of the epoch tree, 1-20 */
	uint32_t seconds;    /* of an epoch, 1 to a year */
	uint8_t r[SHA256_LEN];
	uint64_t created; /* usec since 1970 */
};

void logfile_print(const struct logfile *l, struct buf *out);

/* Return 0, or -1 and in *line the number of the line that is wrong. */
int logfile_parse(struct span in, struct logfile *l, unsigned *line);

#endif
