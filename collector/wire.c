/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * OpenSSL asks for each TLS record twice, head and body.  Its own way to read
 * ahead moves all that it has to the front for each record, which for one
 * message in a record is most of the work.  So its bytes come from a BIO of
 * ours: what one read() gave lies in a buffer that all connections share, and
 * all of it is given to OpenSSL before wire_read() returns.  A connection keeps
 * no more than half a TLS record, and an idle one no buffer at all.
 */
#include "collector/wire.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>

#include "evidence/record.h"

#define AHEAD 131072u	/* bytes of TLS at one read() */
#define RECORD 16384u	/* bytes that one TLS record can hold */

static uint8_t shared[AHEAD]; /* one thread, one connection at a time */

static int
on_read(BIO *bio, char *p, int len)
{
	struct wire *w = BIO_get_data(bio);
	size_t n = len < 0 ? 0 : (size_t)len;
	ssize_t got;

	BIO_clear_retry_flags(bio);
	if (w->ahead.on) {
		if (n > w->ahead.len)
			n = w->ahead.len;
		if (n == 0 && !w->ahead.end)
			BIO_set_retry_read(bio);
		if (n == 0)
			return w->ahead.end ? 0 : -1;
		memcpy(p, w->ahead.p, n);
		w->ahead.p += n;
		w->ahead.len -= n;
		return (int)n;
	}
	got = read(w->fd, p, n);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_read(bio);
	w->ahead.end = got == 0;
	return (int)got;
}

static int
on_write(BIO *bio, const char *p, int len)
{
	struct wire *w = BIO_get_data(bio);
	ssize_t n;

	BIO_clear_retry_flags(bio);
	n = send(w->fd, p, len < 0 ? 0 : (size_t)len, MSG_NOSIGNAL);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_write(bio);
	return (int)n;
}

static long
on_ctrl(BIO *bio, int what, long number, void *arg)
{
	const struct wire *w = BIO_get_data(bio);

	(void)number;
	(void)arg;
	if (what == BIO_CTRL_EOF)
		return w->ahead.end && w->ahead.len == 0;
	return what == BIO_CTRL_FLUSH;
}

static BIO *
bio_new(struct wire *w)
{
	static BIO_METHOD *method;
	BIO *bio;

	if (method == NULL) {
		method = BIO_meth_new(BIO_get_new_index() |
			BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR,
		    "wire");
		if (method == NULL)
			return NULL;
		BIO_meth_set_read(method, on_read);
		BIO_meth_set_write(method, on_write);
		BIO_meth_set_ctrl(method, on_ctrl);
	}
	bio = BIO_new(method);
	if (bio == NULL)
		return NULL;
	BIO_set_data(bio, w);
	BIO_set_init(bio, 1);
	return bio;
}

int
wire_open(struct wire *w, int fd, SSL_CTX *ctx)
{
	BIO *bio;

	*w = (struct wire){ .fd = fd };
	if (ctx == NULL)
		return 0;
	w->ssl = SSL_new(ctx);
	bio = w->ssl == NULL ? NULL : bio_new(w);
	if (bio == NULL || tlspeer_attach(w->ssl, &w->peer) != 0) {
		BIO_free(bio);
		SSL_free(w->ssl);
		w->ssl = NULL;
		return -1;
	}
	SSL_set_bio(w->ssl, bio, bio);
	SSL_set_accept_state(w->ssl);
	SSL_set_mode(w->ssl,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
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

/*
 * Whether the sender speaks TLS: 1, 0 not known yet, -1 no.  A hello in the
 * form of SSL 2 is one, too: old senders begin with it.
 */
static int
look(struct wire *w)
{
	uint8_t b[3];
	ssize_t n = recv(w->fd, b, sizeof(b), MSG_PEEK);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return 1; /* the handshake will find out why */
	w->begun = b[0] == WIRE_HELLO || (n == 3 && b[0] >= 0x80 && b[2] == 1);
	return w->begun ? 1 : -1;
}

int
wire_handshake(struct wire *w)
{
	int rc;

	if (w->ssl == NULL)
		return 1;
	if (!w->begun && (rc = look(w)) <= 0) {
		w->why = CONN_END_PLAIN_ON_TLS;
		return rc;
	}
	ERR_clear_error();
	errno = 0;
	rc = SSL_do_handshake(w->ssl);
	if (rc == 1) {
		w->wants_write = false;
		w->ahead.on = true;
		return 1;
	}
	if (tls_result(w, rc, errno) == 0)
		return 0;
	if (w->why != CONN_END_TLS_ERROR && w->peer.cause == TLS_CAUSE_OTHER)
		w->peer.cause = TLS_CAUSE_CLOSED;
	w->why = CONN_END_TLS_REFUSED;
	return -1;
}

/* Bytes for OpenSSL, of which no more than room can come out.  0, or -1. */
static int
read_ahead(struct wire *w, size_t room)
{
	ssize_t n;

	n = read(w->fd, shared, room < sizeof(shared) ? room : sizeof(shared));
	w->ahead.p = shared;
	w->ahead.len = n > 0 ? (size_t)n : 0;
	w->ahead.end = n == 0;
	if (n >= 0 || errno == EAGAIN || errno == EINTR)
		return 0;
	w->why = why_errno(errno);
	return -1;
}

/* Each SSL_read() gives one TLS record: until there is no whole one left. */
static ssize_t
read_tls(struct wire *w, uint8_t *p, size_t len)
{
	size_t got = 0;
	int rc;

	assert(len >= WIRE_ROOM);
	if (w->ended)
		return -1;
	if (read_ahead(w, len - RECORD) != 0)
		return -1;
	ERR_clear_error();
	/* The buffer is given back when all was read, not for each record. */
	SSL_clear_mode(w->ssl, SSL_MODE_RELEASE_BUFFERS);
	for (;;) {
		if (w->ahead.len == 0)
			SSL_set_mode(w->ssl, SSL_MODE_RELEASE_BUFFERS);
		errno = 0;
		rc = SSL_read(w->ssl, p + got,
		    (int)(len - got < INT_MAX ? len - got : INT_MAX));
		if (rc <= 0)
			break;
		got += (size_t)rc;
	}
	rc = tls_result(w, rc, errno);
	if (rc == 0 && w->ahead.len > 0) {
		/* It asks for answers (new keys) and does not read them. */
		w->why = CONN_END_TLS_ERROR;
		rc = -1;
	}
	if (got == 0)
		return rc;
	w->ended = rc < 0; /* said when what came before is taken */
	return (ssize_t)got;
}

size_t
wire_plain(struct wire *w, void *p, size_t len)
{
	ssize_t n = read(w->fd, p, len < WIRE_PLAIN_MAX ? len : WIRE_PLAIN_MAX);

	return n > 0 ? (size_t)n : 0;
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

ssize_t
wire_write(struct wire *w, const void *p, size_t len)
{
	ssize_t n;
	int rc;

	if (w->ssl == NULL) {
		n = send(w->fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n < 0)
			w->why = why_errno(errno);
		return n;
	}
	ERR_clear_error();
	errno = 0;
	rc = SSL_write(w->ssl, p, (int)(len < INT_MAX ? len : INT_MAX));
	return rc > 0 ? rc : tls_result(w, rc, errno);
}

void
wire_await(const struct wire *w, struct event *ready)
{
	short what = EV_PERSIST | (w->wants_write ? EV_WRITE : EV_READ);

	if (event_get_events(ready) != what) {
		event_del(ready);
		event_assign(ready, event_get_base(ready), w->fd, what,
		    event_get_callback(ready), event_get_callback_arg(ready));
	}
	event_add(ready, NULL);
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
 * window closes before all is used: from a quarter on he may feel it soon.  Of
 * a unix socket it counts it as the sender's: there any may be all he has.
 */
size_t
wire_unread(const struct wire *w, bool *much)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 }, used;
	socklen_t len = sizeof(info);
	int unread = 0;

	if (ioctl(w->fd, FIONREAD, &unread) != 0 || unread < 0)
		unread = 0;
	*much = getsockopt(w->fd, SOL_SOCKET, SO_MEMINFO, info, &len) != 0;
	used = info[SK_MEMINFO_RMEM_ALLOC];
	if (used >= info[SK_MEMINFO_RCVBUF] / 4 || (used == 0 && unread > 0))
		*much = true;
	return (size_t)unread;
}

bool
wire_pending(const struct wire *w)
{
	return w->ssl != NULL && (w->ended || SSL_has_pending(w->ssl) == 1);
}

void
wire_client(const struct wire *w, struct buf *out)
{
	if (w->ahead.on) /* TLS stood once */
		tlspeer_words(w->ssl, out);
}

void
wire_words(const struct wire *w, struct buf *out)
{
	if (w->ssl == NULL)
		return;
	record_word(out, "version", span_str(SSL_get_version(w->ssl)));
	record_word(out, "cipher", span_str(SSL_get_cipher_name(w->ssl)));
}

/* Only what TLS itself refused is in OpenSSL's queue of errors. */
static enum tls_cause
cause_of(const struct wire *w, enum conn_end why)
{
	static const enum tls_cause causes[CONN_END_COUNT] = {
		[CONN_END_TLS_TIMEOUT] = TLS_CAUSE_TIMEOUT,
		[CONN_END_PLAIN_ON_TLS] = TLS_CAUSE_PLAIN_TEXT,
		[CONN_END_STOP] = TLS_CAUSE_STOPPED,
		[CONN_END_LISTENER_REMOVED] = TLS_CAUSE_REMOVED,
	};

	return why == CONN_END_TLS_REFUSED ? tlspeer_cause(&w->peer)
					   : causes[why];
}

enum tls_cause
wire_refusal(const struct wire *w, enum conn_end why, struct buf *out)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	enum tls_cause cause = cause_of(w, why);

	if (why != CONN_END_TLS_REFUSED || reason == NULL)
		reason = tlspeer_cause_name(cause);
	record_word(out, "why", span_str(conn_end_name(why)));
	record_word(out, "reason", span_str(reason));
	record_word(out, "cause", span_str(tlspeer_cause_name(cause)));
	if (w->peer.refused.len > 0) {
		buf_byte(out, ' ');
		buf_span(out, buf_view(&w->peer.refused));
	}
	return cause;
}

void
wire_close(struct wire *w)
{
	if (w->ssl != NULL) {
		ERR_clear_error();
		if (SSL_is_init_finished(w->ssl) &&
		    w->why != CONN_END_TLS_ERROR &&
		    (SSL_get_shutdown(w->ssl) & SSL_SENT_SHUTDOWN) == 0)
			SSL_shutdown(w->ssl); /* best effort: the peer may
						 be gone */
		SSL_free(w->ssl);
		tlspeer_fini(&w->peer);
		ERR_clear_error();
	}
	if (w->fd >= 0)
		close(w->fd);
	*w = (struct wire){ .fd = -1 };
}
