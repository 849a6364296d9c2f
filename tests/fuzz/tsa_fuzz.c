/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "evidence/tsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define TEXT "hospital.example/evidence\n9\nroot\n" /* of the corpus */
#define TIME_MAX UINT64_C(253402300799999999)

/*
 * Responses: whatever comes, what is read is bounded, and without a certificate
 * to trust nothing is verified.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	uint8_t hash[SHA256_LEN];
	struct span in = span_make(p, len);
	struct tsa_check check = { .imprint = hash, .policy = "" };
	struct tsa_token t;

	sha256(SPAN(TEXT), hash);
	if (tsa_read(in, hash, &t) == TSA_OK) {
		assert(t.time <= TIME_MAX);
		assert(t.policy[0] != '\0' &&
		    memchr(t.policy, 0, sizeof(t.policy)) != NULL &&
		    memchr(t.name, 0, sizeof(t.name)) != NULL);
	}
	assert(tsa_verify(in, &check, &t, NULL) != TSA_OK);
	hash[0] ^= 1;
	assert(tsa_read(in, hash, &t) != TSA_OK);
	return 0;
}
