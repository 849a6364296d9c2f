/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/wire.h"

#include <errno.h>
#include <limits.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "common/log.h"
#include "evidence/record.h"

#define READ_AHEAD 65536u /* bytes: many small TLS records at one read() */

static BIO *
bio_of(struct span s)
{
	return s.len > INT_MAX ? NULL : BIO_new_mem_buf(s.p, (int)s.len);
}

/* Never ask a terminal for a passphrase. */
static int
no_password(char *buf, int size, int rw, void *arg)
{
	(void)buf;
	(void)size;
	(void)rw;
	(void)arg;
	return -1;
}

/* The server's certificate and, behind it, its issuers. */
static bool
use_chain(SSL_CTX *ctx, struct span pem)
{
	BIO *bio = bio_of(pem);
	X509 *x = bio == NULL
	    ? NULL
	    : PEM_read_bio_X509_AUX(bio, NULL, no_password, NULL);
	bool fine = x != NULL && SSL_CTX_use_certificate(ctx, x) == 1;

	X509_free(x);
	while (fine &&
	    (x = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ctx, x) != 1) {
			X509_free(x);
			fine = false;
		}
	if (fine) /* or it ended at something else than its end */
		fine = ERR_GET_REASON(ERR_peek_last_error()) ==
		    PEM_R_NO_START_LINE;
	BIO_free(bio);
	return fine;
}

static bool
use_key(SSL_CTX *ctx, struct span pem)
{
	BIO *bio = bio_of(pem);
	EVP_PKEY *key = bio == NULL
	    ? NULL
	    : PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	bool fine = key != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1;

	EVP_PKEY_free(key);
	BIO_free(bio);
	return fine;
}

static const char *
prepare(SSL_CTX *ctx, struct span certificate, struct span key)
{
	if (ctx == NULL ||
	    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_num_tickets(ctx, 0) != 1)
		return tr("TLS cannot be set up", "TLSを準備できません");
	SSL_CTX_set_options(ctx,
	    SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_default_read_buffer_len(ctx, READ_AHEAD);
	if (!use_chain(ctx, certificate))
		return tr("the certificate is no PEM certificate that TLS can "
			  "use",
		    "証明書を読み込めません（PEM形式か確かめてください）");
	if (!use_key(ctx, key))
		return tr("the key is no PEM private key without a passphrase "
			  "that fits the certificate",
		    "秘密鍵を読み込めません（パスフレーズなしのPEM形式で、証明"
		    "書と対になるものが必要です）");
	if (SSL_CTX_check_private_key(ctx) != 1)
		return tr("certificate and key do not belong together",
		    "証明書と秘密鍵が対になっていません");
	return NULL;
}

SSL_CTX *
wire_context(struct span certificate, struct span key, struct buf *why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	const char *wrong = prepare(ctx, certificate, key);

	ERR_clear_error(); /* the end of the chain leaves "no start line" */
	if (wrong == NULL)
		return ctx;
	buf_str(why, wrong);
	SSL_CTX_free(ctx);
	return NULL;
}

int
wire_open(struct wire *w, int fd, SSL_CTX *ctx)
{
	*w = (struct wire){ .fd = fd };
	if (ctx == NULL)
		return 0;
	w->ssl = SSL_new(ctx);
	if (w->ssl == NULL || SSL_set_fd(w->ssl, fd) != 1) {
		SSL_free(w->ssl);
		w->ssl = NULL;
		return -1;
	}
	SSL_set_accept_state(w->ssl);
	return 0;
}

static enum conn_end
why_errno(int e)
{
	switch (e) {
	case ECONNRESET:
	case EPIPE:
		return CONN_END_PEER_RESET;
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return CONN_END_PEER_VANISHED;
	default:
		return CONN_END_READ_ERROR;
	}
}

/* What OpenSSL's answer means: 0 wait, -1 and why. */
static int
tls_result(struct wire *w, int rc, int saved)
{
	int e = SSL_get_error(w->ssl, rc);
	unsigned long top = ERR_peek_last_error();

	w->wants_write = e == SSL_ERROR_WANT_WRITE;
	if (e == SSL_ERROR_WANT_READ || w->wants_write)
		return 0;
	if (e == SSL_ERROR_ZERO_RETURN)
		w->why = CONN_END_PEER_CLOSED;
	else if (ERR_GET_REASON(top) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		w->why = CONN_END_TLS_CUT;
	else if (e == SSL_ERROR_SYSCALL)
		w->why = saved == 0 ? CONN_END_TLS_CUT : why_errno(saved);
	else
		w->why = CONN_END_TLS_ERROR;
	return -1;
}

int
wire_handshake(struct wire *w)
{
	int rc;

	if (w->ssl == NULL)
		return 1;
	ERR_clear_error();
	errno = 0;
	rc = SSL_do_handshake(w->ssl);
	if (rc == 1) {
		w->wants_write = false;
		return 1;
	}
	if (tls_result(w, rc, errno) == 0)
		return 0;
	w->why = CONN_END_TLS_REFUSED;
	return -1;
}

/* TLS gives one record at a time: gather what is there. */
static ssize_t
read_tls(struct wire *w, uint8_t *p, size_t len)
{
	size_t got = 0;
	int rc;

	if (w->ended)
		return -1;
	ERR_clear_error();
	while (got < len) {
		errno = 0;
		rc = SSL_read(w->ssl, p + got,
		    (int)(len - got < INT_MAX ? len - got : INT_MAX));
		if (rc > 0) {
			got += (size_t)rc;
			continue;
		}
		rc = tls_result(w, rc, errno);
		if (got == 0)
			return rc;
		w->ended = rc < 0; /* said when what came before is taken */
		break;
	}
	return (ssize_t)got;
}

ssize_t
wire_read(struct wire *w, void *p, size_t len)
{
	ssize_t n;

	if (w->ssl != NULL)
		return read_tls(w, p, len);
	n = read(w->fd, p, len);
	if (n > 0)
		return n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	w->why = n == 0 ? CONN_END_PEER_CLOSED : why_errno(errno);
	return -1;
}

void
wire_keep_alive(int fd)
{
	const int on = 1, idle = 300, interval = 60, count = 5;

	/* Refused means only that its end is not noticed. */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
}

/*
 * The kernel counts what it keeps with its own records of it; the sender's
 * window closes before all is used: from a quarter on he may feel it soon.
 */
size_t
wire_unread(const struct wire *w, bool *much)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(info);
	int unread = 0;

	if (ioctl(w->fd, FIONREAD, &unread) != 0 || unread < 0)
		unread = 0;
	*much = getsockopt(w->fd, SOL_SOCKET, SO_MEMINFO, info, &len) != 0 ||
	    info[SK_MEMINFO_RMEM_ALLOC] >= info[SK_MEMINFO_RCVBUF] / 4;
	return (size_t)unread;
}

bool
wire_pending(const struct wire *w)
{
	return w->ssl != NULL && (w->ended || SSL_has_pending(w->ssl) == 1);
}

void
wire_words(const struct wire *w, struct buf *out)
{
	if (w->ssl == NULL)
		return;
	record_word(out, "version", span_str(SSL_get_version(w->ssl)));
	record_word(out, "cipher", span_str(SSL_get_cipher_name(w->ssl)));
}

void
wire_reason(struct buf *out)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	buf_str(out, reason == NULL ? "closed" : reason);
}

void
wire_close(struct wire *w)
{
	if (w->ssl != NULL) {
		ERR_clear_error();
		if (SSL_is_init_finished(w->ssl) &&
		    w->why != CONN_END_TLS_ERROR &&
		    SSL_get_shutdown(w->ssl) == 0)
			SSL_shutdown(w->ssl); /* best effort: the peer may
						 be gone */
		SSL_free(w->ssl);
		ERR_clear_error();
	}
	if (w->fd >= 0)
		close(w->fd);
	*w = (struct wire){ .fd = -1 };
}
