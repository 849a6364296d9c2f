/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/progress.h"

#include <string.h>

#include "tests/tap.h"

#define HEAD "forward1 a.example/e\ngeneration 2\n"
#define NUMBERS "next 7\ntold 6\ntime 5\nsent 3\nskipped 2\nsince 1\n"

static const struct {
	const char *name, *in;
	int want;
} files[] = {
	{ "a file", HEAD NUMBERS "up \n", 0 },
	{ "one of a target that is away",
	    HEAD NUMBERS "away h: Connection refused\n", 0 },
	{ "nothing", "", -1 },
	{ "a file that was cut", HEAD NUMBERS "away h: Conn", -1 },
	{ "more behind it", HEAD NUMBERS "up \n\n", -1 },
	{ "another version", "forward2 a\ngeneration 2\n" NUMBERS "up \n", -1 },
	{ "no generation", "forward1 a\ngeneration 0\n" NUMBERS "up \n", -1 },
	{ "an origin that is none",
	    "forward1 A b\ngeneration 2\n" NUMBERS "up \n", -1 },
	{ "a state that is none", HEAD NUMBERS "down \n", -1 },
	{ "a control character", HEAD NUMBERS "away \033[2J\n", -1 },
};

int
main(void)
{
	struct progress p;
	struct buf out;
	size_t i, cut;
	bool all = true;

	buf_init(&out);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		ok(progress_parse(span_str(files[i].in), &p) == files[i].want,
		    "%s", files[i].name);
		if (files[i].want != 0)
			continue;
		out.len = 0;
		progress_print(&p, &out);
		ok(span_is(buf_view(&out), files[i].in), "and back");
	}
	progress_parse(span_str(files[0].in), &p);
	ok(p.next == 7 && p.told == 6 && p.time == 5 && p.sent == 3 &&
		p.skipped == 2 && p.since == 1 && p.generation == 2 &&
		strcmp(p.origin, "a.example/e") == 0,
	    "each number is where it belongs");
	for (cut = 0; cut < strlen(files[0].in); cut++)
		all = all &&
		    progress_parse(span_make(files[0].in, cut), &p) == -1;
	ok(all, "no beginning of a file is one");
	progress_parse(span_str(files[0].in), &p);
	strcpy(p.why, "a\nb");
	out.len = 0;
	progress_print(&p, &out);
	ok(progress_parse(buf_view(&out), &p) == 0 && strcmp(p.why, "a b") == 0,
	    "a line end in a reason does not break the file");
	buf_fini(&out);
	return done();
}
