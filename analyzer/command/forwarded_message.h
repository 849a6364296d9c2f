/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FORWARDED_MESSAGE_H
#define ANALYZER_COMMAND_FORWARDED_MESSAGE_H

#include <stdbool.h>

#include "evidence/envelope.h"

/*
 * A single message that another collector forwarded, in a file, as konseki show
 * puts it there: print its place and leaf, or (raw) the bytes of the record
 * that it carries.  Return 0, or -1: it was said why not.
 */
#define FORWARDED_MESSAGE_MAX                                                  \
	(ENVELOPE_MAX + 16u) /* bytes, octet count included */
int forwarded_message(const char *file, bool raw);

#endif
