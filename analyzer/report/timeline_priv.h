/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_TIMELINE_PRIV_H
#define ANALYZER_REPORT_TIMELINE_PRIV_H

#include "analyzer/report/subject.h"
#include "analyzer/report/timeline.h"

/* What the parts of the timeline share. */

/* Members of a row that names nobody. */
#define TIMELINE_NOBODY                                                        \
	.device = "", .user = "", .peer = "", .device_key = "",                \
	.user_key = "", .peer_key = "", .kind = "", .time_text = "", .ecs = ""

/* Fill what the event alone tells: time, places, clock, fields. */
void timeline_row_event(const struct report *r, const struct event *e,
    int64_t at, const struct subject_names *n, struct timeline_row *row);

/* What is asked for, as part of a file's name: "host-007". */
const char *timeline_entity_name(const struct report *r,
    const struct timeline *t);

/* The time that the strip spans: of all rows, with some room around them.
 * Whether there are any. */
bool timeline_span(const struct timeline *t, int64_t *from, int64_t *until);

/* Of a replay the clock of what people did has nothing to do with the rest. */
bool timeline_is_drawn(const struct timeline *t,
    const struct timeline_row *row);

#endif
