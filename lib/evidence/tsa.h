/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_TSA_H
#define EVIDENCE_TSA_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * Time-stamp tokens (RFC 3161, RFC 5816) by OpenSSL: a request is made, and a
 * response is judged as at the time that it names, not as of now, so that a
 * good token stays good when its signer's certificate has expired.  Revocation
 * is not looked up: there is no network here.  Pure.
 */
#define TSA_RESPONSE_MAX 65536u /* bytes */
#define TSA_NONCE 8		/* bytes */
#define TSA_NAME_MAX 256u	/* bytes of a name, NUL included */
#define TSA_POLICY_MAX 128u	/* of a policy in figures and dots, likewise */

enum tsa_err {
#define TSA_ERR(id, en, ja) TSA_##id,
#include "evidence/tsa_err_tbl.h"
#undef TSA_ERR
};

/* A sentence in the user's language. */
const char *tsa_strerror(enum tsa_err e);

/*
 * Append a request (DER) for a token over that SHA-256, with the signer's
 * certificate in it.  policy: in figures and dots, "" for the authority's own
 * choice.  Return 0, or -1 if it is no policy or OpenSSL failed.
 */
int tsa_request(const uint8_t imprint[SHA256_LEN],
    const uint8_t nonce[TSA_NONCE], const char *policy, struct buf *out);

struct tsa_token {
	uint64_t time; /* usec since 1970 */
	char policy[TSA_POLICY_MAX];
	char name[TSA_NAME_MAX]; /* subject of the signer's certificate, UTF-8;
				    "" if it is not in the token */
};

/*
 * Read a response (DER, nothing behind it) that must hold a token over that
 * SHA-256.  Nobody has signed it yet: see tsa_verify().
 */
enum tsa_err tsa_read(struct span response, const uint8_t imprint[SHA256_LEN],
    struct tsa_token *t);

struct tsa_check {
	const uint8_t *imprint; /* SHA256_LEN bytes */
	const uint8_t *nonce;	/* TSA_NONCE bytes of our request; NULL: any */
	const char *policy;	/* "": any */
	struct span ca; /* certificates to trust and others to build with, PEM;
			   the self-signed ones are trusted */
};

/*
 * As tsa_read(), and the signature holds, its signer is the one that the token
 * itself names, and leads to a trusted certificate, for time-stamping and
 * nothing else, at the token's time.  *why (may be NULL): what OpenSSL says.
 */
enum tsa_err tsa_verify(struct span response, const struct tsa_check *check,
    struct tsa_token *t, struct buf *why);

#endif
