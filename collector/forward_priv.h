/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FORWARD_PRIV_H
#define COLLECTOR_FORWARD_PRIV_H

#include "collector/forward_log.h"
#include "collector/forward_skip.h"
#include "collector/forward_target.h"
#include "collector/forward_window.h"
#include "collector/link.h"
#include "collector/relp.h"
#include "common/buf.h"
#include "evidence/envelope.h"
#include "site/progress.h"
#include "site/target.h"

/*
 * The inside of a target: forward_target.c connects, reads the log and knows
 * the place; forward_mode.c knows the two protocols.
 */
#define OUT_LOW (128u << 10) /* bytes that wait to be written: more is made */
#define IN_PIECE 16384u	     /* bytes read at a time */
#define SKIP_SPAN 1000u	     /* records that what is not told may span */

enum forward_state {
#define FORWARD_STATE(id, seconds, en, ja) FORWARD_##id,
#include "collector/forward_state_tbl.h"
#undef FORWARD_STATE
};

struct forward_point { /* how far the log was read, and when */
	uint64_t next, rx, sent, at;
	bool any;
};

struct forward_target {
	const struct site *site;
	const struct site_forward *conf;
	struct target where;
	struct link_peer peer;
	uint8_t fingerprint[SHA256_LEN];
	char unusable[512]; /* why the target can never be reached; or "" */

	struct forward_log log;
	struct progress place;
	struct forward_skip skip;
	bool placed;  /* place is known */
	bool dirty;   /* and not written as it is */
	bool unsaved; /* it cannot be written, which was said */
	uint64_t save_at;

	enum forward_state state;
	uint64_t now, deadline; /* usec of a clock that only goes forward */
	unsigned backoff;	/* seconds */
	bool down;		/* it was said */
	bool busy;		/* there is more to do at once */
	bool stopping;
	struct link *link;
	struct buf out, in;
	size_t out_at;
	struct buf message, why; /* scratch */

	bool nothing;	 /* the log has no more for now */
	bool over;	 /* nor ever: another generation follows */
	uint64_t unread; /* index: it cannot be read, which was said */
	uint64_t look_at;

	/* RELP */
	struct relp relp;
	struct forward_window window;
	uint64_t refused, give_up; /* indexes; UINT64_MAX: none */
	unsigned refusals;	   /* of the record refused last */

	/* RFC 5425, 6587 */
	struct forward_point given;    /* put into this connection */
	struct forward_point settling; /* read by the target a moment ago */
	struct forward_point later;    /* likewise, and after that */
	uint64_t session_at;	       /* when the first record was given */
	bool finished;		       /* our end was said */
};

/* forward_target.c: what both protocols need. */
void forward_enter(struct forward_target *t, enum forward_state state);
void forward_progress(struct forward_target *t);
void forward_broke(struct forward_target *t, const char *why);
void forward_worked(struct forward_target *t);
void forward_finished(struct forward_target *t);
void forward_up(struct forward_target *t);
void forward_next_generation(struct forward_target *t);

/* The target has all before next; rx: receipt of the last of them, or 0. */
void forward_place(struct forward_target *t, uint64_t next, uint64_t rx,
    uint64_t sent);

/* forward_mode.c.  Nothing is under way any more. */
void forward_mode_reset(struct forward_target *t);

/* There is a connection. */
void forward_mode_begin(struct forward_target *t);

/* Whether another record may be sent; send it. */
bool forward_mode_room(const struct forward_target *t);
void forward_mode_send(struct forward_target *t, const struct evread_record *r,
    struct span message);

/* Take what came in.  As hear(). */
int forward_mode_hear(struct forward_target *t);

/* The target ended the connection: whether that was well done. */
bool forward_mode_ended(struct forward_target *t);

/* What is to be done in each turn. */
void forward_mode_turn(struct forward_target *t);

/* Whether nothing is awaited; when more is due, due at the latest. */
bool forward_mode_quiet(const struct forward_target *t);
uint64_t forward_mode_due(const struct forward_target *t, uint64_t due);

/* While stopping: whether all that is sealed has arrived. */
bool forward_mode_done(struct forward_target *t);

#endif
