/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_HEARD_H
#define ANALYZER_FORMAT_HEARD_H

#include "analyzer/event/event.h"
#include "analyzer/format/stream.h"
#include "common/arena.h"
#include "common/buf.h"

/* Lines that are not UTF-8: in what they are, and what they say. */

/* Whether it is one, or may be: UTF-16 and ISO-2022-JP look like UTF-8. */
bool heard_is_coded(const struct event *e);

/*
 * Its message as UTF-8, in a; e->encoding is set, and what the stream was
 * heard in is remembered.  text is room for it.
 */
struct span heard_decode(struct stream *st, struct event *e, struct buf *text,
    struct arena *a);

#endif
