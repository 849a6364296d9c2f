/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_SOURCES_H
#define ANALYZER_REPORT_SOURCES_H

#include "analyzer/report/past.h"
#include "analyzer/report/report.h"

/*
 * Completeness (欠測): what each source sent in a period, when it was silent,
 * and what no format understood.  A source is the device as it names itself;
 * a line that does not say counts for who spoke last on its stream, else for
 * the stream's peer or file.
 */
#define SOURCES_MAX 4096u
#define SOURCES_HOURS (24u * 400u) /* the longest period */

struct source {
	struct span name;	     /* as it names itself, or its address */
	const char *label;	     /* for people: number, name, place */
	uint64_t records, unknown;   /* in the period */
	int64_t first, last;	     /* judged, in the period; 0: none */
	unsigned hours, silent;	     /* whole hours in all; without a record */
	int64_t since;		     /* when the first of them begins */
	const uint8_t *heard;	     /* of each hour, whether it sent */
	int64_t gap_from, gap_until; /* the longest run of silent ones */
	const char *formats;	     /* "fortigate", or "" */
	bool imported, replay;
	struct report_range cited;	 /* its records in the period */
	struct report_cite unknown_cite; /* the first not understood */
};

struct sources;

struct sources *sources_new(const struct report *r, int64_t from,
    int64_t until);
void sources_event(struct sources *s, const struct event *e, int64_t at);

/*
 * A segment of which no event is of the period, in its place among the events.
 * Return false if there are too many sources to take it so: then all is to be
 * read, from the beginning.
 */
bool sources_past(struct sources *s, const struct past *p);

/* Before sources_finish(), or instead: what is not in the arena. */
void sources_close(struct sources *s);

struct sources_total {
	const struct source *rows; /* by records, most first */
	size_t n;
	uint64_t records, unknown; /* in the period */
	int64_t first, last;	   /* of all records there are; 0: none */
	int64_t received_from, received_until; /* of those in the period */
	uint64_t beyond; /* records of sources beyond SOURCES_MAX */
};

/* The sums; silence is counted up to the newest seal, or, of what was imported
 * or played, up to the last record of all. */
const struct sources_total *sources_finish(struct sources *s);

#endif
