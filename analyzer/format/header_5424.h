/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_HEADER_5424_H
#define ANALYZER_FORMAT_HEADER_5424_H

#include "analyzer/format/header.h"

/* The part of header.h that knows RFC 5424, and what senders make of it. */

/*
 * A head behind <pri>: "1 2026-06-07T18:54:52Z host app pid msgid sd".  Where
 * the fields behind the host are not those of RFC 5424 they belong to the
 * message, or are a "name[pid]:".  Without a priority it must have its version
 * and an RFC 3339 stamp.  Return false and leave *h as it was if it is
 * something else.
 */
bool header_5424_parse(struct span s, struct header *h);

/*
 * The fields behind a host, with structured data and its '@': a head that
 * lost its priority and its version.  The same.
 */
bool header_5424_bare(struct span s, struct header *h);

#endif
