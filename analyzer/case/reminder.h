/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_REMINDER_H
#define ANALYZER_CASE_REMINDER_H

#include "analyzer/case/casebook.h"
#include "analyzer/case/deadline.h"
#include "analyzer/case/escalation.h"

/*
 * Which deadline of a case people are to be reminded of now.  Pure, as
 * escalation.h is: the casebook says what was done and whom it was said to.
 */
#define REMINDER_FROM_H 8 /* o'clock: nobody is woken for it */

struct reminder_asked {
	const struct casebook *book;
	const struct deadlines *deadlines;
	const struct holidays *holidays;
	int zone;    /* seconds east of UTC */
	int64_t now; /* utc usec */
};

struct reminder_due {
	const struct casebook_group *group;
	const struct deadline *deadline;
	int64_t day;  /* the deadline's */
	int64_t left; /* days until then; below 0: over */
};

/*
 * The first that is due of a case, from the deadline at *at of the table on
 * (begin with 0): 1 and *due, or 0.
 */
int reminder_next(const struct reminder_asked *asked,
    const struct casebook_group *group, size_t *at, struct reminder_due *due);

/* "厚生労働省への連絡 (本日)"; and the text of it with its case. */
void reminder_title(const struct reminder_due *due, struct buf *out);
void reminder_text(const struct reminder_due *due,
    const struct escalation_site *site, struct buf *out);

#endif
