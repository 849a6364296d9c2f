/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <ftw.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "common/num.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"

/*
 * How many records a second the writer takes, from append to the signed
 * checkpoint: evlog_bench [seconds [workers [level]]].  Lines of 300 bytes as
 * a FortiGate writes them; pin the process to compare cores (taskset -c 0).
 */
#define LINES 8192

static char lines[LINES][320];
static size_t lens[LINES];
static uint64_t bytes_out;
static sem_t room;

static uint32_t
dice(uint32_t *x, uint32_t below)
{
	*x = *x * 1664525u + 1013904223u;
	return (*x >> 8) % below;
}

static void
make_lines(void)
{
	static const char *const app[] = { "HTTPS", "DNS", "HTTP", "SMB", "NTP",
		"SSH", "RDP", "IMAPS" };
	uint32_t x = 1;
	size_t i;
	int n;

	for (i = 0; i < LINES; i++) {
		n = snprintf(lines[i], sizeof(lines[i]),
		    "<189>date=2026-11-20 time=10:%02zu:%02zu devname=\"fw-a\" "
		    "logid=\"0000000013\" type=\"traffic\" vd=\"root\" "
		    "srcip=10.1.%u.%u srcport=%u srcintf=\"lan\" "
		    "dstip=198.51.100.%u dstport=%u dstintf=\"wan1\" "
		    "sessionid=%u proto=6 action=\"%s\" policyid=%u "
		    "service=\"%s\" duration=%u sentbyte=%u rcvdbyte=%u",
		    i / 60 % 60, i % 60, dice(&x, 8), dice(&x, 250),
		    1024 + dice(&x, 60000), dice(&x, 250), dice(&x, 3000),
		    dice(&x, 1u << 23), dice(&x, 9) == 0 ? "deny" : "close",
		    dice(&x, 40), app[dice(&x, 8)], dice(&x, 300),
		    dice(&x, 1u << 16), dice(&x, 1u << 20));
		lens[i] = (size_t)n;
		while (lens[i] < 299)
			lines[i][lens[i]++] = ' ';
		lines[i][lens[i]++] = '\n';
	}
}

static void
on_writable(void *cookie)
{
	(void)cookie;
	sem_post(&room);
}

static double
now(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
add_size(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && strstr(path, ".ev1.gz") != NULL)
		bytes_out += (uint64_t)st->st_size;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
check(enum evlog_err err, const char *what)
{
	if (err == EVLOG_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, evlog_strerror(err));
	exit(1);
}

static uint64_t
run(struct evlog *log, double seconds)
{
	struct record r = { .kind = RECORD_RECEIVED, .rx = 1763650000000000 };
	double end = now(CLOCK_MONOTONIC) + seconds;
	uint64_t n = 0;

	check(evlog_stream(log,
		  SPAN("listener=bench transport=tcp local=192.0.2.1:514 "
		       "peer=192.0.2.9 port=0 framing=lf tls=% name=% "
		       "replay=no"),
		  &r.stream),
	    "stream");
	for (;; n++) {
		if (n % 256 == 0) {
			evlog_tick(log);
			if (now(CLOCK_MONOTONIC) > end)
				return n;
		}
		r.rx += 1;
		r.body = span_make(lines[n % LINES], lens[n % LINES]);
		while (evlog_append(log, &r, NULL) != EVLOG_OK)
			sem_wait(&room);
	}
}

static unsigned
argument(char *const argv[], int argc, int i, unsigned value)
{
	uint64_t n;

	if (i >= argc || num_parse(span_str(argv[i]), 1000, &n) != 0)
		return value;
	return (unsigned)n;
}

int
main(int argc, char *argv[])
{
	unsigned seconds = argument(argv, argc, 1, 5);
	unsigned workers = argument(argv, argc, 2, 1);
	unsigned level = argument(argv, argc, 3, 0);
	char base[] = "evlog_bench.XXXXXX", dir[64], keys[64];
	struct evlog_init init = { .dir = dir,
		.keys_dir = keys,
		.origin = "example.jp/bench",
		.height = 4,
		.seconds = 600 };
	struct evlog_options opt = { .dir = dir,
		.workers = workers,
		.level = level,
		.build = "bench",
		.writable = on_writable };
	struct keyring *k;
	struct rusage use;
	struct evlog *log;
	struct buf detail;
	double start, took, cpu;
	uint64_t n;

	if (mkdtemp(base) == NULL)
		return 1;
	snprintf(dir, sizeof(dir), "%s/log", base);
	snprintf(keys, sizeof(keys), "%s/keys", base);
	sem_init(&room, 0, 0);
	buf_init(&detail);
	make_lines();
	check(evlog_init(&init), "init");
	if (keyring_open(&k, keys) != KEYRING_OK)
		return 1;
	opt.signer = keyring_signer(k);
	check(evlog_open(&log, &opt, &detail), "open");
	start = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	n = run(log, seconds);
	check(evlog_close(log), "close");
	took = now(CLOCK_MONOTONIC) - start;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	keyring_close(k);
	nftw(base, add_size, 16, FTW_PHYS);
	nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	getrusage(RUSAGE_SELF, &use);
	printf("evlog, %u workers, level %u: %.0f records/s sealed, "
	       "%.2f CPU s per million, %.1f bytes each on disk, %ld MiB\n",
	    workers, level, (double)n / took, cpu * 1e6 / (double)n,
	    (double)bytes_out / (double)n, use.ru_maxrss / 1024);
	buf_fini(&detail);
	return 0;
}
