/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_CMS_H
#define ANALYZER_HANDOVER_CMS_H

#include "common/buf.h"
#include "common/span.h"

/*
 * CMS (RFC 5652) by OpenSSL, as `openssl cms` reads it.  Both return 0, or -1
 * and a sentence in *why.
 */

/*
 * Append a detached signature of data, DER.  certificate: PEM, the signer's
 * first, then those that lead to its authority; key: PEM, RSA or EC.
 */
int cms_sign(const char *certificate, const char *key, struct span data,
    struct buf *out, struct buf *why);

/*
 * What is read from in goes to out, enveloped for the holder of that
 * certificate's key (PEM): AES-256-CBC, DER.
 */
int cms_encrypt(const char *certificate, int in, int out, struct buf *why);

#endif
