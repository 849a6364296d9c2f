/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RETIRE_PRIV_H
#define COLLECTOR_RETIRE_PRIV_H

#include "collector/retire.h"
#include "collector/retire_job.h"
#include "evidence/retention.h"

/*
 * A deletion goes through the states in their order.  Acts other than the
 * approval of a deletion are recorded at once, also while one is under way: so
 * a hold that comes while files are read back still stops it.
 */
enum retire_state {
	RETIRE_LOADING,	 /* thread: what the log says */
	RETIRE_CARRYING, /* records: what the log before says of holds */
	RETIRE_BROKEN,	 /* that could not be read */
	RETIRE_IDLE,	 /* nothing is under way */
	RETIRE_READING,	 /* thread: the files */
	RETIRE_WRITING,	 /* records */
	RETIRE_SEALING,	 /* until they are durable */
	RETIRE_REMOVING, /* thread: the files */
};

struct retire {
	struct sink *sink;
	const struct site *site;
	struct retention *state;
	struct note_key approver[SITE_APPROVERS_MAX];
	struct retire_job job;
	char cache[4096];
	enum retire_state at;

	/* The deletion under way */
	const void *who; /* waits for it; NULL: nobody does any more */
	struct arena *arena;
	struct arena *lasting; /* as long as this lives: what the job lists */
	struct retention_act act; /* DELETE, as it is recorded */
	const char *basis;	  /* of the request */
	uint32_t uid;
	size_t written; /* records: repetitions, the act, x1s */
	bool whole;	/* it is the removal of a log that is over */
	struct retire_range range;
	/* How it ended, until who asks for it */
	bool ended;
	enum retention_err err;
	struct buf why;
};

/* retire.c: why something is not done, behind what *why says already. */
enum retire_step retire_refuse(enum retention_err err, struct buf *why);

/* Append a record and take it into the state.  false: not now. */
bool retire_put(struct retire *r, enum record_kind kind, struct span body,
    struct retire_range *range);
bool retire_put_act(struct retire *r, const struct retention_act *a,
    const struct retention_extra *extra, struct retire_range *range);

/*
 * retire_delete.c: list the segments with those numbers in r->job, and say
 * whether all of them may go now; begin with a request that was approved; and
 * go on with what is under way.
 */
enum retention_err retire_list(struct retire *r, uint64_t from, uint64_t to,
    struct buf *why);
void retire_end(struct retire *r, enum retention_err err);
enum retire_step retire_begin(struct retire *r, const void *who,
    const struct retention_request *q, const struct retention_act *a,
    uint32_t uid, struct buf *why);
void retire_go_on(struct retire *r);

/*
 * retire_log.c: logs that are over, whole.  List them; carry their holds and
 * removals into this one; whether an act about one may be recorded now; and the
 * steps of a removal.
 */
void retire_log_list(struct retire *r);
bool retire_log_carry(struct retire *r);
enum retention_err retire_log_check(const struct retire *r,
    const struct retention_act *a);
enum retire_step retire_log_begin(struct retire *r, const void *who,
    const struct retention_request *q, const struct retention_act *a,
    uint32_t uid, struct buf *why);
void retire_log_judge(struct retire *r);
bool retire_log_write(struct retire *r);
void retire_log_removed(struct retire *r);

#endif
