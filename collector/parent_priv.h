/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PARENT_PRIV_H
#define COLLECTOR_PARENT_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/children.h"
#include "collector/inherit.h"
#include "collector/manager.h"
#include "collector/parent.h"
#include "collector/reload.h"
#include "collector/respite.h"
#include "collector/watchdog.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * The inside of the parent: parent.c makes, ends and hears its children;
 * trunk.c knows how writer and signer, the trunk of the collector, begin anew.
 */
enum state {
#define PARENT_STATE(id, child, seconds, next) STATE_##id,
#include "collector/parent_state_tbl.h"
#undef PARENT_STATE
};

struct parent {
	struct parent_options options;	  /* the site changes with a reload */
	const struct parent_options *opt; /* &options */
	struct children c;
	enum state state;
	int64_t deadline;		   /* of the state; 0: none */
	int64_t restarts[PARENT_RESTARTS]; /* the last ones */
	unsigned expected; /* children that we end, 1 << enum child */
	bool renew;	   /* the ring is broken */
	bool over;	   /* a log is, and c.successor says which */
	unsigned rolled;   /* logs that others know more of, 1 << number */
	bool next;	   /* a successor is in force: another writer */
	bool stop;	   /* once there is a writer for what was received */
	struct buf outside[SITE_LOGS_MAX]; /* what proved it: see anchored.h */
	char found[PREDECESSOR_FOUND];
	int signals;
	int status; /* of us */
	struct manager manager;
	struct watchdog watchdog;
	struct reload reload;
	struct inherit inherit;
	int64_t reopen; /* when to try closed listeners again, or 0 */
	unsigned was_made; /* 1 << enum child: if made now it is a restart */
	int64_t again[CHILD_COUNT]; /* when to make it again, or 0 */
	struct respite respite[CHILD_COUNT];
};

/* parent.c: go into a state; make a child, or stop if that fails; end a child
 * without an alarm, if it is there. */
void parent_enter(struct parent *p, enum state state);
void parent_make(struct parent *p, enum child child);
void parent_fell(struct parent *p, enum child child);

/* parent_bind.c: the sockets of all listeners, inherited or new; a new one, of
 * r->conf; what it says of its buffer.  -1: it was said why. */
int parent_listeners(struct parent *p);
int parent_bind(const struct priv *priv, const struct site *site,
    struct receiver_listener *r);
void parent_buffer(const struct site_listener *l, int fd);

/*
 * parent_closed.c: listeners that the receiver could not open, for what they
 * name could not be used.  "closed N" and "opened N", from the receiver; when
 * to try them again (0: not now), and to do it.
 */
void parent_closed_hears(struct parent *p, struct span s);
int64_t parent_closed_next(const struct parent *p);
void parent_closed_tick(struct parent *p);

/* Show which listeners are open: in `listeners`, and to the manager. */
void parent_closed_show(struct parent *p);

/* A reload is to have that one, closed or not; it was refused, and those that
 * were closed are; it brought these. */
void parent_closed_listen(const struct receiver_listener *l);
void parent_closed_refused(const struct parent *p);
void parent_closed_reloaded(struct parent *p,
    const struct receiver_listener *next, size_t n);

/*
 * parent_named.c: what the files that the configuration names have in them
 * (named.h).  Look, at a start and when the receiver read them again: what
 * changed is recorded.  Likewise of a reload's bundle, which the writer gets;
 * their paths are appended.
 */
void parent_named_begin(struct parent *p);
void parent_named_reloaded(struct parent *p, int bundle, struct buf *paths);

/* Whether children end too often to go on; notes that one did. */
bool parent_too_often(struct parent *p);

/* trunk.c: a message of the writer. */
void trunk_hears(struct parent *p, struct span s);

/* Tell the writer to end, and the signer with it: both begin anew. */
void trunk_ends(struct parent *p, const char *what);

/*
 * Writer and signer know each other: both begin anew, and so does the tailer,
 * whose sockets died.  Called for each of them until both are gone.
 */
void trunk_again(struct parent *p);

/* The same before anything was received, where a log is over. */
void trunk_recover(struct parent *p);

/* Others were asked what they know of the logs: go on, with a successor for
 * each that was rolled back. */
void trunk_asked(struct parent *p);

/* "rolled N ..." (anchored.h), from the asker or the anchor. */
void trunk_rolled(struct parent *p, struct span s);

/* The successor of a log is there, or could not be made. */
void trunk_succeeded(struct parent *p, bool fine);

#endif
