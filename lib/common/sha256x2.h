/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_SHA256X2_H
#define COMMON_SHA256X2_H

#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * Two SHA-256 hashes at a time.  One hash waits most of the time for the
 * result of its last instruction; on processors with SHA instructions two that
 * do not depend on each other take hardly longer than one.  Elsewhere it is
 * sha256() twice: the results are the same.
 */
void sha256x2(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN]);

#endif
