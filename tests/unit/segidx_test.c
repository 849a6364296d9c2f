/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/segidx.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define HEAD "evidx1 example.jp/log 3\n"
#define GOOD HEAD "100 20 1:0 7:19\n5000 40\n70000 60 1:21\n"

static const struct {
	const char *name, *text;
	uint64_t index;
	int rc;
	uint64_t offset, first;
} cases[] = {
	{ "before the first point", GOOD, 19, 0, 0, 0 },
	{ "at it", GOOD, 20, 1, 100, 20 },
	{ "between two", GOOD, 59, 1, 5000, 40 },
	{ "behind the last", GOOD, 99999, 1, 70000, 60 },
	{ "no point yet", HEAD, 99999, 0, 0, 0 },
	{ "a line not yet whole", HEAD "100 20\n5000 4", 9999, 1, 100, 20 },
	{ "nothing", "", 1, -1, 0, 0 },
	{ "another version", "evidx2 example.jp/log 3\n", 1, -1, 0, 0 },
	{ "another log", "evidx1 example.jp/other 3\n", 1, -1, 0, 0 },
	{ "another segment", "evidx1 example.jp/log 4\n", 1, -1, 0, 0 },
	{ "a leading zero", HEAD "0100 20\n", 99, -1, 0, 0 },
	{ "indexes that fall", HEAD "100 20\n200 20\n", 99, -1, 0, 0 },
	{ "offsets that fall", HEAD "100 20\n100 30\n", 99, -1, 0, 0 },
	{ "a word", HEAD "100 x\n", 99, -1, 0, 0 },
};

static const struct {
	const char *name, *text;
	int n; /* streams; -1: an error */
} streams[] = {
	{ "none", HEAD "1 2\n", 0 },
	{ "two", HEAD "1 2 3:4 4294967295:999\n", 2 },
	{ "two blanks", HEAD "1 2  3:4\n", -1 },
	{ "no number", HEAD "1 2 3:\n", -1 },
	{ "a blank at the end", HEAD "1 2 3:4 \n", -1 },
	{ "a stream too large", HEAD "1 2 4294967296:0\n", -1 },
};

static int
count(const char *text)
{
	struct segidx_point p;
	uint64_t next;
	uint32_t stream;
	int n, rc;

	if (segidx_find(span_str(text), "example.jp/log", 3, 9, &p) != 1)
		return -2;
	for (n = 0; (rc = segidx_stream(&p, &stream, &next)) > 0; n++)
		continue;
	return rc < 0 ? -1 : n;
}

int
main(void)
{
	char name[SEGIDX_NAME];
	struct segidx_point p;
	struct buf out;
	int rc;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = segidx_find(span_str(cases[i].text), "example.jp/log", 3,
		    cases[i].index, &p);
		ok(rc == cases[i].rc &&
			(rc <= 0 ||
			    (p.offset == cases[i].offset &&
				p.index == cases[i].first)),
		    "%s", cases[i].name);
	}
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		ok(count(streams[i].text) == streams[i].n, "streams: %s",
		    streams[i].name);
	buf_init(&out);
	segidx_print_head(&out, "example.jp/log", 3);
	segidx_print_point(&out, 100, 20);
	segidx_print_stream(&out, 1, 0);
	segidx_print_stream(&out, 7, 19);
	segidx_print_end(&out);
	ok(span_is(buf_view(&out), HEAD "100 20 1:0 7:19\n"), "it is printed");
	segidx_name(42, name);
	ok(strcmp(name, "000000000042.idx") == 0, "the name of its file");
	buf_fini(&out);
	return done();
}
