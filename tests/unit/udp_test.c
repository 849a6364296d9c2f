/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/receiver.h"
#include "collector/udp.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

/* Two listeners, their loop and their ring in one process. */
static struct site_listener conf[2];
static struct listener l[2];
static struct sources *sources;
static struct udp_slots *slots;
static struct udp *udp[2];
static uint64_t notes[4];
static int sender[2];

static unsigned granted; /* bytes that the kernel holds for us */

static int
begin(unsigned buffer)
{
	struct sockaddr_in at;
	socklen_t len;
	int i, fd;

	memset(notes, 0, sizeof(notes));
	lib_ring_begin();
	sources = sources_new(&lib_in);
	slots = udp_slots_new();
	for (i = 0; i < 2; i++) {
		conf[i] = (struct site_listener){ .name = i ? "b" : "a",
			.transport = SITE_UDP,
			.address = "127.0.0.1",
			.receive_buffer = buffer };
		fd = receiver_bind(&conf[i], &granted);
		sender[i] = socket(AF_INET, SOCK_DGRAM, 0);
		len = sizeof(at);
		if (fd < 0 || granted < 65536 ||
		    getsockname(fd, (struct sockaddr *)&at, &len) != 0 ||
		    connect(sender[i], (struct sockaddr *)&at, len) != 0 ||
		    listen_open(&l[i], &lib_in, &conf[i], fd, NULL) != 0)
			return -1;
		udp[i] = udp_open(&l[i], sources, slots, notes + 2 * i);
		if (udp[i] == NULL)
			return -1;
	}
	return 0;
}

static void
end(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		udp_close(udp[i]);
		close(l[i].fd);
		close(sender[i]);
		listen_close(&l[i]);
	}
	sources_free(sources, "collector-stop");
	udp_slots_free(slots);
	lib_ring_end();
}

static size_t n_records, n_bytes;
static uint64_t dropped;

/* Let everything happen that can; take what comes if taking. */
static void
turn(int taking)
{
	struct ringmsg m;
	size_t n;

	do {
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
		intake_publish(&lib_in);
		for (n = 0; taking && ring_next(lib_ring, &m) == 1; n++) {
			n_records += m.kind == RINGMSG_RECORD;
			if (m.kind == RINGMSG_RECORD)
				n_bytes += m.body.len;
			if (m.kind == RINGMSG_COUNTERS)
				dropped = ringmsg_counters(&m).kernel_dropped;
		}
	} while (n > 0);
}

static size_t
flood(int which, size_t len, int n)
{
	static uint8_t datagram[65507];
	size_t sent = 0;
	int i;

	for (i = 0; i < n; i++)
		sent += send(sender[which], datagram, len, 0) == (ssize_t)len;
	return sent;
}

static void
tell(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		udp_tell(udp[i], (uint64_t)utc_now());
		listen_tell(&l[i], (uint64_t)utc_now());
	}
	intake_tell(&lib_in, 1);
	for (i = 0; i < 2; i++)
		udp_told(udp[i]);
}

/*
 * Drops that are asked for while datagrams wait that were queued before them:
 * the older count that comes with those must not count again.
 */
static void
drops(void)
{
	size_t sent = flood(0, 1000, 2000);

	n_records = 0;
	tell();
	ok(lib_in.counters[0].kernel_dropped > 0,
	    "drops are seen before anything "
	    "is read");
	turn(1);
	sent += flood(0, 1000, 2000);
	tell();
	turn(1);
	tell();
	turn(1);
	ok(n_records > 0 && n_records + dropped == sent,
	    "%zu kept and %llu dropped are all %zu", n_records,
	    (unsigned long long)dropped, sent);
	ok(notes[0] == dropped && notes[1] > 0, "and noted for a successor");
}

/* The writer stands still: datagrams wait in the slots, in order. */
static void
full_ring(void)
{
	size_t sent = 0, before = lib_in.counters[0].kernel_dropped;
	int i;

	n_records = n_bytes = 0;
	for (i = 0; i < 200 && lib_in.n_waiting == 0; i++) {
		sent += flood(i % 2, 60000, 1);
		sent += flood(i % 2, 100, 1);
		turn(0);
	}
	ok(lib_in.n_waiting == 1, "with a full ring one listener waits");
	sent += flood(i % 2, 100, 3);
	turn(0);
	ok(lib_in.n_waiting == 2, "and the other, when it has something");
	tell();
	turn(1);
	tell();
	turn(1);
	ok(lib_in.n_waiting == 0 && n_records + dropped - before == sent,
	    "then all %zu come", sent);
}

/* Fill the ring as far as a listener would still read. */
static size_t
fill(void)
{
	static uint8_t body[1000];
	size_t n;

	for (n = 0; ring_room(lib_ring) > 600000; n++)
		intake_record(&lib_in, 0, 1, 0, 0, 0,
		    span_make(body, sizeof(body)));
	return n;
}

/*
 * A batch so large that the ring takes only a part of it: the rest waits in
 * the slots, in order; at the end of all it is lost, and told.
 */
static void
large_batch(void)
{
	size_t sent, filled, lost;

	if (granted < 4 << 20) {
		ok(1, "the rest of a batch waits # SKIP not without root");
		ok(1, "and is lost at the end # SKIP not without root");
		return;
	}
	n_records = 0;
	filled = fill();
	sent = flood(0, 60000, 30);
	turn(0);
	turn(1);
	ok(n_records == filled + sent, "the rest of a batch waits for room");
	n_records = 0;
	filled = fill();
	sent = flood(0, 60000, 30);
	turn(0);
	udp_finish(udp[0], (uint64_t)utc_now());
	turn(1);
	lost = l[0].loss.sums[GAP_QUEUE_DROP].count;
	ok(lost > 0 && n_records + lost == filled + sent,
	    "and is lost if none comes: %zu of %zu", lost, sent);
}

static void
stopping(void)
{
	size_t sent = flood(0, 300, 100);

	n_records = 0;
	lib_in.stopping = true;
	ok(!udp_stopped(udp[0]), "a stop");
	udp_stop(udp[0]);
	udp_stop(udp[1]);
	turn(1);
	ok(n_records == sent && udp_stopped(udp[0]) && udp_stopped(udp[1]),
	    "takes what the kernel has");
}

/* The socket is another's: what waits in the kernel is not lost. */
static void
handed_on(void)
{
	flood(0, 300, 10);
	udp_leave(udp[0]);
	udp_finish(udp[0], (uint64_t)utc_now());
	ok(udp_stopped(udp[0]) && l[0].loss.sums[GAP_UNREAD].count == 0,
	    "who hands his socket on has left nothing unread");
	flood(1, 300, 10);
	udp_finish(udp[1], (uint64_t)utc_now());
	ok(l[1].loss.sums[GAP_UNREAD].count == 1, "who ends with it has");
}

/* What waits in a unix socket the kernel counts as the sender's. */
static void
local(void)
{
	const struct site_listener unix_conf = { .name = "c",
		.transport = SITE_UNIX_DGRAM,
		.path = "p" };
	uint64_t own[2] = { 0 };
	struct listener k;
	struct udp *u;
	int sp[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sp) != 0 ||
	    listen_open(&k, &lib_in, &unix_conf, sp[0], NULL) != 0 ||
	    (u = udp_open(&k, sources, slots, own)) == NULL ||
	    send(sp[1], "abc", 3, 0) != 3) {
		ok(0, "a listener of this machine");
		return;
	}
	udp_finish(u, (uint64_t)utc_now());
	ok(k.loss.sums[GAP_UNREAD].count == 1 &&
		k.loss.sums[GAP_UNREAD].bytes == 3,
	    "what a local program sent and nobody read is told");
	udp_close(u);
	listen_close(&k);
	close(sp[0]);
	close(sp[1]);
}

int
main(void)
{
	static const struct {
		void (*run)(void);
		unsigned buffer;
	} tests[] = {
		{ drops, 65536 },
		{ full_ring, 65536 },
		{ large_batch, 4 << 20 },
		{ stopping, 65536 },
		{ handed_on, 65536 },
		{ local, 65536 },
	};
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (begin(tests[i].buffer) != 0) {
			printf("Bail out! cannot set up\n");
			return 1;
		}
		turn(1);
		dropped = 0;
		tests[i].run();
		end();
	}
	return done();
}
