/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "evidence/verify_command.h"

/*
 * konseki-verify: `konseki verify` for the investigator, as a program that
 * needs nothing but the log's folder.  A wrong call exits 3: nothing was
 * checked, and no script may take that for a verdict.
 */
static int
usage(FILE *out)
{
	fprintf(out, "%s konseki-verify [%s] DIR\n%s", tr("usage:", "使い方:"),
	    tr("OPTION...", "オプション..."), verify_usage());
	return VERIFY_IMPOSSIBLE;
}

int
main(int argc, char *argv[])
{
	struct verify_arguments a;

	log_set_name("konseki-verify");
	log_set_lang(NULL);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_STRING);
		return 0;
	}
	if (verify_arguments(argc, argv, false, &a) != 0)
		return usage(stderr);
	if (a.help) {
		usage(stdout);
		return 0;
	}
	if (a.opt.dir == NULL)
		return usage(stderr);
	return verify_report(&a);
}
