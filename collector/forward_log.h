/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FORWARD_LOG_H
#define COLLECTOR_FORWARD_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/checkpoint.h"
#include "evidence/evread.h"
#include "site/site.h"

/*
 * The records of a log in their order, for one who sends them on: those that a
 * checkpoint covers, through all generations, and each place where records are
 * not to be had any more.
 */
enum forward_step {
	FORWARD_RECORD,	 /* l->rec */
	FORWARD_HOLE,	 /* records l->first to l->last are not to be had;
			  * last UINT64_MAX: to the end of the generation */
	FORWARD_NOTHING, /* for now: forward_log_refresh() */
	FORWARD_OVER,	 /* all of a generation that another follows */
	FORWARD_ERROR /* cannot be read now: try later, from the same place */
};

struct forward_log {
	const struct site *site;
	const struct site_log *conf;
	unsigned generation; /* from 1 */
	uint64_t next;	     /* index of the record to give out */

	struct evread_record rec; /* until the next call */
	uint64_t first, last;

	struct evread *in; /* NULL: not open */
	bool held;	   /* rec was read and waits behind a hole */
	bool said;	   /* what is missing */
	unsigned errors;   /* in a row */
	unsigned streams;  /* d1 records that the reader remembers */
};

/* Nothing is opened yet. */
void forward_log_init(struct forward_log *l, const struct site *site,
    const struct site_log *conf);
void forward_log_close(struct forward_log *l);

/* Go on at that record of that generation. */
void forward_log_seek(struct forward_log *l, unsigned generation,
    uint64_t index);

/* ERROR and OVER close the reader.  *why: of ERROR, a sentence. */
enum forward_step forward_log_next(struct forward_log *l, struct buf *why);

/* Whether there is more than there was. */
bool forward_log_refresh(struct forward_log *l);

/*
 * Name and size of that generation, as it is now: 0, or -1 and *why.  Of one
 * that is over and cannot be read the name that it signs with, and 0.
 * origin: CHECKPOINT_ORIGIN_MAX + 1 bytes.
 */
int forward_log_look(const struct forward_log *l, unsigned generation,
    char *origin, uint64_t *size, struct buf *why);

#endif
