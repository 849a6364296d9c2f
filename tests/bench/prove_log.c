/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/num.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"

/*
 * prove_log LOG KEYS CACHE RECORDS: a log of very many short records from a
 * thousand senders, as fast as the writer takes them.
 */
#define STREAMS 1000u

static sem_t room;

static void
on_writable(void *cookie)
{
	(void)cookie;
	sem_post(&room);
}

static void
check(enum evlog_err err, const char *what)
{
	if (err == EVLOG_OK)
		return;
	fprintf(stderr, "prove_log: %s: %s\n", what, evlog_strerror(err));
	exit(1);
}

static void
fill(struct evlog *log, uint64_t records)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.rx = UINT64_C(1795000000000000) };
	uint32_t stream[STREAMS];
	char text[256];

	for (unsigned i = 0; i < STREAMS; i++) {
		snprintf(text, sizeof(text),
		    "listener=l transport=tcp local=192.0.2.1:601 "
		    "peer=10.0.%u.%u port=601 framing=lf tls=%% name=%% "
		    "replay=no",
		    i / 250, i % 250);
		check(evlog_stream(log, span_str(text), &stream[i]), "stream");
	}
	for (uint64_t i = 0; i < records; i++) {
		if (i % 256 == 0)
			evlog_tick(log);
		r.rx += 10;
		r.stream = stream[i * 7919 % STREAMS];
		memcpy(text, "<134>app: session ", 18);
		r.body = span_make(text, 18 + num_print(i * 104729, text + 18));
		while (evlog_append(log, &r, NULL) != EVLOG_OK)
			sem_wait(&room);
	}
}

int
main(int argc, char *argv[])
{
	struct evlog_init init = { .origin = "bench.example/evidence",
		.height = 4,
		.seconds = 86400 };
	struct evlog_options opt = { .workers = 1,
		.level = 1,
		.build = "bench",
		.writable = on_writable };
	uint64_t records = 0;
	struct keyring *keys;
	struct evlog *log;
	struct buf why;

	if (argc != 5 ||
	    num_parse(span_str(argv[4]), 1u << 30, &records) != 0) {
		fprintf(stderr, "usage: prove_log LOG KEYS CACHE RECORDS\n");
		return 2;
	}
	buf_init(&why);
	sem_init(&room, 0, 0);
	opt.dir = init.dir = argv[1];
	init.keys_dir = argv[2];
	opt.cache = argv[3];
	check(evlog_init(&init), "init");
	if (keyring_open(&keys, argv[2]) != KEYRING_OK)
		return 1;
	opt.signer = keyring_signer(keys);
	check(evlog_open(&log, &opt, &why), "open");
	fill(log, records);
	check(evlog_close(log), "close");
	keyring_close(keys);
	buf_fini(&why);
	return 0;
}
