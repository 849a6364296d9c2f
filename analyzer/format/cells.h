/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CELLS_H
#define ANALYZER_FORMAT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/* One record of RFC 4180, read leniently.  Pure. */
#define CELLS_MAX 256

struct cell {
	struct span text; /* without its quotes */
	bool doubled;	  /* contains "" that stands for one quote */
};

/*
 * Split a record into at most CELLS_MAX cells and return their number (an
 * empty line has one empty cell).  What is too much stays in the last cell.
 * A quote that never closes runs to the end, and sets *open.
 */
size_t cells_split(struct span line, uint8_t sep, struct cell *cells,
    bool *open);

/* Write text with "" turned into " to out, which holds text.len bytes. */
size_t cells_undouble(struct span text, uint8_t *out);

#endif
