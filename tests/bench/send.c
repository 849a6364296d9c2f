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

#include <openssl/err.h>
#include <openssl/ssl.h>

/*
 * A saturating sender for benchmarks: FortiGate-like lines of about 300 bytes
 * (or of SIZE) over TCP to a server on the loopback.
 * usage: send [--tls] PORT CONNECTIONS MESSAGES [SIZE]
 *        send [--tls] --idle PORT CONNECTIONS
 * --tls: each line is a TLS record of its own (many go at one write, so that
 * the sender is not what is measured).  --idle: connections that stay until
 * standard input ends.  Prints the monotonic times of its first and last write.
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

struct peer {
	int fd;
	SSL *ssl; /* NULL: plain */
	BIO *out; /* of ssl: gathers records */
};

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

static void
fail_tls(const char *what)
{
	fprintf(stderr, "send: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

/* Records go into a buffer, which is written as a whole. */
static struct peer
meet(unsigned port, SSL_CTX *ctx)
{
	struct peer p = { .fd = dial(port) };
	BIO *in, *buffer;

	if (ctx == NULL)
		return p;
	p.ssl = SSL_new(ctx);
	in = BIO_new_socket(p.fd, BIO_NOCLOSE);
	buffer = BIO_new(BIO_f_buffer());
	if (p.ssl == NULL || in == NULL || buffer == NULL ||
	    BIO_set_write_buffer_size(buffer, 2 * CHUNK) != 1)
		fail_tls("memory");
	BIO_up_ref(in);
	p.out = BIO_push(buffer, in);
	SSL_set_bio(p.ssl, in, p.out);
	if (SSL_connect(p.ssl) != 1)
		fail_tls("TLS");
	return p;
}

/* The lines from first to last, each in a record. */
static void
put_lines(const struct peer *p, size_t first, size_t last)
{
	size_t i;

	if (p->ssl == NULL) {
		put(p->fd, text + starts[first], starts[last] - starts[first]);
		return;
	}
	for (i = first; i < last; i++)
		if (SSL_write(p->ssl, text + starts[i],
			(int)(starts[i + 1] - starts[i])) <= 0)
			fail_tls("write");
	if (BIO_flush(p->out) != 1)
		fail_tls("write");
}

/*
 * Read what the server said, its tickets: what is not read when a connection
 * is closed resets it, and the server loses what it has not read yet.
 */
static void
leave(struct peer *p)
{
	char rest[4096];

	if (p->ssl != NULL) {
		SSL_shutdown(p->ssl);
		(void)BIO_flush(p->out);
		shutdown(p->fd, SHUT_WR);
		while (read(p->fd, rest, sizeof(rest)) > 0)
			continue;
		SSL_free(p->ssl);
	}
	close(p->fd);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
send_all(const struct peer *peers, unsigned conns, unsigned long left)
{
	size_t first = 0, last;
	unsigned long n;
	unsigned c;

	for (c = 0; left > 0; c = (c + 1) % conns) {
		last = first;
		n = 0;
		while (last < LINES && n < left &&
		    starts[last + 1] - starts[first] <= CHUNK) {
			last++;
			n++;
		}
		put_lines(&peers[c], first, last);
		left -= n;
		first = last == LINES ? 0 : last;
	}
}

int
main(int argc, char *argv[])
{
	int tls = argc > 1 && strcmp(argv[1], "--tls") == 0;
	int idle = argc > 1 + tls && strcmp(argv[1 + tls], "--idle") == 0;
	SSL_CTX *ctx = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
	struct peer *peers;
	unsigned c, conns;
	double begin;
	char byte;

	argv += tls + idle;
	argc -= tls + idle;
	if (argc != (idle ? 3 : 4) && (idle || argc != 5)) {
		fprintf(stderr,
		    "usage: send [--tls] PORT CONNECTIONS MESSAGES [SIZE]"
		    "\n       send [--tls] --idle PORT "
		    "CONNECTIONS\n");
		return 2;
	}
	conns = (unsigned)strtoul(argv[2], NULL, 10);
	peers = calloc(conns, sizeof(*peers));
	if (peers == NULL || conns == 0 || (tls && ctx == NULL))
		return 1;
	make_lines(argc == 5 ? strtoul(argv[4], NULL, 10) : 0);
	for (c = 0; c < conns; c++)
		peers[c] = meet((unsigned)strtoul(argv[1], NULL, 10), ctx);
	begin = now();
	if (idle)
		while (printf("%u connected\n", conns) > 0 &&
		    fflush(stdout) == 0 && read(STDIN_FILENO, &byte, 1) > 0)
			continue;
	else
		send_all(peers, conns, strtoul(argv[3], NULL, 10));
	for (c = 0; c < conns; c++)
		leave(&peers[c]);
	SSL_CTX_free(ctx);
	printf("%.6f %.6f\n", begin, now());
	return 0;
}
