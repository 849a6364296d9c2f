/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "verify/verify.h"

/*
 * konseki-verify: `konseki verify` for the investigator, as a program that
 * needs nothing but the log's folder.  A wrong call exits 3: nothing was
 * checked, and no script may take that for a verdict.
 */
int
main(int argc, char *argv[])
{
	struct verify_arguments a;
	bool good;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_STRING);
		return 0;
	}
	verify_set_lang(NULL);
	good = verify_arguments(argc, argv, false, &a) == 0 &&
	    (a.help || a.opt.dir != NULL);
	if (good && !a.help)
		return verify_main(&a);
	verify_usage(good ? stdout : stderr, "konseki-verify", false);
	return good ? 0 : VERIFY_IMPOSSIBLE;
}
