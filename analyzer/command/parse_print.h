/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PARSE_PRINT_H
#define ANALYZER_COMMAND_PARSE_PRINT_H

#include <stdbool.h>

#include "analyzer/event/event.h"

/* Events on their way out of `konseki parse`. */
enum parse_how { PARSE_JSON, PARSE_FLAT, PARSE_CSV, PARSE_TEXT };

#define PARSE_COLUMNS 128

struct parse_print {
	enum parse_how how;
	bool log; /* from a log: records have a number and a time */
	int zone; /* for people and tables, seconds east */
	size_t ncolumn;
	int column[PARSE_COLUMNS]; /* enum ecs, or one of parse_print.c's own */
};

/* "text", "json", "flat" or "csv".  0, or -1. */
int parse_print_how(const char *name, enum parse_how *how);

/* The columns of a table, "a,b,c"; NULL: the core.  0, or -1 (said). */
int parse_print_columns(struct parse_print *p, const char *list);

/* What stands before the first. */
void parse_print_begin(const struct parse_print *p, struct buf *out);

/*
 * One event, "\n" behind it; of one that no format knew {} or its line.  Of a
 * log event.id (origin#index) and event.created are added to it.
 */
void parse_print_event(const struct parse_print *p, struct event *e,
    struct buf *out);

#endif
