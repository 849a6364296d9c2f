/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cef.h"
#include "analyzer/format/jsonpath.h"
#include "analyzer/format/pairs.h"
#include "analyzer/format/xmlpath.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "tests/tap.h"

static struct buf out;

static void
print(struct span key, struct span value, const char *mark)
{
	buf_span(&out, key);
	buf_byte(&out, '<');
	buf_span(&out, value);
	buf_byte(&out, '>');
	buf_str(&out, mark);
}

static void
check(const char *name, const char *want)
{
	const char *have = buf_cstr(&out);

	ok(strcmp(have, want) == 0, "%s", name);
	if (strcmp(have, want) != 0)
		printf("# %s\n# wanted: %s\n", have, want);
	buf_fini(&out);
	buf_init(&out);
}

/* Pairs as key<value>, ! behind one that never closes. */
static const struct {
	const char *name, *pair, *sep, *quotes;
	bool blanks;
	const char *in, *want;
} pair_rows[] = {
	{ "nothing", "=", " ", "", false, "", "" },
	{ "commas and colons", ": ", ", ", "", false,
	    "a: 1, b: two words, c: ", "a<1>b<two words>c<>" },
	{ "single quotes", "=", " ", "'\"", false,
	    "a='1 2' b=\"3 '4'\" c='5", "a<1 2>b<3 '4'>c<5>!" },
	{ "semicolons, quotes behind a colon", ":", ";", "\"", false,
	    "a:\"1;2\"; b:\"3\"; c:4", "a<1;2>b<3>c<4>" },
	{ "a separator that begins like a pair", " ", " - ", "\"", false,
	    "User x - Command \"a - b\" - Vserver 1:2 - S ok",
	    "User<x>Command<a - b>Vserver<1:2>S<ok>" },
	{ "no value before such a separator", " ", " - ", "\"", false,
	    "User - Remote_ip - Command \"logout\" - S",
	    "User<>Remote_ip<>Command<logout>" },
	{ "words before a pair", "=", " ", "", false, "x y a=1 z b=2",
	    "a<1>b<2>" },
	{ "blanks in values", "=", " ", "", true, "a=1 2 3 b=4 c=d e",
	    "a<1 2 3>b<4>c<d e>" },
	{ "a URL in a value is no key", "=", " ", "", true,
	    "a=see http://h/?x=1&y=2 b=3", "a<see http://h/?x=1&y=2>b<3>" },
	{ "equal signs that are kept", "=", " ", "", true, "a=x\\=1 b=2",
	    "a<x\\=1>b<2>" },
	{ "blanks around", " = ", "|", "", false, " a = 1 | b = 2 ",
	    "a<1>b<2>" },
	{ "no key", "=", " ", "", false, "=1 = a=2", "a<2>" },
};

static void
test_pairs(void)
{
	struct pairs_form form;
	struct kv_pair p;
	struct pairs k;
	size_t i;

	for (i = 0; i < sizeof(pair_rows) / sizeof(pair_rows[0]); i++) {
		form = (struct pairs_form){ span_str(pair_rows[i].pair),
			span_str(pair_rows[i].sep),
			span_str(pair_rows[i].quotes), pair_rows[i].blanks };
		k = pairs_make(span_str(pair_rows[i].in), &form);
		while (pairs_next(&k, &p))
			print(p.key, p.value, p.open ? "!" : "");
		check(pair_rows[i].name, pair_rows[i].want);
	}
}

static const struct {
	const char *name, *in, *want;
	bool leef;
} cef_rows[] = {
	{ "CEF", "x CEF:0|V|P|1|100|n|5|src=192.0.2.1 msg=a b",
	    "V|P|1|100|n|5|src<192.0.2.1>msg<a b>", false },
	{ "bars in the head", "CEF:0|V|a\\|b|1|7|n|5|",
	    "V|a\\|b|1|7|n|5|", false },
	{ "no extension", "CEF:0|V|P|1|100|n|5", "V|P|1|100|n|5|", false },
	{ "a head that is cut", "CEF:0|V|P|1|100", "-", false },
	{ "no CEF", "a|b|c|d|e|f|g|h", "-", false },
	{ "CEF: was taken for a name", "0|V|P|1|100|n|5|src=192.0.2.1",
	    "V|P|1|100|n|5|src<192.0.2.1>", false },
	{ "LEEF: was taken for a name", "1.0|V|P|1|100|a=1\tb=2",
	    "V|P|1|100|||a<1>b<2>", true },
	{ "LEEF with tabs", "LEEF:1.0|V|P|1|100|a=1 2\tb=x=y",
	    "V|P|1|100|||a<1 2>b<x=y>", true },
	{ "LEEF with a delimiter", "LEEF:2.0|V|P|1|100|^|a=1^b=2",
	    "V|P|1|100|||a<1>b<2>", true },
	{ "LEEF with one in hexadecimal", "LEEF:2.0|V|P|1|100|x09|a=1\tb=2",
	    "V|P|1|100|||a<1>b<2>", true },
	{ "tabs that a receiver wrote as #011",
	    "LEEF:1.0|V|P|1|100|a=1#011b=2 3", "V|P|1|100|||a<1>b<2 3>",
	    true },
	{ "LEEF with blanks", "LEEF:1.0|V|P|1|100|a=1 b=2 3",
	    "V|P|1|100|||a<1>b<2 3>", true },
};

/* Backslashes: of CEF, or of a path that a sender wrote as it is. */
static void
test_cef_unescape(void)
{
	static const char *const rows[][2] = {
		{ "a\\=b\\|c\\\\d", "a=b|c\\d" },
		{ "one\\ntwo\\r", "one\ntwo\r" },
		{ "C:\\\\Temp\\\\new", "C:\\Temp\\new" },
		{ "C:\\Temp\\new.exe", "C:\\Temp\\new.exe" },
	};
	uint8_t text[64];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span in = span_str(rows[i][0]);

		ok(span_eq(span_make(text, cef_unescape(in, text)),
		       span_str(rows[i][1])),
		    "unescaped: %s", rows[i][0]);
	}
}

static void
test_cef(void)
{
	struct kv_pair p;
	struct pairs k;
	struct cef c;
	size_t i, n;

	for (i = 0; i < sizeof(cef_rows) / sizeof(cef_rows[0]); i++) {
		bool ok = cef_rows[i].leef
		    ? leef_read(span_str(cef_rows[i].in), &c)
		    : cef_read(span_str(cef_rows[i].in), &c);

		if (!ok)
			buf_str(&out, "-");
		for (n = 0; ok && n < CEF_PARTS; n++) {
			buf_span(&out, c.part[n]);
			buf_byte(&out, '|');
		}
		k = pairs_make(c.extension, &c.form);
		while (ok && pairs_next(&k, &p))
			print(p.key, p.value, "");
		check(cef_rows[i].name, cef_rows[i].want);
	}
}

static const struct {
	const char *name, *in, *want;
} json_rows[] = {
	{ "members", "{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":null}",
	    "a<1>b<x>c<true>d<>" },
	{ "objects and arrays",
	    "{\"a\":{\"b\":[1,{\"c\":2}],\"d\":3},\"e\":[]}",
	    "a.b.0<1>a.b.1.c<2>a.d<3>" },
	{ "an array of arrays", "{\"a\":[[1,2],[3]]}",
	    "a.0.0<1>a.0.1<2>a.1.0<3>" },
	{ "a cookie and blanks", " @cee: { \"a\" : 1 } rest", "a<1>" },
	{ "escapes",
	    "{\"a\":\"\\\"\\\\\\/\\n\\u5c71\\ud83d\\ude00\\ud83d\\q\"}",
	    "a<\"\\/\n\xe5\xb1\xb1\xf0\x9f\x98\x80\xef\xbf\xbd\\q>" },
	{ "half a value is none", "{\"a\":1,\"b\":\"192.0.2.1", "a<1>!" },
	{ "half a number is none", "{\"a\":1,\"b\":12", "a<1>!" },
	{ "an object that is cut", "{\"a\":{\"b\":1}", "a.b<1>!" },
	{ "something else than a name", "{\"a\":1,2}", "a<1>!" },
	{ "a name without a value", "{\"a\":1,\"b\":}", "a<1>!" },
	{ "no object", "[1]", "" },
	{ "nothing", "", "" },
};

static void
test_json(void)
{
	struct jsonpath_value v;
	struct jsonpath j;
	uint8_t text[256];
	size_t i;

	for (i = 0; i < sizeof(json_rows) / sizeof(json_rows[0]); i++) {
		jsonpath_begin(&j, span_str(json_rows[i].in));
		while (jsonpath_next(&j, &v)) {
			if (v.escaped)
				v.text = span_make(text,
				    jsonpath_unescape(v.text, text));
			print(v.path, v.text, "");
		}
		buf_str(&out, j.fault != NULL ? "!" : "");
		check(json_rows[i].name, json_rows[i].want);
	}
}

static const struct {
	const char *name, *in, *want;
} xml_rows[] = {
	{ "texts and attributes",
	    "<?xml version='1.0'?><E a='0'><x:S b=\"1\"><T>t</T></x:S></E>",
	    "@a<0>S@b<1>S.T<t>" },
	{ "an element goes by its Name",
	    "<E><D><Data Name=\"U\">u</Data><Data Name='V'/></D></E>",
	    "D.Data@Name<U>D.U<u>D.Data@Name<V>" },
	{ "entities",
	    "<E><T>&lt;&amp;&#65;&#x5c71;&quot;&apos;&gt;&x;&#0;</T></E>",
	    "T<<&A\xe5\xb1\xb1\"'>&x;&#0;>" },
	{ "CDATA and comments",
	    "<E><!-- <T>no</T> --><T><![CDATA[a<b>&amp;]]></T></E>",
	    "T<a<b>&amp;>" },
	{ "text and elements", "<E>a<T>b</T>c</E>", "<a>T<b><c>" },
	{ "a text that is cut", "<E><T>b</T><U>192.0.2.1", "T<b>!" },
	{ "a tag that is cut", "<E><T>b</T><U a=\"x", "T<b>!" },
	{ "a quoted bracket", "<E><T a=\"x>y\">b</T></E>", "T@a<x>y>T<b>" },
	{ "a DTD", "<!DOCTYPE E [<!ENTITY a \"b\">]><E>&a;</E>", "!" },
	{ "what follows the root", "<E><T>b</T></E><F>x</F>", "T<b>" },
	{ "no XML", "plain", "" },
};

static void
test_xml(void)
{
	struct xmlpath_value v;
	struct xmlpath x;
	uint8_t text[256];
	size_t i;

	for (i = 0; i < sizeof(xml_rows) / sizeof(xml_rows[0]); i++) {
		xmlpath_begin(&x, span_str(xml_rows[i].in));
		while (xmlpath_next(&x, &v)) {
			if (v.escaped)
				v.text = span_make(text,
				    xmlpath_unescape(v.text, text));
			print(v.path, v.text, "");
		}
		buf_str(&out, x.fault != NULL ? "!" : "");
		check(xml_rows[i].name, xml_rows[i].want);
	}
}

/* Too deep, or a path too long: nothing wrong is said. */
static void
test_bounds(void)
{
	struct jsonpath_value v;
	struct xmlpath_value w;
	struct jsonpath j;
	struct xmlpath x;
	struct buf in;
	int i, n = 0;

	buf_init(&in);
	for (i = 0; i < 100; i++)
		buf_str(&in, "{\"a\":");
	jsonpath_begin(&j, buf_view(&in));
	ok(!jsonpath_next(&j, &v) && j.fault != NULL, "JSON that is too deep");
	in.len = 0;
	for (i = 0; i < 100; i++)
		buf_str(&in, "<a>");
	xmlpath_begin(&x, buf_view(&in));
	ok(!xmlpath_next(&x, &w) && x.fault != NULL, "XML that is too deep");
	in.len = 0;
	buf_str(&in, "{\"");
	for (i = 0; i < JSONPATH_MAX; i++)
		buf_byte(&in, 'k');
	buf_str(&in, "\":{\"b\":1},\"c\":2}");
	jsonpath_begin(&j, buf_view(&in));
	while (jsonpath_next(&j, &v))
		n += v.path.len == 0 ? 1 : span_is(v.path, "c") ? 10 : 100;
	ok(n == 11, "a path that is too long is not given");
	buf_fini(&in);
}

int
main(void)
{
	buf_init(&out);
	test_pairs();
	test_cef();
	test_cef_unescape();
	test_json();
	test_xml();
	test_bounds();
	buf_fini(&out);
	return done();
}
