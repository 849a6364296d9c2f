/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/yaml.h"

#include <stdlib.h>

#include "common/buf.h"
#include "common/log.h"
#include "tests/tap.h"

static struct arena *arena;
static struct yaml_error err;

static struct yaml_node *
parse(const char *text)
{
	memset(&err, 0, sizeof(err));
	return yaml_parse(span_str(text), "t.yml", arena, &err);
}

static const struct {
	const char *name, *in;
	unsigned line, col;
	const char *what; /* part of the sentence */
} refused[] = {
	{ "an anchor", "a: &x 1\nb: 2\n", 1, 4, "anchors" },
	{ "an anchor on a map", "a: &x\n  b: 1\n", 1, 4, "anchors" },
	{ "an anchor on a sequence", "a: &x [1]\n", 1, 4, "anchors" },
	{ "an anchor on a key", "&x a: 1\n", 1, 1, "anchors" },
	{ "an alias", "a: 1\nb: *x\n", 2, 4, "anchors" },
	{ "a tag", "a: !include b\n", 1, 4, "tags" },
	{ "a tag on a map", "a: !!map {}\n", 1, 4, "tags" },
	{ "a tag on a sequence", "a: !!seq []\n", 1, 4, "tags" },
	{ "a key twice", "a: 1\nb: 2\n'a': 3\n", 3, 1, "after line 1" },
	{ "a key twice, below", "x:\n  - k: 1\n    l: 2\n    k: 3\n", 4, 5,
	    "'k'" },
	{ "a key twice in a line", "{k: 1, k: 2}", 1, 8, "'k'" },
	{ "a map for a key", "? {a: 1}\n: 2\n", 1, 3, "key" },
	{ "a sequence for a key", "? [a]\n: 2\n", 1, 3, "key" },
	{ "a tab", "a:\n\tb: 1\n", 2, 1, "tab" },
	{ "a colon too many", "a: b: c\n", 1, 5, "':'" },
	{ "a quote not closed", "a: 'b\nc: d\n", 3, 1, "quote" },
	{ "a bracket not closed", "a: [1, 2\n", 2, 1, "']'" },
	{ "an indentation", "a: 1\n  b: 2\n", 2, 4, "':'" },
	{ "CP932", "a: 1\nbc: \x95\x5C\n", 2, 5, "UTF-8" },
	{ "a control character", "a: 1\nbc: x\x01y\n", 2, 6, "control" },
	{ "two documents", "a: 1\n---\nb: 2\n", 3, 1, "second" },
	{ "nothing", "", 0, 0, "nothing" },
	{ "comments only", "# a\n# b\n", 0, 0, "nothing" },
};

static void
check_refused(void)
{
	struct yaml_node *n;
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		n = parse(refused[i].in);
		ok(n == NULL && err.line == refused[i].line &&
			err.col == refused[i].col &&
			strstr(err.what, refused[i].what) != NULL &&
			strcmp(err.file, "t.yml") == 0,
		    "%s: %u:%u: %s", refused[i].name, err.line, err.col,
		    err.what);
	}
}

static void
check_tree(void)
{
	struct yaml_node *root, *n, *kid;
	bool b;

	root = parse("# head\nname: 病院\nports:\n  - 514\n  - \"on\"\n"
		     "  - On\nempty:\nnul: \"a\\0b\"\ntext: |\n  x\n  y\n");
	ok(root != NULL && root->kind == YAML_MAP && root->n == 5,
	    "a map of five");
	if (root == NULL)
		return;
	n = yaml_get(root, "name");
	ok(n != NULL && n->kind == YAML_SCALAR && span_is(n->text, "病院") &&
		n->plain && n->text.p[n->text.len] == 0,
	    "a scalar, with a NUL behind it");
	ok(n->line == 2 && n->col == 7 && n->key_line == 2 && n->key_col == 1 &&
		span_is(n->key, "name"),
	    "it knows its place and name");
	n = yaml_get(root, "ports");
	ok(n->kind == YAML_SEQ && n->n == 3 && n->line == 4 && n->col == 3 &&
		n->key_line == 3,
	    "a sequence knows its place");
	kid = n->first;
	ok(span_is(kid->text, "514") && kid->key.len == 0 && kid->line == 4 &&
		kid->col == 5,
	    "its items have no name");
	kid = kid->next;
	ok(span_is(kid->text, "on") && !kid->plain && yaml_bool(kid, &b) != 0,
	    "a quoted word is no bool");
	ok(yaml_bool(kid->next, &b) == 0 && b && kid->next->next == NULL,
	    "a plain one is, in any case");
	n = yaml_get(root, "empty");
	ok(n->kind == YAML_SCALAR && n->text.len == 0 && n->plain,
	    "no value is an empty plain scalar");
	ok(span_eq(yaml_get(root, "nul")->text, span_make("a\0b", 3)),
	    "a NUL inside is kept");
	ok(span_is(yaml_get(root, "text")->text, "x\ny\n"), "a block");
	ok(yaml_get(root, "none") == NULL && yaml_get(kid, "x") == NULL,
	    "what is not there");
	ok(yaml_bool(root, &b) != 0, "a map is no bool");
}

static void
check_limits(void)
{
	char deep[2 * (YAML_DEPTH + 1) + 1];
	struct buf b;
	unsigned i;

	memset(deep, '[', YAML_DEPTH);
	memset(deep + YAML_DEPTH, ']', YAML_DEPTH);
	deep[2 * YAML_DEPTH] = '\0';
	ok(parse(deep) != NULL, "%d levels", YAML_DEPTH);
	memset(deep, '[', YAML_DEPTH + 1);
	ok(parse(deep) == NULL && err.line == 1 && err.col == YAML_DEPTH + 1,
	    "one more: %s", err.what);

	buf_init(&b);
	for (i = 0; i < 100000; i++)
		buf_printf(&b, "k%u: 1\n", i);
	buf_str(&b, "k77: 2\n");
	ok(yaml_parse(buf_view(&b), "t.yml", arena, &err) == NULL &&
		err.line == 100001 && err.col == 1,
	    "one key twice among 100000");
	memset(buf_reserve(&b, YAML_BYTES), ' ', YAML_BYTES);
	b.len = YAML_BYTES + 1;
	ok(yaml_parse(buf_view(&b), "t.yml", arena, &err) == NULL &&
		err.line == 0 && strstr(err.what, "8388608") != NULL,
	    "a file that is too long: %s", err.what);
	buf_fini(&b);
}

static void
check_all(void)
{
	struct yaml_node *docs;

	docs = yaml_parse_all(SPAN("a: 1\n---\n- b\n...\n--- c\n"), "t.yml",
	    arena, &err);
	ok(docs != NULL && docs->n == 3 && docs->first->kind == YAML_MAP &&
		docs->first->next->kind == YAML_SEQ &&
		docs->first->next->line == 3,
	    "three documents");
	docs = yaml_parse_all(SPAN("# none\n"), "t.yml", arena, &err);
	ok(docs != NULL && docs->n == 0, "or none");
}

static void
check_errors(void)
{
	char name[400];
	struct yaml_node at = { .line = 3, .col = 4 };
	size_t i;

	ok(yaml_load("/nonexistent.yml", arena, &err) == NULL &&
		err.line == 0 && strcmp(err.file, "/nonexistent.yml") == 0 &&
		strstr(err.what, "No such file") != NULL,
	    "a file that is not there: %s", err.what);
	ok(yaml_fail(&err, "f", &at, "%s %d", "x", 1) == -1 && err.line == 3 &&
		err.col == 4 && strcmp(err.what, "x 1") == 0,
	    "fail fills in the place");
	memset(name, 'x', sizeof(name));
	for (i = 0; i < 390; i += 3)
		memcpy(name + i, "漏", 3);
	name[sizeof(name) - 1] = '\0';
	yaml_fail(&err, name, NULL, "-");
	ok(strlen(err.file) == 255 && memcmp(err.file + 252, "漏", 3) == 0,
	    "a long name is cut between characters");
	memcpy(name, "abc", 3);
	yaml_fail(&err, name + 1, NULL, "%s", name + 1);
	ok(strlen(err.file) == 254, "or cut back to one");
	ok(strlen(err.what) == 398, "a long sentence fits");
	log_set_lang("ja");
	parse("a: &x 1");
	ok(strstr(err.what, "アンカー") != NULL, "in Japanese: %s", err.what);
	parse("a: b: c");
	ok(strstr(err.what, "字下げ") != NULL, "libyaml's words too");
}

static void
check_load(void)
{
	const char *src = getenv("srcdir");
	char path[512];
	struct yaml_node *n;

	snprintf(path, sizeof(path), "%s/tests/fuzz/yaml/config.yml",
	    src == NULL ? "." : src);
	n = yaml_load(path, arena, &err);
	ok(n != NULL && yaml_get(n, "site") != NULL, "a file is loaded");
}

int
main(void)
{
	arena = arena_new();
	log_set_lang("en");
	check_refused();
	check_tree();
	check_limits();
	check_all();
	check_load();
	check_errors();
	arena_free(arena);
	return done();
}
