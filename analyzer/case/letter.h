/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_LETTER_H
#define ANALYZER_CASE_LETTER_H

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "analyzer/case/submit.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * One message to one person, over each channel that he has; what became of it
 * is recorded in the casebook after each attempt.
 */

/* What it speaks of: a step of the casebook for each. */
struct letter_about {
	const struct casebook_group *group;
	const char *about; /* as the step has it, or "" */
};

struct letter {
	enum casebook_step_kind kind; /* CASEBOOK_SENT, CASEBOOK_REMIND */
	const struct contacts_person *to;
	unsigned attempt;
	const char *code; /* or "" */
	bool drill;
	const struct letter_about *about; /* the first names it outside */
	size_t n_about;			  /* not 0 */
	struct buf subject, body;	  /* letter_send() masks patients */
};

struct letter_post {
	const struct site *site;
	struct submit *submit;
	int64_t now;	 /* utc usec */
	unsigned sent;	 /* counts messages accepted */
	unsigned failed; /* and not accepted, each on a channel */
};

/* Send it.  Return 0, or -1 and *why if the casebook could not be written. */
int letter_send(struct letter_post *post, struct letter *l, struct buf *why);

#endif
