/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/log.h"
#include "analyzer/case/casebook.h"
#include "analyzer/command/command.h"
#include "site/succession.h"

void
command_missing(const char *dir, const char *what)
{
	log_warn(tr("%s: this log is over and cannot be read whole: %s",
		     "%s: この終了したログは全部を読めません: %s"),
	    dir, what);
}

static void
on_missing(void *cookie, const char *dir, const char *what)
{
	(void)cookie;
	command_missing(dir, what);
}

int
command_casebook(const struct site *site, struct arena *arena,
    struct casebook *book, struct buf *why)
{
	const struct site_log *log = site_log(site, "casebook");
	struct evchain_options logs = {
		.dirs = succession_dirs(site, log, arena),
		.n = log->generation,
		.leaves = true,
		.missing = on_missing,
	};

	return casebook_load(&logs, arena, book, why);
}

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
