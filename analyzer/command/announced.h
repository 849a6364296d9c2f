/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_ANNOUNCED_H
#define ANALYZER_COMMAND_ANNOUNCED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/checkpoint.h"
#include "evidence/record.h"

/*
 * What collectors said that they do not send on (FORMAT.md, 15: not-forwarded),
 * as it arrived with their records.  It says no more than they do; that they
 * said it is proved with all of the rest.  Pure but for malloc, and bounded.
 */
#define ANNOUNCED_MAX 4096u /* kept; those beyond are counted */
#define ANNOUNCED_WORD 33u  /* bytes of a target's name or a reason, with NUL  \
			     */

struct announced_range {
	char origin[CHECKPOINT_ORIGIN_MAX + 1]; /* of the log */
	char target[ANNOUNCED_WORD], why[ANNOUNCED_WORD];
	uint64_t first, last; /* indexes; last UINT64_MAX: to its end */
};

struct announced {
	struct announced_range *v;
	size_t n;
	uint64_t beyond;
};

void announced_init(struct announced *a);
void announced_fini(struct announced *a);

/* Keep what that record says; other records say nothing of it. */
void announced_add(struct announced *a, const struct record *r);

/*
 * Of the records first to last of a log: the first ones of which the same is
 * said go to *end; by whom, or NULL: they were not announced.
 */
const struct announced_range *announced_find(const struct announced *a,
    const char *origin, uint64_t first, uint64_t last, uint64_t *end);

#endif
