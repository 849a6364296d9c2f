/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SIGNER_H
#define COLLECTOR_SIGNER_H

#include <stddef.h>

#include "site/site.h"

/*
 * The signer process: the only one that holds keys of the evidence.  It has
 * neither logs nor network; over one socket for each log (SOCK_SEQPACKET,
 * messages of sign.h) the writer asks it to sign what extends what it signed
 * last, and nothing else does it sign.
 */
struct signer_options {
	const struct site *site;
	const int *ask; /* a socket to the writer for each log */
	/* Called when all keys are open, before the first request: to give up
	 * what opening them needed.  Return 0, or -1 to end. */
	int (*ready)(void *cookie);
	void *cookie;
};

/* Run until the writer has closed all sockets.  Return the exit status. */
int signer_run(const struct signer_options *opt);

#endif
