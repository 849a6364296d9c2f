/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PAGEOUT_H
#define ANALYZER_COMMAND_PAGEOUT_H

#include "common/span.h"
#include "site/site.h"

/*
 * Write dir/stem-LANG.html (dir NULL: the site's folder of reports), in the
 * language that is spoken now, and say where on standard output.  0, or -1
 * (said).
 */
int pageout_write(const struct site *site, const char *dir, const char *stem,
    struct span page);

#endif
