/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_DOCUMENT_H
#define SIGMA_DOCUMENT_H

#include "analyzer/sigma/correlation.h"
#include "analyzer/sigma/detection.h"
#include "analyzer/sigma/fields.h"
#include "analyzer/sigma/placeholders.h"

/*
 * One YAML document of Sigma 2.1: a rule, a correlation of rules, or a filter
 * for rules.  Members that Sigma does not know are let be, as it says; those
 * that it knows have the type that its JSON schemas give them, or the document
 * is refused with its place.  Pure.
 */
enum document_kind {
	DOCUMENT_RULE,
	DOCUMENT_CORRELATION, /* and what x-konseki says of an absence */
	DOCUMENT_FILTER,
};

struct document_logsource {
	struct span category, product, service; /* empty: not given */
};

struct document {
	enum document_kind kind;
	const char *path;	     /* as the reader says */
	const struct yaml_node *root; /* all of it */
	struct span title, id, name; /* empty: not given, but for title */
	struct document_logsource logsource; /* RULE, FILTER */
	const struct detection *detection;   /* RULE, FILTER */
	const struct yaml_node *rules; /* FILTER: for which; NULL: any */
	bool excludes;		       /* FILTER: there is a "not" in it */
	struct correlation *correlation; /* CORRELATION */
	bool generate; /* CORRELATION: its rules match on their own too */
};

/* How to read one; the document and what it needs live in arena. */
struct document_reader {
	const char *path;
	struct arena *arena;
	struct detection_pool *pool;
	struct fields *fields;
	const struct placeholders *placeholders; /* NULL: none */
	struct yaml_error *err;
};

/* NULL and *r->err if it is wrong. */
struct document *document_parse(const struct yaml_node *root,
    const struct document_reader *r);

/*
 * Whether a document with the log source of is for what has the log source in:
 * all that of gives equals that of in.
 */
bool document_routes(const struct document_logsource *of,
    const struct document_logsource *in);

#endif
