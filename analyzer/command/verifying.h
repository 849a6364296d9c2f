/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_VERIFYING_H
#define ANALYZER_COMMAND_VERIFYING_H

#include "site/site.h"
#include "verify/verify.h"

/*
 * Verification of a site's logs, all their generations, by a process beside
 * the one that reads them: so it costs a core and no time.
 */
struct verifying;

/* Begin.  NULL: it could not be begun, which was said. */
struct verifying *verifying_start(struct site *site);

/*
 * Wait for it, and hand over each result, with the name of its log, that is
 * of the newest generation or not intact.  Return 0, or -1 if there is no
 * answer (said).  Frees it; NULL is -1.
 */
int verifying_end(struct verifying *v,
    void (*take)(void *cookie, const char *log, const struct verify_result *r),
    void *cookie);

#endif
