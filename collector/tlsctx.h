/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TLSCTX_H
#define COLLECTOR_TLSCTX_H

#include <openssl/ssl.h>

#include "common/buf.h"
#include "common/span.h"
#include "site/site.h"

/*
 * A TLS listener's context: our certificate and key, who may send, and which
 * versions and ciphers.  No tickets (their bytes make a sender that never reads
 * reset the connection), no resumption, no early data, no renegotiation.
 */
enum tls_file { /* what it is made of, PEM */
	TLS_FILE_CERTIFICATE,
	TLS_FILE_KEY,
	TLS_FILE_CLIENT_CA,
	TLS_FILE_CRL,
	TLS_FILE_COUNT
};

struct tls_files {
	struct span pem[TLS_FILE_COUNT]; /* empty: not configured */
};

/* The key that names it; and its path for a listener, "" for none. */
const char *tlsctx_key(enum tls_file file);
const char *tlsctx_path(const struct site_listener *conf, enum tls_file file);

/*
 * Make it.  NULL and a sentence in *why, which names the file; or the context
 * and, behind what is in *why, what whoever runs the collector should know, or
 * nothing.
 */
SSL_CTX *tlsctx_new(const struct site_listener *conf,
    const struct tls_files *files, struct buf *why);

#endif
