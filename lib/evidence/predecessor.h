/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_PREDECESSOR_H
#define EVIDENCE_PREDECESSOR_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * The file `predecessor` of a log that follows another (FORMAT.md, 14): which,
 * what was signed of it last, and why it does not go on.  The writer records
 * it at its first start.  For what parse accepts, print gives the same bytes
 * again.  Pure.
 */
#define PREDECESSOR_MAX 8192u
#define PREDECESSOR_FOUND 512u /* bytes of a sentence */

enum predecessor_why {
#define PREDECESSOR_WHY(id, name) PREDECESSOR_##id,
#include "evidence/predecessor_tbl.h"
#undef PREDECESSOR_WHY
	PREDECESSOR_WHY_COUNT
};

/* "break" */
const char *predecessor_why_name(enum predecessor_why why);

struct predecessor {
	char origin[128]; /* empty: there is none */
	enum predecessor_why why;
	uint32_t uid;		       /* of who or what made the successor */
	uint64_t at;		       /* when, usec since 1970 */
	uint64_t size;		       /* signed last */
	uint8_t root[SHA256_LEN];      /* of that size */
	char found[PREDECESSOR_FOUND]; /* what was found, or a reason given */
};

void predecessor_print(const struct predecessor *p, struct buf *out);

/* Return 0, or -1. */
int predecessor_parse(struct span in, struct predecessor *p);

#endif
