/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_EVENT_H
#define ANALYZER_COMMAND_RULES_EVENT_H

#include "analyzer/event/event.h"

/*
 * One event as somebody has it at hand: a JSON object as `konseki parse`
 * prints them, or a line of a log, which goes through the formats.
 */
struct rules_event;

/* rules is the folder with the formats, borrowed; zone is the site's. */
struct rules_event *rules_event_new(const char *rules, int zone);
void rules_event_free(struct rules_event *re);

/*
 * The event; it borrows the text and lives until the next call.  One without
 * a time is of now.  NULL: what is wrong was said.
 */
const struct event *rules_event_read(struct rules_event *re, struct span text);

#endif
