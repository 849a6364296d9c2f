/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_SAY_H
#define ANALYZER_REPORT_SAY_H

#include "analyzer/event/event.h"
#include "analyzer/case/phase.h"
#include "common/arena.h"

/*
 * From an event to the sentence that people read, by the rows of say_tbl.h;
 * no row, and the record's own text stands there, cut to a line.  Pure.
 */
enum say_direction { /* of traffic, as the site's networks tell */
	SAY_OTHER,
	SAY_OUT,    /* from inside to outside */
	SAY_INSIDE, /* from inside to inside */
};

struct said {
	const char *text; /* in the user's language; escaped for terminals */
	enum phase phase;
};

struct said say_event(const struct event *e, enum say_direction direction,
    struct arena *arena);

#endif
