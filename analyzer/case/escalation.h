/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_ESCALATION_H
#define ANALYZER_CASE_ESCALATION_H

#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "common/buf.h"

/*
 * Whom to tell now.  Pure: the casebook says what was sent and answered, the
 * contact tree who is next, the caller what time it is.  So a notifier that
 * was killed goes on where its casebook ends.
 */
struct escalation_due {
	const struct casebook_group *group;
	const struct contacts_person *person;
	unsigned attempt; /* from 1; counts persons told about this case */
};

#define ESCALATION_FINDINGS 20 /* told of in a message; others are counted */

/*
 * The message that is due for a case: 1 and *due, or 0 (nobody is to be told,
 * somebody took it, it was judged, or the last message may still be answered;
 * then *again = when to ask again, utc usec, 0 = not at all).  gather: so long
 * after a case began, or became worse, the rest of it has come, and there is
 * one message and not five; what is critical never waits, and 0 is for who
 * waits for nothing.
 */
struct escalation_asked {
	const struct casebook *book;
	const struct contacts *contacts;
	int64_t now;	/* utc usec */
	int64_t gather; /* usec */
};

int escalation_next(const struct escalation_asked *asked,
    const struct casebook_group *group, struct escalation_due *due,
    int64_t *again);

/*
 * Subject (one line) and body of the message, in the user's language, for the
 * notifier's mail, printer or lamp.  site: name of the hospital; zone: seconds
 * east of UTC.
 */
void escalation_subject(const struct casebook *book,
    const struct escalation_due *due, const char *site, struct buf *out);
void escalation_body(const struct casebook *book,
    const struct escalation_due *due, const char *site, int zone,
    struct buf *out);

#endif
