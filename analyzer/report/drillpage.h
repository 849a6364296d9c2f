/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DRILLPAGE_H
#define ANALYZER_REPORT_DRILLPAGE_H

#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "common/arena.h"
#include "common/buf.h"

/*
 * How a drill went: instants by its own casebook, 0 where it never came to it.
 */
struct drill_times {
	int64_t played;	  /* the first line was sent */
	int64_t noticed;  /* the first finding was recorded */
	int64_t told;	  /* the first message was accepted */
	int64_t acked;	  /* somebody took it */
	int64_t executive; /* the first message to an executive */
	int64_t reported; /* somebody noted a decision, or a report */
};

void drill_times(const struct casebook *book, const struct contacts *contacts,
    int64_t played, struct drill_times *t);

/* "2 min 5 s", or that it did not come to it; since t->played. */
const char *drill_after(struct arena *arena, const struct drill_times *t,
    int64_t at);

/*
 * The record of a drill (訓練記録): A4, marked as a drill, with the times,
 * whom it reached, what was found, and room for who took part and what is to
 * be better.  Pure.
 */
struct drillpage {
	const struct casebook *book; /* of the drill */
	const struct contacts *contacts;
	const char *site, *title, *about;
	const char *origin; /* of the drill's evidence log */
	struct drill_times times;
	size_t lines; /* that were played */
	int zone;
	struct arena *arena;
};

void drillpage_html(const struct drillpage *p, struct buf *out);

#endif
