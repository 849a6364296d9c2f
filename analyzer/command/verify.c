/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/verify.h"

#include <stdio.h>

#include "analyzer/command/command.h"
#include "common/log.h"
#include "site/site.h"

/* konseki verify: prove a log, given as a folder or by its name in a site. */
static int
usage(FILE *out)
{
	verify_usage(out, "konseki verify", true);
	return VERIFY_IMPOSSIBLE;
}

/* Without --log only the generation in force is proved: say so. */
static void
say_older(const struct site_log *log)
{
	unsigned n;

	if (log->generation < 2)
		return;
	printf(tr("This speaks of %s alone. Older generations, not checked "
		  "(--log %s.1 checks the first):",
		   "この結果は%sだけのものです。未検証（判定不可）の古い世代"
		   "（--log %s.1 などで検証）:"),
	    log->ref, log->name);
	for (n = 1; n < log->generation; n++)
		printf(" %s.%u", log->name, n);
	putchar('\n');
}

int
command_verify(int argc, char *argv[])
{
	struct verify_arguments a;
	const struct site_log *log, *newest = NULL;
	struct site *site = NULL;
	int status;

	verify_set_lang(command_lang());
	if (verify_arguments(argc, argv, true, &a) != 0)
		return usage(stderr);
	if (a.help) {
		usage(stdout);
		return 0;
	}
	if (a.opt.dir != NULL && (a.site != NULL || a.log != NULL)) {
		log_error("%s",
		    tr("a folder, or --site and --log, but not both",
			"フォルダーか、--siteと--logの、どちらか一方を指定して"
			"ください"));
		return usage(stderr);
	}
	if (a.opt.dir == NULL) {
		if ((log = command_log(a.site, a.log, &site)) == NULL)
			return VERIFY_IMPOSSIBLE;
		a.opt.dir = log->dir;
		if (a.log == NULL)
			newest = log;
	}
	status = verify_main(&a);
	if (newest != NULL && !a.json)
		say_older(newest);
	site_free(site);
	return status;
}
