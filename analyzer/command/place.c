/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/command/command.h"
#include "common/log.h"
#include "site/site.h"
#include "site/succession.h"

struct site *
command_site(const char *dir)
{
	struct yaml_error err;
	struct site *site;

	if (dir == NULL)
		dir = getenv("KONSEKI_SITE");
	if (dir == NULL || *dir == '\0')
		dir = SYSCONF_DIR "/konseki";
	site = site_load(dir, &err);
	if (site == NULL)
		yaml_report(&err);
	else
		succession_follow(site);
	return site;
}

int
command_usage(const char *name, const char *usage)
{
	fprintf(stderr, tr("usage: konseki %s %s\n", "使い方: konseki %s %s\n"),
	    name, usage);
	return 2;
}
