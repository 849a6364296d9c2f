/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FIND_H
#define ANALYZER_COMMAND_FIND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analyzer/case/search.h"
#include "analyzer/find/hunt.h"
#include "analyzer/find/indicators.h"
#include "common/arena.h"
#include "site/site.h"

/*
 * What the files of `konseki find` share: the call, and the search as it goes.
 */
enum find_how { FIND_TEXT, FIND_JSON, FIND_CSV };

struct find {
	const char *site_dir, *log, *output;
	const char *from, *to, *certificate;
	const char *lang;   /* or NULL */
	const char **lists; /* files, and what else is looked for */
	char **values;
	size_t n_lists, n_values;
	enum find_how how;
	bool full, index_only;
	unsigned jobs;
	uint64_t limit;

	struct arena *arena;
	struct site *site; /* whose evidence it is, or who seals; or NULL */
	bool indexed;	   /* indexes go to the site's cache */
	struct indicators what;
	struct matcher *matcher;
	int zone;
	uint64_t since, until; /* usec */

	struct buf line; /* scratch of what is printed */
	bool headed;	 /* the first line of a table was */
	bool broken;	 /* what was printed could not be written */
	struct search search; /* what came of it */
	struct skipidx sum;   /* sources, of all logs */
};

/* A hit, on standard output. */
void find_out_hit(struct find *f, const struct hunt_hit *h);

/* What came of all, for people or as the last line of JSON. */
void find_out_end(struct find *f);

/* Begin, and take what came of one log. */
void find_record_begin(struct find *f);
void find_record_log(struct find *f, const struct hunt *h, const char *proof);

/* That a log could not be searched. */
void find_record_undecided(struct find *f, const char *name, const char *why);

/* Records that were deleted, by a record of the log or of one after it. */
void find_record_deleted(struct find *f, const char *origin, uint64_t first,
    uint64_t last);

/* All were taken. */
void find_record_end(struct find *f);

/*
 * Put the search into the casebook, sealed; *index: of its record.  0, or -1
 * (said).
 */
int find_seal(struct find *f, uint64_t *index);

/* Write the certificate of that record, and say where.  0, or -1 (said). */
int find_certificate(struct find *f, uint64_t index);

#endif
