/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_SHA256_H
#define COMMON_SHA256_H

#include <stdint.h>

#include "common/span.h"

/* SHA-256 (FIPS 180-4) by OpenSSL's low-level interface: no fetch, no malloc.
 */
#define SHA256_LEN 32

struct sha256 {
	uint64_t state[16]; /* OpenSSL's SHA256_CTX, opaque */
};

void sha256_init(struct sha256 *h);
void sha256_update(struct sha256 *h, const void *p, size_t len);
void sha256_final(struct sha256 *h, uint8_t out[SHA256_LEN]);

/* All at once. */
void sha256(struct span in, uint8_t out[SHA256_LEN]);

#endif
