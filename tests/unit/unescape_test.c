/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/unescape.h"

#include "tests/tap.h"

static const struct {
	const char *in, *want;
} cases[] = {
	{ "", "" },
	{ "a b", "a b" },
	{ "Log#0111#011Security#01115", "Log\t1\tSecurity\t15" },
	{ "Subject:#015#012#011Name", "Subject:\r\n\tName" },
	{ "#343#201#202x", "あx" },
	{ "user=#223c#222#206|#225\\|", "user=田中|表|" },
	{ "user=#223#143", "user=\uFFFD#143" },
	{ "#101 is a printable one", "#101 is a printable one" },
	{ "#400", "#400" },
	{ "#08", "#08" },
	{ "#01", "#01" },
	{ "#", "#" },
	{ "room #012", "room \n" },
	{ "##011", "#\t" },
};

int
main(void)
{
	struct arena *a = arena_new();
	struct span have, in;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		in = span_str(cases[i].in);
		have = unescape(in, a);
		ok(span_is(have, cases[i].want), "'%s'", cases[i].in);
		if (!span_is(have, cases[i].want))
			printf("# have '%.*s'\n", (int)have.len,
			    (const char *)have.p);
	}
	in = SPAN("nothing #1 to do");
	ok(unescape(in, a).p == in.p, "nothing to do is not copied");
	arena_free(a);
	return done();
}
