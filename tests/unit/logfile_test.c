/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/logfile.h"

#include <string.h>

#include "tests/tap.h"

#define ORIGIN "ev1 log\norigin example.jp/log\n"
#define KEY                                                                    \
	"key example.jp/log+39092b27"                                          \
	"+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
#define R "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"
#define GOOD ORIGIN KEY "epochs 18 600 " R "\ncreated 1763650000000000\n"

static const struct {
	const char *name, *in;
	unsigned line; /* that is wrong; 0: none */
} cases[] = {
	{ "a log file", GOOD, 0 },
	{ "nothing", "", 1 },
	{ "another version", "ev2 log\n", 1 },
	{ "more in the first line", "ev1 log \n", 1 },
	{ "a scheme in the origin", "ev1 log\norigin https://a\n", 2 },
	{ "another origin than the key's", "ev1 log\norigin example.jp\n" KEY,
	    3 },
	{ "height 0", ORIGIN KEY "epochs 0 600 " R "\n", 4 },
	{ "height 21", ORIGIN KEY "epochs 21 600 " R "\n", 4 },
	{ "no seconds", ORIGIN KEY "epochs 18 0 " R "\n", 4 },
	{ "a hash too short", ORIGIN KEY "epochs 18 600 ff\n", 4 },
	{ "no time", ORIGIN KEY "epochs 18 600 " R "\ncreated x\n", 5 },
	{ "no line end", ORIGIN KEY "epochs 18 600 " R "\ncreated 1", 5 },
	{ "something behind it", GOOD "x", 6 },
};

int
main(void)
{
	struct logfile l;
	struct buf out;
	unsigned line;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = logfile_parse(span_str(cases[i].in), &l, &line);
		if (rc == 0)
			line = 0;
		ok(line == cases[i].line, "%s (line %u)", cases[i].name, line);
	}
	buf_init(&out);
	rc = logfile_parse(SPAN(GOOD), &l, &line);
	ok(rc == 0 && l.height == 18 && l.seconds == 600 && l.r[0] == 0xff &&
		l.key.key[31] == 31 && l.created == 1763650000000000 &&
		strcmp(l.key.name, "example.jp/log") == 0,
	    "what it says");
	logfile_print(&l, &out);
	ok(span_is(buf_view(&out), GOOD), "print is its inverse");
	buf_fini(&out);
	return done();
}
