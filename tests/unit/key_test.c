/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/hex.h"
#include "evidence/key.h"
#include "tests/tap.h"

/* RFC 8032, 7.1, tests 1 to 3. */
static const struct {
	const char *seed, *key, *msg, *sig;
} vectors[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	    "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100"
	    "b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c0"
	    "0" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	    "af82",
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40"
	    "a" },
};
#define N (sizeof(vectors) / sizeof(vectors[0]))

static uint8_t seed[N][KEY_LEN], key[N][KEY_LEN], sig[N][KEY_SIG_LEN];
static uint8_t msg[N][2];
static struct key_check check[N];

static void
vector(size_t i)
{
	uint8_t got[KEY_SIG_LEN];
	struct span m = span_make(msg[i], strlen(vectors[i].msg) / 2);

	hex_parse(span_str(vectors[i].seed), seed[i], KEY_LEN);
	hex_parse(span_str(vectors[i].key), key[i], KEY_LEN);
	hex_parse(span_str(vectors[i].msg), msg[i], m.len);
	hex_parse(span_str(vectors[i].sig), sig[i], KEY_SIG_LEN);
	check[i] = (struct key_check){ key[i], sig[i], m };
	ok(key_public(seed[i], got) == 0 && memcmp(got, key[i], KEY_LEN) == 0,
	    "public key %zu", i);
	ok(key_sign(seed[i], m, got) == 0 &&
		memcmp(got, sig[i], KEY_SIG_LEN) == 0,
	    "signature %zu", i);
	ok(key_verify(key[i], m, sig[i]) == 0, "it verifies");
}

/* Each bit of a signature, of a key and of a message counts. */
static void
flips(void)
{
	size_t bit, good = 0;

	for (bit = 0; bit < 8 * KEY_SIG_LEN; bit++) {
		sig[2][bit / 8] ^= (uint8_t)(1 << bit % 8);
		good += key_verify(key[2], check[2].msg, sig[2]) == 0;
		sig[2][bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ok(good == 0, "no signature with a flipped bit verifies");
	for (bit = 0; bit < 8 * KEY_LEN; bit++) {
		key[2][bit / 8] ^= (uint8_t)(1 << bit % 8);
		good += key_verify(key[2], check[2].msg, sig[2]) == 0;
		key[2][bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ok(good == 0, "nor with a flipped bit in the key");
	msg[2][1] ^= 1;
	ok(key_verify(key[2], check[2].msg, sig[2]) == -1, "nor the message");
	ok(key_verify_batch(check, N) == 2, "a batch names the bad one");
	msg[2][1] ^= 1;
	ok(key_verify_batch(check, N) == N, "a good batch");
	ok(key_verify_batch(check, 0) == 0, "an empty batch is good");
}

int
main(void)
{
	uint8_t a[KEY_LEN] = { 0 }, b[KEY_LEN] = { 0 };
	size_t i;

	for (i = 0; i < N; i++)
		vector(i);
	flips();
	ok(key_random(a) == 0 && key_random(b) == 0 &&
		memcmp(a, b, KEY_LEN) != 0,
	    "two seeds differ");
	return done();
}
