/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_STATUS_LOG_H
#define ANALYZER_COMMAND_STATUS_LOG_H

#include <sys/types.h>

#include "analyzer/command/holdings.h"
#include "evidence/predecessor.h"

/*
 * The figures of one log, for people and for programs: of the generation in
 * force, and of each before it.
 */
struct status_log {
	const struct site_log *log;
	struct status_log *before; /* the oldest first; none of one before */
	size_t n_before;
	struct predecessor ended; /* of one that is over; its at 0: not known */
	struct holdings h;
	struct buf why;	   /* what could not be read; empty: nothing */
	uint64_t now;	   /* usec */
	uint64_t from, to; /* usec, of what is here; 0: nothing is */
	uint64_t records, deleted, missing;
	uint64_t disk, stream; /* bytes of what is here */
	size_t segments;       /* here, the open one included */
	uint64_t week, month;  /* bytes a day, of the last 7 and 30 days, all
				  generations; or both GROWTH_UNKNOWN */
	bool disk_known;
	dev_t device;
	uint64_t free;	    /* bytes */
	uint64_t days;	    /* until the disk is full; UINT64_MAX: never */
	bool days_known;    /* of each log on the disk it is known how it grows
			     */
	size_t past;	    /* segments past their period */
	uint64_t past_disk; /* bytes of them */
	int64_t end;	    /* usec: the last period of all; INT64_MAX: never */
	const struct holding *next; /* whose period ends next, or NULL */
	size_t holds, requests;	    /* in force; waiting */
};

/* As of now; s->days comes from status_log_days().  log: the one in force. */
void status_log_load(struct status_log *s, struct site *site,
    const struct site_log *log, uint64_t now);
void status_log_free(struct status_log *s);

/* Bytes of all generations. */
uint64_t status_log_disk(const struct status_log *s);

/* Days until full: of all logs on one file system together. */
void status_log_days(struct status_log *s, size_t n);

void status_log_text(const struct status_log *s, const struct site *site);
void status_log_json(const struct status_log *s, const struct site *site,
    struct buf *out);

#endif
