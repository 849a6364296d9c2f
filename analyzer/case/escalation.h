/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_ESCALATION_H
#define ANALYZER_CASE_ESCALATION_H

#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "analyzer/ledger/calendar.h"
#include "common/buf.h"

/*
 * Whom to tell now.  Pure: the casebook says what was sent and answered, the
 * contact tree who is next, the caller what time it is.  So a notifier that
 * was killed goes on where its casebook ends.
 */
#define ESCALATION_CODE 10 /* "K7M2-9QXD" and NUL */

struct escalation_due {
	const struct casebook_group *group;
	const struct contacts_person *person;
	unsigned attempt; /* from 1; counts persons told about this case */
	bool more;	  /* the next is told together with this one */
	char code[ESCALATION_CODE]; /* the answer to this message, which says
				     * who it is and of what; nobody can work
				     * it out who does not read the casebook */
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
	const struct calendar *calendar; /* NULL: it is always day */
};

int escalation_next(const struct escalation_asked *asked,
    const struct casebook_group *group, struct escalation_due *due,
    int64_t *again);

/*
 * The message that was answered with a code as somebody types it: the newest
 * that had it, or NULL.  What came of the case since is for the caller to ask
 * (escalation_is_stale): a message of before it does not answer for it.
 */
const struct casebook_step *escalation_code(const struct casebook *book,
    struct span typed);
bool escalation_is_stale(const struct casebook_group *group,
    const struct casebook_step *sent);

/* Who sends: the name of the hospital, its zone, whether it is a drill, and
 * what --site is to be given, or "". */
struct escalation_site {
	const char *name;
	int zone; /* seconds east of UTC */
	bool drill;
	bool replies; /* to its mails are read */
	const char *option;
};

/* What a message that is no real event begins with: "【訓練】", "【見本】", or
 * "". */
const char *escalation_mark(const struct escalation_site *site, bool replay);

/*
 * Subject (one line) and body of the message, in the user's language, for the
 * notifier's mail, printer or lamp.
 */
void escalation_subject(const struct casebook *book,
    const struct escalation_due *due, const struct escalation_site *site,
    struct buf *out);
void escalation_body(const struct casebook *book,
    const struct escalation_due *due, const struct escalation_site *site,
    struct buf *out);

#endif
