/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FOLLOW_H
#define ANALYZER_COMMAND_FOLLOW_H

#include <signal.h>

#include "analyzer/command/analysis.h"
#include "analyzer/command/verifying.h"

/*
 * An analysis that goes on with the evidence, and with what it is judged by.
 * When rules, formats, profile, ledgers or calendar have changed, and stay as
 * they are from one look to the next, all of the evidence is read anew by them
 * beside the analysis that runs, a little at a time; when it has come as far,
 * it takes that one's place.  So no window that is half full, no baseline and
 * nothing that was seen before is lost, and each state is that which the rules
 * in force make of the evidence.  What is wrong with them is said once, and the
 * former stay in force.  That konseki.yml was changed is said.
 */

/*
 * Until *stopped: 0, or -1 (said).  What verifying (NULL: nobody) finds
 * tampered with goes to the rules, once.
 */
int follow(const struct site *site, const struct analysis_options *options,
    struct verifying *verifying, const volatile sig_atomic_t *stopped);

#endif
