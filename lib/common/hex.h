/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_HEX_H
#define COMMON_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/* Write 2 * len lower-case digits to out; no NUL. */
void hex_print(const uint8_t *p, size_t len, char *out);

/* Read exactly 2 * len lower-case digits.  Return 0, or -1 on anything else. */
int hex_parse(struct span s, uint8_t *out, size_t len);

/* Characters that base64_print writes for len bytes, padding included. */
size_t base64_len(size_t len);

/* Standard base64 with padding (RFC 4648, 4), no line ends, no NUL. */
void base64_print(const uint8_t *p, size_t len, char *out);

/*
 * Read canonical base64 only (padding present, unused bits zero, no blanks)
 * of at most max bytes.  Return 0 and *len, or -1.
 */
int base64_parse(struct span s, uint8_t *out, size_t max, size_t *len);

#endif
