/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FORWARDER_H
#define COLLECTOR_FORWARDER_H

#include <openssl/ssl.h>

#include "site/site.h"

/*
 * The process that sends sealed records on to other collectors
 * (forward_target.h): it reads the logs, keeps its places among the caches, has
 * the network outwards and the keys of its own TLS certificates, and no
 * evidence key.  Whatever its targets do, receiving does not wait for it.
 */
struct forwarder_options {
	const struct site *site;
	int control; /* closes, or says anything: send the rest and stop */
	int writer;  /* a guest's socket at the writer */
	SSL_CTX *ctx[SITE_FORWARDS_MAX];  /* forwarder_load() */
	char why[SITE_FORWARDS_MAX][512]; /* it cannot be used; or "" */
};

/*
 * Read certificates and keys, which the process may not later.  What cannot be
 * used stops that target only, and is said by it.
 */
void forwarder_load(struct forwarder_options *opt);

/* As forwarder_load() for one target, to check it: 0, or -1 and *why. */
struct buf;
int forwarder_check(const struct site_forward *f, struct buf *why);

/* Run until stopped.  Return the process's exit status. */
int forwarder_run(const struct forwarder_options *opt);

#endif
