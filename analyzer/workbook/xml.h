/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_XML_H
#define WORKBOOK_XML_H

#include "analyzer/workbook/parts.h"

/*
 * A part of a workbook as the elements of its XML.  Names come without their
 * prefix.  A document type is refused, so there are no entities but the five
 * of XML; nothing outside the part is ever read.
 */
#define XML_DEPTH 64

struct xml_reader {
	void *cookie;
	/* Return 0, or -1 after parts_fail().  atts: name, value, ..., NULL. */
	int (*start)(void *cookie, const char *name, const char *const *atts);
	int (*end)(void *cookie, const char *name);
	int (*text)(void *cookie, struct span s); /* may come in pieces */
};

/* Read the part of that name.  Return 0, or -1 and *why. */
int xml_read(struct parts *p, const struct zip_entry *e,
    const struct xml_reader *r, struct workbook_why *why);

/* The value of an attribute, prefix left out, or NULL. */
const char *xml_attribute(const char *const *atts, const char *name);

/* Whether an attribute says 1 or true. */
bool xml_says(const char *const *atts, const char *name);

#endif
