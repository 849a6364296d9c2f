/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/drain.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/evread.h"
#include "evidence/gap.h"
#include "evidence/keyring.h"
#include "evidence/record.h"
#include "tests/tap.h"

/*
 * Messages of a receiver, in order, and what the writer makes of the last.  A
 * row without a name goes on with the one before.  A start with a stream has
 * what the receiver before left.
 */
#define WORDS "listener=a transport=tcp framing=lf"
static const struct {
	const char *name;
	enum ringmsg_kind kind;
	uint32_t stream, log;
	const char *body;
	enum drain_step want;
} rows[] = {
	{ "a stream and its record", RINGMSG_START, 0, 0, "", DRAIN_EMPTY },
	{ NULL, RINGMSG_STREAM, 7, 0, WORDS, DRAIN_EMPTY },
	{ NULL, RINGMSG_RECORD, 7, 0, "one\n", DRAIN_EMPTY },
	{ "the last number", RINGMSG_STREAM, RINGMSG_STREAMS - 1, 0, WORDS,
	    DRAIN_EMPTY },
	{ NULL, RINGMSG_RECORD, RINGMSG_STREAMS - 1, 0, "two\n", DRAIN_EMPTY },
	{ "an end frees the number", RINGMSG_END, 7, 0, "peer-closed",
	    DRAIN_EMPTY },
	{ NULL, RINGMSG_STREAM, 7, 0, WORDS, DRAIN_EMPTY },
	{ NULL, RINGMSG_RECORD, 7, 0, "three\n", DRAIN_EMPTY },
	{ "an end of nothing does nothing", RINGMSG_END, 9, 0, "peer-closed",
	    DRAIN_EMPTY },
	{ "a gap of no stream", RINGMSG_GAP, RINGMSG_NO_STREAM, 0,
	    "listener=a count=1", DRAIN_EMPTY },
	{ "a gap of a stream", RINGMSG_GAP, 7, 0, "listener=a count=1",
	    DRAIN_EMPTY },
	{ "a new receiver ends what was open", RINGMSG_START, 1, 0, "",
	    DRAIN_EMPTY },
	{ "another, though nothing was", RINGMSG_START, 1, 0, "", DRAIN_EMPTY },
	{ "one after a receiver that left nothing", RINGMSG_START, 0, 0, "",
	    DRAIN_EMPTY },
	{ "a record of a stream that ended", RINGMSG_RECORD, 7, 0, "x",
	    DRAIN_BROKEN },
	{ "a record of no stream", RINGMSG_RECORD, 8, 0, "x", DRAIN_BROKEN },
	{ "a stream of no log", RINGMSG_STREAM, 8, 1, WORDS, DRAIN_BROKEN },
	{ "a stream that is open", RINGMSG_STREAM, 8, 0, WORDS, DRAIN_EMPTY },
	{ NULL, RINGMSG_RECORD, 8, 0, "x", DRAIN_EMPTY },
	{ NULL, RINGMSG_STREAM, 8, 0, WORDS, DRAIN_BROKEN },
	{ "words with a line end", RINGMSG_STREAM, 9, 0, WORDS " name=a\nb",
	    DRAIN_BROKEN },
	{ "words of a client", RINGMSG_STREAM, 9, 0,
	    "listener=a transport=import framing=lf", DRAIN_BROKEN },
	{ "a uid", RINGMSG_STREAM, 9, 0, WORDS " uid=0", DRAIN_BROKEN },
	{ "a gap with a kind of its own", RINGMSG_GAP, RINGMSG_NO_STREAM, 0,
	    "kind=x listener=a", DRAIN_BROKEN },
	{ "a gap of a stream that is not open", RINGMSG_GAP, 11, 0,
	    "listener=a", DRAIN_BROKEN },
	{ "a gap of no log", RINGMSG_GAP, RINGMSG_NO_STREAM, 1, "listener=a",
	    DRAIN_BROKEN },
	{ "counters of no log", RINGMSG_COUNTERS, 0, 1,
	    "12345678123456781234567812345678", DRAIN_BROKEN },
	{ "an end with a blank", RINGMSG_END, 8, 0, "peer closed",
	    DRAIN_BROKEN },
	{ "and after all that a record", RINGMSG_RECORD, 8, 0, "last\n",
	    DRAIN_EMPTY },
};

struct bench {
	char dir[64], log[80], keys[80];
	struct keyring *ring_keys;
	struct site_log conf;
	struct site site;
	struct ring *ring;
	struct estate *estate;
	struct sink sink;
	struct drain *drain;
	size_t left;	/* bytes in the ring when it was given up */
	uint64_t began; /* utc usec */
};

static int
bench_open(struct bench *b)
{
	struct evlog_init init = { .dir = b->log,
		.keys_dir = b->keys,
		.origin = "test.example/drain",
		.height = 1,
		.seconds = 600 };
	struct sink_options o = { .site = &b->site };

	strcpy(b->dir, "/tmp/konseki-drain-XXXXXX");
	if (mkdtemp(b->dir) == NULL)
		return -1;
	snprintf(b->log, sizeof(b->log), "%s/log", b->dir);
	snprintf(b->keys, sizeof(b->keys), "%s/keys", b->dir);
	b->conf = (struct site_log){ .name = "log", .dir = b->log };
	b->site = (struct site){ .logs = &b->conf, .n_logs = 1 };
	b->estate = o.estate = estate_new();
	b->ring = ring_new(0);
	if (evlog_init(&init) != EVLOG_OK ||
	    keyring_open(&b->ring_keys, b->keys) != KEYRING_OK)
		return -1;
	o.signer = keyring_signer(b->ring_keys);
	if (b->ring == NULL || b->estate == NULL ||
	    sink_open(&b->sink, &o) != 0)
		return -1;
	ring_putter(b->ring);
	b->drain = drain_new(b->ring, b->estate, &b->sink, 1);
	return b->drain == NULL ? -1 : 0;
}

static const struct ringmsg_will will = { .well = 1700000000000000,
	.feeds = 1,
	.bytes = { 44 } };

static void
put(struct bench *b, size_t i)
{
	struct ringmsg m = { .kind = rows[i].kind,
		.stream = rows[i].stream,
		.log = rows[i].log,
		.rx = 1800000000000000 + i,
		.flags = rows[i].kind == RINGMSG_GAP ? GAP_RESYNC : 0,
		.body = span_str(rows[i].body) };

	if (m.kind == RINGMSG_START && m.stream == 1)
		m.body = span_make(&will, sizeof(will));
	ring_put(b->ring, &m);
	ring_publish(b->ring);
}

/* kind=receiver-broken, with the bytes that were left and the time of it. */
static bool
broken_gap(struct span body, const struct bench *b)
{
	uint64_t bytes = 0, from = 0, until = 0;

	return span_starts(body,
		   SPAN("kind=receiver-broken stream=- listener=- count=- ")) &&
	    record_word_get_u64(body, "bytes", &bytes) == 1 &&
	    record_word_get_u64(body, "from", &from) == 1 &&
	    record_word_get_u64(body, "until", &until) == 1 &&
	    bytes == b->left && from >= b->began && until >= from;
}

/* kind=receiver-lost: so many streams, and what the receiver left. */
static bool
lost_gap(struct span body, unsigned count)
{
	uint64_t until = 0;
	char want[128];

	snprintf(want, sizeof(want),
	    "kind=receiver-lost stream=- listener=- count=%u bytes=44 "
	    "from=1700000000000000 until=",
	    count);
	return span_starts(body, span_str(want)) &&
	    record_word_get_u64(body, "until", &until) == 1 &&
	    until >= 1700000000000000;
}

/* A seal never says that less was received than was taken or dropped. */
static bool
seal_adds_up(struct span body)
{
	uint64_t received = 0, accepted = 0, dropped = 0;

	return record_word_get_u64(body, "received", &received) == 1 &&
	    record_word_get_u64(body, "accepted", &accepted) == 1 &&
	    record_word_get_u64(body, "queue-dropped", &dropped) == 1 &&
	    received >= accepted + dropped;
}

/* What is in the log at the end: kinds of the records, and the bodies. */
static void
read_back(const struct bench *b)
{
	struct evread_record rec;
	struct evread *r = NULL;
	struct buf why, bodies;
	size_t gaps = 0, ends = 0, broken = 0, seals = 0, odd = 0, lost = 0;

	buf_init(&why);
	buf_init(&bodies);
	ok(evread_open(&r, b->log, false, &why) == 0, "the log is read");
	while (r != NULL && evread_next(r, &rec, &why) == 1) {
		if (rec.r.kind == RECORD_RECEIVED)
			buf_span(&bodies, rec.r.body);
		gaps += rec.r.kind == RECORD_GAP;
		lost += rec.r.kind == RECORD_GAP &&
		    lost_gap(rec.r.body,
			(const unsigned[]){ 2, 0, 1 }[lost % 3]);
		broken += rec.r.kind == RECORD_GAP && broken_gap(rec.r.body, b);
		if (rec.r.kind == RECORD_SEAL)
			seals++, odd += !seal_adds_up(rec.r.body);
		ends += rec.r.kind == RECORD_STREAM &&
		    span_starts(rec.r.body, SPAN("end "));
	}
	ok(span_is(buf_view(&bodies), "one\ntwo\nthree\nxlast\nlast\n"),
	    "every record of a stream is in it, and no other");
	ok(gaps == 6,
	    "two gaps, three receivers that were lost, the one that was "
	    "not trusted");
	ok(lost == 3,
	    "the lost ones with what they had open and held, and until when");
	ok(seals > 0 && odd == 0,
	    "the seals' sums fit, before the receiver told any of its own");
	ok(broken == 1, "of which it is told what was left at most");
	ok(ends == 4, "one stream ended, two with it, one at the stop");
	evread_close(r);
	buf_fini(&bodies);
	buf_fini(&why);
}

/* The receiver's totals, which it repeats to whoever writes. */
static void
totals(struct bench *b, uint64_t refused)
{
	const struct ringmsg_counters c = { .received = 20,
		.kernel_dropped = 3,
		.refused = refused,
		.unwritten = 2 };
	struct ringmsg m = { .kind = RINGMSG_COUNTERS,
		.body = span_make(&c, sizeof(c)) };
	size_t taken;

	ring_put(b->ring, &m);
	ring_publish(b->ring);
	(void)drain_run(b->drain, 10, &taken); /* the sums show it */
}

/* A successor knows the streams that its predecessor had open, and its sums. */
static void
successor(struct bench *b)
{
	const struct evlog_counters *sum = &b->sink.sums->counters;
	size_t taken;

	totals(b, 5);
	drain_free(b->drain);
	b->drain = drain_new(b->ring, b->estate, &b->sink, 1);
	put(b, sizeof(rows) / sizeof(rows[0]) - 1);
	ok(b->drain != NULL && drain_run(b->drain, 10, &taken) == DRAIN_EMPTY &&
		taken == 1,
	    "a successor takes records of streams it never saw opened");
	totals(b, 6);
	ok(sum->refused == 6 && sum->kernel_dropped == 3 &&
		sum->queue_dropped == 2,
	    "what the receiver repeats to it is counted once");
}

/* The last receiver ended by itself, and no other comes. */
static void
bereft(struct bench *b)
{
	*ring_will(b->ring) = will;
	drain_bereft(b->drain);
}

/* A message that breaks the order, and two behind it that nobody looks at. */
static void
abandoned(struct bench *b)
{
	struct ringmsg m = { .kind = RINGMSG_RECORD,
		.stream = 100,
		.body = SPAN("x\n") };
	size_t i, taken;

	for (i = 0; i < 3; i++)
		ring_put(b->ring, &m);
	ring_publish(b->ring);
	b->left = 3 * ringmsg_size(m.body.len);
	ok(drain_run(b->drain, 10, &taken) == DRAIN_BROKEN, "it is broken");
	drain_abandon(b->drain);
}

int
main(void)
{
	static struct bench b;
	enum drain_step step;
	char command[96];
	size_t i, n, taken, end = sizeof(rows) / sizeof(rows[0]);

	if (bench_open(&b) != 0) {
		puts("Bail out! no log to write to");
		return 1;
	}
	for (i = 0; i < end; i = n) {
		for (n = i; n == i || (n < end && rows[n].name == NULL); n++)
			put(&b, n);
		step = drain_run(b.drain, 100, &taken);
		ok(step == rows[n - 1].want, "%s", rows[i].name);
	}
	b.began = (uint64_t)utc_now();
	successor(&b);
	bereft(&b);
	abandoned(&b);
	drain_end(b.drain, "stopped");
	ok(sink_close(&b.sink) == 0, "the log is closed");
	read_back(&b);
	drain_free(b.drain);
	keyring_close(b.ring_keys);
	ring_free(b.ring);
	estate_free(b.estate);
	snprintf(command, sizeof(command), "rm -rf %s", b.dir);
	return system(command) != 0 || done() != 0;
}
