/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/about.h"

#include "tests/tap.h"

#define HEAD "# SPDX-License-Identifier: Apache-2.0\nformat: x\ntitle: X\n"

static const struct {
	const char *name, *file, *head;
	bool manual;
} rows[] = {
	{ "an empty file", "", "", false },
	{ "no comment", HEAD "header: none\n", "", false },
	{ "the comment behind the reference",
	    HEAD "reference: a\n\n# One trap\n# goes on.\n\nheader: none\n",
	    "One trap goes on.\n", false },
	{ "two paragraphs", HEAD "# One.\n\n# Two.\nheader: none\n# Three.\n",
	    "One.\nTwo.\n", false },
	{ "a reference of several lines",
	    HEAD "reference: >\n  a\n  b\n# One.\nheader: none\n", "One.\n",
	    false },
	{ "the mark is no trap",
	    HEAD "reference: a\n# From the manual alone: no line was at hand.\n"
		 "# One.\nheader: none\n",
	    "One.\n", true },
	{ "a mark further down", HEAD "header: none\n# From the manual alone\n",
	    "", true },
	{ "a comment at the end", "# One", "One\n", false },
	{ "line ends of Windows", "# One\r\n#\r\n# Two\r\n", "One Two\n",
	    false },
};

int
main(void)
{
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out.len = 0;
		about_head(span_str(rows[i].file), &out);
		ok(strcmp(buf_cstr(&out), rows[i].head) == 0 &&
			about_manual(span_str(rows[i].file), NULL) ==
			    rows[i].manual,
		    "%s", rows[i].name);
	}
	buf_fini(&out);
	return done();
}
