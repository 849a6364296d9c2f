/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_WRAP_H
#define ANALYZER_FORMAT_WRAP_H

#include "analyzer/format/header.h"
#include "common/arena.h"

/*
 * A line that a log shipper wrapped into a JSON object: journald (MESSAGE),
 * Filebeat and Vector (message), Docker (log), GELF (full_message,
 * short_message).  *head becomes the head of the line within; what that lacks
 * (host, program, process number, time) is taken from what the shipper says
 * of it.  Values lie in text or in a.  Return false, and leave *head, if it
 * is no such object.
 */
bool wrap_open(struct span text, struct arena *a, struct header *head);

/* Whether a line is a JSON object, not only begins like one. */
bool wrap_is_object(struct span text);

#endif
