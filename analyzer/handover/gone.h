/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_GONE_H
#define ANALYZER_HANDOVER_GONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/handover/choice.h"
#include "analyzer/handover/shelf.h"
#include "evidence/package.h"
#include "evidence/retention.h"
#include "site/site.h"

/*
 * What was asked for and is not here any more: segments of the range whose
 * files are gone, and what the log's own records say of that.
 */
struct gone {
	struct package_gone *v; /* by segment */
	size_t n;
	struct retention *said; /* NULL: nothing is gone */
};

/* Neighbours that went on one day for one reason, or are missing. */
struct gone_run {
	uint64_t first, last; /* records */
	uint64_t at;	      /* usec */
	const char *basis;    /* as recorded; NULL: missing, nothing says why */
};

/* 0, or -1 and *why; gone_fini() in any case. */
int gone_find(struct gone *g, const struct site *site,
    const struct site_log *log, const struct shelf *s, const struct choice *c,
    struct buf *why);
void gone_fini(struct gone *g);

/* Of how many records with indexes first to last. */
uint64_t gone_records(const struct gone *g, uint64_t first, uint64_t last);

/* The run from *i on, which then is behind it; false: none. */
bool gone_next(const struct gone *g, size_t *i, struct gone_run *run);

/* Append an LF and a line for each run, as README has it. */
void gone_print(const struct gone *g, bool ja, int zone, struct buf *out);

#endif
