/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/num.h"
#include "common/utc.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"

/*
 * find_log LOG KEYS MIB NEEDLE: into a log that `konseki init` made, a year of
 * a clinic's evidence, so many MiB of it, by the real writer: lines of a
 * firewall, of a server and of Windows, as many in each hour of the year as in
 * any other, a day's at once, as each seal waits for the disk; and, once in
 * 10,000 blocks of 256 KiB, three times at least, a line with the address
 * NEEDLE.  Prints how often that was.  The clock is our
 * own, and goes from day to day, so that the year ends now.
 */
#define LINES 200000u /* that differ; then they come again, with other times */
#define LINE 420u
#define HOURS (365u * 24u)
#define HOUR UINT64_C(3600000000)
#define BLOCK 262144u

static uint64_t now, base, rx;
static struct line {
	uint16_t len;
	char text[LINE];
} *lines;

static void
clock_now(void *cookie, uint64_t *wall, uint64_t *mono)
{
	(void)cookie;
	*wall = now;
	*mono = now - base + HOUR;
}

static uint32_t
dice(uint32_t below)
{
	static uint64_t x = 7;

	x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(x >> 33) % below;
}

static void
firewall(struct line *l)
{
	static const char *const app[] = { "HTTPS", "DNS", "HTTP", "SMB", "NTP",
		"SSH", "RDP", "IMAPS" };

	l->len = (uint16_t)snprintf(l->text, LINE,
	    "<189>date=2026-11-20 time=00:00:00 devname=\"fw-a\" "
	    "logid=\"0000000013\" type=\"traffic\" vd=\"root\" "
	    "srcip=192.168.%u.%u srcport=%u srcintf=\"lan\" "
	    "dstip=198.51.100.%u dstport=%u dstintf=\"wan1\" "
	    "sessionid=%u proto=6 action=\"%s\" policyid=%u "
	    "service=\"%s\" duration=%u sentbyte=%u rcvdbyte=%u\n",
	    dice(8), dice(250), 1024 + dice(60000), dice(250), dice(3000),
	    dice(1u << 30), dice(9) == 0 ? "deny" : "close", dice(40),
	    app[dice(8)], dice(300), dice(1u << 16), dice(1u << 20));
}

static void
server(struct line *l)
{
	l->len = (uint16_t)snprintf(l->text, LINE,
	    "<86>Nov 20 00:00:00 emr%02u sshd[%u]: Accepted publickey for "
	    "user%u from 192.168.%u.%u port %u ssh2: ED25519 "
	    "SHA256:%08x%08x%08x%08x\n",
	    dice(12), dice(30000), dice(90), dice(8), dice(250),
	    1024 + dice(60000), dice(1u << 31), dice(1u << 31), dice(1u << 31),
	    dice(1u << 31));
}

static void
windows(struct line *l)
{
	l->len = (uint16_t)snprintf(l->text, LINE,
	    "<14>2026-11-20T00:00:00+09:00 pc%03u.clinic.example Security %u "
	    "- - EventID=4624 LogonType=%u TargetUserName=user%u "
	    "TargetDomainName=CLINIC IpAddress=192.168.%u.%u IpPort=%u "
	    "LogonGuid={%08x-%04x-%04x-%04x-%08x0000}\n",
	    dice(240), dice(9000), 2 + dice(9), dice(90), dice(8), dice(250),
	    dice(60000), dice(1u << 31), dice(1u << 16), dice(1u << 16),
	    dice(1u << 16), dice(1u << 31));
}

static void
make_lines(void)
{
	uint32_t i, d;

	if ((lines = calloc(LINES, sizeof(*lines))) == NULL)
		abort();
	for (i = 0; i < LINES; i++) {
		d = dice(10);
		if (d < 7)
			firewall(&lines[i]);
		else if (d < 8)
			server(&lines[i]);
		else
			windows(&lines[i]);
	}
}

static void
check(enum evlog_err err, const char *what)
{
	if (err == EVLOG_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, evlog_strerror(err));
	exit(1);
}

struct fill {
	struct evlog *log;
	struct record r[3];
	const char *needle;
	uint64_t all, done, every, next, found;
};

static void
append(struct fill *f, unsigned who, struct span body)
{
	enum evlog_err e;

	f->r[who].rx = ++rx;
	f->r[who].body = body;
	while ((e = evlog_append(f->log, &f->r[who], NULL)) == EVLOG_BUSY)
		(void)evlog_tick(f->log);
	check(e, "append");
	f->done += body.len + 24; /* with its head, or so */
}

static void
add_needle(struct fill *f)
{
	char text[LINE];
	int n;

	n = snprintf(text, sizeof(text),
	    "<189>date=2026-11-20 time=00:00:00 devname=\"fw-a\" "
	    "srcip=192.168.3.44 dstip=%s dstport=443 action=\"close\" "
	    "sentbyte=%u\n",
	    f->needle, dice(1u << 30));
	append(f, 0, span_make(text, (size_t)n));
	f->next += f->every;
	f->found++;
}

/* An hour's lines: with other times, so that none is the one before. */
static void
add_hour(struct fill *f, uint64_t upto)
{
	static uint32_t at;
	struct line *l;
	char clock[9];
	char *p;

	while (f->done < upto) {
		l = &lines[at++ % LINES];
		snprintf(clock, sizeof(clock), "%02u:%02u:%02u",
		    (unsigned)(at / 3600 % 24), (unsigned)(at / 60 % 60),
		    (unsigned)(at % 60));
		if ((p = memchr(l->text, ':', 60)) != NULL &&
		    p > l->text + 2)
			memcpy(p - 2, clock, 8);
		append(f, l->text[1] == '1' && l->text[2] == '8' ? 0
			: l->text[1] == '8'			 ? 1
								 : 2,
		    span_make(l->text, l->len));
		if (f->done >= f->next)
			add_needle(f);
		if (at % 512 == 0)
			(void)evlog_tick(f->log);
	}
}

static void
fill(struct fill *f)
{
	static const char *const peers[3] = { "192.168.0.1", "192.168.0.12",
		"192.168.0.13" };
	struct buf words;
	unsigned i, h;

	buf_init(&words);
	for (i = 0; i < 3; i++) {
		words.len = 0;
		buf_printf(&words,
		    "listener=syslog transport=tcp local=192.168.0.9 peer=%s "
		    "port=%u framing=lf tls=%% name=%% replay=no",
		    peers[i], 40000 + i);
		f->r[i].kind = RECORD_RECEIVED;
		check(evlog_stream(f->log, buf_view(&words), &f->r[i].stream),
		    "stream");
	}
	for (h = 0; h < HOURS; h++) {
		rx = base + h * HOUR;
		if (h % 24 == 0)
			now = base + (h + 23) * HOUR;
		add_hour(f, f->all / HOURS * (h + 1));
		if (h % 24 != 23)
			continue;
		now += UINT64_C(2000000);
		check(evlog_seal(f->log, true), "seal");
	}
	buf_fini(&words);
}

int
main(int argc, char *argv[])
{
	struct evlog_options opt = { .clock = clock_now,
		.workers = 2,
		.level = 1,
		.build = "bench" };
	struct fill f = { 0 };
	struct keyring *ring;
	struct buf why;
	uint64_t mib;

	if (argc != 5 || num_parse(span_str(argv[3]), 1u << 20, &mib) != 0 ||
	    mib == 0)
		return 2;
	f.needle = argv[4];
	f.all = mib << 20;
	f.every = UINT64_C(10000) * BLOCK;
	if (f.every > f.all / 4)
		f.every = f.all / 4;
	f.next = f.every / 2;
	base = now = (uint64_t)utc_now() - HOURS * HOUR;
	make_lines();
	buf_init(&why);
	if (keyring_open(&ring, argv[2]) != KEYRING_OK)
		return 1;
	opt.dir = argv[1];
	opt.signer = keyring_signer(ring);
	check(evlog_open(&f.log, &opt, &why), "open");
	fill(&f);
	check(evlog_close(f.log), "close");
	keyring_close(ring);
	printf("%llu\n", (unsigned long long)f.found);
	free(lines);
	buf_fini(&why);
	return 0;
}
