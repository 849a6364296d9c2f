/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "tests/unit/report_fixture.h"

/* report_pages LANG small|full WHAT: one report of the fixture to stdout. */
int
main(int argc, char *argv[])
{
	struct fixture f;
	struct buf out;

	if (argc != 4)
		return 2;
	log_set_lang(argv[1]);
	fixture_init(&f, strcmp(argv[2], "full") == 0);
	buf_init(&out);
	fixture_print(&f, argv[3], &out);
	fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
	fixture_fini(&f);
	return 0;
}
