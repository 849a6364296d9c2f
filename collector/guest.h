/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_GUEST_H
#define COLLECTOR_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/sink.h"

/*
 * One program at the writer's socket (submit.h): records in, answers out.  A
 * guest is not believed; one that breaks the rules is told so and sent away.  A
 * log that takes nothing is said to a client; tailer and forwarder wait for it.
 */
struct guest;

enum guest_kind {
	GUEST_CLIENT, /* run/submit.sock: whoever the socket's mode lets in */
	GUEST_TAILER, /* our own process that follows files */
	GUEST_ANCHOR, /* our own process that anchors: see keep.h */
	GUEST_FORWARDER, /* our own that forwards: says what it could not */
};

enum guest_step {
	GUEST_IDLE,  /* nothing more to do until its socket is readable */
	GUEST_FULL,  /* a log takes nothing now: try a little later */
	GUEST_WAITS, /* for a seal */
	GUEST_GONE   /* free it */
};

/*
 * A guest on a connected socket, which it owns.  logs: the sinks of the site's
 * logs, which must outlive it.  NULL and errno on failure; the socket is then
 * still open.
 */
struct guest *guest_new(int fd, enum guest_kind kind, const struct site *site,
    struct sink *logs);

/* Ends its stream.  NULL is fine. */
void guest_free(struct guest *g);

int guest_fd(const struct guest *g);

/* Take what it sent, a bounded part of it at a time. */
enum guest_step guest_run(struct guest *g);

#endif
