/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PROGRAM_H
#define COLLECTOR_PROGRAM_H

#include <stdint.h>

#include "common/sha256.h"

/*
 * Which program this is: SHA-256 of the file that runs, also where another has
 * taken its place by now.  Return 0, or -1: it cannot be read.
 */
int program_hash(uint8_t hash[SHA256_LEN]);

#endif
