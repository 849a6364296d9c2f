/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RECEIVER_H
#define COLLECTOR_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "collector/gauges.h"
#include "collector/receipt.h"
#include "collector/resent.h"
#include "collector/ring.h"
#include "collector/tlsctx.h"
#include "common/span.h"
#include "site/site.h"

/*
 * The receiver process: from sockets to messages in the ring.  It holds the
 * listening descriptors and TLS keys it was given, opens no file, and knows no
 * evidence key.  One thread, one event loop.
 *
 * Control is a SOCK_SEQPACKET pair with the parent; one packet is one message.
 *
 *   parent: "stop"      take what the kernel has already received, end all
 *                       streams, publish, answer "stopped" and return
 *   parent: "ping"      answer "pong"
 *   parent: "reload S..." with descriptors: a bundle (bundle.h) and the
 *                       sockets of as many listeners as slots are named.  The
 *                       bundle holds konseki.yml, words that are the writer's
 *                       (named.h), and, for each listener, what
 *                       receiver_put() put.  Listeners that are the same
 *                       (same.h) go on with their connections; others begin
 *                       or, once what is there was taken, end.
 *                       Answered by "reloaded", or "refused": nothing changed
 *   parent: "open N"    with a bundle of what receiver_put() put: listener N,
 *                       which is closed, can be opened.  Answered by "opened N"
 *                       or "closed N"
 *   receiver: "closed N" listener N was not opened, for what its configuration
 *                       names could not be used: it was said why
 *   receiver: "ready"   it is listening
 *   receiver: "stopped" all is in the ring
 *
 * A control socket that closes is a "stop" without an answer.
 */
#define RECEIVER_SLOTS (2u * SITE_LISTENERS_MAX)
#define RECEIVER_WHY 512u /* bytes of a reason, NUL included */
#define RECEIVER_BACKLOG                                                       \
	4096 /* the kernel takes less if net.core.somaxconn is less */

struct receiver_listener {
	const struct site_listener *conf;
	int fd;			/* bound; of a stream transport: listening */
	unsigned slot;		/* below RECEIVER_SLOTS; its socket's alone */
	ino_t file;		/* unix: that of its path (unixsock_file) */
	struct tls_files files; /* TLS; the key is wiped once it is loaded */
	bool closed;		/* it cannot be opened; its socket is kept */
	char why[RECEIVER_WHY]; /* not, or "": not known */
};

struct receiver_options {
	const struct site *site;
	struct receiver_listener *listeners;
	size_t n_listeners;
	struct ring *ring; /* receiver_run calls ring_putter() */
	struct receipt *receipt;
	struct resent *resent;
	int control;
	int counters[2];       /* host_open() */
	struct gauges *gauges; /* to show in; may be NULL */
};

/*
 * Bind what conf says and listen.  Return the descriptor, or -1 and errno.
 * Called by the parent, which may be root; *granted = the UDP receive buffer
 * that the kernel gave (bytes), which may be less than was asked for.
 */
int receiver_bind(const struct site_listener *conf, unsigned *granted);

/*
 * The address a listener is bound to, "192.0.2.1 514" or "2001:db8::1 514", to
 * out[size]: what run/listeners says.  Return 0, or -1 and errno.
 */
int receiver_bound(int fd, char *out, size_t size);

/*
 * Read what a listener needs besides its socket from the files that its
 * configuration names; nothing for one that needs none.  It is held until
 * receiver_forget().  Return 0 and, in *why, what is amiss with them and need
 * not stop us, or nothing; or -1 and a sentence.
 */
int receiver_load(struct receiver_listener *l, struct buf *why);
void receiver_forget(struct receiver_listener *l);

/* Hand that over in a bundle.  0, or -1 and errno. */
int receiver_put(int bundle, const struct receiver_listener *l);
int receiver_get(int bundle, off_t *at, struct receiver_listener *l);

/* Ask for a receive buffer once more; return what the kernel gave. */
unsigned receiver_buffer(int fd, unsigned bytes);

/* Run until stopped.  Return the process's exit status. */
int receiver_run(const struct receiver_options *opt);

#endif
