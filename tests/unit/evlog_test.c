/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

static bool
is_kept(uint64_t size)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/checkpoints/%012llu", lib_dir,
	    (unsigned long long)size);
	return access(path, F_OK) == 0;
}

static unsigned
count_lines(const char *name)
{
	char path[160];
	unsigned n = 0;
	struct buf b;
	size_t i;

	snprintf(path, sizeof(path), "%s/%s", lib_dir, name);
	buf_init(&b);
	io_read_file(path, 1 << 20, &b);
	for (i = 0; i < b.len; i++)
		n += b.p[i] == '\n';
	buf_fini(&b);
	return n;
}

static void
test_first(void)
{
	struct audit a;
	uint32_t stream;

	lib_begin();
	ok(lib_open() == EVLOG_OK, "a new log opens");
	ok(evlog_recovered(lib_log) == 0 &&
		strcmp(evlog_origin(lib_log), "example.jp/test") == 0,
	    "and is empty");
	ok(evlog_durable(lib_log) == evlog_size(lib_log), "and is sealed");
	ok(evlog_stream(lib_log, SPAN(WORDS), &stream) == EVLOG_OK, "a stream");
	ok(lib_append(stream, 1000, "one") == EVLOG_OK &&
		evlog_durable(lib_log) < evlog_size(lib_log),
	    "a record is not durable at once");
	ok(evlog_seal(lib_log, true) == EVLOG_OK &&
		evlog_durable(lib_log) == evlog_size(lib_log),
	    "but when it is sealed");
	ok(lib_close() == EVLOG_OK, "close");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.received == 1, "audit");
	ok(a.finals == 1 && is_kept(a.records), "a final seal, kept");
	ok(audit_count(&a, "\nb1 ") == 1 && audit_count(&a, "\nc1 ") == 1 &&
		audit_count(&a, "k1 epoch=0 ") == 1,
	    "first records");
	ok(a.ended, "zcat reads it to its end");
	audit_fini(&a);

	lib_pass(5000000);
	ok(lib_open() == EVLOG_OK && evlog_recovered(lib_log) == a.records,
	    "open again");
	ok(lib_append(stream, 0, "x") == EVLOG_BAD_ARGUMENT,
	    "streams end with the writer");
	ok(evlog_stream(lib_log, SPAN(WORDS), &stream) == EVLOG_OK &&
		stream == 1,
	    "numbers begin again");
	lib_append(stream, 0, "two");
	ok(lib_close() == EVLOG_OK, "close again");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.segments == 1, "audit");
	ok(span_is(buf_view(&a.bodies), "one\ntwo\n"), "both are there");
	ok(audit_count(&a, "unsealed=- down=5000000 ") == 1 &&
		audit_count(&a, "k1 epoch=1 ") == 1 && a.finals == 2,
	    "the next epoch");
	ok(count_lines("epochs") == 2, "and its line in `epochs`");
	audit_fini(&a);
	lib_end();
}

static void
test_arguments(void)
{
	static uint8_t big[RECORD_BODY_MAX + 1];
	struct record r = { .kind = RECORD_RECEIVED };
	struct evlog_init init = { .dir = lib_dir,
		.keys_dir = lib_keys,
		.origin = "example.jp/a",
		.height = 4,
		.seconds = 600 };
	struct evlog *second;
	struct buf detail;
	uint32_t stream;
	char other[128];

	lib_begin();
	buf_init(&detail);
	ok(evlog_init(&init) == EVLOG_EXISTS, "init does not overwrite a log");
	snprintf(other, sizeof(other), "%s/other", lib_base);
	init.dir = other;
	ok(evlog_init(&init) == EVLOG_EXISTS, "nor keys");
	init.origin = "A";
	ok(evlog_init(&init) == EVLOG_BAD_ARGUMENT, "an origin");
	lib_opt.dir = lib_keys;
	ok(lib_open() == EVLOG_ABSENT, "no log here");
	lib_opt.dir = lib_dir;
	ok(lib_open() == EVLOG_OK, "open");
	ok(evlog_open(&second, &lib_opt, &detail) == EVLOG_LOCKED,
	    "a second writer is kept out");
	ok(evlog_stream(lib_log, SPAN("a=b"), &stream) == EVLOG_BAD_ARGUMENT,
	    "a stream without framing");
	ok(evlog_stream(lib_log, SPAN(WORDS "\n"), &stream) ==
		EVLOG_BAD_ARGUMENT,
	    "a line end in the words");
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	r.stream = stream + 1;
	ok(evlog_append(lib_log, &r, NULL) == EVLOG_BAD_ARGUMENT,
	    "no such stream");
	r.stream = stream;
	r.body = span_make(big, sizeof(big));
	ok(evlog_append(lib_log, &r, NULL) == EVLOG_TOO_BIG, "too big");
	r = (struct record){ .kind = RECORD_SEAL };
	ok(evlog_append(lib_log, &r, NULL) == EVLOG_BAD_ARGUMENT,
	    "s1 is the writer's own");
	r = (struct record){ .kind = RECORD_OPERATOR, .stream = 1 };
	ok(evlog_append(lib_log, &r, NULL) == EVLOG_BAD_ARGUMENT,
	    "o1 has no stream");
	ok(lib_close() == EVLOG_OK, "close");
	ok(evlog_close(NULL) == EVLOG_OK, "close nothing");
	buf_fini(&detail);
	lib_end();
}

/* What the clocks ask for: evlog_tick is all that is called. */
static void
test_time(void)
{
	struct audit a;
	uint32_t stream;
	unsigned i;

	lib_begin();
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	lib_append(stream, 1000, "one");
	ok(evlog_tick(lib_log) <= 1000000 &&
		evlog_durable(lib_log) < evlog_size(lib_log),
	    "a seal within a second");
	lib_pass(1000000);
	evlog_tick(lib_log);
	ok(evlog_durable(lib_log) == evlog_size(lib_log), "is made");
	audit_log(&a);
	i = audit_count(&a, "s1 ");
	audit_fini(&a);
	lib_pass(9000000);
	ok(evlog_tick(lib_log) <= 1000000, "a heartbeat is near");
	audit_log(&a);
	ok(audit_count(&a, "s1 ") == i, "and not made yet");
	audit_fini(&a);
	lib_pass(1000000);
	evlog_tick(lib_log);
	audit_log(&a);
	ok(a.ok && audit_count(&a, "s1 ") == i + 1, "silence is sealed");
	audit_fini(&a);

	lib_pass(600000000);
	evlog_tick(lib_log);
	evlog_tick(lib_log);
	audit_log(&a);
	ok(a.ok && a.finals == 1 && is_kept(a.sealed) &&
		audit_count(&a, "k1 epoch=0 ") == 1,
	    "an epoch ends");
	audit_fini(&a);
	evlog_seal(lib_log, true);
	audit_log(&a);
	ok(a.ok && audit_count(&a, "k1 epoch=1 ") == 1 &&
		audit_count(&a, " epoch=1 final=0 ") == 1,
	    "the next begins");
	audit_fini(&a);
	lib_wall += 3000000;
	evlog_seal(lib_log, false);
	lib_pass(10000000);
	evlog_tick(lib_log);
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "g1 kind=clock-step ") == 1,
	    "a clock that was set");
	audit_fini(&a);
	for (i = 2; i < 16; i++)
		if (lib_open() != EVLOG_OK || lib_close() != EVLOG_OK)
			break;
	ok(i == 16 && lib_open() == EVLOG_EXHAUSTED, "the last epoch");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.finals == 16,
	    "nothing is signed after it");
	audit_fini(&a);
	lib_end();
}

/* A record that waited while others were sealed: said once for each seal. */
static void
test_late(void)
{
	static const struct {
		uint64_t age; /* usec before the seal before */
		bool seal;    /* after it */
	} rows[] = {
		{ 3900000, false }, /* a reader allows 5 s */
		{ 6000000, false }, /* said */
		{ 5000000, false },
		{ 9000000, true },  /* said */
		{ 9000000, false }, /* said */
		{ 8000000, false },
	};
	struct record r = { .kind = RECORD_RECEIVED, .body = SPAN("waited") };
	struct audit a;
	size_t i;

	lib_begin();
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &r.stream);
	lib_append(r.stream, 1000, "in time");
	lib_pass(20000000);
	evlog_seal(lib_log, true);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r.rx = lib_wall - rows[i].age;
		ok(evlog_append(lib_log, &r, NULL) == EVLOG_OK, "waited %llu",
		    (unsigned long long)rows[i].age);
		if (rows[i].seal)
			evlog_seal(lib_log, true);
	}
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "g1 kind=late ") == 3, "said three times");
	audit_fini(&a);

	/* A clock that was set back is the reason, and said alone. */
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &r.stream);
	lib_append(r.stream, 1000, "two");
	evlog_seal(lib_log, true);
	lib_wall -= 60000000;
	lib_append(r.stream, 1000, "set back");
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "g1 kind=late ") == 3 &&
		audit_count(&a, "g1 kind=clock-step ") == 1,
	    "a clock set back");
	audit_fini(&a);
	lib_end();
}

/* What a record speaks of is there when the record is. */
static void
test_files(void)
{
	struct evlog_file file[2] = {
		{ "tokens/000000000003-0123456789abcdef.tsr", SPAN("token") },
		{ "checkpoints/000000000999", SPAN("note") },
	};
	struct record r = { .kind = RECORD_OPERATOR,
		.body = SPAN("uid=0 action=keep") };
	struct buf path, text;
	struct audit a;
	uint64_t index;

	lib_begin();
	lib_open();
	r.rx = lib_wall;
	buf_init(&path);
	buf_init(&text);
	ok(evlog_append_files(lib_log, &r, file, 2, &index) == EVLOG_OK &&
		index == evlog_size(lib_log) - 1,
	    "a record with two files");
	evlog_seal(lib_log, true);
	buf_printf(&path, "%s/%s", lib_dir, file[0].name);
	ok(io_read_file(buf_cstr(&path), 100, &text) == 0 &&
		span_is(buf_view(&text), "token"),
	    "the first is there");
	path.len = text.len = 0;
	buf_printf(&path, "%s/%s", lib_dir, file[1].name);
	ok(io_read_file(buf_cstr(&path), 100, &text) == 0 &&
		span_is(buf_view(&text), "note"),
	    "and the other");
	r.kind = RECORD_SEAL;
	ok(evlog_append_files(lib_log, &r, file, 2, &index) ==
		EVLOG_BAD_ARGUMENT,
	    "only for kinds that others may append");
	unlink(buf_cstr(&path)); /* it is no note */
	lib_close();
	audit_log(&a);
	ok(a.ok && audit_count(&a, "action=keep") == 1, "and the record");
	audit_fini(&a);
	buf_fini(&text);
	buf_fini(&path);
	lib_end();
}

static void
test_rotation(void)
{
	uint32_t first, second;
	uint64_t size;
	struct audit a;

	lib_begin();
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &first);
	evlog_stream(lib_log, SPAN(WORDS), &second);
	lib_append(first, 1000, "one");
	lib_append(first, 2000, "two");
	ok(evlog_rotate(lib_log) == EVLOG_OK, "rotate");
	evlog_seal(lib_log, true);
	size = evlog_durable(lib_log);
	lib_append(first, 2000, "three"); /* another port than the d1's */
	lib_append(first, 2000, "four");
	lib_append(first, 1000, "five");
	evlog_seal(lib_log, true);
	ok(evlog_stream_end(lib_log, second, "eof") == EVLOG_OK, "an end");
	ok(evlog_stream_end(lib_log, second, "eof") == EVLOG_BAD_ARGUMENT,
	    "it ends once");
	lib_pass(3600000000);
	evlog_tick(lib_log);
	lib_append(first, 1000, "six");
	evlog_seal(lib_log, true);
	ok(lib_close() == EVLOG_OK, "close");
	audit_log(&a);
	ok(a.ok && a.segments == 3 && a.manifests == 2,
	    "three segments, by request and by midnight");
	ok(is_kept(size), "a closed segment's checkpoint is kept");
	ok(strstr(a.last_file, "/2024-11-20/") != NULL, "the new day: %s",
	    a.last_file);
	ok(span_is(buf_view(&a.bodies), "one\ntwo\nthree\nfour\nfive\nsix\n"),
	    "all records");
	ok(audit_count(&a, "d1 stream=1 next=0 ") == 1 &&
		audit_count(&a, "d1 stream=1 next=2 ") == 1 &&
		audit_count(&a, "d1 stream=1 next=5 ") == 1,
	    "each segment defines the stream, with its next number");
	ok(audit_count(&a, "d1 stream=2 next=0 ") == 2 &&
		audit_count(&a, "d1 end stream=2 next=0 why=eof") == 1,
	    "an end stands in a segment that defines the stream");
	audit_fini(&a);
	lib_open();
	lib_append(0, 0, "");
	lib_close();
	audit_log(&a);
	ok(a.ok && a.segments == 3, "reopened after a rotation");
	audit_fini(&a);
	lib_end();
}

/* A port is a datagram's matter only. */
static void
test_port(void)
{
	struct audit a;
	uint32_t stream;

	lib_begin();
	lib_open();
	evlog_stream(lib_log,
	    SPAN("listener=l2 transport=tcp port=5 framing=lf"), &stream);
	lib_append(stream, 77, "one");
	lib_close();
	audit_log(&a);
	ok(a.ok && a.received == 1, "a connection's port stands in its d1");
	audit_fini(&a);
	lib_end();
}

static void
test_words(void)
{
	struct evlog_counters c = { 9, 8, 7, 6, 5 };
	struct record r = { .kind = RECORD_OPERATOR, .body = SPAN("uid=1") };
	uint8_t config[32] = { 0xab };
	struct audit a;
	uint64_t index;

	lib_begin();
	lib_open();
	evlog_set_counters(lib_log, &c);
	evlog_set_config(lib_log, config, SPAN("before=00 change=mail.server"));
	r.rx = lib_wall;
	ok(evlog_append(lib_log, &r, &index) == EVLOG_OK &&
		index + 1 == evlog_size(lib_log),
	    "an operator's record");
	lib_close();
	audit_log(&a);
	ok(audit_count(&a,
	       " received=9 accepted=8 kernel-dropped=7 "
	       "queue-dropped=6 refused=5 previous=") == 1,
	    "counters");
	ok(audit_count(&a, " config=ab00") == 1 &&
		audit_count(&a, "c1 sha256=ab00") == 1 &&
		audit_count(&a, " file=- before=00 change=mail.server\n") == 1,
	    "configuration");
	ok(audit_count(&a, "o1 uid=1\n") == 1, "the record");
	audit_fini(&a);
	lib_end();
}

/* Many megabytes: members, a record of 1 MiB, BUSY, all in order. */
static void
test_much(unsigned workers, unsigned level)
{
	static char big[RECORD_BODY_MAX + 1];
	uint64_t busy = 0, sum = 0, hash = 0;
	char line[400];
	uint32_t stream;
	struct audit a;
	unsigned i, n = 60000;
	size_t at;

	lib_begin();
	lib_opt.workers = workers;
	lib_opt.level = level;
	lib_opt.clock = NULL;
	lib_wall = (uint64_t)utc_now();
	ok(lib_open() == EVLOG_OK, "%u workers, level %u", workers, level);
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	memset(big, 'b', RECORD_BODY_MAX);
	for (i = 0; i < n; i++) {
		snprintf(line, sizeof(line),
		    "date=2026-11-20 devname=fw1 srcip=10.0.%u.%u n=%u "
		    "action=accept policyid=%u sentbyte=%u",
		    i % 7, i % 251, i, i % 13, i * 7919 % 65521);
		while (lib_append(stream, 1000, i % 20000 == 5 ? big : line) !=
		    EVLOG_OK) {
			busy++;
			evlog_seal(lib_log, true);
		}
		if (i % 10000 == 9999)
			evlog_seal(lib_log, false);
	}
	ok(evlog_seal(lib_log, true) == EVLOG_OK &&
		evlog_durable(lib_log) == evlog_size(lib_log),
	    "all is durable (busy %llu times)", (unsigned long long)busy);
	ok(lib_close() == EVLOG_OK, "close");
	audit_log(&a);
	ok(a.ok && a.received == n && a.sealed == a.records, "audit");
	for (i = 0, at = 0; i < n && at < a.bodies.len; i++) {
		const uint8_t *p = a.bodies.p + at, *number;
		const uint8_t *end = memchr(p, '\n', a.bodies.len - at);

		number = memmem(p, (size_t)(end - p), " n=", 3);
		if (number != NULL)
			sum += strtoul((const char *)number + 3, NULL, 10) == i;
		hash += *p == 'b';
		at += (size_t)(end + 1 - p);
	}
	ok(sum == n - 3 && hash == 3, "each in its place");
	audit_fini(&a);
	lib_end();
}

/* Bytes of a file with 10,000 records that came so many usec apart, and were
 * sealed now and then: because somebody waited, or not. */
static long long
packed(uint64_t apart, bool asked)
{
	char line[400], path[200];
	struct audit a;
	struct stat st;
	uint32_t stream;
	unsigned i;

	lib_begin();
	lib_opt.level = 0;
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	for (i = 0; i < 10000; i++) {
		snprintf(line, sizeof(line),
		    "date=2026-11-20 devname=fw1 srcip=10.0.%u.%u n=%u "
		    "action=accept policyid=%u sentbyte=%u",
		    i % 7, i % 251, i, i % 13, i * 7919 % 65521);
		lib_append(stream, 1000, line);
		lib_pass(apart);
		if (asked && i % 500 == 0)
			evlog_seal(lib_log, false);
	}
	lib_close();
	audit_log(&a);
	ok(a.ok && a.received == 10000, "%llu usec apart",
	    (unsigned long long)apart);
	snprintf(path, sizeof(path), "%s/%s", lib_dir, a.last_file);
	if (stat(path, &st) != 0)
		abort();
	audit_fini(&a);
	lib_end();
	return st.st_size;
}

/* Members of 256 KiB: some 1,900 of these records. */
static void
test_packing(void)
{
	long long idle = packed(100, true), waited = packed(15, true);
	long long alone = packed(15, false), hurried = packed(1, false);

	printf("# %lld, %lld; %lld, %lld bytes\n", idle, waited, alone,
	    hurried);
	ok(waited > idle + idle / 20, "who waits does not wait for packing");
	ok(hurried > alone + alone / 20, "nor does what comes quickly");
}

/* 256 MiB close a segment. */
static void
test_size(void)
{
	static char big[RECORD_BODY_MAX + 1];
	uint32_t stream;
	struct audit a;
	unsigned i;

	lib_begin();
	lib_opt.workers = 2;
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	memset(big, 'b', RECORD_BODY_MAX);
	for (i = 0; i < 260; i++)
		while (lib_append(stream, 1000, big) != EVLOG_OK)
			evlog_seal(lib_log, true);
	ok(lib_close() == EVLOG_OK, "260 MiB");
	audit_log(&a);
	ok(a.ok && a.received == 260 && a.segments == 2 && a.manifests == 1,
	    "two segments");
	audit_fini(&a);
	lib_end();
}

/* A file that a crash left without its name is not a log's. */
static void
test_clean(void)
{
	char path[160];
	FILE *fp;

	lib_begin();
	lib_open();
	lib_close();
	snprintf(path, sizeof(path), "%s/checkpoints/1.tmp", lib_dir);
	if ((fp = fopen(path, "w")) == NULL)
		abort();
	fclose(fp);
	lib_open();
	ok(access(path, F_OK) != 0, "what has no name yet goes");
	lib_close();
	lib_end();
}

int
main(void)
{
	test_first();
	test_arguments();
	test_time();
	test_late();
	test_packing();
	test_files();
	test_rotation();
	test_port();
	test_words();
	test_clean();
	test_size();
	test_much(0, 1);
	test_much(2, 0);
	test_much(1, 6);
	return done();
}
