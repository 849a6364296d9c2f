/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_NOTIFY_H
#define ANALYZER_CASE_NOTIFY_H

#include "analyzer/case/contacts.h"
#include "analyzer/case/deadline.h"
#include "analyzer/case/escalation.h"
#include "analyzer/case/submit.h"

/*
 * Telling people: one turn over all cases, the gravest first, then the
 * deadlines, then weeks that nobody signed (overdue.h).  A message is recorded
 * in the casebook after each attempt, whether it was accepted or not, so that
 * the next turn, by whatever process, knows.
 */
struct notify {
	const struct site *site;
	const struct contacts *contacts;
	const struct calendar *calendar;   /* NULL: it is always day */
	const struct deadlines *deadlines; /* NULL: nobody is reminded */
	const struct holidays *holidays;   /* or NULL */
	struct submit *submit;
	int64_t now;	 /* utc usec */
	int64_t gather;	 /* as escalation.h has it */
	unsigned sent;	 /* out: messages accepted */
	unsigned failed; /* out: messages not accepted, each on a channel */
	int64_t again;	 /* out: when the next turn has something to do, 0 */
	bool more; /* out: somebody is told together with who was just told */
};

/* Return 0, or -1 and *why if the casebook could not be written. */
int notify_turn(struct notify *n, const struct casebook *book, struct buf *why);

/* Who sends, for messages and for `konseki case ack`. */
struct escalation_site notify_site(const struct site *site);

#endif
