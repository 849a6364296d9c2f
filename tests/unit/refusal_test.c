/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/conn.h"
#include "collector/relpconn.h"
#include "collector/relpserver.h"
#include "evidence/record.h"
#include "tests/tap.h"

/*
 * A TLS listener, of syslog and then of RELP, its loop and its ring in one
 * process; we are a sender who is not let in, and the writer.
 */
static struct site_log logs[1] = { { .name = "evidence" } };
static struct site site = { .logs = logs, .n_logs = 1 };
static struct site_listener conf;
static struct event_base *base;
static struct ring *ring;
static struct receipt *receipt;
static struct resent *resent;
static struct intake in;
static struct listener l;
static struct buf got;
static int relp; /* which of the two */

static void
begin(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	conf = (struct site_listener){ .name = "t",
		.transport = relp ? SITE_RELP_TLS : SITE_TLS,
		.max_frame = 480 };
	base = event_base_new();
	ring = ring_new(0);
	ring_taker(ring);
	receipt = receipt_new();
	resent = resent_new();
	intake_init(&in, base, ring, &site);
	listen_open(&l, &in, &conf, fd, SSL_CTX_new(TLS_server_method()));
	l.relp = relp ? relpserver_new(&in, receipt, resent) : NULL;
	buf_init(&got);
}

static void
end(void)
{
	close(l.fd);
	listen_close(&l);
	relpserver_free(l.relp);
	intake_fini(&in);
	event_base_free(base);
	ring_free(ring);
	receipt_free(receipt);
	resent_free(resent);
	buf_fini(&got);
}

static void
turn(void)
{
	int i;

	for (i = 0; i < 10; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	intake_publish(&in);
}

/* Who sends those bytes; our end of it. */
static int
sender(const void *bytes, size_t len)
{
	struct endpoint peer = { .address = "192.0.2.1", .port = 999 };
	int sp[2];

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp);
	if (relp)
		relpconn_open(&l, sp[0], &peer);
	else
		conn_open(&l, sp[0], &peer);
	if (len > 0 && write(sp[1], bytes, len) != (ssize_t)len)
		ok(0, "cannot send");
	turn();
	return sp[1];
}

static void
stop_one(void)
{
	if (relp)
		relpconn_stop(TAILQ_FIRST(&l.sessions));
	else
		conn_stop(TAILQ_FIRST(&l.conns));
}

static void
close_one(void)
{
	if (relp)
		relpconn_close(TAILQ_FIRST(&l.sessions));
	else
		conn_close(TAILQ_FIRST(&l.conns));
}

/* What the g1 in the ring say under that key, end to end. */
static const char *
gaps(const char *key)
{
	struct ringmsg m;
	struct buf word;

	got.len = 0;
	buf_init(&word);
	while (ring_next(ring, &m) == 1) {
		word.len = 0;
		if (m.kind == RINGMSG_GAP &&
		    record_word_get(m.body, key, &word) == 1)
			buf_span(&got, buf_view(&word));
	}
	buf_fini(&word);
	return buf_cstr(&got);
}

static void
fill(void)
{
	static const uint8_t block[20000];

	while (intake_ready(&in))
		intake_record(&in, 0, 1, 0, 0, 0,
		    span_make(block, sizeof(block)));
}

/* What comes in the clear is kept, though the ring be full. */
static void
plain(void)
{
	static const char http[] = "GET / HTTP/1.0";
	static uint8_t much[20000];
	int fd;

	begin();
	fill();
	fd = sender(http, sizeof(http) - 1);
	ok(in.n_conns == 1 && in.n_waiting == 1, "no TLS, and no room");
	gaps("data");
	turn();
	ok(strcmp(gaps("data"), http) == 0 && in.n_conns == 0,
	    "when there is some, what was said is kept");
	close(fd);
	memset(much, 'x', sizeof(much));
	fd = sender(much, sizeof(much));
	ok(strcmp(gaps("unread"), "3616") == 0,
	    "and what is beyond the limit is counted");
	close(fd);
	fill();
	fd = sender(http, sizeof(http) - 1);
	in.stopping = true;
	stop_one();
	ok(in.n_conns == 1, "a stop leaves it that time");
	close_one();
	ok(strcmp(gaps("data"), http) == 0,
	    "and the very end keeps it all the same");
	ok(in.counters[0].refused == 3, "each was refused");
	close(fd);
	end();
}

/* What loss_add_one() has added is in the ring. */
static void
told(void)
{
	loss_finish(&l.loss, &in, 1);
	intake_publish(&in);
}

/* A reload takes the listener away while TLS is agreed upon. */
static void
removed(void)
{
	int fd;

	begin();
	fd = sender(NULL, 0);
	l.leaving = true;
	stop_one();
	told();
	ok(strcmp(gaps("cause"), "listener-removed") == 0 && l.refused == 0,
	    "who is in the middle of TLS is not blamed for a reload");
	close(fd);
	fd = sender(NULL, 0);
	close_one();
	told();
	ok(strcmp(gaps("why"), "listener-removed") == 0 && l.refused == 0,
	    "however he ends");
	close(fd);
	end();
}

int
main(void)
{
	for (relp = 0; relp < 2; relp++) {
		plain();
		removed();
	}
	return done();
}
