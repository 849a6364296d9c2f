/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_REVIEW_MONTH_H
#define ANALYZER_COMMAND_REVIEW_MONTH_H

#include "analyzer/command/call.h"

/* Write the month's page for the executives.  0, or -1 (said). */
int review_month(const struct call *c, struct feed *f);

#endif
