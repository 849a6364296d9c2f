/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ANCHORED_H
#define COLLECTOR_ANCHORED_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/checkpoint.h"
#include "evidence/logfile.h"
#include "evidence/prove.h"
#include "site/client.h"
#include "site/site.h"

/*
 * One log as the anchor process sees it: its folder to read, its key, and
 * whether something outside proved that it was rolled back.
 */
struct anchored {
	const struct site_log *conf;
	size_t number;	   /* in site->logs */
	const char *cache; /* the site's folder for caches */
	int dir;	   /* -1: not yet open */
	struct logfile desc;
	bool rolled;	       /* proved */
	int control;	       /* tell the parent; also what ends a long wait */
	struct client *writer; /* shared by all logs; NULL: gone */
};

/* Open folder and description, if they are not.  0, or -1: it was said. */
int anchored_open(struct anchored *l);
void anchored_close(struct anchored *l);

/*
 * The newest checkpoint from the log's folder: *note holds it, c borrows.
 * Return 0, or -1 and errno.
 */
int anchored_newest(const struct anchored *l, struct buf *note,
    struct checkpoint *c);

/* Open the log for proofs, at its newest checkpoint; as prove_open(). */
int anchored_prove(const struct anchored *l, struct prove **p, struct buf *why);

/*
 * Judge a note that was found outside, by "where": if it carries the log's
 * signature and the log does not extend it, the log is rolled, which is said,
 * to people and to the parent.  Return 1 if the note is one of the log with its
 * signature (then *size = of it), else 0.
 */
int anchored_judge(struct anchored *l, struct span note, const char *where,
    uint64_t *size);

/*
 * What the parent is told of a log that is rolled: "rolled N WHERE", LF, and
 * the note that proves it; one of many cosignatures only with the log's own.
 */
#define ANCHORED_TOLD_MAX 8192u /* bytes */

/*
 * "HTTP 404": a status that says no.  Where it may be that the other side does
 * not know the key of a log that follows another, what to do about it.
 */
void anchored_refused(const struct anchored *l, unsigned status,
    struct buf *why);

/* Something that comes and goes: said once each time. */
struct outage {
	bool down;
};
void outage_begin(struct outage *o, const struct anchored *l, const char *where,
    const char *why);
void outage_end(struct outage *o, const struct anchored *l, const char *where);

#endif
