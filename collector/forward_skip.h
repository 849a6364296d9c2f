/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FORWARD_SKIP_H
#define COLLECTOR_FORWARD_SKIP_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/record.h"
#include "site/client.h"
#include "site/progress.h"
#include "site/site.h"

/*
 * What a target will never have: records of a range and why, told to the writer
 * as one o1 record (FORMAT.md, 15) before the target's place passes them.
 */
enum forward_why {
#define FORWARD_WHY(id, name, en, ja) FORWARD_##id,
#include "collector/forward_why_tbl.h"
#undef FORWARD_WHY
	FORWARD_WHY_COUNT
};

struct forward_skip {
	const struct site_forward *conf;
	struct client *writer;	/* of the process; NULL: gone */
	struct progress *place; /* of the target; told and skipped change */
	bool any;		/* something is not told yet */
	enum forward_why why;
	uint64_t first, last; /* indexes; last UINT64_MAX: not known */
	uint64_t count, bytes, from, until;
};

/*
 * Add a record, or a range of which nothing is known (r NULL).  What was told
 * before is passed over.  Return 0, or -1: the writer cannot be told now.
 */
int forward_skip_add(struct forward_skip *s, uint64_t first, uint64_t last,
    const struct record *r, enum forward_why why);

/* Tell what was added.  0, or -1 as above: try again. */
int forward_skip_tell(struct forward_skip *s);

#endif
