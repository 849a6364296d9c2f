/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/format/formats.h"
#include "evidence/evlog.h"
#include "evidence/evread.h"
#include "evidence/keyring.h"

/*
 * events_log write DIR < LINES   a sealed log and its keys below DIR
 * events_log read DIR FORMATS    every record of it as an event, to nowhere
 *
 * read says how many lines a second became events, by the process's own
 * processor time and by the clock, and how many of them a format knew.
 */
#define PASS_RECORDS 256 /* as the analyzer does */

static void
check(enum evlog_err err, const char *what)
{
	if (err == EVLOG_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, evlog_strerror(err));
	exit(1);
}

static double
now(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fill(struct evlog *log, FILE *in)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.rx = UINT64_C(1795150800000000) };
	char *line = NULL;
	size_t cap = 0, n = 0;
	ssize_t len;

	check(evlog_stream(log,
		  SPAN("listener=bench transport=tcp local=192.0.2.1:514 "
		       "peer=192.0.2.9 port=0 framing=lf tls=% name=% "
		       "replay=no"),
		  &r.stream),
	    "stream");
	while ((len = getline(&line, &cap, in)) > 0) {
		if (++n % 256 == 0)
			evlog_tick(log);
		r.rx += 10;
		r.body = span_make(line, (size_t)len);
		check(evlog_append(log, &r, NULL), "append");
	}
	free(line);
}

static int
write_log(const char *base)
{
	char dir[4096], keys[4096];
	struct evlog_init init = { .dir = dir,
		.keys_dir = keys,
		.origin = "example.jp/bench",
		.height = 4,
		.seconds = 600 };
	struct evlog_options opt = { .dir = dir, .build = "bench" };
	struct keyring *ring;
	struct evlog *log;
	struct buf why;

	snprintf(dir, sizeof(dir), "%s/log", base);
	snprintf(keys, sizeof(keys), "%s/keys", base);
	buf_init(&why);
	check(evlog_init(&init), "init");
	if (keyring_open(&ring, keys) != KEYRING_OK)
		return 1;
	opt.signer = keyring_signer(ring);
	check(evlog_open(&log, &opt, &why), "open");
	fill(log, stdin);
	check(evlog_close(log), "close");
	keyring_close(ring);
	buf_fini(&why);
	return 0;
}

static uint64_t lines, known, fields, bytes;

static int
read_all(struct evread *r, struct formats *f, struct buf *why)
{
	static struct event_source source;
	static struct event e;
	struct format_hints hints = { .zone = 9 * 3600 };
	struct arena *pass = arena_new();
	struct evread_record rec;
	int rc;

	while ((rc = evread_next(r, &rec, why)) == 1) {
		if (rec.r.kind != RECORD_RECEIVED)
			continue;
		if (++lines % PASS_RECORDS == 0)
			arena_reset(pass);
		source.peer = rec.stream->peer;
		e.source = &source;
		e.stream = rec.r.stream;
		e.received = (int64_t)rec.r.rx;
		e.message = rec.message;
		known += (uint64_t)formats_apply(f, &e, pass, &hints);
		fields += e.n;
		bytes += rec.message.len;
	}
	arena_free(pass);
	return rc;
}

static int
read_log(const char *base, const char *formats)
{
	struct yaml_error err;
	struct formats *f = formats_load(formats, &err);
	struct evread *r;
	struct buf why;
	char dir[4096];
	double took, cpu;

	if (f == NULL) {
		yaml_report(&err);
		return 1;
	}
	snprintf(dir, sizeof(dir), "%s/log", base);
	buf_init(&why);
	took = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	if (evread_open(&r, dir, false, &why) != 0 ||
	    read_all(r, f, &why) != 0) {
		fprintf(stderr, "%s\n", buf_cstr(&why));
		return 1;
	}
	took = now(CLOCK_MONOTONIC) - took;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("lines %llu known %llu fields %.1f bytes %.1f lines/s %.0f "
	       "lines/CPU-s %.0f\n",
	    (unsigned long long)lines, (unsigned long long)known,
	    (double)fields / (double)lines, (double)bytes / (double)lines,
	    (double)lines / took, (double)lines / cpu);
	evread_close(r);
	formats_free(f);
	buf_fini(&why);
	return 0;
}

int
main(int argc, char *argv[])
{
	if (argc == 3 && strcmp(argv[1], "write") == 0)
		return write_log(argv[2]);
	if (argc == 4 && strcmp(argv[1], "read") == 0)
		return read_log(argv[2], argv[3]);
	fputs("usage: events_log write DIR < LINES\n"
	      "       events_log read DIR FORMATS\n",
	    stderr);
	return 2;
}
