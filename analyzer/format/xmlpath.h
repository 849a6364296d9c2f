/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_XMLPATH_H
#define ANALYZER_FORMAT_XMLPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * The texts and attributes of an XML document that is a log line, one after
 * another in one pass, each with its path below the root, without namespaces:
 * <Event><System><Provider Name="x"/><EventID>7</EventID></System>
 * <EventData><Data Name="User">u</Data></EventData></Event> gives
 *   System.Provider@Name  System.EventID  EventData.User
 * An element with a Name attribute and a text goes by that name.  A line that
 * was cut gives what stands before.  No DTD is read and no entity but the five
 * of XML and numbers is known, so nothing can grow.  Pure, no allocation.
 */
#define XMLPATH_DEPTH 24
#define XMLPATH_MAX 256 /* bytes of a path; longer ones are not given */

struct xmlpath {
	const uint8_t *p, *end;
	const char *fault;  /* why it ended before its end, or NULL */
	struct span attr;   /* attributes that are still to be given */
	struct span named;  /* what the Name attribute of the element says */
	bool done, closing; /* closing: "/>" ends it behind its attributes */
	unsigned depth;
	size_t level[XMLPATH_DEPTH]; /* bytes of the path of the parent */
	size_t len; /* of the path; may be more than XMLPATH_MAX */
	uint8_t path[XMLPATH_MAX];
};

struct xmlpath_value {
	struct span path; /* valid until the next call */
	struct span text; /* without blanks around it */
	bool escaped;	  /* has entities: xmlpath_unescape() */
};

/* Begin at the first element of in. */
void xmlpath_begin(struct xmlpath *x, struct span in);

/* The next text or attribute.  Return false at the end. */
bool xmlpath_next(struct xmlpath *x, struct xmlpath_value *v);

/* Write a text with its entities as UTF-8 to out, which holds its length. */
size_t xmlpath_unescape(struct span text, uint8_t *out);

#endif
