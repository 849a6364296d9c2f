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

/*
 * Begin.  NULL: it could not be begun, which was said.  To lend goes what it
 * inflates and hashes of the evidence, for who reads that too: what is analysed
 * is what is verified, and it is done once.  Borrowed; NULL: nothing is lent.
 */
struct verifying *verifying_start(struct site *site, struct lend *lend);

/*
 * The same again and again, so many hours from the end of one round to the
 * next, below the priority of others, until the caller ends.  enter: what the
 * process gives up first, 0 or -1.  NULL: it could not be begun, which was
 * said.  From then on no child of the caller is to be waited for: whose time
 * has come is gone at once, as a confined caller may not ask.
 */
struct verifying *verifying_rounds(struct site *site, unsigned hours,
    int (*enter)(const struct site *site));

/* What is there by now, without waiting.  NULL does nothing. */
void verifying_poll(struct verifying *v,
    void (*take)(void *cookie, const char *log, const struct verify_result *r),
    void *cookie);

/* Of rounds, as far as was polled: whether one is under way. */
bool verifying_runs(const struct verifying *v);

/*
 * Wait for it, and hand over each result, with the name of its log, that is
 * of the newest generation or not intact.  Return 0, or -1 if there is no
 * answer (said).  Frees it; NULL is -1.
 */
int verifying_end(struct verifying *v,
    void (*take)(void *cookie, const char *log, const struct verify_result *r),
    void *cookie);

#endif
