/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WITNESS_SERVER_H
#define WITNESS_SERVER_H

#include "witness/store.h"

/*
 * The witness over HTTP (C2SP tlog-witness), by libevent: POST
 * /add-checkpoint, GET /<hex>/checkpoint, and PUT of copies.  One thread: a
 * checkpoint is checked and stored before the next request is looked at.  Plain
 * HTTP: all that counts is signed; for HTTPS put it behind a server that does
 * that.
 */
struct server_options {
	struct store *store;
	const char *address;
	unsigned port; /* 0: any free one */
	int (*ready)(void *cookie, unsigned port);
	void *cookie;
};

/* Serve until SIGTERM or SIGINT; with SIGHUP `logs` is read again.  0, or -1:
 * it was said why. */
int server_run(const struct server_options *opt);

#endif
