/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "common/num.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"

/*
 * storage_log RATE MESSAGES: what a log takes on the disk against `gzip -6` of
 * the plain lines, where so many 300-byte lines come in each second.  The clock
 * is our own and stands still while the writer works, so that hours take
 * seconds and the rate alone decides how tightly the writer packs.
 */
static uint64_t now = UINT64_C(1795000000000000);
static uint64_t bytes;
static z_stream plain;
static uint64_t plain_len;

static void
clock_now(void *cookie, uint64_t *wall, uint64_t *mono)
{
	(void)cookie;
	*wall = now;
	*mono = now - UINT64_C(1794000000000000);
}

static uint32_t
dice(uint32_t below)
{
	static uint64_t x = 1;

	x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(x >> 33) % below;
}

/* A line as a FortiGate writes it. */
static size_t
line_make(char out[512], uint64_t i)
{
	static const char *const app[] = { "HTTPS", "DNS", "HTTP", "SMB", "NTP",
		"SSH", "RDP", "IMAPS" };
	uint64_t s = now / 1000000;
	int n;

	n = snprintf(out, 512,
	    "<189>date=2026-11-20 time=%02u:%02u:%02u devname=\"fw-a\" "
	    "logid=\"0000000013\" type=\"traffic\" vd=\"root\" "
	    "srcip=10.1.%u.%u srcport=%u srcintf=\"lan\" "
	    "dstip=198.51.100.%u dstport=%u dstintf=\"wan1\" "
	    "sessionid=%u proto=6 action=\"%s\" policyid=%u "
	    "service=\"%s\" duration=%u sentbyte=%u rcvdbyte=%u",
	    (unsigned)(s / 3600 % 24), (unsigned)(s / 60 % 60),
	    (unsigned)(s % 60), dice(8), dice(250), 1024 + dice(60000),
	    dice(250), dice(3000), (unsigned)i, dice(9) == 0 ? "deny" : "close",
	    dice(40), app[dice(8)], dice(300), dice(1u << 16), dice(1u << 20));
	while (n < 299)
		out[n++] = ' ';
	out[n++] = '\n';
	return (size_t)n;
}

static void
check(enum evlog_err err, const char *what)
{
	if (err == EVLOG_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, evlog_strerror(err));
	exit(1);
}

static void
plain_add(const char *line, size_t len, int flush)
{
	uint8_t out[65536];

	plain.next_in = (Bytef *)(uintptr_t)line;
	plain.avail_in = (uInt)len;
	do {
		plain.next_out = out;
		plain.avail_out = sizeof(out);
		(void)deflate(&plain, flush);
		plain_len += sizeof(out) - plain.avail_out;
	} while (plain.avail_out == 0);
}

static int
count(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && strstr(path, ".ev1.gz") != NULL)
		bytes += (uint64_t)st->st_size;
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
fill(struct evlog *log, uint64_t rate, uint64_t n)
{
	struct record r = { .kind = RECORD_RECEIVED };
	uint64_t i, next = now, step = 1000000 / rate, wait;
	char line[512];
	size_t len;

	check(evlog_stream(log,
		  SPAN("listener=bench transport=tcp local=192.0.2.1:514 "
		       "peer=192.0.2.9 port=0 framing=lf tls=% name=% "
		       "replay=no"),
		  &r.stream),
	    "stream");
	for (i = 0; i < n; i++, next += step) {
		while (now < next) { /* what time asks for in between */
			wait = evlog_tick(log);
			now += wait < next - now ? wait : next - now;
		}
		len = line_make(line, i);
		plain_add(line, len, Z_NO_FLUSH);
		r.rx = now;
		r.body = span_make(line, len);
		check(evlog_append(log, &r, NULL), "append");
	}
	plain_add("", 0, Z_FINISH);
}

int
main(int argc, char *argv[])
{
	char base[] = "storage_log.XXXXXX", dir[64], keys[64];
	struct evlog_init init = { .dir = dir,
		.keys_dir = keys,
		.origin = "example.jp/bench",
		.height = 12,
		.seconds = 600 };
	struct evlog_options opt = { .dir = dir, .clock = clock_now };
	struct keyring *ring;
	struct evlog *log;
	struct buf why;
	uint64_t rate, n;

	if (argc != 3 || num_parse(span_str(argv[1]), 1000000, &rate) != 0 ||
	    rate == 0 || num_parse(span_str(argv[2]), 100000000, &n) != 0 ||
	    mkdtemp(base) == NULL ||
	    deflateInit2(&plain, 6, Z_DEFLATED, 15 + 16, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return 2;
	snprintf(dir, sizeof(dir), "%s/log", base);
	snprintf(keys, sizeof(keys), "%s/keys", base);
	buf_init(&why);
	check(evlog_init(&init), "init");
	if (keyring_open(&ring, keys) != KEYRING_OK)
		return 1;
	opt.signer = keyring_signer(ring);
	check(evlog_open(&log, &opt, &why), "open");
	fill(log, rate, n);
	check(evlog_close(log), "close");
	keyring_close(ring);
	nftw(dir, count, 8, FTW_PHYS);
	printf("%llu lines a second, %llu lines of 300 bytes: segments %llu "
	       "bytes, gzip -6 of the lines %llu: %.2f times\n",
	    (unsigned long long)rate, (unsigned long long)n,
	    (unsigned long long)bytes, (unsigned long long)plain_len,
	    (double)bytes / (double)plain_len);
	nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	deflateEnd(&plain);
	buf_fini(&why);
	return 0;
}
