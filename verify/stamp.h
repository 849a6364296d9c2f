/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_STAMP_H
#define VERIFY_STAMP_H

#include <stdbool.h>

#include "common/sha256.h"
#include "common/span.h"
#include "verify/say.h"

/*
 * Time-stamp tokens (RFC 3161, RFC 5816) and detached CMS signatures, by
 * OpenSSL.  A token is judged at the time that it names, so that a good one
 * stays good when its signer's certificate has expired; revocation is not
 * looked up, for there is no network here.  SAY_NONE, or what is wrong.
 */
#define STAMP_MAX 65536u /* bytes of a token or signature */
#define STAMP_NAME 256	 /* bytes of a signer's name */

/* Whether a PEM file has certificates. */
bool stamp_trusts(const char *pem);

/* The hash that a token is over; nothing is checked. */
enum say_what stamp_read(struct span der, uint8_t imprint[SHA256_LEN]);

/*
 * A token over that hash, its time in usec and, by the files of trusted
 * certificates (PEM, up to a NULL) if there are any, its signature, purpose and
 * ESSCertIDv2.
 */
enum say_what stamp_check(struct span der, const char *const *ca,
    const uint8_t over[SHA256_LEN], uint64_t *time);

/*
 * Check a signature over data; with pin, a PEM file, that a certificate in it
 * signed or vouches for the signer, and did so at that time, usec: it may be
 * read years later.  The signer's name goes to name.
 */
enum say_what stamp_cms(struct span der, struct span data, const char *pin,
    uint64_t time, char name[STAMP_NAME]);

#endif
