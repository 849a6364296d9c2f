/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/indicator.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/find/indicators.h"
#include "common/log.h"
#include "tests/tap.h"

/* "kind text", or "!" and the number of the error. */
static const struct {
	const char *name, *value, *type, *want;
} cases[] = {
	{ "an address", "198.51.100.7", "", "address 198.51.100.7" },
	{ "made harmless", " 198[.]51(.)100[dot]7 ", "",
	    "address 198.51.100.7" },
	{ "with a port", "198.51.100.7:443", "", "address 198.51.100.7" },
	{ "IPv6, as others write it", "2001:0DB8:0::0:1", "",
	    "address 2001:db8::1" },
	{ "IPv6 with a port", "[2001:db8::1]:443", "", "address 2001:db8::1" },
	{ "IPv4 in IPv6", "::ffff:c633:6407", "", "address 198.51.100.7" },
	{ "a network, host bits cleared", "198.51.100.7/24", "",
	    "network 198.51.100.0/24" },
	{ "a network of one", "198.51.100.7/32", "", "address 198.51.100.7" },
	{ "a network of IPv6", "2001:db8::/32", "cidr",
	    "network 2001:db8::/32" },
	{ "a range is none", "198.51.100.7-198.51.100.9", "", "!ADDRESS" },
	{ "a number too large", "198.51.100.256", "", "!ADDRESS" },
	{ "five parts", "1.198.51.100.7", "", "!ADDRESS" },
	{ "no address, though the list says so", "example.net", "ip-dst",
	    "!ADDRESS" },
	{ "a name", "Evil[.]Example.NET.", "", "name evil.example.net" },
	{ "all below one", "*.example.net", "", "name example.net" },
	{ "a file is a name, too", "mimikatz.exe", "", "name mimikatz.exe" },
	{ "a name of one label, if the list says so", "EMR01", "hostname",
	    "name emr01" },
	{ "without, it is a word", "EMR01", "", "word emr01" },
	{ "no name", "a b", "domain", "!NAME" },
	{ "an empty label", "a..example", "domain", "!NAME" },
	{ "no label to look for", "a.b", "domain", "!SHORT" },
	{ "a URL: its host", "hxxps[://]www[.]example[.]net:8443/a?b", "",
	    "name www.example.net" },
	{ "a URL with an address", "http://u:p@198.51.100.7/x", "url",
	    "address 198.51.100.7" },
	{ "a URL without a host", "http:///x", "", "!URL" },
	{ "a hash of 32", "D41D8CD98F00B204E9800998ECF8427E", "",
	    "hash d41d8cd98f00b204e9800998ecf8427e" },
	{ "no hash, though the list says so", "d41d8", "md5", "!HASH" },
	{ "a word, folded", "ＡＢＣ　ﾊﾞｯｸﾄﾞｱ", "", "word abc バックドア" },
	{ "a mail address is a word", "Evil[at]example.net", "",
	    "word evil@example.net" },
	{ "of a word nothing is undone", "a[.]b", "word", "word a[.]b" },
	{ "a Japanese type", "198.51.100.7", "ＩＰアドレス",
	    "address 198.51.100.7" },
	{ "a type that is not known", "x1", "colour", "!TYPE" },
	{ "nothing", " \xE3\x80\x80 ", "", "!EMPTY" },
	{ "one character", "x", "", "!SHORT" },
	{ "a control character", "a\tb", "", "!CONTROL" },
	{ "no text", "a\xFF", "", "!CONTROL" },
	{ "what did not decode", "a\xEF\xBF\xBD", "", "!ENCODING" },
};

static const char *const errors[] = {
#define INDICATOR_ERR(id, en, ja) "!" #id,
#include "analyzer/find/indicator_err_tbl.h"
#undef INDICATOR_ERR
};

static void
one(size_t i, struct arena *arena)
{
	struct indicator x;
	enum indicator_err e;
	char got[INDICATOR_MAX + 32];

	e = indicator_parse(span_str(cases[i].value), span_str(cases[i].type),
	    arena, &x);
	if (e == INDICATOR_ERR_OK)
		snprintf(got, sizeof(got), "%s %.*s",
		    indicator_kind_word(x.kind), (int)x.text.len,
		    (const char *)x.text.p);
	else
		snprintf(got, sizeof(got), "%s", errors[e]);
	ok(strcmp(got, cases[i].want) == 0, "%s: %s", cases[i].name, got);
}

/* ---- lists ---- */

static void
on_refusal(void *cookie, const struct indicators_refusal *r)
{
	buf_printf(cookie, "!%u[%s]", r->row, r->value);
}

static void
list(const char *name, const char *bytes, const char *want)
{
	struct arena *arena = arena_new();
	struct indicators is;
	struct buf got;
	size_t i;

	buf_init(&got);
	indicators_init(&is, arena);
	is.refuse = on_refusal;
	is.cookie = &got;
	indicators_add_list(&is, span_str(bytes), "x");
	indicators_finish(&is);
	for (i = 0; i < is.n; i++)
		buf_printf(&got, "%u:%.*s ", is.v[i].row, (int)is.v[i].text.len,
		    (const char *)is.v[i].text.p);
	ok(strcmp(buf_cstr(&got), want) == 0, "%s: %s", name, buf_cstr(&got));
	indicators_fini(&is);
	buf_fini(&got);
	arena_free(arena);
}

int
main(void)
{
	struct arena *arena = arena_new();
	size_t i, n = sizeof(cases) / sizeof(cases[0]);

	log_set_lang("en");
	for (i = 0; i < n; i++)
		one(i, arena);
	list("a plain list", "# x\n\n198.51.100.7\nevil.example\n",
	    "3:198.51.100.7 4:evil.example ");
	list("columns by name, in any order",
	    "note,type,indicator\na,word,evil.example\nb,,evil.example\n",
	    "3:evil.example 2:evil.example ");
	list("a header in Japanese, in CP932",
	    "\x8E\xED\x95\xCA,\x92\x6C\nIP,192.0.2.1\n", "2:192.0.2.1 ");
	list("a row that is refused, and the rest",
	    "192.0.2.1\n192.0.2.999\n192.0.2.2\n",
	    "!2[192.0.2.999]1:192.0.2.1 3:192.0.2.2 ");
	list("what is written twice counts once, at its first place",
	    "192.0.2.1\n192[.]0.2.1\n", "1:192.0.2.1 ");
	list("an open quote ends the list, and is said",
	    "192.0.2.1\n\"192.0.2.2\n", "!2[]1:192.0.2.1 ");
	list("an empty list is said", "# nothing\n", "!0[]");
	list("a row without the column", "a,value\nx\n", "!2[]");
	arena_free(arena);
	return done();
}
