/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/manifest.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define H1 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define H2 "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"
#define HEAD "evman1 example.jp/log\nsegment 3\n"
#define FILE_LINE "file segments/2024-02-29/000000000005.ev1.gz\n"
#define MIDDLE                                                                 \
	"time 17 19\nmembers 2\nstream 400000 " H1 "\ngzip 50000 " H2 "\n"
#define TREE "subtree 0 5 " H1 "\nsubtree 1 3 " H2 "\nsubtree 0 8 " H1 "\n"
#define GOOD HEAD FILE_LINE "records 5 8\n" MIDDLE TREE "previous " H2 "\n"

static const struct {
	const char *name, *in;
	unsigned line; /* that is wrong; 0: none */
} cases[] = {
	{ "a manifest", GOOD, 0 },
	{ "nothing", "", 1 },
	{ "another version", "evman2 example.jp/log\nsegment 3\n", 1 },
	{ "no origin", "evman1 \nsegment 3\n", 1 },
	{ "an origin with capitals", "evman1 Example.jp\nsegment 3\n", 1 },
	{ "a leading zero", "evman1 a\nsegment 03\n", 2 },
	{ "a folder above", HEAD "file ../2024-02-29/000000000005.ev1.gz\n",
	    3 },
	{ "a day that is none",
	    HEAD "file segments/2023-02-29/000000000005.ev1.gz\n", 3 },
	{ "eleven digits", HEAD "file segments/2024-02-29/00000000005.ev1.gz\n",
	    3 },
	{ "another index than in the name", HEAD FILE_LINE "records 6 8\n", 4 },
	{ "the last before the first", HEAD FILE_LINE "records 5 4\n", 4 },
	{ "times swapped", HEAD FILE_LINE "records 5 8\ntime 19 17\n", 5 },
	{ "upper-case hash",
	    HEAD FILE_LINE "records 5 5\ntime 1 1\nmembers 1\nstream 1 F", 7 },
	{ "a subtree too few",
	    HEAD FILE_LINE "records 5 8\n" MIDDLE "subtree 0 5 " H1
			   "\nsubtree 1 3 " H2 "\nprevious " H2 "\n",
	    11 },
	{ "a subtree too many",
	    HEAD FILE_LINE "records 5 8\n" MIDDLE TREE "subtree 0 9 " H1 "\n"
			   "previous " H2 "\n",
	    12 },
	{ "another subtree",
	    HEAD FILE_LINE "records 5 8\n" MIDDLE "subtree 0 6 " H1 "\n", 9 },
	{ "no last line end",
	    HEAD FILE_LINE "records 5 8\n" MIDDLE TREE "previous " H2, 12 },
	{ "something behind it", GOOD "\n", 13 },
};

int
main(void)
{
	char file[MANIFEST_FILE];
	struct manifest m;
	struct buf out;
	unsigned line;
	uint64_t first;
	size_t i;
	int rc;

	buf_init(&out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		line = 0;
		rc = manifest_parse(span_str(cases[i].in), &m, &line);
		ok((rc == 0) == (cases[i].line == 0) && line == cases[i].line,
		    "%s (line %u)", cases[i].name, line);
	}
	ok(manifest_parse(span_make("evman1 a\0\n", 10), &m, &line) != 0 &&
		line == 1,
	    "a NUL in the origin");
	rc = manifest_parse(span_str(GOOD), &m, &line);
	ok(rc == 0 && m.segment == 3 && m.first == 5 && m.last == 8 &&
		m.range.n == 3 && m.members == 2 && m.stream_len == 400000 &&
		m.gzip_len == 50000 && m.time_low == 17 && m.time_high == 19 &&
		m.previous[0] == 0xff && m.stream_hash[1] == 1,
	    "what it says");
	manifest_print(&m, &out);
	ok(rc == 0 && span_is(buf_view(&out), GOOD), "print is its inverse");
	manifest_file_print(42, UINT64_C(1732060800000000) - 1, file);
	ok(strcmp(file, "segments/2024-11-19/000000000042.ev1.gz") == 0,
	    "the name of a segment file: %s", file);
	ok(manifest_file_parse(span_str(file), &first) == 0 && first == 42,
	    "and back");
	manifest_file_print(MANIFEST_INDEX_MAX, UINT64_C(253402300799999999),
	    file);
	ok(strcmp(file, "segments/9999-12-31/999999999999.ev1.gz") == 0,
	    "the last there can be: %s", file);
	buf_fini(&out);
	return done();
}
