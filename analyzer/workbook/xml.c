/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	const struct xml_reader *r;
	XML_Parser parser;
	struct span part;
	struct workbook_why *why;
	unsigned depth;
	bool stopped;
};

static const char *
local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon == NULL ? name : colon + 1;
}

const char *
xml_attribute(const char *const *atts, const char *name)
{
	for (; atts[0] != NULL; atts += 2)
		if (strcmp(local(atts[0]), name) == 0)
			return atts[1];
	return NULL;
}

bool
xml_says(const char *const *atts, const char *name)
{
	const char *v = xml_attribute(atts, name);

	return v != NULL && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
}

static void
stop(struct reading *x)
{
	if (x->stopped)
		return;
	x->stopped = true;
	(void)XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL
on_start(void *data, const XML_Char *name, const XML_Char **atts)
{
	struct reading *x = data;

	if (x->stopped)
		return;
	if (++x->depth > XML_DEPTH) {
		(void)parts_fail(x->why, WORKBOOK_DEEP, x->part);
		stop(x);
	} else if (x->r->start(x->r->cookie, local(name),
		       (const char *const *)atts) == -1)
		stop(x);
}

static void XMLCALL
on_end(void *data, const XML_Char *name)
{
	struct reading *x = data;

	x->depth--;
	if (!x->stopped && x->r->end != NULL &&
	    x->r->end(x->r->cookie, local(name)) == -1)
		stop(x);
}

static void XMLCALL
on_text(void *data, const XML_Char *s, int len)
{
	struct reading *x = data;

	if (!x->stopped && x->r->text != NULL && len > 0 &&
	    x->r->text(x->r->cookie, span_make(s, (size_t)len)) == -1)
		stop(x);
}

static void XMLCALL
on_doctype(void *data, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	struct reading *x = data;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	(void)parts_fail(x->why, WORKBOOK_DTD, x->part);
	stop(x);
}

static int
take(void *cookie, struct span piece, bool last)
{
	struct reading *x = cookie;
	enum XML_Status rc = XML_Parse(x->parser,
	    piece.len > 0 ? (const char *)piece.p : "", (int)piece.len, last);

	if (x->stopped)
		return -1;
	return rc == XML_STATUS_OK ? 0
				   : parts_fail(x->why, WORKBOOK_XML, x->part);
}

int
xml_read(struct parts *p, const struct zip_entry *e, const struct xml_reader *r,
    struct workbook_why *why)
{
	struct reading x = { r, XML_ParserCreate(NULL), e->name, why, 0,
		false };
	int rc;

	if (x.parser == NULL)
		abort();
	XML_SetUserData(x.parser, &x);
	XML_SetElementHandler(x.parser, on_start, on_end);
	XML_SetCharacterDataHandler(x.parser, on_text);
	XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
	rc = parts_read(p, e, take, &x, why);
	XML_ParserFree(x.parser);
	return rc;
}
