/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "common/sha256.h"

#include <openssl/sha.h>
#include <stdalign.h>
#include <stdlib.h>

/*
 * EVP fetches and allocates for each hash, which costs more than hashing one
 * short record; the low-level calls use the same assembler.
 */
_Static_assert(sizeof(struct sha256) >= sizeof(SHA256_CTX),
    "struct sha256 holds a SHA256_CTX");
_Static_assert(alignof(struct sha256) >= alignof(SHA256_CTX),
    "struct sha256 is aligned like a SHA256_CTX");
_Static_assert(SHA256_LEN == SHA256_DIGEST_LENGTH, "32 bytes");

static SHA256_CTX *
ctx(struct sha256 *h)
{
	return (SHA256_CTX *)(void *)h->state;
}

/* A hash that fails would be a wrong proof; these calls cannot fail. */
void
sha256_init(struct sha256 *h)
{
	if (SHA256_Init(ctx(h)) != 1)
		abort();
}

void
sha256_update(struct sha256 *h, const void *p, size_t len)
{
	if (len > 0 && SHA256_Update(ctx(h), p, len) != 1)
		abort();
}

void
sha256_final(struct sha256 *h, uint8_t out[SHA256_LEN])
{
	if (SHA256_Final(out, ctx(h)) != 1)
		abort();
}

void
sha256(struct span in, uint8_t out[SHA256_LEN])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_update(&h, in.p, in.len);
	sha256_final(&h, out);
}
