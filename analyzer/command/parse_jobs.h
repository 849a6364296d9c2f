/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PARSE_JOBS_H
#define ANALYZER_COMMAND_PARSE_JOBS_H

#include <stdio.h>

#include "analyzer/command/parse_print.h"
#include "analyzer/format/formats.h"

/*
 * Events by several threads, printed in the order of their records, and the
 * same as by one: batches are read side by side by handles that remember
 * nothing, and a line that asked its stream for what it had said before is
 * read again, in order, by a handle that has seen all such lines.
 */
#define PARSE_JOBS 64

struct parse_jobs;

/* All is borrowed; zone: of the site, seconds east. */
struct parse_jobs *parse_jobs_new(unsigned jobs, struct formats *formats,
    const struct parse_print *print, int zone, FILE *out);

/* The record's part of the next event; what it points to but its message must
 * live on.  0, or -1 if it cannot be written. */
int parse_jobs_add(struct parse_jobs *p, const struct event *record);

/* Print what is still to come: 0, or -1.  Then free it in any case. */
int parse_jobs_end(struct parse_jobs *p);

#endif
