/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/folder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "common/io.h"
#include "common/log.h"
#include "site/succession.h"

static bool
is_there(const struct site *site, const struct site_log *log, unsigned number,
    const struct stat *dir)
{
	struct generation g;
	struct stat st;

	return generation_find(site, log, number, &g) == 0 &&
	    stat(g.dir, &st) == 0 && st.st_dev == dir->st_dev &&
	    st.st_ino == dir->st_ino;
}

/* NULL is fine, and has no log. */
static const struct site_log *
log_of(struct site *site, const struct stat *dir)
{
	const struct site_log *log;
	unsigned n;
	size_t i;

	for (i = 0; site != NULL && i < site->n_logs; i++) {
		log = &site->logs[i];
		for (n = 1; n <= log->generation; n++)
			if (is_there(site, log, n, dir))
				return succession_generation(site, log, n);
	}
	return NULL;
}

/* A site that nobody named: what is wrong with it is said if it is near. */
static struct site *
load(const char *dir, bool near)
{
	struct yaml_error err;
	struct site *site = site_load(dir, &err);

	if (site != NULL)
		succession_follow(site);
	else if (near)
		yaml_report(&err);
	return site;
}

/* The site in the first folder above that has a configuration, or NULL. */
static struct site *
load_above(const char *dir)
{
	char *path = realpath(dir, NULL), *slash, file[4096];
	struct site *site = NULL;

	while (path != NULL && (slash = strrchr(path, '/')) != NULL) {
		*slash = '\0';
		if (io_join(file, sizeof(file), path, SITE_FILE) != 0 ||
		    access(file, F_OK) != 0)
			continue;
		site = load(file, true);
		break;
	}
	free(path);
	return site;
}

static struct site *
load_usual(void)
{
	const char *dir = getenv("KONSEKI_SITE");

	return load(dir != NULL && *dir != '\0' ? dir : SYSCONF_DIR "/konseki",
	    false);
}

/* Keep the site if the folder is a log of it; NULL is fine. */
static bool
keep(struct site *found, const struct stat *dir, struct site **site,
    const struct site_log **log)
{
	if ((*log = log_of(found, dir)) != NULL)
		*site = found;
	else
		site_free(found);
	return *log != NULL;
}

int
folder_find(const char *given, const char *dir, struct site **site,
    const struct site_log **log)
{
	struct site *first = NULL;
	struct stat st;

	*site = NULL;
	*log = NULL;
	if (given != NULL && (first = command_site(given)) == NULL)
		return -1;
	if (stat(dir, &st) != 0) { /* who reads it says so */
		site_free(first);
		return 0;
	}
	if (!keep(first, &st, site, log) &&
	    !keep(load_above(dir), &st, site, log))
		(void)keep(load_usual(), &st, site, log);
	return 0;
}
