/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/log.h"
#include "analyzer/command/command.h"
#include "site/site.h"

const char *
command_log(const char *dir, const char *name, struct site **site)
{
	const struct site_log *log;

	if (name == NULL)
		name = "evidence";
	if ((*site = command_site(dir)) == NULL)
		return NULL;
	if ((log = site_log(*site, name)) != NULL)
		return log->dir;
	log_error(tr("%s has no log '%s'", "%sにログ「%s」はありません"),
	    (*site)->file, name);
	site_free(*site);
	*site = NULL;
	return NULL;
}
