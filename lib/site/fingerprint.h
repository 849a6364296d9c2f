/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_FINGERPRINT_H
#define SITE_FINGERPRINT_H

#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * The fingerprint of a certificate as people write it (RFC 5425, 4.2.2):
 * "sha-256:AA:BB:...", 32 bytes.  Pure.
 *
 * Also taken, because programs print it: "sha256:" in front, small letters,
 * no colons between the bytes.  Return 0, or -1 on anything else.
 */
int fingerprint_parse(struct span s, uint8_t out[SHA256_LEN]);

#endif
