/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "collector/tlsctx.h"
#include "collector/wire.h"
#include "common/log.h"
#include "tests/tap.h"
#include "tests/unit/tlscert.h"

/*
 * We are the sender: what our TLS writes lies in memory, and goes to the wire
 * in pieces of any size.
 */
static const struct site_listener conf = { .name = "t",
	.transport = SITE_TLS,
	.certificate = "c.pem",
	.key = "k.pem",
	.client_ca = "",
	.crl = "" };
static SSL_CTX *ctx, *client_ctx;
static struct wire w;
static SSL *ssl;
static BIO *to, *from; /* of ssl: what it will send; what it is to read */
static int fd;
static struct buf sent, got;
static uint8_t room[65536];

/* --- what a context is made of -----------------------------------------------
 */

#define NONE "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

static const struct {
	const char *name;
	enum tls_file file;
	const char *text; /* NULL: the certificate and then NONE */
	const char *want; /* in the sentence */
} files[] = {
	{ "no certificate", TLS_FILE_CERTIFICATE, "x", "'c.pem' is no PEM" },
	{ "an empty file", TLS_FILE_CERTIFICATE, "", "'c.pem' is no PEM" },
	{ "a chain with a broken link", TLS_FILE_CERTIFICATE, NULL,
	    "'c.pem' is no PEM" },
	{ "no key", TLS_FILE_KEY, "-----BEGIN", "'k.pem' is no PEM private" },
	{ "no authority", TLS_FILE_CLIENT_CA, "x", "'ca.pem' has no PEM" },
	{ "an authority and something else", TLS_FILE_CLIENT_CA, NULL,
	    "'ca.pem' has no PEM" },
	{ "no list", TLS_FILE_CRL, NONE, "'l.crl' has no PEM" },
};

static void
contexts(struct span cert, struct span key)
{
	struct site_listener all = conf;
	struct tls_files f;
	struct buf why, broken;
	SSL_CTX *c;
	size_t i;

	buf_init(&why);
	buf_init(&broken);
	buf_span(&broken, cert);
	buf_str(&broken, NONE);
	all.client_ca = "ca.pem";
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		all.crl = files[i].file == TLS_FILE_CRL ? "l.crl" : "";
		f = (struct tls_files){ { cert, key, cert } };
		f.pem[files[i].file] = files[i].text == NULL
		    ? buf_view(&broken)
		    : span_str(files[i].text);
		why.len = 0;
		c = tlsctx_new(&all, &f, &why);
		ok(c == NULL && strstr(buf_cstr(&why), files[i].want) != NULL,
		    "%s: %s", files[i].name, buf_cstr(&why));
		SSL_CTX_free(c);
	}
	f = (struct tls_files){ { cert, key, cert } };
	why.len = 0;
	all.crl = "";
	c = tlsctx_new(&all, &f, &why);
	ok(c != NULL && why.len == 0, "and when all is right nothing is said");
	SSL_CTX_free(c);
	buf_fini(&broken);
	buf_fini(&why);
}

/* --- a connection ------------------------------------------------------------
 */

/* Bring up to n bytes of what our TLS has written to the wire. */
static size_t
bring(size_t n)
{
	static uint8_t part[65536];
	int len =
	    BIO_read(from, part, (int)(n < sizeof(part) ? n : sizeof(part)));

	if (len <= 0)
		return 0;
	if (write(fd, part, (size_t)len) != len)
		ok(0, "cannot write: %s", strerror(errno));
	return (size_t)len;
}

static void
fetch(void)
{
	uint8_t part[16384];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0)
		BIO_write(to, part, (int)n);
}

/* Both agree; piece: bytes at a time. */
static bool
agree(size_t piece)
{
	int sp[2], ours = 0, theirs = 0, turns;

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp);
	fd = sp[1];
	wire_open(&w, sp[0], ctx);
	ssl = SSL_new(client_ctx);
	to = BIO_new(BIO_s_mem());
	from = BIO_new(BIO_s_mem());
	SSL_set_bio(ssl, to, from);
	BIO_set_mem_eof_return(to, -1);
	sent.len = got.len = 0;
	for (turns = 0; turns < 10000 && !(ours == 1 && theirs == 1); turns++) {
		ours = SSL_connect(ssl);
		bring(piece);
		theirs = wire_handshake(&w);
		if (theirs < 0)
			return false;
		fetch();
	}
	return ours == 1 && theirs == 1;
}

static void
hang_up(void)
{
	close(fd);
	wire_close(&w);
	SSL_free(ssl);
}

/* A record of that many bytes. */
static void
say(size_t len)
{
	uint8_t text[16384];
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = (uint8_t)(sent.len + i * 7);
	buf_append(&sent, text, len);
	if (SSL_write(ssl, text, (int)len) != (int)len)
		ok(0, "cannot encrypt");
}

/* Read what there is; -1 at an end. */
static int
take(void)
{
	ssize_t n;

	while ((n = wire_read(&w, room, sizeof(room))) > 0)
		buf_append(&got, room, (size_t)n);
	return (int)n;
}

/* Records of all kinds of sizes, brought in pieces of one size. */
static void
pieces(int version, size_t piece)
{
	static const size_t sizes[] = { 1, 300, 16384, 5, 16383, 300, 300, 2 };
	bool read_in_between = piece < 100000, fine = true;
	size_t i, k;

	SSL_CTX_set_max_proto_version(client_ctx, version);
	if (!agree(piece)) {
		ok(0, "they agree, %zu bytes at a time", piece);
		hang_up();
		return;
	}
	for (k = 0; k < 3; k++) {
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			say(sizes[i]);
		while (bring(piece) > 0)
			if (read_in_between)
				fine = take() == 0 && fine;
		fine = take() == 0 && fine;
	}
	ok(fine && !wire_pending(&w) &&
		span_eq(buf_view(&got), buf_view(&sent)),
	    "%s: every byte is there, %zu at a time",
	    version == TLS1_3_VERSION ? "1.3" : "1.2", piece);
	hang_up();
}

static void
ends(void)
{
	agree(SIZE_MAX);
	say(10);
	SSL_shutdown(ssl);
	while (bring(SIZE_MAX) > 0)
		continue;
	ok(take() == -1 && w.why == CONN_END_PEER_CLOSED && got.len == 10,
	    "TLS's own end, behind what came before it");
	hang_up();
	agree(SIZE_MAX);
	say(10);
	while (bring(SIZE_MAX) > 0)
		continue;
	shutdown(fd, SHUT_WR);
	ok(take() == -1 && w.why == CONN_END_TLS_CUT && got.len == 10,
	    "an end without it");
	hang_up();
	agree(SIZE_MAX);
	say(10);
	say(20);
	bring(45); /* the first record and half of the second */
	shutdown(fd, SHUT_WR);
	ok(take() == -1 && w.why == CONN_END_TLS_CUT && got.len == 10,
	    "an end in a record");
	hang_up();
	agree(SIZE_MAX);
	say(10);
	while (bring(SIZE_MAX) > 0)
		continue;
	ok(write(fd, "<13>in the clear\n", 17) == 17 && take() == -1 &&
		w.why == CONN_END_TLS_ERROR && got.len == 10,
	    "bytes that are no TLS end it, behind what came before");
	ok(take() == -1, "for good");
	hang_up();
}

static void
plain(void)
{
	int sp[2];

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp);
	fd = sp[1];
	wire_open(&w, sp[0], ctx);
	ok(wire_handshake(&w) == 0, "nothing is known of who says nothing");
	ok(write(fd, "GET / HTTP/1.0\r\n", 16) == 16 &&
		wire_handshake(&w) == -1 && w.why == CONN_END_PLAIN_ON_TLS,
	    "who speaks no TLS is told apart");
	ok(wire_plain(&w, room, sizeof(room)) == 16 &&
		memcmp(room, "GET / HTTP/1.0\r\n", 16) == 0,
	    "and nothing of what he said is lost");
	close(fd);
	wire_close(&w);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp);
	fd = sp[1];
	wire_open(&w, sp[0], ctx);
	ok(write(fd, "\x80\x2e\x01\x03\x01", 5) == 5 && wire_handshake(&w) == 0,
	    "a hello in the form of SSL 2 is left to OpenSSL");
	close(fd);
	wire_close(&w);
}

int
main(void)
{
	static const size_t sizes[] = { 1, 2, 5, 100, 4096, 16405, SIZE_MAX };
	struct buf cert, key, why;
	struct tls_files f;
	size_t i;

	log_set_lang("en");
	buf_init(&cert);
	buf_init(&key);
	buf_init(&why);
	buf_init(&sent);
	buf_init(&got);
	tlscert_make(&cert, &key);
	contexts(buf_view(&cert), buf_view(&key));
	f = (struct tls_files){ { buf_view(&cert), buf_view(&key) } };
	ctx = tlsctx_new(&conf, &f, &why);
	client_ctx = SSL_CTX_new(TLS_client_method());
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		pieces(TLS1_3_VERSION, sizes[i]);
		pieces(TLS1_2_VERSION, sizes[i]);
	}
	ends();
	plain();
	SSL_CTX_free(client_ctx);
	SSL_CTX_free(ctx);
	buf_fini(&got);
	buf_fini(&sent);
	buf_fini(&why);
	buf_fini(&key);
	buf_fini(&cert);
	return done();
}
