/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_TEXT_TABLE_H
#define COMMON_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * The two double-byte encodings of text.h, CP932 and (euc) EUC-JP-MS.  The
 * shape of a character is ours; what it means comes from iconv, once.
 */

/* Load both directions.  Return 0, or -1 if iconv lacks them. */
int text_table_init(void);

/* Bytes of the character at the start of s by its shape, 1-3, or 0. */
size_t text_table_step(struct span s, bool euc);

/* The code point of one character cut out by text_table_step(), or 0. */
uint32_t text_table_rune(struct span s, bool euc);

/* A code point above ASCII in CP932, one byte or two, or 0. */
unsigned text_table_cp932(uint32_t rune);

#endif
