/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_SUMMING_H
#define ANALYZER_COMMAND_SUMMING_H

#include "site/site.h"

/*
 * A process below the caller, and below the priority of others, that keeps
 * what a weekly sheet needs of each closed segment (history.h) as soon as it
 * is closed, until the caller ends.  enter: what it gives up first, 0 or -1.
 * What it cannot do it says; the sheet is then made without.
 */
void summing_start(struct site *site, int (*enter)(const struct site *site));

#endif
