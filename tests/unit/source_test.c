/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/source.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

static struct site_listener conf = { .name = "u", .transport = SITE_UDP };
static struct listener l, other;

/* The stream of 10.x.y.z:port, the address being the number n. */
static uint32_t
stream(struct sources *s, struct listener *from, uint32_t n, uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(0x0a000000 + n) };

	return sources_stream(s, from, (struct sockaddr *)&sin, NULL, 1);
}

/* What the writer has seen since the last time. */
static struct {
	size_t opened, ended, recycled;
	uint32_t last_ended;
} seen;

static void
look(void)
{
	struct ringmsg m;
	size_t n;

	memset(&seen, 0, sizeof(seen));
	do {
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
		intake_publish(&lib_in);
		for (n = 0; ring_next(lib_ring, &m) == 1; n++) {
			seen.opened += m.kind == RINGMSG_STREAM;
			if (m.kind != RINGMSG_END)
				continue;
			seen.ended++;
			seen.recycled += span_is(m.body, "recycled");
			seen.last_ended = m.stream;
		}
	} while (n > 0);
}

static void
addresses(void)
{
	struct sources *s = sources_new(&lib_in);
	uint32_t a = stream(s, &l, 1, 514), b = stream(s, &l, 2, 514);
	uint8_t v6[sizeof(struct sockaddr_in6)] = { 0 };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in6 here = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };

	ok(a != b, "another address is another stream");
	ok(stream(s, &l, 1, 9999) == a, "another port is not");
	ok(stream(s, &other, 1, 514) != a, "another listener is");
	sin6.sin6_addr.s6_addr[15] = 1;
	sin6.sin6_scope_id = 1;
	memcpy(v6, &sin6, sizeof(v6));
	a = sources_stream(s, &l, (struct sockaddr *)&sin6, NULL, 1);
	sin6.sin6_scope_id = 2;
	ok(sources_stream(s, &l, (struct sockaddr *)&sin6, NULL, 1) != a,
	    "and so is the same address on another link");
	memcpy(&sin6, v6, sizeof(v6));
	ok(sources_stream(s, &l, (struct sockaddr *)&sin6, NULL, 1) == a,
	    "each is found again");
	sin6.sin6_scope_id = 0;
	b = sources_stream(s, &l, (struct sockaddr *)&sin6,
	    (struct sockaddr *)&here, 1);
	here.sin6_addr.s6_addr[0] = 0xfe;
	ok(sources_stream(s, &l, (struct sockaddr *)&sin6,
	       (struct sockaddr *)&here, 1) != b,
	    "to another address of ours is another stream");
	look();
	ok(seen.opened == 7 && seen.ended == 0, "each was opened once");
	sources_free(s, "collector-stop");
	look();
	ok(seen.ended == 7, "and ended");
}

/* More senders than there may be, while the writer does not even read. */
static void
too_many(void)
{
	static uint8_t block[65536];
	struct sources *s = sources_new(&lib_in);
	uint32_t i, first, second = 0;

	while (intake_record(&lib_in, 0, 1, 0, 0, 0,
	    span_make(block, sizeof(block))))
		;
	first = stream(s, &l, 0, 514);
	for (i = 1; i < SOURCES_MAX; i++) {
		second = i == 1 ? stream(s, &l, i, 514) : second;
		stream(s, &l, i, 514);
	}
	ok(!intake_drained(&lib_in) &&
		!intake_record(&lib_in, 0, 1, first, 0, 514, SPAN("")),
	    "what must be said waits for room; no record overtakes it");
	stream(s, &l, 0, 514); /* heard again */
	stream(s, &l, SOURCES_MAX, 514);
	stream(s, &l, 0, 514);
	look();
	ok(seen.opened == SOURCES_MAX + 1 && seen.recycled == 1,
	    "one too many makes one give way");
	ok(seen.last_ended == second && seen.last_ended != first,
	    "the one that was silent longest");
	ok(stream(s, &l, 0, 514) == first, "those that were heard stay");
	stream(s, &l, 1, 514);
	look();
	ok(seen.opened == 1 && seen.recycled == 1,
	    "the one that gave way may come back");
	sources_free(s, "collector-stop");
	look();
	ok(seen.ended == SOURCES_MAX && intake_drained(&lib_in),
	    "all streams end");
	ok(lib_in.n_free == RINGMSG_STREAMS,
	    "and their numbers are free again");
}

int
main(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	lib_ring_begin();
	if (listen_open(&l, &lib_in, &conf, fd, NULL) != 0 ||
	    listen_open(&other, &lib_in, &conf, fd, NULL) != 0) {
		printf("Bail out! cannot set up\n");
		return 1;
	}
	look();
	addresses();
	too_many();
	listen_close(&l);
	listen_close(&other);
	lib_ring_end();
	close(fd);
	return done();
}
