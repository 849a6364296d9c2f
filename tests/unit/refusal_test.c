/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/conn.h"
#include "collector/relpconn.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

/*
 * A TLS listener, of syslog and then of RELP; we are a sender who is not let
 * in, and the writer.
 */
static int relp; /* which of the two */

static void
begin(void)
{
	const struct site_listener conf = { .name = "t",
		.transport = relp ? SITE_RELP_TLS : SITE_TLS,
		.max_frame = 480 };

	lib_begin(&conf, socket(AF_INET, SOCK_STREAM, 0));
}

/* Who sends those bytes; our end of it. */
static int
sender(const void *bytes, size_t len)
{
	int fd = lib_dial(0);

	if (len > 0 && write(fd, bytes, len) != (ssize_t)len)
		ok(0, "cannot send");
	lib_turn();
	return fd;
}

static void
stop_one(void)
{
	if (relp)
		relpconn_stop(TAILQ_FIRST(&lib_l.sessions));
	else
		conn_stop(TAILQ_FIRST(&lib_l.conns));
}

static void
close_one(void)
{
	if (relp)
		relpconn_close(TAILQ_FIRST(&lib_l.sessions));
	else
		conn_close(TAILQ_FIRST(&lib_l.conns));
}

/* What the g1 in the ring say under that key, end to end. */
static const char *
gaps(const char *key)
{
	struct ringmsg m;
	struct buf word;

	lib_got.len = 0;
	buf_init(&word);
	while (ring_next(lib_ring, &m) == 1) {
		word.len = 0;
		if (m.kind == RINGMSG_GAP &&
		    record_word_get(m.body, key, &word) == 1)
			buf_span(&lib_got, buf_view(&word));
	}
	buf_fini(&word);
	return buf_cstr(&lib_got);
}

static void
fill(void)
{
	static const uint8_t block[20000];

	while (intake_ready(&lib_in))
		intake_record(&lib_in, 0, 1, 0, 0, 0,
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
	ok(lib_in.n_conns == 1 && lib_in.n_waiting == 1, "no TLS, and no room");
	gaps("data");
	lib_turn();
	ok(strcmp(gaps("data"), http) == 0 && lib_in.n_conns == 0,
	    "when there is some, what was said is kept");
	close(fd);
	memset(much, 'x', sizeof(much));
	fd = sender(much, sizeof(much));
	ok(strcmp(gaps("unread"), "3616") == 0,
	    "and what is beyond the limit is counted");
	close(fd);
	fill();
	fd = sender(http, sizeof(http) - 1);
	lib_in.stopping = true;
	stop_one();
	ok(lib_in.n_conns == 1, "a stop leaves it that time");
	close_one();
	ok(strcmp(gaps("data"), http) == 0,
	    "and the very end keeps it all the same");
	ok(lib_in.counters[0].refused == 3, "each was refused");
	close(fd);
	lib_end();
}

/* What loss_add_one() has added is in the ring. */
static void
told(void)
{
	loss_finish(&lib_l.loss, &lib_in, 1);
	intake_publish(&lib_in);
}

/* A reload takes the listener away while TLS is agreed upon. */
static void
removed(void)
{
	int fd;

	begin();
	fd = sender(NULL, 0);
	lib_l.leaving = true;
	stop_one();
	told();
	ok(strcmp(gaps("cause"), "listener-removed") == 0 && lib_l.refused == 0,
	    "who is in the middle of TLS is not blamed for a reload");
	close(fd);
	fd = sender(NULL, 0);
	close_one();
	told();
	ok(strcmp(gaps("why"), "listener-removed") == 0 && lib_l.refused == 0,
	    "however he ends");
	close(fd);
	lib_end();
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
