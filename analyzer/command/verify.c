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

int
command_verify(int argc, char *argv[])
{
	struct verify_arguments a;
	const struct site_log *log;
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
	}
	status = verify_main(&a);
	site_free(site);
	return status;
}
