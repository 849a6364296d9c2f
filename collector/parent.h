/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PARENT_H
#define COLLECTOR_PARENT_H

#include "collector/priv.h"
#include "site/site.h"

/*
 * The parent process: binds, makes the others, keeps them running, ends them
 * in order.  It reads nothing that came from outside.
 *
 * SIGTERM and SIGINT end it: the receiver first, which takes what the kernel
 * has already accepted; then the tailer; the writer, which seals for the last
 * time; the signer, which ends with the writer; the anchor; the forwarder.
 *
 * SIGHUP has the certificates of TLS listeners read again (tlsload.h).
 *
 * A log that cannot go on is followed by another (successor.h): writer and
 * signer end, the successor is made, and they begin anew with it, while the
 * receiver goes on.
 *
 * A child that ends unasked is made again.  Receiver, writer and signer at
 * once; after PARENT_RESTARTS of these within PARENT_WINDOW seconds collecting
 * stops with an error, loudly, and so it does if one cannot be made: they lose
 * what they hold each time, and a service manager begins with fresh ones.  The
 * rest can do without tailer, anchor, monitor and forwarder: these are made
 * again after a while that grows (respite.h), for ever.
 */
#define PARENT_RESTARTS 5
#define PARENT_WINDOW 60

struct parent_options {
	struct site *site; /* its logs change to their successors */
	struct priv priv;  /* of the site's user */
	/* Called once, when records are received.  May be NULL. */
	void (*ready)(void *cookie);
	void *cookie;
};

/* Run until stopped.  Return the exit status. */
int parent_run(const struct parent_options *opt);

#endif
