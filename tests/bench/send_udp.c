/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * A paced sender for benchmarks: datagrams of 300 bytes over UDP to a server
 * on the loopback, at a rate, for some seconds.  The kernel cuts each write
 * into datagrams (UDP_SEGMENT): the sender is not to be what is measured.
 * usage: send_udp PORT RATE SECONDS     Prints how many were sent, and the
 * seconds that took: if these are more than asked for, the rate was not met.
 */
#define SIZE 300u
#define BURST 32u   /* datagrams in one write */
#define TEXTS 2048u /* distinct bursts: more than a window of deflate */

static char text[TEXTS][BURST * SIZE];

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

static void
make_texts(void)
{
	static const unsigned ports[] = { 443, 80, 53, 445 };
	unsigned i;
	char *p;
	int n;

	for (i = 0; i < TEXTS * BURST; i++) {
		p = text[i / BURST] + (size_t)(i % BURST) * SIZE;
		n = snprintf(p, SIZE,
		    "<189>date=2026-11-20 time=%02u:%02u:%02u devname=\"fw01\" "
		    "logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" "
		    "level=\"notice\" vd=\"root\" srcip=192.168.%u.%u "
		    "srcport=%u dstip=203.0.113.%u dstport=%u sessionid=%u "
		    "proto=6 action=\"close\" policyid=%u duration=%u "
		    "sentbyte=%u rcvdbyte=%u",
		    i / 72000 % 24, i / 1200 % 60, i / 20 % 60, pick(4),
		    1 + pick(240), 1024 + pick(60000), 1 + pick(250),
		    ports[pick(4)], 100000 + i * 3, 1 + pick(20), pick(300),
		    pick(2000000), pick(9000000));
		memset(p + n, '.', SIZE - (size_t)n);
	}
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
until(double when)
{
	double left = when - now();
	struct timespec t = { .tv_nsec = (long)(left * 1e9) };

	if (left > 0 && left < 1)
		nanosleep(&t, NULL);
}

static int
dial(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), size = SIZE;

	a.sin_port = htons((uint16_t)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1 || connect(fd, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)) ==
		-1) {
		perror("send_udp");
		exit(1);
	}
	return fd;
}

int
main(int argc, char *argv[])
{
	double begin, rate, seconds;
	uint64_t sent = 0, all;
	unsigned i = 0;
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: send_udp PORT RATE SECONDS\n");
		return 2;
	}
	rate = strtod(argv[2], NULL);
	seconds = strtod(argv[3], NULL);
	all = (uint64_t)(rate * seconds) / BURST * BURST;
	make_texts();
	fd = dial((unsigned)strtoul(argv[1], NULL, 10));
	begin = now();
	for (; sent < all; sent += BURST) {
		until(begin + (double)sent / rate);
		if (send(fd, text[i++ % TEXTS], sizeof(text[0]), 0) !=
		    (ssize_t)sizeof(text[0])) {
			perror("send_udp");
			return 1;
		}
	}
	printf("%llu %.6f\n", (unsigned long long)sent, now() - begin);
	return 0;
}
