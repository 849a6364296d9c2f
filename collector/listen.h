/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_LISTEN_H
#define COLLECTOR_LISTEN_H

#include <sys/queue.h>

#include <event2/event.h>
#include <openssl/ssl.h>

#include "collector/conn_end.h"
#include "collector/crowd.h"
#include "collector/endpoint.h"
#include "collector/frame.h"
#include "collector/intake.h"
#include "collector/loss.h"
#include "collector/tally.h"
#include "common/buf.h"
#include "site/site.h"

struct relpserver;
struct wire;

/*
 * One listener at work.  Of a stream transport it accepts: as many connections
 * as it may have, and of one address, and no more; and none while descriptors
 * have run out (then it asks again each second; those who wait are not turned
 * away).
 */
struct listener {
	const struct site_listener *conf;
	struct intake *in;
	int fd; /* the parent's; not closed here */
	struct endpoint local;
	bool wildcard; /* local is 0.0.0.0 or :: */
	SSL_CTX *ctx;  /* TLS, else NULL */
	struct loss loss;
	struct tally tally; /* of single senders */
	TAILQ_HEAD(conn_list, conn) conns;
	struct relpserver *relp; /* RELP, else NULL */
	TAILQ_HEAD(relpconn_list, relpconn) sessions;
	unsigned n_conns;
	struct crowd crowd;	  /* whose they are */
	char most[ENDPOINT_TEXT]; /* who had most when it was full */
	unsigned held;		  /* and how many */
	struct event *ready, *retry;
	struct {
		uint64_t received, bytes, accepted; /* for gauges.h */
	} seen;
	bool leaving; /* a reload took it away: what is there, then the end */
	uint64_t refused; /* when a refusal of TLS was last logged, usec */
};

/* Begin.  ctx is taken over.  Return 0, or -1 and errno. */
int listen_open(struct listener *l, struct intake *in,
    const struct site_listener *conf, int fd, SSL_CTX *ctx);

/* Accept connections.  Return 0, or -1 and errno.  (UDP: udp_open.) */
int listen_start(struct listener *l);

/* Accept who is waiting, then no more; connections read what is there and end.
 */
void listen_stop(struct listener *l);

/*
 * A reload took it away: connections read what is there and end.  handed: who
 * is waiting to be accepted is another's, which has the same socket.
 */
void listen_leave(struct listener *l, bool handed);

/* The same listener with another configuration and context, taken over. */
void listen_reconf(struct listener *l, const struct site_listener *conf,
    SSL_CTX *ctx);

/*
 * A connection of that peer is there: return the pace that all of its address
 * share, or NULL without memory.  Or it is no more.
 */
struct pace *listen_came(struct listener *l, const struct endpoint *peer);
void listen_left(struct listener *l, const struct endpoint *peer);

/* Turn a connection away for which there is no memory. */
void listen_no_memory(struct listener *l, int fd);

/* Count a record of that many bytes. */
static inline void
listen_saw(struct listener *l, size_t len)
{
	l->seen.received++;
	l->seen.bytes += len;
}

/* Whether connections are to read what is there and end; and the reason. */
bool listen_leaves(const struct listener *l);
enum conn_end listen_why(const struct listener *l);

/*
 * Whether nothing of its own that was lost is still to be put; of single
 * senders (tally) and connections there may be, which end with it.
 */
bool listen_told(const struct listener *l);

/* Whether that address may send here. */
bool listen_allows(const struct listener *l, const struct sockaddr *from);

/* Put what was lost since the last time; once a second. */
void listen_tell(struct listener *l, uint64_t now);

/* At the end: close what is left, connections too, and put all that was lost,
 * whether or not there is room. */
void listen_finish(struct listener *l, uint64_t now);

/* Frees what is left. */
void listen_close(struct listener *l);

/*
 * Begin the framing of a connection from that peer.  Return who decides on it:
 * "source", "listener", or "auto" for its first bytes.
 */
const char *listen_framer(const struct listener *l, const struct endpoint *peer,
    struct framer *fr);

/* The framing as a d1 has it. */
const char *listen_framing_name(enum frame_mode mode);

/*
 * The d1 words of a stream that this listener received.  client: those about
 * who the sender proved to be ("tls= name="), or none.
 */
void listen_words(const struct listener *l, const struct endpoint *peer,
    const char *framing, struct span client, struct buf *out);

/*
 * Open the stream of a connection.  Return its number, or RINGMSG_NO_STREAM if
 * all are in use.
 */
struct listen_stream {
	const struct endpoint *peer;
	const struct wire *wire;
	const char *framing;	 /* as a d1 has it */
	const char *key, *value; /* of one more word */
};

uint32_t listen_stream(struct listener *l, const struct listen_stream *s,
    uint64_t rx);

#endif
