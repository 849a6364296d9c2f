/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/port.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

/*
 * A reload gave a port's socket to another, and the collector stops before the
 * first is done: what comes is the other's.
 */
static struct port_shared shared = { .in = &lib_in };

/* Of an open port with that transport: how many the one that left took. */
static uint64_t
taken_by_former(unsigned transport)
{
	struct site_listener conf[2] = {
		{ .name = "old",
		    .transport = transport,
		    .address = "127.0.0.1",
		    .max_frame = 480,
		    .max_connections = 10,
		    .max_per_source = 10 },
	};
	struct receiver_listener from = { .conf = &conf[0] };
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	struct port *former, *latter;
	unsigned granted;
	uint64_t taken, now = (uint64_t)utc_now();
	int fd, sender, i;

	fd = receiver_bind(&conf[0], &granted);
	conf[1] = conf[0];
	conf[1].name = "new";
	from.fd = fd;
	former = port_open(&shared, &from, NULL, NULL, true);
	from.conf = &conf[1];
	from.fd = dup(fd);
	latter = port_open(&shared, &from, NULL, former, false);
	port_leave(former, true);
	sender = socket(AF_INET,
	    transport == SITE_UDP ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (getsockname(fd, (struct sockaddr *)&at, &len) != 0 ||
	    connect(sender, (struct sockaddr *)&at, len) != 0 ||
	    send(sender, "<1>a\n", 5, 0) != 5)
		ok(0, "cannot send");
	lib_in.stopping = true;
	port_stop(former);
	for (i = 0; i < 10; i++)
		event_base_loop(lib_in.base, EVLOOP_NONBLOCK);
	taken = former->l.seen.received;
	ok(taken + latter->l.seen.received == 1, "one of them has it");
	ok(port_stopped(former), "who left is done");
	lib_in.stopping = false;
	port_close(former, now);
	port_close(latter, now);
	close(sender);
	close(from.fd);
	close(fd);
	return taken;
}

int
main(void)
{
	lib_ring_begin();
	shared.ring = lib_ring;
	shared.sources = sources_new(&lib_in);
	shared.slots = udp_slots_new();
	ok(taken_by_former(SITE_UDP) == 0, "a datagram: not who left");
	ok(taken_by_former(SITE_TCP) == 0, "a connection: nor there");
	sources_free(shared.sources, "collector-stop");
	udp_slots_free(shared.slots);
	lib_ring_end();
	return done();
}
