/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_INFORCE_H
#define COLLECTOR_INFORCE_H

#include "collector/priv.h"
#include "site/site.h"

/*
 * Which of the walls between the processes stand here: that depends on the
 * kernel and on who started the collector.
 */

/*
 * Find out, say once what is missing, and write it into the run folder as
 * `confinement`: a line for each wall, with "yes" or "no".  Return 0, or -1:
 * it was said why.
 */
int inforce_say(const struct site *site, const struct priv *p);

#endif
