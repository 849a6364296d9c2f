/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_WEEKS_H
#define ANALYZER_CASE_WEEKS_H

#include "analyzer/case/casebook.h"
#include "common/arena.h"

/*
 * Which weeks were reviewed, by whom and when (確認履歴), as the casebook tells
 * it.  A week runs from Monday to Sunday at the site.  Pure.
 */
#define WEEKS_QUICK INT64_C(60000000) /* usec: signed so soon after the sheet
				       * was made is told */
#define WEEKS_NUMBER 16 /* "WR-2026-11-16" and NUL */

enum weeks_state {
	WEEKS_SIGNED,  /* in time */
	WEEKS_LATE,    /* after the grace was over */
	WEEKS_WAITING, /* not signed; the grace runs */
	WEEKS_MISSING, /* not signed, and it is over */
};

struct weeks_week {
	int64_t from, until; /* midnights of two Mondays, utc usec */
	enum weeks_state state;
	bool owed; /* the casebook was kept all that week */
	/* The first that signed, the first that approved; the newest sheet made
	 * before the former, or at all; each NULL: none. */
	const struct casebook_step *reviewed, *approved, *made;
	size_t signatures; /* of reviewers, in all */
	size_t reminders;  /* messages that left */
	bool quick;	   /* signed within WEEKS_QUICK of the sheet */
};

struct weeks {
	struct weeks_week *v; /* the oldest first */
	size_t n;
	size_t reviewed; /* of all n */
	size_t owed, in_time, late, missing; /* the last three: of the owed */
	const struct weeks_week *oldest_missing; /* or NULL */
};

/*
 * All weeks that are owed and over, and others that somebody signed.  now:
 * utc usec; zone: seconds east of UTC; grace: usec after the end of a week in
 * which to sign it.
 */
void weeks_build(const struct casebook *book, int zone, int64_t now,
    int64_t grace, struct arena *arena, struct weeks *weeks);

/* The week that begins then, or NULL. */
const struct weeks_week *weeks_of(const struct weeks *weeks, int64_t from);

/* "WR-2026-11-16": how the sheet of the week that begins then is numbered; and
 * back: true, and *from. */
const char *weeks_number(int64_t from, int zone, char out[WEEKS_NUMBER]);
bool weeks_number_parse(struct span text, int zone, int64_t *from);

/* The midnight of the Monday of the week that holds that instant. */
int64_t weeks_monday(int64_t at, int zone);

/*
 * An o1 record that says that a weekly sheet was made, as a step; false: it
 * says something else.
 */
bool weeks_made(struct span words, struct arena *arena,
    struct casebook_step *step);

/* "期限内に確認" ... in the user's language. */
const char *weeks_state_name(enum weeks_state s);

#endif
