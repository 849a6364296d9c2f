/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "collector/receiver.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/gap.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/tlscert.h"

/*
 * The receiver as the parent runs it: a process with sockets, a ring and a
 * control line.  We are its parent, its writer, and all of its senders.
 */
enum { UDP4, UDP6, TCP4, TLS4, LISTENERS };

static struct site *site;
static struct receiver_listener ls[LISTENERS];
static struct sockaddr_storage at[LISTENERS];
static socklen_t at_len[LISTENERS];
static struct ring *ring;
static int control;
static int have_v6 = 1;
static pid_t pid;
static struct buf got; /* what came out of the ring, as text */
static size_t n_records;
static struct ringmsg_counters total;

static const char config[] =
    "logs: { evidence: { origin: a }, casebook: { origin: b } }\n"
    "listeners:\n"
    "  - { name: u4, transport: udp, address: 127.0.0.1, port: 0,\n"
    "      receive_buffer: 65536 }\n"
    "  - { name: u6, transport: udp, address: \"::1\", port: 0 }\n"
    "  - { name: t4, transport: tcp, address: 127.0.0.1, port: 0,\n"
    "      max_connections: 3, replay: yes }\n"
    "  - { name: s4, transport: tls, address: 127.0.0.1, port: 0,\n"
    "      certificate: c, key: k }\n";

/* --- the receiver ------------------------------------------------------------
 */

/* Bind once; start as often as wanted. */
static int
bind_all(void)
{
	unsigned granted;
	size_t i;

	for (i = 0; i < LISTENERS; i++) {
		ls[i].slot = (unsigned)i;
		ls[i].conf = &site->listeners[i];
		ls[i].fd = receiver_bind(ls[i].conf, &granted);
		if (i == UDP6 && ls[i].fd < 0) {
			have_v6 = 0;
			ls[i].fd = receiver_bind(ls[UDP4].conf, &granted);
		}
		at_len[i] = sizeof(at[i]);
		if (ls[i].fd < 0 ||
		    getsockname(ls[i].fd, (struct sockaddr *)&at[i],
			&at_len[i]) != 0)
			return -1;
	}
	return 0;
}

static int
wait_control(const char *want)
{
	struct pollfd p = { .fd = control, .events = POLLIN };
	char text[32];
	ssize_t n;

	if (poll(&p, 1, 20000) != 1)
		return 0;
	n = recv(control, text, sizeof(text), 0);
	return n > 0 && span_is(span_make(text, (size_t)n), want);
}

static void
start(struct span cert, struct span key)
{
	int sp[2];

	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sp);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct receiver_options opt = { site, ls, LISTENERS, ring,
			receipt_new(), resent_new(), sp[1], { -1, -1 }, NULL };

		close(sp[0]);
		alarm(120);
		ls[TLS4].files.pem[TLS_FILE_CERTIFICATE] = cert;
		ls[TLS4].files.pem[TLS_FILE_KEY] = key;
		exit(receiver_run(&opt));
	}
	close(sp[1]);
	control = sp[0];
}

/* A body, its NULs as {0}. */
static void
take_body(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] == 0)
			buf_str(&got, "{0}");
		else
			buf_byte(&got, s.p[i]);
}

static void
take(const struct ringmsg *m)
{
	struct buf word;

	buf_init(&word);
	if (m->kind == RINGMSG_STREAM || m->kind == RINGMSG_GAP) {
		buf_printf(&got, "%s ",
		    m->kind == RINGMSG_GAP ? gap_name(m->flags) : "stream");
		buf_span(&got, m->body);
		buf_byte(&got, '|');
	} else if (m->kind == RINGMSG_END) {
		buf_str(&got, "end ");
		buf_span(&got, m->body);
		buf_byte(&got, '|');
	} else if (m->kind == RINGMSG_COUNTERS && m->log == 0) {
		total = ringmsg_counters(m);
	} else if (m->kind == RINGMSG_START) {
		buf_str(&got, "start|");
	} else if (m->kind == RINGMSG_RECORD) {
		n_records++;
		if (m->body.len > 100)
			buf_printf(&got, "%u:%zu|", m->flags, m->body.len);
		else if (n_records < 100) {
			buf_printf(&got, "%u:", m->flags);
			take_body(m->body);
			buf_byte(&got, '|');
		}
	}
	buf_fini(&word);
}

/* Read the ring until it says text (or 20 s have passed).  Forgets the rest. */
static int
expect(const char *text)
{
	struct pollfd p = { .fd = ring_data_fd(ring), .events = POLLIN };
	int64_t until = utc_now() + 20 * UTC_SECOND;
	struct ringmsg m;
	int rc;

	while (utc_now() < until) {
		rc = ring_next(ring, &m);
		if (rc < 0)
			return 0;
		if (rc > 0)
			take(&m);
		else if (strstr(buf_cstr(&got), text) != NULL)
			return 1;
		else if (ring_sleep(ring) && poll(&p, 1, 1000) == 1)
			ring_data_woken(ring);
	}
	printf("# no '%s' in: %s\n", text, buf_cstr(&got));
	return 0;
}

static void
drain(void)
{
	struct ringmsg m;

	while (ring_next(ring, &m) == 1)
		take(&m);
}

static void
forget(void)
{
	got.len = 0;
	n_records = 0;
}

/* "stop", while the ring is read all the time. */
static void
stop(const char *name)
{
	struct ringmsg m;
	int status = -1, rc;

	send(control, "stop", 4, 0);
	for (;;) {
		while ((rc = ring_next(ring, &m)) == 1)
			take(&m);
		if (rc < 0 || waitpid(pid, &status, WNOHANG) == pid)
			break;
		poll(&(struct pollfd){ .fd = control, .events = POLLIN }, 1,
		    10);
	}
	drain();
	ok(wait_control("stopped") && status == 0, "%s", name);
	close(control);
}

/* --- senders -----------------------------------------------------------------
 */

static int
dial(int which)
{
	int type = which <= UDP6 ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(at[which].ss_family, type, 0);

	if (connect(fd, (struct sockaddr *)&at[which], at_len[which]) != 0)
		ok(0, "cannot connect: %s", strerror(errno));
	return fd;
}

static SSL *
dial_tls(int version, SSL_CTX **ctx)
{
	SSL *ssl;
	int rc;

	*ctx = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_max_proto_version(*ctx, version);
	ssl = SSL_new(*ctx);
	SSL_set_fd(ssl, dial(TLS4));
	rc = SSL_connect(ssl);
	if (rc == 1)
		return ssl;
	close(SSL_get_fd(ssl));
	SSL_free(ssl);
	SSL_CTX_free(*ctx);
	return NULL;
}

static void
hang_up_tls(SSL *ssl, SSL_CTX *ctx, int properly)
{
	if (properly)
		SSL_shutdown(ssl);
	close(SSL_get_fd(ssl));
	SSL_free(ssl);
	SSL_CTX_free(ctx);
}

/* --- the tests ---------------------------------------------------------------
 */

static void
datagrams(void)
{
	static uint8_t big[65507];
	int a = dial(UDP4), b = dial(UDP6);

	forget();
	ok(send(a, "<1>one\0", 7, 0) == 7 && expect("0:<1>one{0}|"),
	    "a datagram is a record, a NUL at its end included");
	ok(strstr(buf_cstr(&got),
	       "stream listener=u4 transport=udp "
	       "local=127.0.0.1 peer=127.0.0.1 port=") != NULL &&
		strstr(buf_cstr(&got), "framing=none replay=no") != NULL,
	    "of the stream of its sender");
	ok(send(b, "<1>two", 6, 0) == 6 && expect("0:<1>two") &&
		strstr(buf_cstr(&got),
		    "listener=u6 transport=udp local=::1 "
		    "peer=::1") != NULL,
	    "over IPv6 too");
	ok(send(a, "", 0, 0) == 0 && expect("|0:|"),
	    "an empty datagram is an empty record");
	ok(send(a, big, sizeof(big), 0) == sizeof(big) && expect("0:65507|"),
	    "the largest datagram is one record");
	close(a);
	close(b);
}

static void
streams(void)
{
	int a = dial(TCP4), b = dial(TCP4), c = dial(TCP4), d;
	char byte;

	forget();
	ok(write(a, "<1>a\n", 5) == 5 && expect("0:<1>a\n|") &&
		strstr(buf_cstr(&got), "transport=tcp") != NULL &&
		strstr(buf_cstr(&got), "framing=lf replay=yes") != NULL,
	    "a line over TCP");
	ok(write(b, "4 <1>b", 6) == 6 && expect("0:4 <1>b|") &&
		strstr(buf_cstr(&got), "framing=octet") != NULL,
	    "a counted message on another connection");
	d = dial(TCP4);
	ok(read(d, &byte, 1) <= 0 &&
		expect("connection-limit listener=t4 "
		       "count=1"),
	    "one connection too many is turned away, and told");
	close(d);
	close(a);
	close(b);
	close(c);
	ok(expect("end peer-closed|"), "the end of a connection is told");
}

static void
encrypted(void)
{
	SSL_CTX *ctx;
	SSL *ssl = dial_tls(TLS1_3_VERSION, &ctx);
	int fd;

	forget();
	ok(ssl != NULL && SSL_write(ssl, "<1>s\n<1>t\n", 10) == 10 &&
		expect("0:<1>t\n|") &&
		strstr(buf_cstr(&got), "transport=tls") != NULL &&
		strstr(buf_cstr(&got), "version=TLSv1.3 cipher=TLS_") != NULL,
	    "TLS 1.3");
	hang_up_tls(ssl, ctx, 1);
	ok(expect("end peer-closed|"), "ended as TLS wants it");
	forget();
	ssl = dial_tls(TLS1_2_VERSION, &ctx);
	ok(ssl != NULL && SSL_write(ssl, "<1>u", 4) == 4, "TLS 1.2");
	hang_up_tls(ssl, ctx, 0);
	ok(expect("2:<1>u|end tls-cut|") &&
		strstr(buf_cstr(&got), "version=TLSv1.2") != NULL,
	    "cut off without TLS's own end, and that is told");
	ok(dial_tls(TLS1_1_VERSION, &ctx) == NULL, "TLS 1.1 is refused");
	ok(expect("tls-handshake listener=s4 count=1") &&
		strstr(buf_cstr(&got), "why=tls-refused reason=") != NULL,
	    "and told");
	forget();
	fd = dial(TLS4);
	ok(write(fd, "<13>in the clear\n", 17) == 17 &&
		expect("tls-handshake listener=s4") &&
		strstr(buf_cstr(&got), "in the clear") == NULL,
	    "a TLS port never takes a record in the clear");
	ok(strstr(buf_cstr(&got),
	       "cause=plain-text offset=0 data=<13>in%20the%20clear%0A|") !=
		NULL,
	    "but keeps what was said");
	close(fd);
}

/* A sender that breaks off: its kernel says so with a reset. */
static void
resets(void)
{
	const struct linger hard = { .l_onoff = 1 };
	SSL_CTX *ctx;
	SSL *ssl;
	int fd = dial(TCP4);

	forget();
	ok(write(fd, "<1>r\n<1>", 8) == 8 && expect("0:<1>r\n|"), "a sender");
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(fd);
	ok(expect("2:<1>|end peer-reset|"),
	    "that breaks off ends as one that did");
	forget();
	ssl = dial_tls(TLS1_3_VERSION, &ctx);
	ok(ssl != NULL && SSL_write(ssl, "<1>q\n", 5) == 5 &&
		expect("0:<1>q\n|"),
	    "another over TLS");
	setsockopt(SSL_get_fd(ssl), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	hang_up_tls(ssl, ctx, 0);
	ok(expect("end peer-reset|"), "likewise");
}

/* Many records over many connections, and a stop while they are under way. */
static void
stop_takes_all(void)
{
	struct buf lines;
	int fds[3], i;
	const int each = 2000;

	buf_init(&lines);
	for (i = 0; i < each; i++)
		buf_printf(&lines, "<13>line %d of a sender in a hurry\n", i);
	forget();
	for (i = 0; i < 3; i++) {
		fds[i] = dial(TCP4);
		if (write(fds[i], lines.p, lines.len) != (ssize_t)lines.len)
			ok(0, "cannot send");
	}
	stop("a stop is answered");
	ok(n_records == (size_t)each * 3,
	    "everything that had been sent is there (%zu)", n_records);
	ok(total.received > (size_t)each * 3 && total.refused == 3,
	    "and counted: %llu received, %llu refused",
	    (unsigned long long)total.received,
	    (unsigned long long)total.refused);
	for (i = 0; i < 3; i++)
		close(fds[i]);
	buf_fini(&lines);
}

/* Nobody reads, the kernel drops; the next receiver finds and counts them. */
static void
kernel_drops(struct span cert, struct span key)
{
	static uint8_t datagram[1000];
	const int sent = 3000;
	int fd = dial(UDP4), i;

	forget();
	memset(&total, 0, sizeof(total));
	for (i = 0; i < sent; i++)
		if (send(fd, datagram, sizeof(datagram), 0) < 0)
			ok(0, "cannot send: %s", strerror(errno));
	start(cert, key);
	ok(wait_control("ready") && expect("kernel-drop listener=u4 count="),
	    "what the kernel dropped is told");
	stop("and the receiver ends");
	ok(total.kernel_dropped > 0 &&
		n_records + total.kernel_dropped == (size_t)sent,
	    "%zu kept and %llu dropped are all that were sent", n_records,
	    (unsigned long long)total.kernel_dropped);
	forget();
	start(cert, key);
	ok(wait_control("ready") && send(fd, "x", 1, 0) == 1 && expect("0:x|"),
	    "the next one goes on");
	stop("and ends");
	ok(strstr(buf_cstr(&got), "kernel-drop") == NULL,
	    "and does not tell the same drops again");
	close(fd);
}

/* From now on the receiver may have n descriptors more than it has. */
static void
limit_files(unsigned n)
{
	struct rlimit r;
	char path[64];
	rlim_t fd;

	for (fd = 0; n > 0; fd++) {
		snprintf(path, sizeof(path), "/proc/%ld/fd/%lu", (long)pid,
		    (unsigned long)fd);
		if (access(path, F_OK) != 0)
			n--;
	}
	r = (struct rlimit){ fd, fd };
	if (prlimit(pid, RLIMIT_NOFILE, &r, NULL) != 0)
		ok(0, "cannot limit descriptors: %s", strerror(errno));
}

/* One descriptor for a connection: the second has to wait. */
static void
few_descriptors(struct span cert, struct span key)
{
	int a, b;

	forget();
	start(cert, key);
	ok(wait_control("ready"), "it starts");
	limit_files(1);
	a = dial(TCP4);
	ok(write(a, "<1>a\n", 5) == 5 && expect("0:<1>a\n|"),
	    "there is a descriptor for one connection");
	b = dial(TCP4);
	ok(write(b, "<1>b\n", 5) == 5 &&
		expect("accept-deferred listener=t4 count="),
	    "the second waits, and that is told");
	ok(strstr(buf_cstr(&got), "<1>b") == NULL, "it has not been taken");
	close(a);
	ok(expect("0:<1>b\n|"), "but is as soon as there is a descriptor");
	stop("and the receiver ends");
	close(b);
}

/* The parent is gone: what else than to stop? */
static void
orphan(struct span cert, struct span key)
{
	int status = -1;

	start(cert, key);
	if (!wait_control("ready"))
		ok(0, "it does not start");
	close(control);
	waitpid(pid, &status, 0);
	ok(status == 0, "a receiver without a parent ends by itself");
	drain();
}

int
main(void)
{
	struct buf cert, key;
	struct yaml_error err;

	log_set_lang("en");
	buf_init(&cert);
	buf_init(&key);
	buf_init(&got);
	tlscert_make(&cert, &key);
	site = site_parse(span_str(config), "t.yml", "/", &err);
	ring = ring_new(0);
	if (site == NULL || ring == NULL || ring_taker(ring) != 0 ||
	    bind_all() != 0) {
		printf("Bail out! %s\n",
		    site == NULL ? err.what : strerror(errno));
		return 1;
	}
	start(buf_view(&cert), buf_view(&key));
	ok(wait_control("ready") && expect("start|"), "it starts");
	datagrams();
	streams();
	encrypted();
	resets();
	stop_takes_all();
	kernel_drops(buf_view(&cert), buf_view(&key));
	few_descriptors(buf_view(&cert), buf_view(&key));
	orphan(buf_view(&cert), buf_view(&key));
	ring_free(ring);
	site_free(site);
	buf_fini(&cert);
	buf_fini(&key);
	buf_fini(&got);
	return done();
}
