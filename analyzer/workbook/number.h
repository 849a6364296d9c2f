/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_NUMBER_H
#define WORKBOOK_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * What a number of a workbook means by the format of its cell: 46112 is a
 * number, 2026/3/31 or 001.  Pure.
 */
enum number_kind {
	NUMBER_PLAIN, /* as it is */
	NUMBER_FIXED, /* so many digits: 001, 2.0 */
	NUMBER_DAY,
	NUMBER_MONTH,  /* year and month alone */
	NUMBER_CLOCK,  /* time of day, or hours that were counted */
	NUMBER_MOMENT, /* day and time of day */
};

#define NUMBER_AROUND 24 /* bytes of text before and behind the digits */

struct number_format {
	enum number_kind kind;
	bool elapsed; /* [h]: hours go beyond 24 */
	uint8_t digits, decimals;
	char before[NUMBER_AROUND], behind[NUMBER_AROUND];
};

/* The format of a number that the standard gives it; plain if unknown. */
struct number_format number_builtin(unsigned id);

/* A code as people write it: yyyy/m/d, [$-411]ggge"年"m"月"d"日", "PC"000. */
struct number_format number_code(struct span code);

/*
 * Append the number.  epoch_1904: days count from 1904 (Macintosh).  Returns
 * 0, or -1 if it is no number; *rounded: it has more than 15 digits.
 */
int number_print(const struct number_format *f, struct span value,
    bool epoch_1904, struct buf *out, bool *rounded);

#endif
