/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_ENCODE_H
#define SIGMA_ENCODE_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * What Sigma's modifiers make of the value of a rule: the bytes that stand in
 * the log when somebody encoded it (Sigma specification 2.1, appendix
 * modifiers).  Pure; results lie in the arena.
 */
enum encode_utf16 { ENCODE_LE, ENCODE_BE, ENCODE_BOM };

/* UTF-8 as UTF-16; BOM: little endian behind its mark.  Ill-formed: U+FFFD. */
struct span encode_utf16(struct span s, enum encode_utf16 how,
    struct arena *arena);

/* RFC 4648, with its padding. */
struct span encode_base64(struct span s, struct arena *arena);

/*
 * What of it is the same wherever s stands in what was encoded: three texts,
 * for the three offsets.  of: 0, 1, 2.
 */
struct span encode_base64_at(struct span s, unsigned of, struct arena *arena);

#endif
