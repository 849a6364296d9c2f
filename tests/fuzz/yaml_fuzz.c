/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "common/text.h"
#include "common/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is accepted is bounded, UTF-8, counted right, and names its places. */
static void
check(const struct yaml_node *n, unsigned depth, size_t lines)
{
	const struct yaml_node *kid;
	size_t kids = 0;

	assert(depth <= YAML_DEPTH + 1);
	assert(n->line >= 1 && n->line <= lines && n->col >= 1);
	assert(n->kind != YAML_SCALAR || n->n == 0);
	assert(n->kind != YAML_SCALAR || text_is_utf8(n->text));
	assert(n->kind != YAML_SCALAR || n->text.p[n->text.len] == 0);
	for (kid = n->first; kid != NULL; kid = kid->next, kids++) {
		assert((n->kind == YAML_MAP) == (kid->key_line != 0));
		check(kid, depth + 1, lines);
	}
	assert(kids == n->n);
}

/* An unpaired CR, NEL, LS and PS are line ends too. */
static size_t
count_lines(struct span s)
{
	size_t i, n = 2;

	for (i = 0; i < s.len; i++)
		n += s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == 0x85 ||
		    s.p[i] == 0xA8 || s.p[i] == 0xA9;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span text = span_make(buf, len);
	struct arena *arena = arena_new();
	struct yaml_error err = { .what = "" };
	struct yaml_node *docs;

	docs = yaml_parse_all(text, "f", arena, &err);
	if (docs != NULL)
		check(docs, 0, count_lines(text));
	else
		assert(err.what[0] != '\0' && err.line <= count_lines(text));
	arena_free(arena);
	return 0;
}
