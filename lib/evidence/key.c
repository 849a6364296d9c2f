/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/key.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sys/random.h>

/* Requests of up to 256 bytes come whole (getrandom(2)). */
int
key_random(uint8_t seed[KEY_LEN])
{
	ssize_t n;

	do
		n = getrandom(seed, KEY_LEN, 0);
	while (n < 0 && errno == EINTR);
	return n == KEY_LEN ? 0 : -1;
}

/* OpenSSL wipes the private part when it frees the key. */
static EVP_PKEY *
key_private(const uint8_t seed[KEY_LEN])
{
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
	    KEY_LEN);
}

int
key_public(const uint8_t seed[KEY_LEN], uint8_t key[KEY_LEN])
{
	EVP_PKEY *pkey = key_private(seed);
	size_t len = KEY_LEN;
	int rc;

	if (pkey == NULL)
		return -1;
	rc = EVP_PKEY_get_raw_public_key(pkey, key, &len);
	EVP_PKEY_free(pkey);
	return rc == 1 && len == KEY_LEN ? 0 : -1;
}

int
key_sign(const uint8_t seed[KEY_LEN], struct span msg, uint8_t sig[KEY_SIG_LEN])
{
	EVP_PKEY *pkey = key_private(seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = KEY_SIG_LEN;
	int rc = -1;

	if (pkey != NULL && ctx != NULL &&
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestSign(ctx, sig, &len, msg.p, msg.len) == 1 &&
	    len == KEY_SIG_LEN)
		rc = 0;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return rc;
}

static int
key_verify_with(EVP_MD_CTX *ctx, const struct key_check *c)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
	    c->key, KEY_LEN);
	int rc = -1;

	if (pkey != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, c->sig, KEY_SIG_LEN, c->msg.p, c->msg.len) ==
		1)
		rc = 0;
	EVP_PKEY_free(pkey);
	return rc;
}

size_t
key_verify_batch(const struct key_check *check, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t i;

	for (i = 0; i < n; i++) {
		if (key_verify_with(ctx, &check[i]) != 0)
			break;
		EVP_MD_CTX_reset(ctx);
	}
	EVP_MD_CTX_free(ctx);
	return i;
}

int
key_verify(const uint8_t key[KEY_LEN], struct span msg,
    const uint8_t sig[KEY_SIG_LEN])
{
	struct key_check check = { key, sig, msg };

	return key_verify_batch(&check, 1) == 1 ? 0 : -1;
}
