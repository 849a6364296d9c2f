/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/cells.h"
#include "analyzer/format/kv.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Pairs come in order, apart from each other, and no key holds a separator. */
static void
check_pairs(const uint8_t *buf, size_t len)
{
	struct kv k = kv_make(span_make(buf, len), '=', ' ');
	const uint8_t *at = buf;
	struct kv_pair p;

	while (kv_next(&k, &p)) {
		assert(p.key.len > 0 && p.key.p >= at);
		assert(memchr(p.key.p, '=', p.key.len) == NULL);
		assert(memchr(p.key.p, ' ', p.key.len) == NULL);
		at = p.key.p + p.key.len;
		assert(p.value.p > at || p.value.len == 0);
		at = p.value.p + p.value.len;
		assert(at <= buf + len);
	}
}

static struct cell cells[CELLS_MAX];

/* Cells that are put in quotes again split into the same texts. */
static void
check_cells(const uint8_t *buf, size_t len)
{
	static struct cell again[CELLS_MAX];
	bool open;
	size_t i, k, n = cells_split(span_make(buf, len), ',', cells, &open),
		     used = 0;
	uint8_t *out, *text;

	assert(n >= 1 && n <= CELLS_MAX);
	if (open)
		return;
	out = malloc(4 * len + 3 * n + 1);
	text = malloc(len + 1);
	for (i = 0; i < n; i++) {
		struct span s = cells[i].text;

		if (cells[i].doubled)
			s = span_make(text, cells_undouble(s, text));
		out[used++] = '"';
		for (k = 0; k < s.len; k++) {
			if (s.p[k] == '"')
				out[used++] = '"';
			out[used++] = s.p[k];
		}
		out[used++] = '"';
		out[used++] = ',';
	}
	if (n < CELLS_MAX) {
		assert(cells_split(span_make(out, used - 1), ',', again,
			   &open) == n &&
		    !open);
		for (i = 0; i < n; i++) {
			struct span s = cells[i].text, r = again[i].text;

			s = span_make(text,
			    cells[i].doubled
				? cells_undouble(s, text)
				: (memcpy(text, s.p ? s.p : buf, s.len),
				      s.len));
			r = span_make(out,
			    again[i].doubled
				? cells_undouble(r, out)
				: (memmove(out, r.p, r.len), r.len));
			assert(span_eq(s, r));
		}
	}
	free(text);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	check_pairs(buf, len);
	check_cells(buf, len);
	return 0;
}
