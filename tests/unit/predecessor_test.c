/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/predecessor.h"

#include <string.h>

#include "tests/tap.h"

#define HEAD "ev1 predecessor\norigin example.jp/log\n"
#define ROOT "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"
#define TAIL                                                                   \
	"uid 0\nat 1763650000000000\nsize 12\nroot " ROOT "\nfound=cut%20off\n"
#define GOOD HEAD "why break\n" TAIL

static const struct {
	const char *name, *in;
	int rc;
} cases[] = {
	{ "a log that broke", GOOD, 0 },
	{ "a renewal", HEAD "why renewal\n" TAIL, 0 },
	{ "nothing", "", -1 },
	{ "another reason", HEAD "why boredom\n" TAIL, -1 },
	{ "an origin that is none",
	    "ev1 predecessor\norigin https://a\nwhy break\n" TAIL, -1 },
	{ "a sentence that is not escaped",
	    HEAD "why break\nuid 0\nat 1\nsize 1\nroot " ROOT
		 "\nfound=cut off\n",
	    -1 },
	{ "more behind the end", GOOD "\n", -1 },
	{ "a size with a zero in front",
	    HEAD "why break\nuid 0\nat 1\nsize 01\nroot " ROOT "\nfound=%\n",
	    -1 },
};

int
main(void)
{
	struct predecessor p;
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok(predecessor_parse(span_str(cases[i].in), &p) == cases[i].rc,
		    "%s: %s", cases[i].name,
		    cases[i].rc == 0 ? "read" : "refused");
		if (cases[i].rc != 0)
			continue;
		out.len = 0;
		predecessor_print(&p, &out);
		ok(span_is(buf_view(&out), cases[i].in),
		    "%s: and printed as it was", cases[i].name);
	}
	ok(predecessor_parse(span_str(GOOD), &p) == 0 && p.size == 12 &&
		p.why == PREDECESSOR_BREAK && strcmp(p.found, "cut off") == 0,
	    "what it says is what was meant");
	buf_fini(&out);
	return done();
}
