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

/*
 * A sender and a writer who do at random what they may: messages of any framing
 * and bytes of none, in any pieces; a ring that is full, for so long that what
 * comes is dropped; ends from either side.  Whatever happens, what was sent is
 * in the records, in its order and nothing besides, but for the bytes that a g1
 * speaks of, and those are as many as it says, where it says.
 */
static struct site_log logs[1] = { { .name = "evidence" } };
static struct site site = { .logs = logs, .n_logs = 1 };
static struct site_listener conf;
static struct event_base *base;
static struct ring *ring;
static struct intake in;
static struct listener l;
static uint32_t rnd;

#define FILLER 7u /* port of records that only fill the ring */

static unsigned
dice(unsigned n)
{
	rnd = rnd * 1664525u + 1013904223u;
	return (rnd >> 8) % n;
}

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

	while (ring_next(ring, &m) == 1) {
		if (m.kind == RINGMSG_GAP)
			on_gap(&m);
		if (m.kind != RINGMSG_RECORD || m.port == FILLER)
			continue;
		bad += m.body.len == 0 || pos + m.body.len > sent.len ||
		    memcmp(sent.p + pos, m.body.p, m.body.len) != 0;
		pos += m.body.len;
	}
}

static void
ring_fills(size_t room)
{
	static const uint8_t block[1000];

	while (ring_room(ring) > room)
		if (!intake_record(&in, 0, 1, 0, 0, FILLER,
			span_make(block, dice(sizeof(block)))))
			return;
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
	struct endpoint peer = { .address = "192.0.2.1", .port = 999 };
	struct sockaddr_in at;
	socklen_t len = sizeof(at);
	int sp[2];

	if (local)
		socketpair(AF_UNIX, SOCK_STREAM, 0, sp);
	else
		sp[1] = socket(AF_INET, SOCK_STREAM, 0);
	if (!local &&
	    (getsockname(l.fd, (struct sockaddr *)&at, &len) != 0 ||
		connect(sp[1], (struct sockaddr *)&at, len) != 0 ||
		(sp[0] = accept(l.fd, NULL, NULL)) < 0)) {
		printf("Bail out! no connection\n");
		exit(1);
	}
	fcntl(sp[0], F_SETFL, O_NONBLOCK);
	fcntl(sp[1], F_SETFL, O_NONBLOCK);
	conn_open(&l, sp[0], &peer);
	fd = sp[1];
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
	unsigned len = dice(dice(8) ? 60 : 3000), i;

	if (kind == 0)
		buf_printf(&out, "%u <", dice(20) ? len + 1 : len / 2);
	for (i = 0; i < len; i++)
		buf_byte(&out, (uint8_t)(dice(50) ? 'a' + i % 26 : dice(128)));
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
	event_base_loopexit(base,
	    &(struct timeval){ .tv_sec = 1, .tv_usec = 50000 });
	event_base_dispatch(base);
}

static void
step(void)
{
	unsigned what = dice(1000), i;

	if (what < 200)
		for (i = dice(2) ? 2000 : 20; i > 0 && out.len < 300000; i--)
			print_one();
	else if (what < 500)
		sends(dice(2) ? 200000 : 1 + dice(50));
	else if (what < 800)
		event_base_loop(base, EVLOOP_NONBLOCK);
	else if (what < 900)
		writer_takes();
	else if (what < 999)
		ring_fills(dice(2) ? dice(2000) : 530000 + dice(100000));
	else
		listen_tell(&l, 1);
}

/* The end of a connection: its own, or one of three of ours. */
static void
ends(unsigned how)
{
	unsigned i;

	in.stopping = how == 1;
	if (how == 0)
		close(fd);
	else if (how == 1)
		conn_stop(TAILQ_FIRST(&l.conns));
	else
		conn_close(TAILQ_FIRST(&l.conns));
	for (i = 0; i < 200 && !TAILQ_EMPTY(&l.conns); i++) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		writer_takes();
	}
	bad += !TAILQ_EMPTY(&l.conns);
	for (i = 0; i < 20; i++) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		writer_takes();
	}
	if (how != 0)
		close(fd);
	in.stopping = false;
}

static void
run(uint32_t seed)
{
	uint64_t unread;
	unsigned how, steps = 100 + seed * 7 % 900, i;

	rnd = seed;
	loss_finish(&l.loss, &in, 1);
	writer_takes();
	sent.len = out.len = pos = bad = 0;
	drops = dropped = 0;
	kind = seed % 4;
	conf.backpressure = seed % 10 == 0 ? SITE_BACKPRESSURE_NEVER_STALL
					   : SITE_BACKPRESSURE_STALL;
	dial(seed % 20 < 10);
	for (i = 0; i < steps && bad == 0; i++)
		step();
	if (seed % 10 == 0) {
		ring_fills(dice(1000));
		for (i = 0; i < 200 && bad == 0; i++) {
			print_one();
			sends(200000);
			event_base_loop(base, EVLOOP_NONBLOCK);
		}
		wait_for_patience();
		for (i = 0; i < 200 && bad == 0; i++)
			step();
	}
	how = seed / 2 % 3;
	ends(how);
	unread = l.loss.sums[GAP_UNREAD].bytes;
	/* Where we end it, some may not have left the sender. */
	ok(bad == 0 && in.held == 0 &&
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
	uint32_t seed, n = argc > 1 ? (uint32_t)atoi(argv[1]) : 20;

	signal(SIGPIPE, SIG_IGN);
	conf = (struct site_listener){ .name = "t",
		.transport = SITE_TCP,
		.max_frame = 480,
		.max_connections = 10,
		.max_per_source = 10 };
	base = event_base_new();
	ring = ring_new(0);
	ring_taker(ring);
	intake_init(&in, base, ring, &site);
	listen_open(&l, &in, &conf, listening(), NULL);
	buf_init(&sent);
	buf_init(&out);
	for (seed = 1; seed <= n; seed++)
		run(seed);
	close(l.fd);
	listen_close(&l);
	intake_fini(&in);
	event_base_free(base);
	ring_free(ring);
	buf_fini(&sent);
	buf_fini(&out);
	return done();
}
