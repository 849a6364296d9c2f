/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_WHEN_H
#define ANALYZER_COMMAND_WHEN_H

#include <stdint.h>

/*
 * An instant as a user writes it: a date, which is its midnight at zone, or a
 * time with its offset (RFC 3339).  Return 0, or -1: it was said what is wrong
 * with --name.
 */
int when_parse(const char *name, const char *text, int zone, uint64_t *usec);

#endif
