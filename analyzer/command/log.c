/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/case/casebook.h"
#include "analyzer/command/command.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/succession.h"

bool
command_gone(const char *dir)
{
	char path[4096];

	if (io_join(path, sizeof(path), dir, "checkpoint") != 0 ||
	    access(path, F_OK) == 0)
		return false;
	log_warn(tr("%s: this log is over and its checkpoint is not here: "
		    "'konseki retention list' says whether it was removed",
		     "%s: この終了したログのチェックポイントはここにありませ"
		     "ん。削除されたかどうかはkonseki retention listで確認して"
		     "ください"),
	    dir);
	return true;
}

void
command_missing(const char *dir, const char *what)
{
	if (!command_gone(dir))
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

	return casebook_load(&logs, site->escalation.repeat_h * UTC_HOUR, arena,
	    book, why);
}

/* A name with the number of a generation that there is not. */
static void
say_no_log(struct site *site, const char *name)
{
	char text[SITE_NAME_MAX + 1];
	const struct site_log *log;

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(name, "."), name);
	log = site_log(site, text);
	if (log == NULL)
		log_error(tr("%s has no log '%s'",
			      "%sにログ「%s」はありません"),
		    site->file, name);
	else
		log_error(tr("there is no log '%s': '%s' has the generations "
			     "%s.1 to %s.%u",
			      "ログ「%s」はありません。「%s」の世代は%s.1から"
			      "%s.%uまでです"),
		    name, text, text, text, log->generation);
}

const struct site_log *
command_site_log(struct site *site, const char *name)
{
	const struct site_log *log;

	if (name == NULL)
		name = "evidence";
	if ((log = succession_log(site, name)) == NULL)
		say_no_log(site, name);
	return log;
}

const struct site_log *
command_log(const char *dir, const char *name, struct site **site)
{
	const struct site_log *log;

	if ((*site = command_site(dir)) == NULL)
		return NULL;
	if ((log = command_site_log(*site, name)) == NULL) {
		site_free(*site);
		*site = NULL;
	} else if (log->over)
		(void)command_gone(log->dir); /* it is said */
	return log;
}
