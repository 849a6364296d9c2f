/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cells.h"
#include "analyzer/format/kv_order.h"
#include "analyzer/format/names.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "tests/tap.h"

/* Pairs as key<value>, ! behind one that never closes, ~ with a backslash. */
static const struct {
	const char *name, *in, *want;
} pairs[] = {
	{ "nothing", "", "" },
	{ "plain and quoted", "a=1 b=\"two words\" c=", "a<1>b<two words>c<>" },
	{ "blanks around", "  a=1   b=2 ", "a<1>b<2>" },
	{ "words between are skipped", "x a=1 yy b=2 z", "a<1>b<2>" },
	{ "a quote inside a quoted value", "a=\"1 \\\" b=2\" c=3",
	    "a<1 \\\" b=2>~c<3>" },
	{ "a backslash before the closing quote", "a=\"c:\\\\\" b=2",
	    "a<c:\\\\>~b<2>" },
	{ "a quote that never closes", "a=1 b=\"two words",
	    "a<1>b<two words>!" },
	{ "equals signs in values", "u=a=b q=\"x=y\"", "u<a=b>q<x=y>" },
	{ "no key", "=1 a=2", "a<2>" },
	{ "a quoted word", "\"a=1\" b=2", "a<1\">b<2>" },
	{ "an empty quoted value", "a=\"\" b=2", "a<>b<2>" },
};

static const char *
print_pairs(const char *in)
{
	static struct buf out;
	struct kv k = kv_make(span_str(in), '=', ' ');
	struct kv_pair p;

	buf_fini(&out);
	buf_init(&out);
	while (kv_next(&k, &p))
		buf_printf(&out, "%.*s<%.*s>%s%s", (int)p.key.len,
		    (const char *)p.key.p, (int)p.value.len,
		    (const char *)p.value.p, p.escaped ? "~" : "",
		    p.open ? "!" : "");
	return buf_cstr(&out);
}

static const struct {
	const char *name, *in, *want;
} rows[] = {
	{ "an empty line is one cell", "", "[]" },
	{ "cells", "a,b,,c", "[a][b][][c]" },
	{ "an empty cell at the end", "a,", "[a][]" },
	{ "quotes", "\"a,b\",c,\"\"", "[a,b][c][]" },
	{ "doubled quotes", "\"a \"\"b\"\"\",c", "[a \"b\"][c]" },
	{ "a quote inside a plain cell", "a\"b,c", "[a\"b][c]" },
	{ "a stray quote in a quoted cell", "\"a\"b\",c", "[a\"b][c]" },
	{ "a quote that never closes", "a,\"b,c", "[a][b,c]!" },
	{ "a quoted cell at the end", "a,\"b\"", "[a][b]" },
};

static const char *
print_row(const char *in)
{
	static struct cell cells[CELLS_MAX];
	static struct buf out;
	uint8_t text[256];
	bool open;
	size_t i, n = cells_split(span_str(in), ',', cells, &open);

	buf_fini(&out);
	buf_init(&out);
	for (i = 0; i < n; i++) {
		struct span s = cells[i].text;

		if (cells[i].doubled)
			s = span_make(text, cells_undouble(s, text));
		buf_printf(&out, "[%.*s]", (int)s.len, (const char *)s.p);
	}
	if (open)
		buf_str(&out, "!");
	return buf_cstr(&out);
}

static void
test_many_cells(void)
{
	static struct cell cells[CELLS_MAX];
	static char line[2 * CELLS_MAX + 100];
	bool open;

	memset(line, ',', sizeof(line));
	ok(cells_split(span_make(line, sizeof(line)), ',', cells, &open) ==
		CELLS_MAX,
	    "no more cells than there is room for");
	ok(cells[CELLS_MAX - 1].text.len == sizeof(line) - CELLS_MAX + 1,
	    "what is left over stays in the last");
}

static void
test_names(void)
{
	static char text[500][12];
	struct names_entry e[501];
	struct arena *a = arena_new();
	struct names *t;
	uint32_t i, bad = 0;

	for (i = 0; i < 500; i++) {
		snprintf(text[i], sizeof(text[i]), "%.*s%u", (int)(i % 5),
		    "keys", i);
		e[i] = (struct names_entry){ span_str(text[i]), i };
	}
	e[500] = (struct names_entry){ span_str(text[7]), 7777 };
	t = names_make(a, e, 501);
	for (i = 0; i < 500; i++)
		if (names_find(t, span_str(text[i])) != i)
			bad++;
	ok(bad == 0, "each name has its number, the first of equals wins");
	ok(names_find(t, SPAN("")) == NAMES_NONE, "an empty name has none");
	ok(names_find(t, SPAN("keys4999")) == NAMES_NONE, "nor has another");
	t = names_make(a, e, 0);
	ok(names_find(t, SPAN("a")) == NAMES_NONE, "an empty set");
	arena_free(a);
}

/* Where the byte is, near or far or nowhere, with FIND_NEAR bytes behind. */
static void
test_near(void)
{
	char text[80 + FIND_NEAR];
	const uint8_t *p = (const uint8_t *)text;
	size_t at, len, wrong = 0;

	for (len = 0; len <= 80; len++) {
		memset(text, 'x', sizeof(text));
		text[len] = '"'; /* the first behind the end may be it */
		wrong += find_near(p, p + len, '"', '\\') != p + len;
		text[len] = 'x';
		wrong += find_near(p, p + len, '"', '\\') != p + len;
		for (at = 0; at < len; at++) {
			text[at] = '\\';
			wrong += find_near(p, p + len, '"', '\\') != p + at;
			wrong += find_near(p, p + len, '\\', '"') != p + at;
			text[at] = 'x';
		}
	}
	ok(wrong == 0, "near and far");
}

/* What is learnt of the order of keys, and where that ends. */
static void
test_order(void)
{
	struct kv_order *o = kv_order_new();
	struct kv_order_key *start = kv_order_start(o), *a, *b, *c;
	static const char line[16 + KV_ORDER_TEXT + 1] =
	    "srcip=192.0.2.1 srcport=1 x=2";
	static const char cut[KV_ORDER_TEXT + 1] = "srcport";
	const uint8_t *p = (const uint8_t *)line;
	char text[40];
	int i;

	a = kv_order_learn(o, start, SPAN("srcip"), '=', 7);
	b = kv_order_learn(o, a, SPAN("srcport"), '=', 8);
	ok(start->next[0] == a && a->next[0] == b && b->value == 8 &&
		kv_order_here(a, p) && kv_order_here(b, p + 16),
	    "a key behind a key");
	ok(!kv_order_here(b, p) && !kv_order_here(a, p + 16) &&
		!kv_order_here(b, (const uint8_t *)cut),
	    "not another, nor one that the line ends in");
	ok(!kv_order_here(b->next[0], p) && !kv_order_here(b->next[1], p) &&
		!kv_order_here(b->next[0], (const uint8_t *)cut + 8),
	    "nothing stands behind the last, whatever there is");
	c = kv_order_learn(o, a, SPAN("x"), '=', 9);
	ok(a->next[0] == c && a->next[1] == b &&
		kv_order_learn(o, start, SPAN("srcport"), '=', 8) == b,
	    "two may follow, each key is known once");
	ok(kv_order_learn(o, c, SPAN("a-key-of-thirty-one-bytes-here!"), '=',
	       1) != c &&
		kv_order_learn(o, c, SPAN("a-key-of-thirty-two-bytes-here!!"),
		    '=', 1) == c &&
		kv_order_learn(o, c, SPAN(""), '=', 1) == c,
	    "31 bytes at most");
	for (i = 0; i < KV_ORDER_KEYS + 10; i++) {
		snprintf(text, sizeof(text), "key%d", i);
		b = kv_order_learn(o, c, span_str(text), '=', 2);
	}
	ok(b == c && kv_order_learn(o, c, SPAN("key1"), '=', 2) != c,
	    "more keys than there is room for are not known");
	kv_order_free(o);
}

/* Whether line begins with the key's pair, and there is a value of n bytes. */
static bool
again(const struct kv_order_key *key, const char *line, size_t n)
{
	uint8_t text[KV_ORDER_TEXT + 8] = { 0 };

	memcpy(text, line, strlen(line));
	return kv_order_again(key, text) && key->from == key->len &&
	    key->n == n;
}

/* Values that stay what they are. */
static void
test_again(void)
{
	static const char line[] = "tz=+0900 ", other[] = "tz=+0100 ",
			  most[] = "tz=5678901234567890123456789012 ",
			  more[] = "tz=56789012345678901234567890123 ";
	struct kv_order *o = kv_order_new();
	struct kv_order_key *key =
	    kv_order_learn(o, kv_order_start(o), SPAN("tz"), '=', 7);

	kv_order_keep(key, span_make(line, 9), span_make(line + 3, 5));
	ok(!again(key, line, 5) && key->wait > 0, "once is not again");
	kv_order_keep(key, span_make(line, 9), span_make(line + 3, 5));
	ok(again(key, line, 5), "twice is");
	ok(!again(key, other, 5) && !again(key, "tz=+0900", 5) &&
		!again(key, "tz=+09001 ", 5),
	    "another value is not, nor one that goes on");
	kv_order_keep(key, span_make(other, 9), span_make(other + 3, 5));
	ok(!again(key, line, 5) && !again(key, other, 5),
	    "after another, neither is");
	kv_order_keep(key, span_make(most, 32), span_make(most + 3, 28));
	kv_order_keep(key, span_make(most, 32), span_make(most + 3, 28));
	ok(again(key, most, 28), "32 bytes");
	kv_order_keep(key, span_make(more, 33), span_make(more + 3, 29));
	kv_order_keep(key, span_make(more, 33), span_make(more + 3, 29));
	ok(!again(key, more, 29) && key->wait > 0, "and no more");
	kv_order_free(o);
}

int
main(void)
{
	const char *have;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		have = print_pairs(pairs[i].in);
		ok(strcmp(have, pairs[i].want) == 0, "pairs: %s",
		    pairs[i].name);
		if (strcmp(have, pairs[i].want) != 0)
			printf("# have %s\n", have);
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		have = print_row(rows[i].in);
		ok(strcmp(have, rows[i].want) == 0, "cells: %s", rows[i].name);
		if (strcmp(have, rows[i].want) != 0)
			printf("# have %s\n", have);
	}
	{
		struct kv k = kv_make(SPAN("a=1; b=two words;;c=3"), '=', ';');
		struct kv_pair p;

		ok(kv_next(&k, &p) && kv_next(&k, &p) && span_is(p.key, "b") &&
			span_is(p.value, "two words") && kv_next(&k, &p) &&
			span_is(p.key, "c") && !kv_next(&k, &p),
		    "pairs: another separator, blanks behind it");
	}
	test_many_cells();
	test_names();
	test_near();
	test_order();
	test_again();
	return done();
}
