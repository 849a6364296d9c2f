/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/ring.c" /* for what a hostile process can do to it */
#include "evidence/gap.h"
#include "tests/tap.h"

static struct ringmsg
record(uint32_t n, const void *p, size_t len)
{
	return (struct ringmsg){ .kind = RINGMSG_RECORD,
		.stream = n % 1000,
		.rx = n,
		.port = (uint16_t)n,
		.body = span_make(p, len) };
}

/* A body whose bytes follow from its number, so that the taker can check. */
static size_t
body_of(uint32_t n, uint8_t *out)
{
	size_t len = n % 997 == 0 ? RECORD_BODY_MAX - n % 8 : n * 7u % 1500, i;

	for (i = 0; i < len; i++)
		out[i] = (uint8_t)(n + i * 31);
	return len;
}

static void
order_and_room(void)
{
	static uint8_t body[RECORD_BODY_MAX];
	struct ring *r = ring_new(0);
	struct ringmsg m, got;
	size_t n = 0, taken = 0;

	ring_putter(r);
	ring_taker(r);
	ok(ring_next(r, &got) == 0, "an empty ring has nothing");
	m = record(1, "abc", 3);
	ok(ring_put(r, &m), "an empty ring has room");
	ok(ring_next(r, &got) == 0, "what is not published is not seen");
	ring_publish(r);
	ok(ring_next(r, &got) == 1 && got.kind == RINGMSG_RECORD &&
		got.rx == 1 && got.stream == 1 && span_is(got.body, "abc"),
	    "what is published is");
	m = record(2, body, sizeof(body));
	while (ring_put(r, &m))
		n++;
	ok(n == 3, "a full ring takes nothing more (%zu)", n);
	ok(ring_want_room(r), "there is room to wait for");
	while (ring_next(r, &got) == 1)
		taken += got.body.len == sizeof(body);
	ok(taken == n, "all of it comes out");
	ok(poll(&(struct pollfd){ .fd = ring_room_fd(r), .events = POLLIN }, 1,
	       0) == 1,
	    "and who waited for room is woken");
	ring_room_woken(r);
	ok(!ring_want_room(r), "with room there is nothing to wait for");
	ring_free(r);
}

static void
sleeping(void)
{
	struct ring *r = ring_new(0);
	struct pollfd p = { .fd = ring_data_fd(r), .events = POLLIN };
	struct ringmsg m = record(1, "x", 1), got;

	ring_putter(r);
	ring_taker(r);
	ring_put(r, &m);
	ring_publish(r);
	ok(poll(&p, 1, 0) == 0, "who is awake is not woken");
	ok(!ring_sleep(r), "who has something to do must not sleep");
	ring_next(r, &got);
	ok(ring_sleep(r), "who has nothing may");
	ring_put(r, &m);
	ok(poll(&p, 1, 0) == 0, "not woken before something is published");
	ring_publish(r);
	ok(poll(&p, 1, 0) == 1, "woken then");
	ring_data_woken(r);
	ok(ring_next(r, &got) == 1 && ring_next(r, &got) == 0,
	    "by one message");
	ring_free(r);
}

/* A taker that dies leaves the message it had in hand to its successor. */
static void
successor(void)
{
	struct ring *r = ring_new(0);
	struct ringmsg m, got;
	uint32_t n;

	ring_putter(r);
	for (n = 0; n < 10; n++) {
		m = record(n, "abc", n % 4);
		ring_put(r, &m);
	}
	ring_publish(r);
	ring_taker(r);
	for (n = 0; n < 4; n++)
		ring_next(r, &got);
	ok(got.rx == 3, "one taker dies with message 3 in hand");
	ring_taker(r);
	for (n = 3; n < 10; n++)
		if (ring_next(r, &got) != 1 || got.rx != n)
			break;
	ok(n == 10 && ring_next(r, &got) == 0,
	    "the next takes 3 to 9, each once");
	ring_taker(r);
	ok(ring_next(r, &got) == 0, "and the one after nothing");
	ring_free(r);
}

/* The child puts, the parent takes; both sleep and wake as they have to. */
static void
child(struct ring *r, uint32_t count)
{
	static uint8_t body[RECORD_BODY_MAX];
	struct pollfd p = { .fd = ring_room_fd(r), .events = POLLIN };
	struct ringmsg m;
	uint32_t n;

	ring_putter(r);
	for (n = 0; n < count; n++) {
		m = record(n, body, body_of(n, body));
		while (!ring_put(r, &m))
			if (ring_want_room(r)) {
				poll(&p, 1, -1);
				ring_room_woken(r);
			}
		if (n % 10 == 0)
			ring_publish(r);
	}
	ring_publish(r);
	_exit(0);
}

static void
two_processes(void)
{
	static uint8_t body[RECORD_BODY_MAX];
	struct ring *r = ring_new(0);
	struct pollfd p = { .fd = ring_data_fd(r), .events = POLLIN };
	const uint32_t count = 20000;
	struct ringmsg m;
	uint32_t n = 0, good = 0;
	pid_t pid = fork();
	int rc, status;

	if (pid == 0) {
		alarm(60);
		child(r, count);
	}
	ring_taker(r);
	while (n < count) {
		rc = ring_next(r, &m);
		if (rc < 0)
			break;
		if (rc > 0) {
			good += span_eq(m.body,
				    span_make(body, body_of(n, body))) &&
			    m.rx == n;
			n++;
		} else if (ring_sleep(r)) {
			if (poll(&p, 1, 30000) == 0)
				break;
			ring_data_woken(r);
		}
	}
	ok(n == count && good == n, "%u messages from another process arrive",
	    n);
	if (n != count)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ok(status == 0, "which was never left waiting");
	ring_free(r);
}

/* Messages that a receiver in other hands might put. */
static void
hostile(void)
{
	static uint8_t body[RECORD_BODY_MAX + 1];
	const size_t words = RINGMSG_WORDS_MAX + 1;
	const struct {
		const char *name;
		struct ringmsg m;
	} bad[] = {
		{ "no such kind", { .kind = 0 } },
		{ "a kind beyond the last", { .kind = 7 } },
		{ "a start with a body",
		    { .kind = RINGMSG_START, .body = { body, 1 } } },
		{ "a stream of a log beyond the last",
		    { .kind = RINGMSG_STREAM,
			.log = RINGMSG_LOGS,
			.body = { body, 1 } } },
		{ "a stream without words", { .kind = RINGMSG_STREAM } },
		{ "words without end",
		    { .kind = RINGMSG_STREAM, .body = { body, words } } },
		{ "a stream number beyond the last",
		    { .kind = RINGMSG_RECORD, .stream = RINGMSG_STREAMS } },
		{ "a record that no log takes",
		    { .kind = RINGMSG_RECORD,
			.body = { body, sizeof(body) } } },
		{ "a flag that only an import has",
		    { .kind = RINGMSG_RECORD, .flags = RECORD_IMPORTED } },
		{ "an end without a reason", { .kind = RINGMSG_END } },
		{ "a gap of no kind",
		    { .kind = RINGMSG_GAP, .flags = GAP_COUNT } },
		{ "a gap that is the writer's to tell",
		    { .kind = RINGMSG_GAP, .flags = GAP_READBACK } },
		{ "counters of another size",
		    { .kind = RINGMSG_COUNTERS, .body = { body, 8 } } },
	};
	struct ringmsg m;
	struct ring *r;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r = ring_new(0);
		ring_putter(r);
		ring_taker(r);
		ring_put(r, &bad[i].m);
		ring_publish(r);
		ok(ring_next(r, &m) == -1 && ring_next(r, &m) == -1,
		    "%s breaks the ring for good", bad[i].name);
		ring_free(r);
	}
}

/* Counters that no honest process would write. */
static void
hostile_counters(void)
{
	struct ringmsg m = record(1, "abcdefghi", 9);
	struct ring *r = ring_new(0);

	ring_putter(r);
	ring_taker(r);
	ring_put(r, &m);
	ring_publish(r);
	atomic_store(&r->shared->head, 16);
	ok(ring_next(r, &m) == -1, "half a message breaks the ring");
	ring_free(r);
	r = ring_new(0);
	ring_putter(r);
	ring_taker(r);
	atomic_store(&r->shared->head, r->cap + 8);
	ok(ring_behind(r) == 0 && ring_next(r, &m) == -1,
	    "more than fits breaks it");
	ok(ring_sleep(r) == false, "and nobody sleeps on it");
	ring_free(r);
	r = ring_new(0);
	ring_putter(r);
	atomic_store(&r->shared->tail, 8);
	m = record(1, NULL, 0);
	ok(ring_room(r) == 0 && !ring_put(r, &m),
	    "taking what was never put breaks it for the putter");
	ring_free(r);
}

/* What a putter leaves for the next. */
static void
next_putter(void)
{
	struct ring *r = ring_new(0);
	struct ringmsg m = record(1, "x", 1), got;

	ring_putter(r);
	ring_taker(r);
	ring_put(r, &m);
	ring_publish(r);
	ring_put(r, &m);
	ok(ring_notes(r)[RING_NOTES - 1] == 0, "notes are 0 at first");
	ring_notes(r)[RING_NOTES - 1] = 7;
	ring_putter(r);
	ok(ring_notes(r)[RING_NOTES - 1] == 7, "and outlive their putter");
	m = record(2, "yz", 2);
	ring_put(r, &m);
	ring_publish(r);
	ok(ring_next(r, &got) == 1 && got.rx == 1 && ring_next(r, &got) == 1 &&
		got.rx == 2 && ring_next(r, &got) == 0,
	    "what it had not published never was");
	ring_free(r);
}

/* The same parser on messages that are fine, cut at every byte. */
static void
inverse(void)
{
	struct ringmsg_counters c = { 1, 2, 3, 4 };
	struct ringmsg in = { .kind = RINGMSG_GAP,
		.flags = GAP_RESYNC,
		.stream = RINGMSG_NO_STREAM,
		.log = 3,
		.rx = 99,
		.body = SPAN("count=1") },
		       m;
	uint8_t at[RINGMSG_HEAD + 32];
	size_t n, size, waits = 0;

	ringmsg_print(&in, at);
	for (n = 0; n < ringmsg_size(in.body.len); n++)
		waits += ringmsg_parse(span_make(at, n), &m, &size) == 0;
	ok(waits == n, "a message cut anywhere waits for the rest");
	ok(ringmsg_parse(span_make(at, sizeof(at)), &m, &size) == 1 &&
		size == n && m.kind == in.kind && m.flags == in.flags &&
		m.stream == in.stream && m.log == 3 && m.rx == 99 &&
		span_eq(m.body, in.body),
	    "parse is the inverse of print");
	in = (struct ringmsg){ .kind = RINGMSG_COUNTERS,
		.body = { (const uint8_t *)&c, sizeof(c) } };
	ringmsg_print(&in, at);
	ringmsg_parse(span_make(at, sizeof(at)), &m, &size);
	c = ringmsg_counters(&m);
	ok(c.received == 1 && c.kernel_dropped == 2 && c.refused == 3,
	    "counters come out as they went in");
}

int
main(void)
{
	order_and_room();
	sleeping();
	successor();
	two_processes();
	hostile();
	hostile_counters();
	next_putter();
	inverse();
	return done();
}
