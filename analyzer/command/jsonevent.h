/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_JSONEVENT_H
#define ANALYZER_COMMAND_JSONEVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/sigma/document.h"
#include "analyzer/sigma/fields.h"
#include "analyzer/sigma/view.h"
#include "common/arena.h"

/*
 * A JSON object (RFC 8259) as an event for the rules of a corpus, as it
 * stands: the fields are its members, those of objects in it by their dotted
 * path, the elements of an array are values of one field, and so are the
 * members of the objects in it.  Numbers are written in one way (4625.0 is
 * 4625), null is as if missing; an object that a rule names is there, without
 * text.  The member "logsource", if it is an object, is no field: it says
 * which rules are for this event.
 */
#define JSONEVENT_DEPTH 64
#define JSONEVENT_PATH 1024 /* bytes; what has a longer one has no name */

struct jsonevent {
	const struct fields *fields;
	struct view view; /* of the last event; it borrows the line */
	bool routed;
	struct document_logsource route;
	struct span time; /* @timestamp and the like, or empty */
	/* What was wrong, in the user's language, and at which byte. */
	const char *fault;
	size_t at;
	struct arena *arena;
};

/* fields must have all that the rules name. */
void jsonevent_init(struct jsonevent *e, const struct fields *fields);
void jsonevent_fini(struct jsonevent *e);

/* Return 0, or -1 if line is not one JSON object, and fault and at. */
int jsonevent_read(struct jsonevent *e, struct span line);

#endif
