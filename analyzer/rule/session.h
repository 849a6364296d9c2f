/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SESSION_H
#define RULE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/address.h"
#include "common/span.h"
#include "common/utc.h"

/*
 * From session records to bytes that are counted once.  A firewall repeats the
 * total of a long session in interim records and again when it closes; UDP
 * repeats lines.  A session's records are put in order by their end times, and
 * each counts for what came since the one before it.  Whatever the order of
 * arrival, the parts that remain counted are the same.
 */
#define SESSION_LONG                                                           \
	(60 * INT64_C(1000000)) /* usec; shorter have no interim               \
				 */
#define SESSION_MAX 100000	/* long sessions that are remembered */
#define SESSION_RECORDS 16	/* of each, the newest */
#define SESSION_SILENT UTC_DAY	/* one that says nothing for so long ended */

struct session;

struct session_record {
	struct span key;  /* device, session id and both ends; empty: no id */
	int64_t end;	  /* utc usec */
	int64_t duration; /* usec */
	bool untimed;	  /* no duration was said */
	bool interim;	  /* it is said that the session goes on */
	bool has_total;	  /* total is the bytes since the session began */
	uint64_t total;
	bool has_delta; /* delta is the bytes since the last record */
	uint64_t delta;
	/* What a part of it is booked with; opaque here. */
	uint32_t host;
	uint32_t total_of; /* host of the interface's sum, or INDEX_NONE */
	bool inbound, both, trusted, replay;
	struct address peer;
	const char *origin;
	uint64_t index;
	uint8_t leaf[32];
};

/* Bytes to book, or to take back, evenly over [from, until]. */
struct session_part {
	const struct session_record *record;
	int64_t from, until;
	uint64_t bytes;
	bool begins; /* the session starts with it: counts as a session */
};

typedef void session_book(void *arg, const struct session_part *part,
    bool take_back);

struct session *session_new(void);
void session_free(struct session *s);

/* Book a record.  Return false if it is a duplicate. */
bool session_add(struct session *s, const struct session_record *r,
    session_book *book, void *arg);

/* Long sessions that were forgotten for want of room, and may live on. */
uint64_t session_forgotten(const struct session *s);

#endif
