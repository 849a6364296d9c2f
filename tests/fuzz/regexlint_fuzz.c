/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/regex/regex.h"
#include "analyzer/regex/regex_lint.h"
#include "analyzer/regex/regex_need.h"
#include "analyzer/regex/regex_tree.h"
#include "common/find.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Any expression: the part that is blamed and every part of the tree lie in
 * it, children within their parents.  What PCRE2 compiles and the lint passes
 * comes back from 64 kB of any text, found, not found, or given up; where it is
 * found, what it needs stands.
 */
static void
check_tree(const struct regex_node *n, size_t from, size_t to)
{
	const struct regex_node *c;

	assert(n->from >= from && n->from <= n->to && n->to <= to);
	assert(n->kind != REGEX_REPEAT || n->min <= n->max);
	assert(n->kind != REGEX_SET || n->child == NULL);
	for (c = n->child; c != NULL; c = c->next)
		check_tree(c, n->from, n->to);
}

static void
run(const struct regex *p, struct span piece, struct span need,
    struct span folded)
{
	static uint8_t text[REGEX_TEXT + 100], small[sizeof(text)];
	struct regex_match *m = regex_match_new();
	struct span all = span_make(text, sizeof(text)), whole;
	size_t i;
	int rc;

	for (i = 0; piece.len > 0 && i < sizeof(text); i++)
		text[i] = piece.p[i % piece.len];
	for (i = 0; i < sizeof(text); i++)
		small[i] = text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20
							    : text[i];
	rc = regex_search(p, m, all);
	assert(rc >= -1 && rc <= 1);
	whole = regex_whole(m);
	assert(rc == 1 || whole.len == 0);
	assert(rc != 1 || find_part(all, need) != NULL);
	assert(rc != 1 ||
	    find_part(span_make(small, sizeof(small)), folded) != NULL);
	assert(whole.len == 0 ||
	    (whole.p >= text && whole.p + whole.len < text + REGEX_TEXT));
	rc = regex_search(p, m, span_sub(all, 0, 3000));
	assert(rc >= -1 && rc <= 1);
	regex_match_free(m);
}

/* The first line is the expression, the rest the text. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	const uint8_t *lf = len == 0 ? NULL : memchr(buf, '\n', len);
	struct span regex =
	    span_make(buf, lf == NULL ? len : (size_t)(lf - buf));
	struct span piece = span_sub(span_make(buf, len), regex.len, len);
	struct arena *a = arena_new();
	const struct regex_node *tree;
	enum regex_lint_fault fault;
	struct span part;
	struct regex *p;
	char err[128];
	size_t offset;

	fault = regex_lint(regex, &part);
	assert((fault == REGEX_LINT_OK) == (part.len == 0));
	assert(part.len == 0 ||
	    (part.p >= regex.p && part.p + part.len <= regex.p + regex.len));
	if ((tree = regex_tree_parse(regex, a)) != NULL)
		check_tree(tree, 0, regex.len);
	p = regex_new(regex, a, err, sizeof(err), &offset);
	assert(offset <= regex.len);
	if (p != NULL && fault == REGEX_LINT_OK)
		run(p, piece, regex_need(regex, a),
		    regex_need_folded(regex, a));
	regex_free(p);
	arena_free(a);
	return 0;
}
