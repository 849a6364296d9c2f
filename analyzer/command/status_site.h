/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_STATUS_SITE_H
#define ANALYZER_COMMAND_STATUS_SITE_H

#include "common/buf.h"
#include "site/site.h"

/*
 * The site in a folder, or of a konseki.yml.  If that file cannot be read or
 * has an error in it, *broken says so, with file, line and column, and the site
 * is as a collector that runs has it in force (run/konseki.yml); else *broken
 * stays empty.  NULL: neither is there.  site_free() it.
 */
struct site *status_site(const char *path, struct buf *broken);

#endif
