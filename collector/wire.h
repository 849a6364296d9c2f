/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WIRE_H
#define COLLECTOR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <openssl/ssl.h>

#include "collector/conn_end.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * The bytes of one connection, in the clear or by TLS; who reads them does not
 * see the difference.  Not blocking.  Plain TCP is a read() and nothing more.
 */
struct wire {
	int fd;
	SSL *ssl;	   /* NULL: plain */
	bool wants_write;  /* TLS waits for room to send, not for bytes */
	bool ended;	   /* TLS: the next read will say why */
	enum conn_end why; /* after a -1 */
};

/*
 * A TLS server's context from a PEM chain and key: TLS 1.2 and 1.3, no
 * tickets (their bytes make a sender that never reads reset the connection),
 * no resumption, no early data.  NULL and a sentence in *why.
 */
SSL_CTX *wire_context(struct span certificate, struct span key,
    struct buf *why);

/* Take over fd; ctx NULL for plain.  0, or -1 if there is no memory (fd open).
 */
int wire_open(struct wire *w, int fd, SSL_CTX *ctx);

/* 1 TLS is agreed upon (plain: always), 0 wait, -1 and w->why. */
int wire_handshake(struct wire *w);

/*
 * Read up to len bytes.  Return how many; 0 if there are none now; -1 and
 * w->why if there will be no more.
 */
ssize_t wire_read(struct wire *w, void *p, size_t len);

/* Whether there is more to read of which the descriptor knows nothing. */
bool wire_pending(const struct wire *w);

/* A sender that died silently is noticed, if after many minutes. */
void wire_keep_alive(int fd);

/*
 * Bytes that were received and not read yet; *much: so many that the sender may
 * soon have to wait.
 */
size_t wire_unread(const struct wire *w, bool *much);

/* Append d1 words about TLS: " version=TLSv1.3 cipher=..."; nothing if plain.
 */
void wire_words(const struct wire *w, struct buf *out);

/* Why TLS failed, in OpenSSL's words; for a g1. */
void wire_reason(struct buf *out);

/* End TLS properly if it stands, and close.  Works in every state. */
void wire_close(struct wire *w);

#endif
