/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/conn.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

/*
 * A sender and a writer who do at random what they may: messages of any framing
 * and bytes of none, in any pieces; a ring that is full, for so long that what
 * comes is dropped; ends from either side.  Whatever happens, what was sent is
 * in the records, in its order and nothing besides, but for the bytes that a g1
 * speaks of, and those are as many as it says, where it says.
 */

/* --- the writer --------------------------------------------------------------
 */

static struct buf sent; /* all of the connection's bytes, in a run */
static size_t pos;	/* of them are in records, or in a g1 */
static unsigned bad;	/* records and g1 that cannot be */
static uint64_t drops, dropped;

/* A g1 of what was dropped stands before what came then. */
static void
on_gap(const struct ringmsg *m)
{
	uint64_t from = 0, to = 0, bytes = 0, count = 0;

	if (m->flags != GAP_QUEUE_DROP)
		return;
	record_word_get_u64(m->body, "offset", &from);
	record_word_get_u64(m->body, "end", &to);
	record_word_get_u64(m->body, "bytes", &bytes);
	record_word_get_u64(m->body, "count", &count);
	bad += from != pos || to < from || bytes != to - from || count == 0 ||
	    bytes == 0;
	pos = to;
	drops++;
	dropped += bytes;
}

static void
writer_takes(void)
{
	struct ringmsg m;

	while (ring_next(lib_ring, &m) == 1) {
		if (m.kind == RINGMSG_GAP)
			on_gap(&m);
		if (m.kind != RINGMSG_RECORD || m.port == LIB_FILLER)
			continue;
		bad += m.body.len == 0 || pos + m.body.len > sent.len ||
		    memcmp(sent.p + pos, m.body.p, m.body.len) != 0;
		pos += m.body.len;
	}
}

/* --- the sender --------------------------------------------------------------
 */

static int fd = -1;
static struct buf out;
static unsigned kind; /* of messages */

/* Over TCP or, if local, from this machine. */
static void
dial(bool local)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);
	int theirs;

	if (local) {
		fd = lib_dial(0);
		return;
	}
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (getsockname(lib_l.fd, (struct sockaddr *)&at, &len) != 0 ||
	    connect(fd, (struct sockaddr *)&at, len) != 0 ||
	    (theirs = accept(lib_l.fd, NULL, NULL)) < 0) {
		printf("Bail out! no connection\n");
		exit(1);
	}
	fcntl(theirs, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	lib_connect(theirs);
}

/* A socket of the loopback, whose kernel holds little. */
static int
listening(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int room = 65536;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) != 0 ||
	    bind(s, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(s, 5) != 0) {
		printf("Bail out! no listener\n");
		exit(1);
	}
	return s;
}

static void
print_one(void)
{
	unsigned len = lib_dice(lib_dice(8) ? 60 : 3000), i;

	if (kind == 0)
		buf_printf(&out, "%u <", lib_dice(20) ? len + 1 : len / 2);
	for (i = 0; i < len; i++)
		buf_byte(&out,
		    (uint8_t)(lib_dice(50) ? 'a' + i % 26 : lib_dice(128)));
	if (kind == 1)
		buf_byte(&out, '\n');
	if (kind == 2)
		buf_byte(&out, 0);
}

static void
sends(size_t most)
{
	ssize_t n = write(fd, out.p, out.len < most ? out.len : most);

	if (n <= 0)
		return;
	buf_append(&sent, out.p, (size_t)n);
	memmove(out.p, out.p + n, out.len - (size_t)n);
	out.len -= (size_t)n;
}

/* --- both --------------------------------------------------------------------
 */

static void
wait_for_patience(void)
{
	event_base_loopexit(lib_base,
	    &(struct timeval){ .tv_sec = 1, .tv_usec = 50000 });
	event_base_dispatch(lib_base);
}

static void
step(void)
{
	unsigned what = lib_dice(1000), i;

	if (what < 200)
		for (i = lib_dice(2) ? 2000 : 20; i > 0 && out.len < 300000;
		     i--)
			print_one();
	else if (what < 500)
		sends(lib_dice(2) ? 200000 : 1 + lib_dice(50));
	else if (what < 800)
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
	else if (what < 900)
		writer_takes();
	else if (what < 999)
		lib_fill(
		    lib_dice(2) ? lib_dice(2000) : 530000 + lib_dice(100000));
	else
		listen_tell(&lib_l, 1);
}

/* The end of a connection: its own, or one of three of ours. */
static void
ends(unsigned how)
{
	unsigned i;

	lib_in.stopping = how == 1;
	if (how == 0)
		close(fd);
	else if (how == 1)
		conn_stop(TAILQ_FIRST(&lib_l.conns));
	else
		conn_close(TAILQ_FIRST(&lib_l.conns));
	for (i = 0; i < 200 && !TAILQ_EMPTY(&lib_l.conns); i++) {
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
		writer_takes();
	}
	bad += !TAILQ_EMPTY(&lib_l.conns);
	for (i = 0; i < 20; i++) {
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
		writer_takes();
	}
	if (how != 0)
		close(fd);
	lib_in.stopping = false;
}

static void
run(uint32_t seed)
{
	uint64_t unread;
	unsigned how, steps = 100 + seed * 7 % 900, i;

	lib_seed = seed;
	loss_finish(&lib_l.loss, &lib_in, 1);
	writer_takes();
	sent.len = out.len = pos = bad = 0;
	drops = dropped = 0;
	kind = seed % 4;
	lib_conf.backpressure = seed % 10 == 0 ? SITE_BACKPRESSURE_NEVER_STALL
					       : SITE_BACKPRESSURE_STALL;
	dial(seed % 20 < 10);
	for (i = 0; i < steps && bad == 0; i++)
		step();
	if (seed % 10 == 0) {
		lib_fill(lib_dice(1000));
		for (i = 0; i < 200 && bad == 0; i++) {
			print_one();
			sends(200000);
			event_base_loop(lib_base, EVLOOP_NONBLOCK);
		}
		wait_for_patience();
		for (i = 0; i < 200 && bad == 0; i++)
			step();
	}
	how = seed / 2 % 3;
	ends(how);
	unread = lib_l.loss.sums[GAP_UNREAD].bytes;
	/* Where we end it, some may not have left the sender. */
	ok(bad == 0 && lib_in.held == 0 &&
		(how == 0 ? pos == sent.len : pos + unread <= sent.len),
	    "seed %u: of %zu bytes %zu kept, %llu dropped, %llu not read", seed,
	    sent.len, pos - (size_t)dropped, (unsigned long long)dropped,
	    (unsigned long long)unread);
	if (seed % 10 == 0)
		ok(drops > 0, "a sender who must not stall does not");
	if (bad != 0)
		printf("# %u that cannot be; at %zu\n", bad, pos);
}

int
main(int argc, char **argv)
{
	static const struct site_listener conf = { .name = "t",
		.transport = SITE_TCP,
		.max_frame = 480,
		.max_connections = 10,
		.max_per_source = 10 };
	uint32_t seed, n = argc > 1 ? (uint32_t)atoi(argv[1]) : 20;

	signal(SIGPIPE, SIG_IGN);
	lib_begin(&conf, listening());
	buf_init(&sent);
	buf_init(&out);
	for (seed = 1; seed <= n; seed++)
		run(seed);
	lib_end();
	buf_fini(&sent);
	buf_fini(&out);
	return done();
}
