/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/package.h"

#include <string.h>

#include "evidence/bag.h"
#include "evidence/leaf.h"
#include "tests/tap.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const struct {
	const char *name, *label, *value, *want; /* NULL: refused */
} infos[] = {
	{ "an element", "Source-Organization", "第一病院",
	    "Source-Organization: 第一病院\n" },
	{ "a value with a colon", "A", "b: c", "A: b: c\n" },
	{ "an empty value", "A", "", "A: \n" },
	{ "no label", "", "x", NULL },
	{ "a colon in the label", "a:b", "x", NULL },
	{ "blanks around the label", " a", "x", NULL },
	{ "blanks around the value", "a", "x ", NULL },
	{ "a line end that would begin another element", "a", "x\nb: c", NULL },
	{ "a CR", "a", "x\ry", NULL },
};

static const struct {
	const char *name, *path, *want;
} paths[] = {
	{ "a path", "data/log/log", ZEROS "  data/log/log\n" },
	{ "blanks and Japanese stay", "data/a b/記録",
	    ZEROS "  data/a b/記録\n" },
	{ "a percent sign", "data/100%", ZEROS "  data/100%25\n" },
	{ "line ends", "data/a\nb\rc", ZEROS "  data/a%0Ab%0Dc\n" },
};

static const struct {
	const char *name, *in;
	bool want;
} texts[] = {
	{ "a reason", "刑事訴訟法 第218条", true },
	{ "a line end, which would begin another line", "a\nsize 1", false },
	{ "a tab", "a\tb", false },
	{ "a control character", "a\033b", false },
	{ "nothing", "", false },
	{ "a blank in front", " a", false },
	{ "a wide blank behind", "a\u3000", false },
	{ "no UTF-8", "\203e", false },
};

static void
bag(void)
{
	static const uint8_t hash[SHA256_LEN];
	struct buf out;
	size_t i;
	int rc;

	buf_init(&out);
	for (i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		out.len = 0;
		rc = bag_info_print(infos[i].label, span_str(infos[i].value),
		    &out);
		ok(infos[i].want == NULL
			? rc == -1 && out.len == 0
			: rc == 0 && span_is(buf_view(&out), infos[i].want),
		    "bag-info: %s", infos[i].name);
	}
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		out.len = 0;
		bag_manifest_print(hash, span_str(paths[i].path), &out);
		ok(span_is(buf_view(&out), paths[i].want), "manifest: %s",
		    paths[i].name);
	}
	out.len = 0;
	bag_declaration_print(&out);
	ok(span_is(buf_view(&out),
	       "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
	    "bagit.txt");
	buf_fini(&out);
}

static void
package(void)
{
	static const uint8_t hash[SHA256_LEN];
	static const struct package_gone gone[] = { { 1, 3, 4, 8 },
		{ 2, 5, 5, PACKAGE_UNSAID } };
	struct package p = { .origin = SPAN("a.example/evidence"),
		.kind = PACKAGE_EXCERPT,
		.created = 17,
		.size = 9,
		.first = 2,
		.last = 7,
		.shown = 2,
		.withheld = 1,
		.gone = gone,
		.n_gone = 2,
		.why = SPAN("w h y"),
		.authority = SPAN("§1"),
		.recipient = SPAN("x") };
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ok(package_text_ok(span_str(texts[i].in)) == texts[i].want,
		    "text: %s", texts[i].name);
	package_print(&p, &out);
	ok(span_is(buf_view(&out),
	       "ev1 package\norigin a.example/evidence\nkind excerpt\n"
	       "created 17\nsize 9\nrecords 2 7\nbodies 2 1\ngone 1 3 4 8\n"
	       "gone 2 5 5 -\nwhy w h y\nauthority §1\nfor x\n"),
	    "package.txt");
	out.len = 0;
	package_print_name(&p, &out);
	ok(span_is(buf_view(&out), "a.example-evidence-2-7"), "its name");
	out.len = 0;
	package_print_note(&p, hash, &out);
	ok(span_is(buf_view(&out),
	       "konseki package\na.example/evidence\n" ZEROS "\n17\n"),
	    "the text of its note");
	buf_fini(&out);
}

/* Five leaves, of which 1 and 3 are not hidden. */
static void
excerpt(void)
{
	static const char want[] =
	    "evx1 a.example/evidence 5\n"
	    "h 0 0 %0\n"
	    "r 07070707070707070707070707070707 line1\nbo\ndy\n"
	    "h 0 2 %2\n"
	    "w line3\n"
	    "h 0 4 %4\n";
	struct package p = { .origin = SPAN("a.example/evidence"), .size = 5 };
	struct tree_range gap;
	uint8_t leaf[SHA256_LEN], nonce[16];
	struct buf out;
	const char *s;
	uint64_t i, at = 0;
	size_t bad = 0;

	memset(nonce, 7, sizeof(nonce));
	buf_init(&out);
	package_print_excerpt(&p, &out);
	for (i = 0; i < 5; i++) {
		if (i == 1)
			package_print_shown(nonce, SPAN("line1"),
			    SPAN("bo\ndy"), &out);
		else if (i == 3)
			package_print_withheld(SPAN("line3"), &out);
		else {
			memset(leaf, (int)i, sizeof(leaf));
			tree_range_init(&gap, i);
			tree_range_append(&gap, leaf);
			package_print_hidden(&gap, &out);
		}
	}
	for (s = want; *s != '\0'; s++) {
		if (*s != '%') {
			bad += out.p[at++] != (uint8_t)*s;
			continue;
		}
		s++;
		for (i = 0; i < 2 * SHA256_LEN; i++)
			bad += out.p[at++] != (i % 2 == 0 ? '0' : *s);
	}
	ok(bad == 0 && at == out.len, "an excerpt");
	out.len = 0;
	tree_range_init(&gap, 3);
	for (i = 3; i < 8; i++)
		tree_range_append(&gap, leaf);
	package_print_hidden(&gap, &out);
	ok(memcmp(out.p, "h 0 3 ", 6) == 0 &&
		memcmp(out.p + 71, "h 2 1 ", 6) == 0 && out.len == 142,
	    "leaves 3 to 7 are two subtrees");
	buf_fini(&out);
}

int
main(void)
{
	bag();
	package();
	excerpt();
	return done();
}
