/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_HEADER_BSD_H
#define ANALYZER_FORMAT_HEADER_BSD_H

#include "analyzer/format/header.h"

/* The part of header.h that knows RFC 3164, Cisco and their relatives. */

/* A head behind <pri>, or none at all. */
void header_bsd_parse(struct span s, struct header *h);

/* "date=2026-06-07 ...": no head begins with a pair. */
bool header_bsd_is_pair(struct span s);

/* Whether such a head with a time, or with Cisco's counters, begins at s. */
bool header_bsd_starts(struct span s);

#endif
