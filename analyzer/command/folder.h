/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FOLDER_H
#define ANALYZER_COMMAND_FOLDER_H

#include "site/site.h"

/*
 * The log that a folder is, by whatever path it was named, so that who looks at
 * it leaves the same record as with --log.  It is looked for in the site given
 * (may be NULL), in the one whose konseki.yml lies in a folder above, and in
 * the one that commands take by themselves; in all generations.
 *
 * Return 0 and *site, to be freed, and *log; both are NULL for a folder that is
 * of none of these sites.  -1: the site given cannot be loaded, which was said.
 */
int folder_find(const char *given, const char *dir, struct site **site,
    const struct site_log **log);

#endif
