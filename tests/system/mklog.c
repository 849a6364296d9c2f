/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/num.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"

/*
 * mklog LOG KEYS RECORDS [SEGMENTS [START DAYS]]: a sealed log of firewall
 * lines of about 300 bytes, for tests and figures.  RECORDS "-": of the lines
 * that come in. The clock is our own, so that a log of weeks takes seconds:
 * 1,000 records a second, an epoch each minute.  START: usec since 1970 of the
 * first record; each segment begins so many DAYS after the one before, and the
 * boot clock is the machine's, so that a collector can go on with the log.
 */
#define MKLOG_START UINT64_C(1795000000000000)

#define MKLOG_DAY UINT64_C(86400000000)

static uint64_t now = MKLOG_START, days;
static bool dated; /* START was given */

static void
mklog_clock(void *cookie, uint64_t *wall, uint64_t *mono)
{
	struct timespec ts;

	(void)cookie;
	*wall = now;
	*mono = now - MKLOG_START + 1000000;
	if (!dated)
		return;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	*mono = (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000u;
}

static void
mklog_fail(const char *what, enum evlog_err err)
{
	fprintf(stderr, "mklog: %s: %s\n", what, evlog_strerror(err));
	exit(1);
}

/*
 * Microseconds from record to record: MKLOG_USEC in the environment makes a
 * small log of many epochs.
 */
static uint64_t
mklog_step(void)
{
	const char *text = getenv("MKLOG_USEC");
	uint64_t usec = 1000;

	if (text != NULL && num_parse(span_str(text), 60000000, &usec) != 0)
		mklog_fail("MKLOG_USEC", EVLOG_SYSTEM);
	return usec;
}

static size_t
mklog_line(char *out, size_t size, uint64_t i)
{
	uint64_t r = i * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)snprintf(out, size,
	    "<189>date=2026-11-20 time=%02u:%02u:%02u devname=\"FW-%" PRIu64
	    "\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" "
	    "level=\"notice\" srcip=10.%u.%u.%u srcport=%u "
	    "dstip=198.51.100.%u dstport=443 policyid=%u action=\"close\" "
	    "service=\"HTTPS\" duration=%u sentbyte=%" PRIu64
	    " rcvdbyte=%" PRIu64 " sentpkt=%u rcvdpkt=%u",
	    (unsigned)(i / 3600000 % 24), (unsigned)(i / 60000 % 60),
	    (unsigned)(i / 1000 % 60), r >> 62, (unsigned)(r >> 8 & 15),
	    (unsigned)(r >> 12 & 255), (unsigned)(r >> 20 & 255),
	    1024 + (unsigned)(r >> 28 & 32767), (unsigned)(r >> 44 & 255),
	    (unsigned)(r >> 52 & 63), (unsigned)(r >> 30 & 511),
	    r >> 40 & 1048575, r >> 42 & 1048575, (unsigned)(r >> 50 & 255),
	    (unsigned)(r >> 54 & 255));
}

/* Close the segment; the next begins when its time has come. */
static void
mklog_next(struct evlog *log)
{
	enum evlog_err err;

	if ((err = evlog_seal(log, true)) != EVLOG_OK ||
	    (err = evlog_rotate(log)) != EVLOG_OK)
		mklog_fail("rotate", err);
	now += days * MKLOG_DAY;
}

static void
mklog_fill(struct evlog *log, uint64_t records, uint64_t segments)
{
	const uint64_t step = mklog_step();
	uint64_t ticked = now;
	static const char words[] =
	    "listener=udp-514 transport=udp local=10.0.0.5 peer=10.0.0.%d "
	    "port=514 framing=none tls=%% name=%% replay=no";
	char line[512], text[256];
	struct record r = { .kind = RECORD_RECEIVED, .port = 514 };
	uint32_t stream[4];
	enum evlog_err err;

	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), words, i + 1);
		err = evlog_stream(log, span_str(text), &stream[i]);
		if (err != EVLOG_OK)
			mklog_fail("stream", err);
	}
	for (uint64_t i = 0; i < records; i++) {
		now += step;
		r.rx = now;
		r.stream = stream[i % 4];
		r.body = span_make(line, mklog_line(line, sizeof(line), i));
		while ((err = evlog_append(log, &r, NULL)) == EVLOG_BUSY)
			evlog_seal(log, true);
		if (err != EVLOG_OK)
			mklog_fail("append", err);
		if (now - ticked >= 256000) {
			ticked = now;
			evlog_tick(log);
		}
		if (segments > 1 &&
		    i % (records / segments + 1) == records / segments)
			mklog_next(log);
	}
	if ((err = evlog_seal(log, true)) != EVLOG_OK)
		mklog_fail("seal", err);
}

/* What comes in, line by line, as by a TCP connection. */
static void
mklog_lines(struct evlog *log)
{
	static const char words[] =
	    "listener=tcp-601 transport=tcp local=10.0.0.5 peer=10.0.0.9 "
	    "port=2000 framing=lf tls=% name=% replay=no";
	struct record r = { .kind = RECORD_RECEIVED };
	enum evlog_err err;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	err = evlog_stream(log, span_str(words), &r.stream);
	while (err == EVLOG_OK && (n = getline(&line, &cap, stdin)) > 0) {
		r.rx = now;
		r.body = span_make(line, (size_t)n);
		while ((err = evlog_append(log, &r, NULL)) == EVLOG_BUSY)
			evlog_seal(log, true);
	}
	free(line);
	if (err != EVLOG_OK)
		mklog_fail("append", err);
}

static int
mklog_dates(char *argv[])
{
	dated = true;
	return num_parse(span_str(argv[0]), RECORD_RX_MAX, &now) == 0 &&
		num_parse(span_str(argv[1]), 10000, &days) == 0
	    ? 0
	    : -1;
}

int
main(int argc, char *argv[])
{
	struct evlog_init init = { .origin = "test.example/evidence",
		.height = 14,
		.seconds = 60 };
	struct evlog_options opt = { .build = "mklog",
		.level = 1,
		.clock = mklog_clock };
	uint64_t records = 0, segments = 1;
	struct keyring *keys;
	struct evlog *log;
	struct buf why;
	enum evlog_err err;

	if (argc < 4 ||
	    (strcmp(argv[3], "-") != 0 &&
		num_parse(span_str(argv[3]), 1u << 30, &records) != 0) ||
	    (argc > 4 && num_parse(span_str(argv[4]), 1000, &segments) != 0) ||
	    (argc > 5 && (argc != 7 || mklog_dates(argv + 5) != 0))) {
		fprintf(stderr,
		    "usage: mklog LOG KEYS RECORDS [SEGMENTS [START DAYS]]\n");
		return 2;
	}
	buf_init(&why);
	opt.dir = init.dir = argv[1];
	init.keys_dir = argv[2];
	if ((err = evlog_init(&init)) != EVLOG_OK)
		mklog_fail("init", err);
	if (keyring_open(&keys, argv[2]) != KEYRING_OK)
		return 1;
	opt.signer = keyring_signer(keys);
	if ((err = evlog_open(&log, &opt, &why)) != EVLOG_OK)
		mklog_fail(buf_cstr(&why), err);
	if (strcmp(argv[3], "-") == 0)
		mklog_lines(log);
	else
		mklog_fill(log, records, segments);
	if ((err = evlog_close(log)) != EVLOG_OK)
		mklog_fail("close", err);
	keyring_close(keys);
	buf_fini(&why);
	return 0;
}
