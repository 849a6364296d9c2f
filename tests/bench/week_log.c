/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/num.h"
#include "common/utc.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"
#include "week_line.h"

/*
 * week_log LOG KEYS RECORDS DAY DAYS: so many records of DAYS days from that
 * one on (as 2026-11-16) into a log that was made, by the real writer.  Its
 * clock is our own, so that days take seconds; it stops for a seal every SEAL
 * seconds.  Devices are busy in working hours; the rows of the EMR come in one
 * file each night.
 */
#define SEAL (10 * UINT64_C(1000000))
#define STEPS (86400 / 10) /* of a day */

static uint64_t now;

static void
clock_now(void *cookie, uint64_t *wall, uint64_t *mono)
{
	(void)cookie;
	*wall = now;
	*mono = now - UINT64_C(1780000000000000);
}

static void
check(enum evlog_err err, const char *what)
{
	if (err == EVLOG_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, evlog_strerror(err));
	exit(1);
}

static const char *const peers[WEEK_DEVICES] = { "10.2.0.1", "10.2.0.5",
	"10.2.0.2", "", "10.2.0.8", "" };

static uint32_t
stream_of(struct evlog *log, const char *peer)
{
	char words[256];
	uint32_t stream;

	snprintf(words, sizeof(words),
	    "listener=tcp transport=tcp local=10.2.0.20:514 peer=%s port=0 "
	    "framing=lf tls=%% name=%% replay=no",
	    peer);
	check(evlog_stream(log, span_str(words), &stream), "stream");
	return stream;
}

/* In per mille of the day, by hour of the site's clock: 1000 in all. */
static const unsigned busy[24] = { 12, 10, 10, 10, 10, 14, 22, 40, 78, 92, 92,
	88, 62, 82, 84, 80, 70, 48, 28, 20, 16, 12, 10, 10 };

/* How many of a day's records come in a step; weekends have fewer. */
static uint64_t
share(uint64_t records, unsigned step)
{
	uint64_t hour = records * busy[step / 360 % 24] / 1000;

	return hour * (step % 360 + 1) / 360 - hour * (step % 360) / 360;
}

struct writing {
	struct evlog *log;
	struct week_line line;
	uint32_t stream[WEEK_DEVICES], server[WEEK_SERVERS];
	uint64_t written;
};

static void
put(struct writing *w, uint32_t stream, const char *line, size_t len)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.rx = now,
		.stream = stream,
		.body = span_make(line, len) };
	enum evlog_err err;

	while ((err = evlog_append(w->log, &r, NULL)) == EVLOG_BUSY)
		check(evlog_seal(w->log, true), "seal");
	check(err, "append");
	w->written++;
}

/* The day before, in the morning. */
static void
put_emr(struct writing *w, uint64_t day, uint64_t records)
{
	char line[WEEK_LINE];
	uint32_t stream;
	uint64_t i;

	check(evlog_stream(w->log,
		  SPAN("listener=import transport=import framing=lf replay=no "
		       "uid=0 program=konseki file=emr.csv size=1 "
		       "encoding=utf-8 mapping=emr-access"),
		  &stream),
	    "stream");
	put(w, stream, WEEK_EMR_TITLES, strlen(WEEK_EMR_TITLES));
	for (i = 0; i < records; i++)
		put(w, stream, line,
		    week_line_make(&w->line, WEEK_EMR,
			day + i * (uint64_t)UTC_DAY / records, line));
	check(evlog_stream_end(w->log, stream, "end"), "end");
}

static void
put_step(struct writing *w, uint64_t records)
{
	static unsigned turn;
	char line[WEEK_LINE];
	uint64_t i, from = now;
	unsigned d, at;
	size_t len;

	for (i = 0; i < records; i++) {
		now = from + i * SEAL / records;
		turn = (turn + 37) % (100 - week_share[WEEK_EMR]);
		for (d = 0, at = turn; at >= week_share[d]; d++)
			at -= week_share[d];
		len = week_line_make(&w->line, (enum week_device)d,
		    now - 500000, line);
		put(w,
		    d == WEEK_LINUX ? w->server[w->line.n % WEEK_SERVERS]
				    : w->stream[d],
		    line, len);
	}
	now = from + SEAL;
	evlog_tick(w->log);
}

static void
fill(struct writing *w, uint64_t records, uint64_t first, uint64_t days)
{
	uint64_t weights = 0, of_day, emr = 0, day;
	char peer[32];
	unsigned d, step;

	for (day = 0; day < days; day++)
		weights += day % 7 < 5 ? 6 : 3;
	for (d = 0; d < WEEK_EMR; d++)
		if (d != WEEK_LINUX)
			w->stream[d] = stream_of(w->log, peers[d]);
	for (d = 0; d < WEEK_SERVERS; d++) {
		snprintf(peer, sizeof(peer), "10.2.0.%u", 10 + d);
		w->server[d] = stream_of(w->log, peer);
	}
	for (day = 0; day < days; day++) {
		of_day = records * (day % 7 < 5 ? 6 : 3) / weights;
		for (step = 0; step < STEPS; step++) {
			if (step == 5 * 360 && emr > 0)
				put_emr(w,
				    first + (day - 1) * (uint64_t)UTC_DAY, emr);
			put_step(w,
			    share(of_day * (100 - week_share[WEEK_EMR]) / 100,
				step));
		}
		emr = of_day * week_share[WEEK_EMR] / 100;
		fprintf(stderr, "%llu records\r",
		    (unsigned long long)w->written);
	}
}

int
main(int argc, char *argv[])
{
	struct evlog_options opt = { .clock = clock_now,
		.boot = "bench",
		.workers = 2,
		.build = "bench" };
	struct writing w = { .line = { .dice = 1 } };
	struct keyring *ring;
	uint64_t records, days;
	int64_t first;
	struct buf why;
	int zone;
	char text[64];

	if (argc != 6 || num_parse(span_str(argv[3]), 1000000000, &records) ||
	    num_parse(span_str(argv[5]), 1000, &days) || days == 0)
		return 2;
	snprintf(text, sizeof(text), "%sT00:00:00+09:00", argv[4]);
	if (utc_parse(span_str(text), &first, &zone) != 0)
		return 2;
	now = (uint64_t)first;
	w.line.dice = now;
	opt.dir = argv[1];
	buf_init(&why);
	if (keyring_open(&ring, argv[2]) != KEYRING_OK)
		return 1;
	opt.signer = keyring_signer(ring);
	check(evlog_open(&w.log, &opt, &why), "open");
	fill(&w, records, (uint64_t)first, days);
	check(evlog_close(w.log), "close");
	keyring_close(ring);
	buf_fini(&why);
	printf("%llu records\n", (unsigned long long)w.written);
	return 0;
}
