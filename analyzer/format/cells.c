/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cells.h"

#include <string.h>

#include "common/find.h"

/* A quoted cell at p, behind its opening quote; returns where it ends. */
static const uint8_t *
take_quoted(const uint8_t *p, const uint8_t *end, uint8_t sep,
    struct cell *cell, bool *open)
{
	const uint8_t *from = p, *q;

	while (
	    (q = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL) != NULL) {
		if (q + 1 < end && q[1] == '"') {
			cell->doubled = true;
			p = q + 2;
			continue;
		}
		if (q + 1 == end || q[1] == sep) {
			cell->text = span_make(from, (size_t)(q - from));
			return q + 1;
		}
		p = q + 1; /* a stray quote inside: vendors do that */
	}
	*open = true;
	cell->text = span_make(from, (size_t)(end - from));
	return end;
}

size_t
cells_split(struct span line, uint8_t sep, struct cell *cells, bool *open)
{
	const uint8_t *p = line.p, *end = line.len ? p + line.len : p, *q;
	size_t n = 0;

	*open = false;
	for (;;) {
		struct cell *cell = &cells[n++];

		*cell = (struct cell){ { p, 0 }, false };
		if (n == CELLS_MAX)
			q = end;
		else if (p < end && *p == '"') {
			p = take_quoted(p + 1, end, sep, cell, open);
			if (p == end)
				return n;
			p++;
			continue;
		} else
			q = find_byte(p, end, sep, sep); /* near, mostly */
		cell->text.len = (size_t)(q - p);
		if (q == end)
			return n;
		p = q + 1;
	}
}

size_t
cells_undouble(struct span text, uint8_t *out)
{
	size_t i, n = 0;

	for (i = 0; i < text.len; i++) {
		out[n++] = text.p[i];
		if (text.p[i] == '"' && i + 1 < text.len &&
		    text.p[i + 1] == '"')
			i++;
	}
	return n;
}
