/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_UNESCAPE_H
#define ANALYZER_FORMAT_UNESCAPE_H

#include "common/arena.h"
#include "common/span.h"

/*
 * What a relay wrote instead of bytes that it did not like: rsyslog's "#011"
 * for a tab, "#015#012" for a line's end, "#343#201#202" for bytes above
 * ASCII.  Pure.
 */

/*
 * s with these bytes in their place, as UTF-8 (what they encode is guessed):
 * s itself if it has none, else from a.  A '#' with no such number stays.
 */
struct span unescape(struct span s, struct arena *a);

#endif
