/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/outside.h"

#include "tests/tap.h"

#define NOTE                                                                   \
	"test.example/log\n9\n"                                                \
	"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"                     \
	"\u2014 test.example/log AAAAAAAA\n"

static const struct {
	const char *name, *in;
	bool good;
} cases[] = {
	{ "a URL and a note", "ev1 outside\nfrom=http://w.example/\n\n" NOTE,
	    true },
	{ "a folder with a blank", "ev1 outside\nfrom=/mnt/a%20b\n\n" NOTE,
	    true },
	{ "nobody says where", "ev1 outside\nfrom=%\n\n" NOTE, true },
	{ "a blank as it is", "ev1 outside\nfrom=/mnt/a b\n\n" NOTE, false },
	{ "a letter escaped", "ev1 outside\nfrom=%41\n\n" NOTE, false },
	{ "a NUL", "ev1 outside\nfrom=a%00\n\n" NOTE, false },
	{ "no empty line", "ev1 outside\nfrom=a\n" NOTE, false },
	{ "another version", "ev2 outside\nfrom=a\n\n" NOTE, false },
	{ "no note", "ev1 outside\nfrom=a\n\n", false },
	{ "a note over something else",
	    "ev1 outside\nfrom=a\n\nhello\n\n\u2014 a AAAAAAAA\n", false },
	{ "nothing", "", false },
};

int
main(void)
{
	struct outside o;
	struct note_key k;
	uint8_t key[KEY_LEN] = { 1 };
	struct buf out;

	buf_init(&out);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = outside_parse(span_str(cases[i].in), &o) == 0;

		out.len = 0;
		if (good)
			outside_print(&o, &out);
		ok(good == cases[i].good &&
			(!good || span_is(buf_view(&out), cases[i].in)),
		    "%s", cases[i].name);
	}
	ok(outside_parse(span_str(cases[0].in), &o) == 0 && o.c.size == 9 &&
		note_key_init(&k, SPAN("test.example/log"), key) == 0 &&
		!outside_verify(&o, &k),
	    "who has another key is not convinced");
	buf_fini(&out);
	return done();
}
