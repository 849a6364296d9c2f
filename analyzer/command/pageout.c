/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/pageout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "common/io.h"
#include "common/log.h"

int
pageout_write(const struct site *site, const char *dir, const char *stem,
    struct span page)
{
	char path[4096];
	int n;

	if (dir == NULL)
		dir = site->reports;
	n = snprintf(path, sizeof(path), "%s/%s-%s.html", dir, stem,
	    log_lang() == LOG_JA ? "ja" : "en");
	if (n < 0 || (size_t)n >= sizeof(path))
		errno = ENAMETOOLONG;
	else if (io_mkdirs(dir, 0750) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, page) == 0) {
		puts(path);
		return 0;
	}
	log_errno(tr("cannot write a page to %s", "帳票を %s に書けません"),
	    dir);
	return -1;
}
