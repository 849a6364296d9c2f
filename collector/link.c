/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"

struct link {
	const struct link_peer *peer;
	int fd;
	SSL *ssl; /* NULL: no TLS */
	struct addrinfo *all, *next;
	bool connected; /* TCP is */
	bool wants_out; /* TLS is, to go on reading */
	struct buf why;
};

/* --- settings --------------------------------------------------------------
 */

static void
reason(struct buf *why, const char *en, const char *ja)
{
	const char *what = ERR_reason_error_string(ERR_peek_last_error());

	buf_str(why, tr(en, ja));
	if (what != NULL)
		buf_printf(why, ": %s", what);
	ERR_clear_error();
}

static int
use_ca(SSL_CTX *ctx, struct span pem)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.len);
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509 *x;
	int n = 0;

	while (in != NULL &&
	    (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		n += X509_STORE_add_cert(store, x) == 1;
		X509_free(x);
	}
	BIO_free(in);
	ERR_clear_error(); /* the end of the file is an error of PEM's */
	return n > 0 ? 0 : -1;
}

static int
use_chain(SSL_CTX *ctx, struct span pem)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.len);
	X509 *x = in == NULL ? NULL : PEM_read_bio_X509(in, NULL, NULL, NULL);
	bool fine = x != NULL && SSL_CTX_use_certificate(ctx, x) == 1;

	X509_free(x);
	while (fine && (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ctx, x) != 1) {
			X509_free(x);
			fine = false;
		}
	BIO_free(in);
	if (fine)
		ERR_clear_error();
	return fine ? 0 : -1;
}

static int
use_key(SSL_CTX *ctx, struct span pem)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.len);
	EVP_PKEY *key =
	    in == NULL ? NULL : PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	bool fine = key != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
	    SSL_CTX_check_private_key(ctx) == 1;

	EVP_PKEY_free(key);
	BIO_free(in);
	return fine ? 0 : -1;
}

SSL_CTX *
link_context(const struct link_pem *pem, struct buf *why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	ERR_clear_error();
	if (ctx == NULL ||
	    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1)
		reason(why, "TLS cannot be set up", "TLSを準備できません");
	else if (pem->ca.len > 0 && use_ca(ctx, pem->ca) != 0)
		reason(why, "ca: no certificate in it",
		    "ca: 証明書が含まれていません");
	else if (pem->certificate.len > 0 &&
	    use_chain(ctx, pem->certificate) != 0)
		reason(why, "certificate: cannot be used",
		    "certificate: 使用できません");
	else if (pem->certificate.len > 0 && use_key(ctx, pem->key) != 0)
		reason(why, "key: cannot be used, or is not the certificate's",
		    "key: 使用できないか、証明書と一致しません");
	else {
		if (pem->ca.len == 0 && !pem->pinned)
			SSL_CTX_set_default_verify_paths(ctx);
		SSL_CTX_set_verify(ctx,
		    pem->ca.len == 0 && pem->pinned ? SSL_VERIFY_NONE
						    : SSL_VERIFY_PEER,
		    NULL);
		SSL_CTX_set_mode(ctx,
		    SSL_MODE_ENABLE_PARTIAL_WRITE |
			SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		SSL_CTX_set_options(ctx,
		    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
		return ctx;
	}
	SSL_CTX_free(ctx);
	return NULL;
}

/* --- one connection --------------------------------------------------------
 */

static enum link_step
broke(struct link *l, const char *what)
{
	l->why.len = 0;
	buf_str(&l->why, what);
	return LINK_BROKE;
}

static bool
is_address(const char *name)
{
	struct in6_addr a;

	return inet_pton(AF_INET, name, &a) == 1 ||
	    inet_pton(AF_INET6, name, &a) == 1;
}

static int
tls_begin(struct link *l)
{
	const char *name = l->peer->name;
	bool fine;

	l->ssl = SSL_new(l->peer->ctx);
	if (l->ssl == NULL || SSL_set_fd(l->ssl, l->fd) != 1)
		return -1;
	if (SSL_get_verify_mode(l->ssl) == SSL_VERIFY_NONE)
		fine = true; /* the fingerprint says who it is */
	else if (is_address(name))
		fine = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(l->ssl),
			   name) == 1;
	else
		fine = SSL_set1_host(l->ssl, name) == 1;
	if (fine && !is_address(name))
		fine = SSL_set_tlsext_host_name(l->ssl, name) == 1;
	SSL_set_connect_state(l->ssl);
	return fine ? 0 : -1;
}

/* Begin with the next address; false: there is none. */
static bool
try_next(struct link *l)
{
	int on = 1;

	for (; l->next != NULL; l->next = l->next->ai_next) {
		if (l->fd >= 0)
			close(l->fd);
		l->fd = socket(l->next->ai_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (l->fd < 0)
			continue;
		setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		setsockopt(l->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		if (connect(l->fd, l->next->ai_addr, l->next->ai_addrlen) ==
			0 ||
		    errno == EINPROGRESS) {
			l->next = l->next->ai_next;
			return true;
		}
	}
	return false;
}

struct link *
link_open(const struct link_peer *peer, struct buf *why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct link *l = calloc(1, sizeof(*l));
	int e;

	if (l == NULL)
		abort();
	l->peer = peer;
	l->fd = -1;
	buf_init(&l->why);
	e = getaddrinfo(peer->host, peer->port, &hints, &l->all);
	if (e != 0)
		buf_printf(why, "%s: %s", peer->host, gai_strerror(e));
	else {
		l->next = l->all;
		if (try_next(l))
			return l;
		buf_str(why, strerror(errno));
	}
	link_close(l);
	return NULL;
}

void
link_close(struct link *l)
{
	if (l == NULL)
		return;
	SSL_free(l->ssl);
	ERR_clear_error();
	if (l->fd >= 0)
		close(l->fd);
	if (l->all != NULL)
		freeaddrinfo(l->all);
	buf_fini(&l->why);
	free(l);
}

/* What OpenSSL's answer means; saved: errno behind the call. */
static enum link_step
tls_result(struct link *l, int rc, int saved)
{
	int e = SSL_get_error(l->ssl, rc);
	unsigned long top = ERR_peek_last_error();
	long v = SSL_get_verify_result(l->ssl);
	const char *what = ERR_reason_error_string(top);

	l->wants_out = e == SSL_ERROR_WANT_WRITE;
	if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
		return LINK_WAITS;
	if (e == SSL_ERROR_ZERO_RETURN)
		return LINK_ENDED;
	if (!SSL_is_init_finished(l->ssl) && v != X509_V_OK) {
		l->why.len = 0;
		buf_printf(&l->why,
		    tr("the certificate of '%s' is not accepted: %s",
			"「%s」の証明書を受け入れられません: %s"),
		    l->peer->name, X509_verify_cert_error_string(v));
		return LINK_BROKE;
	}
	if (e == SSL_ERROR_SYSCALL && saved != 0)
		what = strerror(saved);
	return broke(l,
	    what == NULL ||
		    ERR_GET_REASON(top) == SSL_R_UNEXPECTED_EOF_WHILE_READING
		? tr("it ended the connection", "接続が切断されました")
		: what);
}

static enum link_step
check_fingerprint(struct link *l)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	X509 *x = SSL_get1_peer_certificate(l->ssl);
	bool same = x != NULL &&
	    X509_digest(x, EVP_sha256(), hash, &len) == 1 &&
	    len == SHA256_LEN &&
	    memcmp(hash, l->peer->fingerprint, SHA256_LEN) == 0;

	X509_free(x);
	return same ? LINK_DONE
		    : broke(l,
			  tr("its certificate has another fingerprint",
			      "証明書のfingerprintが一致しません"));
}

static enum link_step
connect_tcp(struct link *l)
{
	struct pollfd fd = { .fd = l->fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int e = 0;

	if (poll(&fd, 1, 0) != 1)
		return LINK_WAITS;
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &e, &len) != 0)
		e = errno;
	if (e == 0) {
		l->connected = true;
		return LINK_DONE;
	}
	return try_next(l) ? LINK_WAITS : broke(l, strerror(e));
}

enum link_step
link_connect(struct link *l)
{
	enum link_step step;
	int rc;

	if (!l->connected && (step = connect_tcp(l)) != LINK_DONE)
		return step;
	if (l->peer->ctx == NULL)
		return LINK_DONE;
	ERR_clear_error();
	if (l->ssl == NULL && tls_begin(l) != 0)
		return broke(l,
		    tr("TLS cannot be set up", "TLSを準備できません"));
	errno = 0;
	if ((rc = SSL_do_handshake(l->ssl)) != 1)
		return tls_result(l, rc, errno);
	return l->peer->fingerprint == NULL ? LINK_DONE : check_fingerprint(l);
}

enum link_step
link_write(struct link *l, struct span s, size_t *n)
{
	ssize_t rc;
	int saved;

	*n = 0;
	if (l->ssl != NULL) {
		ERR_clear_error();
		errno = 0;
		rc = SSL_write_ex(l->ssl, s.p, s.len, n);
		saved = errno;
		return rc == 1 ? LINK_DONE : tls_result(l, (int)rc, saved);
	}
	rc = send(l->fd, s.p, s.len, MSG_NOSIGNAL);
	if (rc >= 0) {
		*n = (size_t)rc;
		return LINK_DONE;
	}
	return errno == EAGAIN || errno == EINTR ? LINK_WAITS
						 : broke(l, strerror(errno));
}

enum link_step
link_read(struct link *l, void *p, size_t len, size_t *n)
{
	ssize_t rc;
	int saved;

	*n = 0;
	if (l->ssl != NULL) {
		ERR_clear_error();
		errno = 0;
		rc = SSL_read_ex(l->ssl, p, len, n);
		saved = errno;
		return rc == 1 ? LINK_DONE : tls_result(l, (int)rc, saved);
	}
	rc = recv(l->fd, p, len, 0);
	if (rc > 0) {
		*n = (size_t)rc;
		return LINK_DONE;
	}
	if (rc == 0)
		return LINK_ENDED;
	return errno == EAGAIN || errno == EINTR ? LINK_WAITS
						 : broke(l, strerror(errno));
}

enum link_step
link_finish(struct link *l)
{
	int rc, saved;

	if (l->ssl == NULL)
		return shutdown(l->fd, SHUT_WR) == 0
		    ? LINK_DONE
		    : broke(l, strerror(errno));
	ERR_clear_error();
	errno = 0;
	rc = SSL_shutdown(l->ssl);
	saved = errno;
	return rc >= 0 ? LINK_DONE : tls_result(l, rc, saved);
}

struct pollfd
link_poll(const struct link *l, bool out)
{
	short events = POLLIN;

	if (!l->connected)
		events = POLLOUT;
	else if (out || l->wants_out)
		events |= POLLOUT;
	return (struct pollfd){ .fd = l->fd, .events = events };
}

const char *
link_why(struct link *l)
{
	return buf_cstr(&l->why);
}
