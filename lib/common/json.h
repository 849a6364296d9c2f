/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * Writing JSON on hot paths; documents that are read go through jansson (its
 * names begin with json_ too: see that none of ours is one of them).
 * Append s as a JSON string with its quotes.  Ill-formed UTF-8 becomes U+FFFD.
 */
void json_quote(struct buf *out, struct span s);

#endif
