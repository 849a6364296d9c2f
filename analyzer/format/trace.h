/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_TRACE_H
#define ANALYZER_FORMAT_TRACE_H

#include "analyzer/format/model.h"

/*
 * What was done with a line on its way through a format, in order, for who
 * wants to know why.  Written only if somebody asked (line.trace).
 */
enum trace_kind {
	TRACE_KEY,   /* a key of the line, wanted or not */
	TRACE_MATCH, /* a pattern and what it covered */
	TRACE_CASE,  /* a case applied; what follows may be within it */
	TRACE_SET,   /* a constant or template */
	TRACE_FIELD, /* an input and the field it was for */
	TRACE_TIME   /* the rule that gave the time */
};

/* How an input fared. */
enum trace_end {
	TRACE_TAKEN,
	TRACE_OTHER,   /* none of the field's type: it went to `or` */
	TRACE_NONE,    /* none of its type, or not in the map */
	TRACE_DECIDED, /* the field had its value already */
	TRACE_WHEN     /* under a condition that does not hold */
};

struct trace_row {
	enum trace_kind kind;
	enum trace_end end;
	unsigned depth;	   /* cases around it */
	enum ecs field;	   /* SET, FIELD */
	uint16_t slot;	   /* KEY: SLOT_NONE if the file has no use for it */
	struct span key;   /* KEY */
	struct span value; /* what the field got; KEY: as it stands in the
			    * line; MATCH: what was covered */
	const void *what;  /* the struct of the model that did it */
};

/* A format that detected the line and then could not read it. */
struct trace_failure {
	const struct format *format;
	const struct step *step; /* NULL: no case applied */
};

#define TRACE_ROWS 1024
#define TRACE_FAILURES 8

struct trace {
	struct arena *a;    /* lives as long as the event */
	struct span text;   /* the line as UTF-8, where inputs lie */
	struct header head; /* of it */
	size_t nfailure;
	struct trace_failure failure[TRACE_FAILURES];
	unsigned depth;
	size_t n, dropped;
	struct trace_row row[TRACE_ROWS];
};

/* Begin with a line. */
void trace_line(struct trace *t, struct span text, const struct header *head,
    struct arena *a);

/* Begin with a format: forget the rows. */
void trace_begin(struct trace *t);

/* Add a row; one too many is counted. */
void trace_add(struct trace *t, enum trace_kind kind, const void *what,
    struct span value);
void trace_key(struct trace *t, const struct step *s, uint16_t slot,
    struct span key, struct span value);
void trace_failed(struct trace *t, const struct format *f,
    const struct step *step);
void trace_field(struct trace *t, const struct op *op, enum trace_end end,
    struct span value);

#endif
