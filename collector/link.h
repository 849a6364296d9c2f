/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_LINK_H
#define COLLECTOR_LINK_H

#include <openssl/ssl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * One connection that we open, over TCP or TLS; it never blocks but where a
 * name is looked up.  Why it failed is a sentence for people.
 */
struct link_peer { /* whom to reach; all borrowed */
	const char *host, *port;
	SSL_CTX *ctx;		    /* link_context(), or NULL: no TLS */
	const char *name;	    /* that its certificate must have */
	const uint8_t *fingerprint; /* SHA-256 of its certificate, or NULL */
};

struct link_pem { /* what TLS needs; empty: not given */
	struct span ca, certificate, key;
	bool pinned; /* there is a fingerprint: no authority is needed */
};

enum link_step {
	LINK_DONE,  /* it was done */
	LINK_WAITS, /* for the other side */
	LINK_ENDED, /* the other side closed as one should */
	LINK_BROKE  /* link_why() says why */
};

struct link;

/* The settings of TLS: 1.2 or later.  NULL, and a sentence in *why. */
SSL_CTX *link_context(const struct link_pem *pem, struct buf *why);

/* Begin to connect.  NULL, and a sentence in *why. */
struct link *link_open(const struct link_peer *peer, struct buf *why);

/* At once; what was not sent is not.  NULL is fine. */
void link_close(struct link *l);

/* Go on until there is a connection, in which the peer is who it should be. */
enum link_step link_connect(struct link *l);

/* Write a part (*n bytes of it), or read at most len bytes. */
enum link_step link_write(struct link *l, struct span s, size_t *n);
enum link_step link_read(struct link *l, void *p, size_t len, size_t *n);

/*
 * Nothing more is sent: say so.  DONE is not yet the other side's answer:
 * read on until ENDED.
 */
enum link_step link_finish(struct link *l);

/* What to wait for; out: there is something to write. */
struct pollfd link_poll(const struct link *l, bool out);

/* Why it broke; the link's until it is closed. */
const char *link_why(struct link *l);

#endif
