/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * A saturating sender for benchmarks: FortiGate-like lines of about 300 bytes
 * (or of SIZE) over TCP to a server on the loopback.
 * usage: send PORT CONNECTIONS MESSAGES [SIZE]
 * Prints the monotonic times of its first and last write.
 */
/* Distinct ones, cycled: more than a window of deflate. */
#define LINES 65536u
#define CHUNK 131072u

static char *text;
static size_t *starts; /* of each line in text, and the end */

static uint64_t
next_random(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

static unsigned
pick(unsigned n)
{
	return (unsigned)(next_random() % n);
}

static size_t
line(char *out, size_t size, unsigned i)
{
	static const char *const services[] = { "HTTPS", "HTTP", "DNS", "SMB" };
	static const unsigned ports[] = { 443, 80, 53, 445 };
	unsigned s = pick(4), t = i / 20;

	return (size_t)snprintf(out, size,
	    "<189>date=2026-11-20 time=%02u:%02u:%02u devname=\"fw01\" "
	    "logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" "
	    "level=\"notice\" vd=\"root\" srcip=192.168.%u.%u srcport=%u "
	    "srcintf=\"internal\" dstip=203.0.113.%u dstport=%u "
	    "dstintf=\"wan1\" sessionid=%u proto=6 action=\"close\" "
	    "policyid=%u service=\"%s\" duration=%u sentbyte=%u rcvdbyte=%u\n",
	    t / 3600 % 24, t / 60 % 60, t % 60, pick(4), 1 + pick(240),
	    1024 + pick(60000), 1 + pick(250), ports[s], 100000 + i * 3,
	    1 + pick(20), services[s], pick(300), pick(2000000), pick(9000000));
}

/* More fields, as a proxy's or a mail filter's line has them, to that size. */
static size_t
widen(char *out, size_t len, size_t size)
{
	static const char *const names[] = { "url", "agent", "referrer", "user",
		"group", "profile", "category", "country" };
	size_t at = len - 1;

	if (len + 64 > size)
		return len;
	while (at + 40 < size)
		at += (size_t)snprintf(out + at, 40, " %s=\"%s-%04u/%u\"",
		    names[pick(8)], names[pick(8)], pick(5000), pick(100));
	memset(out + at, ' ', size - 1 - at);
	out[size - 1] = '\n';
	return size;
}

static void
make_lines(size_t size)
{
	size_t at = 0, cap = LINES * (size > 512 ? size : (size_t)512);
	unsigned i;

	text = malloc(cap);
	starts = malloc((LINES + 1) * sizeof(*starts));
	if (text == NULL || starts == NULL)
		exit(1);
	for (i = 0; i < LINES; i++) {
		starts[i] = at;
		at += widen(text + at, line(text + at, cap - at, i), size);
	}
	starts[LINES] = at;
}

static int
dial(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_port = htons((uint16_t)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1 || connect(fd, (struct sockaddr *)&a, sizeof(a)) == -1) {
		perror("connect");
		exit(1);
	}
	return fd;
}

static void
put(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			perror("write");
			exit(1);
		}
		p += n;
		len -= (size_t)n;
	}
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char *argv[])
{
	unsigned long left, n;
	unsigned c, conns;
	size_t first = 0, last;
	double begin;
	int *fds;

	if (argc != 4 && argc != 5) {
		fprintf(stderr,
		    "usage: send PORT CONNECTIONS MESSAGES [SIZE]\n");
		return 2;
	}
	conns = (unsigned)strtoul(argv[2], NULL, 10);
	left = strtoul(argv[3], NULL, 10);
	fds = calloc(conns, sizeof(*fds));
	if (fds == NULL || conns == 0)
		return 1;
	make_lines(argc == 5 ? strtoul(argv[4], NULL, 10) : 0);
	for (c = 0; c < conns; c++)
		fds[c] = dial((unsigned)strtoul(argv[1], NULL, 10));
	begin = now();
	for (c = 0; left > 0; c = (c + 1) % conns) {
		last = first;
		n = 0;
		while (last < LINES && n < left &&
		    starts[last + 1] - starts[first] <= CHUNK) {
			last++;
			n++;
		}
		put(fds[c], text + starts[first], starts[last] - starts[first]);
		left -= n;
		first = last == LINES ? 0 : last;
	}
	for (c = 0; c < conns; c++)
		close(fds[c]);
	printf("%.6f %.6f\n", begin, now());
	return 0;
}
