/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_VERDICTS_H
#define ANALYZER_COMMAND_VERDICTS_H

#include "analyzer/rule/engine.h"
#include "site/site.h"

/*
 * What people judged normal, from the casebook to the rules.
 */
struct verdicts;

/* The site outlives it. */
struct verdicts *verdicts_new(const struct site *site);
void verdicts_free(struct verdicts *v);

/*
 * Read the casebook, unless it is as it was or was read less than a minute
 * ago, and tell the engine what is normal by now.  Return whether that has
 * changed; what cannot be read is said, and then what was known holds.
 */
bool verdicts_refresh(struct verdicts *v, struct engine *e);

#endif
