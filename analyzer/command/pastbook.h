/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PASTBOOK_H
#define ANALYZER_COMMAND_PASTBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/report/past.h"
#include "common/buf.h"
#include "evidence/logdir.h"
#include "evidence/manifest.h"
#include "site/site.h"

/*
 * What is kept of the closed segments of a site's evidence (analyzer/report/
 * past.h), in the site's folder of what can be computed again: a file for each
 * segment.  One that is missing, damaged, of other bytes of its segment, or
 * made by other format files, settings, ledgers or another program is made
 * anew by who reads the segment.
 */
struct pastbook {
	const struct site *site;
	uint8_t ground[SHA256_LEN]; /* what a reading depends on */
	struct buf text, path;	    /* scratch */
	unsigned long long used, made, wrong; /* segments */
	bool distrusted; /* what is there is not looked at, and made anew */
	struct buf unkept; /* why one could not be written; or empty */
};

/*
 * The hash of the program that runs, as it was started; before a process
 * confines itself.  Return 0, or -1: nothing can be kept.
 */
int pastbook_program(uint8_t hash[SHA256_LEN]);

/* skew: by which times are judged, usec. */
void pastbook_open(struct pastbook *b, const struct site *site,
    const uint8_t program[SHA256_LEN], int64_t skew);
void pastbook_close(struct pastbook *b);

/* Whether the segment's file is the one that its manifest names. */
bool pastbook_proves(struct pastbook *b, const struct logdir *dir,
    const struct manifest *m);

/* What is kept of that segment; true if it is of these bytes and this ground,
 * and whole. */
bool pastbook_load(struct pastbook *b, const struct manifest *m,
    struct past *p);

/*
 * Keep it: whose it is is written into it.  differs: whether something else
 * was kept that was held to be good.
 */
void pastbook_keep(struct pastbook *b, const struct manifest *m,
    struct past *p, bool *differs);

/* Nothing is kept of a segment that is deleted. */
void pastbook_drop(struct pastbook *b, const struct manifest *m);

#endif
