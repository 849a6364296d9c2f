/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WIRE_H
#define COLLECTOR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <event2/event.h>
#include <openssl/ssl.h>

#include "collector/conn_end.h"
#include "collector/tlspeer.h"
#include "common/buf.h"
#include "common/span.h"

#define WIRE_HELLO 0x16u /* the first byte of TLS */

/*
 * The bytes of one connection, in the clear or by TLS; who reads them does not
 * see the difference.  Not blocking.  Plain TCP is a read() and nothing more.
 * Only the thread that runs the receiver's loop may use wires.
 */
struct wire {
	int fd;
	SSL *ssl;	   /* NULL: plain */
	bool wants_write;  /* TLS waits for room to send, not for bytes */
	bool begun;	   /* the first bytes are TLS */
	bool ended;	   /* TLS: the next read will say why */
	enum conn_end why; /* after a -1 */
	struct {	   /* TLS: read from fd, not decrypted yet */
		const uint8_t *p;
		size_t len;
		bool on;  /* read no more than this */
		bool end; /* and then there is an end */
	} ahead;
	struct tlspeer peer;
};

/* Take over fd; ctx NULL for plain.  0, or -1 if there is no memory (fd open).
 * w must stay where it is. */
int wire_open(struct wire *w, int fd, SSL_CTX *ctx);

/*
 * 1 TLS is agreed upon (plain: always), 0 wait, -1 and w->why.  Who speaks no
 * TLS at all is CONN_END_PLAIN_ON_TLS: nothing was read, and wire_plain() may.
 */
int wire_handshake(struct wire *w);

/*
 * Read up to len bytes, at least WIRE_ROOM.  Return how many; 0 if there are
 * none now; -1 and w->why if there will be no more.
 */
#define WIRE_ROOM 32768u
ssize_t wire_read(struct wire *w, void *p, size_t len);

/* What came on a TLS port in the clear, so much of it: bytes read, or 0. */
#define WIRE_PLAIN_MAX 16384u
size_t wire_plain(struct wire *w, void *p, size_t len);

/*
 * Send up to len bytes.  Return how many; 0 if none can be sent now; -1 and
 * w->why if none ever will.
 */
ssize_t wire_write(struct wire *w, const void *p, size_t len);

/* Whether there is more to read of which the descriptor knows nothing. */
bool wire_pending(const struct wire *w);

/*
 * Have ready, an event for fd, tell of what the wire waits for, from now on:
 * TLS may have to write before it can read.
 */
void wire_await(const struct wire *w, struct event *ready);

/* A sender that died silently is noticed, if after many minutes. */
void wire_keep_alive(int fd);

/*
 * Bytes that were received and not read yet; *much: so many that the sender may
 * soon have to wait.
 */
size_t wire_unread(const struct wire *w, bool *much);

/*
 * Append d1 words; nothing if plain.  wire_client(): who the sender is, "tls=
 * name="; wire_words(): " version=TLSv1.3 cipher=...".
 */
void wire_client(const struct wire *w, struct buf *out);
void wire_words(const struct wire *w, struct buf *out);

/*
 * Why TLS was refused, for a g1: "why= cause= reason=" and, if the sender's
 * certificate was the reason, "certificate= name=".  Return the cause.
 */
enum tls_cause wire_refusal(const struct wire *w, enum conn_end why,
    struct buf *out);

/* End TLS properly if it stands, and close.  Works in every state. */
void wire_close(struct wire *w);

#endif
