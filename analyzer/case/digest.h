/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_DIGEST_H
#define ANALYZER_CASE_DIGEST_H

#include "analyzer/case/contacts.h"
#include "analyzer/case/overdue.h"
#include "analyzer/case/reminder.h"

/*
 * All that one person is to be reminded of in one turn, deadlines (reminder.h)
 * and weeks that nobody signed (overdue.h), as one message.  Pure.
 */
#define DIGEST_TEXTS 10u /* deadlines with all their text; others have a line */

struct digest {
	const struct contacts_person *to;
	struct reminder_due *deadlines; /* the caller's */
	size_t n;
	struct overdue_due weeks[OVERDUE_STAGES];
	size_t n_weeks;
	bool replay; /* of what is a sample */
};

/* The most pressing deadline first; those of a day as they were. */
void digest_sort(struct digest *digest);

/* One line; and the text, of what is not empty. */
void digest_subject(const struct digest *digest,
    const struct escalation_site *site, struct buf *out);
void digest_body(const struct digest *digest,
    const struct escalation_site *site, struct buf *out);

#endif
