/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TLSPEER_H
#define COLLECTOR_TLSPEER_H

#include <openssl/ssl.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * Who may send to a TLS listener, and who he is.  A listener's client_ca,
 * client_fingerprints and client_names are conditions: a sender's certificate
 * must meet each that is given.  With none of them no certificate is asked for.
 */
enum tls_cause {
#define TLS_CAUSE(id, name, en, ja) TLS_CAUSE_##id,
#include "collector/tlscause_tbl.h"
#undef TLS_CAUSE
	TLS_CAUSE_COUNT
};

/* The cause= word of a g1; and a phrase in the user's language. */
const char *tlspeer_cause_name(enum tls_cause cause);
const char *tlspeer_cause_text(enum tls_cause cause);

/* What one connection's handshake found out; lives as long as its SSL. */
struct tlspeer {
	enum tls_cause cause; /* why its certificate was refused */
	struct buf refused;   /* then: words about the certificate */
};

/*
 * Have ctx ask for certificates, as the listener says; its store holds
 * client_ca and crl already.  0, or -1 without memory.
 */
int tlspeer_require(SSL_CTX *ctx, const struct site_listener *conf);

/* Before the handshake: where to say why.  p is initialised. */
int tlspeer_attach(SSL *ssl, struct tlspeer *p);
void tlspeer_fini(struct tlspeer *p);

/*
 * After a handshake: append d1 words about the sender's certificate, "tls=
 * name=", and "san=" where client_names asked for one; nothing without one.
 */
void tlspeer_words(SSL *ssl, struct buf *out);

/* After a failed one: why, from OpenSSL's error queue and the certificate. */
enum tls_cause tlspeer_cause(const struct tlspeer *p);

#endif
