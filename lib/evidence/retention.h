/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_RETENTION_H
#define EVIDENCE_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"
#include "evidence/record.h"
#include "evidence/retention_act.h"

/*
 * What a log's own records say of holds, requests and deletions, and the rules
 * by which more of them are taken (FORMAT.md, 13).  Pure.
 */
#define RETENTION_REQUEST_USEC (UINT64_C(14) * 86400 * 1000000)
#define RETENTION_CLOCK_USEC (UINT64_C(600) * 1000000)
#define RETENTION_SEGMENTS_MAX 1024u /* of one request */

enum retention_err {
#define RETENTION_ERR(id, en, ja) RETENTION_##id,
#include "evidence/retention_err_tbl.h"
#undef RETENTION_ERR
};

/* A sentence in the user's language. */
const char *retention_strerror(enum retention_err e);

struct retention_source { /* the record that says it, or the last to repeat */
	uint64_t index;
	uint64_t at; /* usec, of the first */
	uint32_t uid;
};

struct retention_hold {
	struct retention_source from;
	struct retention_act act; /* HOLD, HOLD_LOG */
	bool released;
};

struct retention_request {
	struct retention_source from;
	struct retention_act act; /* ASK_RELEASE, ASK_DELETE, ASK_REMOVE */
	bool done;
};

struct retention_deletion {
	struct retention_source from;
	struct retention_gone gone;
};

struct retention_removal { /* of a log that is over */
	struct retention_source from;
	struct retention_act act; /* REMOVE */
};

struct retention {
	struct arena *arena;
	struct retention_hold *holds;
	struct retention_request *requests;
	struct retention_deletion *gone; /* by segment */
	struct retention_removal *removals;
	size_t n_holds, n_requests, n_gone, n_removals;
	size_t cap_holds, cap_requests, cap_gone, cap_removals;
	uint64_t unreadable; /* records that are not as they must be */
	struct buf lines;    /* what was taken, as retention_line_take has it */
};

struct retention *retention_new(void);
void retention_free(struct retention *r);

/* Take a record, in the log's order.  Return 1 if it is of retention, else 0.
 */
int retention_take(struct retention *r, uint64_t index,
    const struct record *rec);

/*
 * Take a line "<o1 or x1> <index> <rx-usec> <body>", its LF left out.  Return
 * 0, or -1 if it is none.
 */
int retention_line_take(struct retention *r, struct span line);

/* A hold that covers one of the records first to last, or NULL. */
const struct retention_hold *retention_held(const struct retention *r,
    uint64_t first, uint64_t last);

/* The hold in force with that id, or NULL. */
const struct retention_hold *retention_hold(const struct retention *r,
    const char *id);

/* The newest request with that id that was not approved, or NULL. */
const struct retention_request *retention_request(const struct retention *r,
    const char *id);

/* The deletion of that segment, or NULL. */
const struct retention_deletion *retention_deletion(const struct retention *r,
    uint64_t segment);

/* A hold in force on the log that is over with that origin, or NULL. */
const struct retention_hold *retention_held_log(const struct retention *r,
    const char *origin);

/* The removal of that log, or NULL. */
const struct retention_removal *retention_removal(const struct retention *r,
    const char *origin);

/* The hold with that id, in force or released, or NULL. */
const struct retention_hold *retention_any_hold(const struct retention *r,
    const char *id);

struct retention_rules { /* what the log does not say */
	const char *origin;
	uint64_t now;			 /* usec */
	const struct note_key *approver; /* none: two accounts approve */
	size_t n_approvers;
	uint32_t own_uid; /* of the collector */
};

/* Whether an act that a person with that uid asks for may be recorded. */
enum retention_err retention_judge(const struct retention *r,
    const struct retention_act *a, uint32_t uid,
    const struct retention_rules *rules);

/*
 * Whether a closed segment may be deleted now; end: of its period (period.h).
 */
enum retention_err retention_may_delete(const struct retention *r,
    uint64_t segment, uint64_t first, uint64_t last, int64_t end, uint64_t now);

#endif
