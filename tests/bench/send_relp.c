/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "collector/relp.h"

/*
 * A saturating RELP sender for benchmarks: messages of SIZE bytes (300) over
 * connections to a server on the loopback, at most WINDOW of each not answered.
 * usage: send_relp PORT CONNECTIONS MESSAGES WINDOW [SIZE]
 * Prints the monotonic times of its first write and of the last answer.
 */
#define CONNS_MAX 1000u
#define READ 65536u

struct sender {
	int fd;
	uint32_t txnr;
	unsigned under_way;
	struct buf out, in;
	size_t sent;
	struct relp relp;
};

static struct sender senders[CONNS_MAX];
static unsigned window;
static size_t size = 300;
static unsigned long left, answered;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static void
message(struct sender *s)
{
	char text[4096];
	unsigned long n = left--;
	int len = snprintf(text, sizeof(text),
	    "<189>date=2026-11-20 devname=\"fw01\" logid=\"0000000013\" "
	    "srcip=192.168.%lu.%lu srcport=%lu dstip=203.0.113.%lu "
	    "sessionid=%lu "
	    "sentbyte=%lu rcvdbyte=%lu ",
	    n % 4, n % 240, 1024 + n * 7 % 60000, n % 251, n, n * 131 % 2000000,
	    n * 7919 % 9000000);

	while ((size_t)len + 16 < size)
		len +=
		    snprintf(text + len, 16, "%lu ", (n + (size_t)len) * 7919);
	s->txnr = s->txnr % RELP_TXNR_MAX + 1;
	s->under_way++;
	relp_print(&s->out, s->txnr, "syslog", span_make(text, (size_t)len));
}

static void
fill(struct sender *s)
{
	ssize_t n;

	while (left > 0 && s->under_way < window && s->out.len < READ)
		message(s);
	if (s->sent == s->out.len)
		return;
	n = send(s->fd, s->out.p + s->sent, s->out.len - s->sent,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail("send");
	s->sent += n > 0 ? (size_t)n : 0;
	if (s->sent == s->out.len)
		s->sent = s->out.len = 0;
}

static void
hear(struct sender *s)
{
	struct relp_frame f;
	size_t pos = 0;
	ssize_t n = recv(s->fd, buf_reserve(&s->in, READ), READ, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		fail("recv");
	s->in.len += (size_t)n;
	while (relp_next(&s->relp, s->in.p + pos, s->in.len - pos, &f) == 1) {
		pos += f.len;
		if (f.command != RELP_RSP || !span_starts(f.data, SPAN("200")))
			fail("answer");
		if (f.txnr == 1)
			continue; /* of open */
		s->under_way--;
		answered++;
	}
	memmove(s->in.p, s->in.p + pos, s->in.len - pos);
	s->in.len -= pos;
}

static void
dial(struct sender *s, unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	const int on = 1;

	a.sin_port = htons((uint16_t)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail("connect");
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	buf_init(&s->out);
	buf_init(&s->in);
	relp_init(&s->relp, READ);
	s->txnr = 1;
	relp_print(&s->out, 1, "open",
	    SPAN("relp_version=0\nrelp_software=bench\ncommands=syslog"));
}

int
main(int argc, char **argv)
{
	struct pollfd p[CONNS_MAX];
	unsigned conns, i;
	unsigned long all;
	double begin;

	if (argc < 5 || argc > 6)
		return 2;
	conns = (unsigned)strtoul(argv[2], NULL, 10);
	all = left = strtoul(argv[3], NULL, 10);
	window = (unsigned)strtoul(argv[4], NULL, 10);
	if (argc == 6)
		size = strtoul(argv[5], NULL, 10);
	if (conns == 0 || conns > CONNS_MAX || window == 0 || size > 4000)
		return 2;
	for (i = 0; i < conns; i++) {
		dial(&senders[i], (unsigned)strtoul(argv[1], NULL, 10));
		p[i] = (struct pollfd){ .fd = senders[i].fd };
	}
	begin = now();
	while (answered < all) {
		for (i = 0; i < conns; i++) {
			fill(&senders[i]);
			p[i].events = (short)(POLLIN |
			    (senders[i].out.len > 0 ? POLLOUT : 0));
		}
		if (poll(p, conns, 60000) <= 0)
			fail("poll");
		for (i = 0; i < conns; i++)
			if ((p[i].revents & POLLIN) != 0)
				hear(&senders[i]);
	}
	printf("%.6f %.6f\n", begin, now());
	return 0;
}
