/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_KEY_H
#define EVIDENCE_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Ed25519 (RFC 8032) by OpenSSL: a private key is its seed of 32 bytes, a
 * public key its 32 bytes, a signature its 64.  Whoever holds a seed destroys
 * it with explicit_bzero().  All may be called from any thread.
 */
#define KEY_LEN 32
#define KEY_SIG_LEN 64

/* A new seed from the kernel.  Return 0, or -1 and errno. */
int key_random(uint8_t seed[KEY_LEN]);

/* The public key of a seed.  Return 0, or -1 if OpenSSL failed. */
int key_public(const uint8_t seed[KEY_LEN], uint8_t key[KEY_LEN]);

/* Sign msg.  Return 0, or -1 if OpenSSL failed. */
int key_sign(const uint8_t seed[KEY_LEN], struct span msg,
    uint8_t sig[KEY_SIG_LEN]);

/* Return 0 if sig is the key's signature of msg, else -1. */
int key_verify(const uint8_t key[KEY_LEN], struct span msg,
    const uint8_t sig[KEY_SIG_LEN]);

/* One signature to check among many; everything is borrowed. */
struct key_check {
	const uint8_t *key; /* KEY_LEN bytes */
	const uint8_t *sig; /* KEY_SIG_LEN bytes */
	struct span msg;
};

/* Check n signatures.  Return the place of the first that is bad, or n. */
size_t key_verify_batch(const struct key_check *check, size_t n);

#endif
