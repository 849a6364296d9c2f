/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_NIGHT_H
#define ANALYZER_REPORT_NIGHT_H

#include <stdint.h>

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "analyzer/case/deadline.h"
#include "analyzer/case/escalation.h"
#include "analyzer/ledger/device.h"
#include "analyzer/ledger/plan.h"
#include "common/arena.h"
#include "common/buf.h"

/*
 * The page of an incident's night: what is known, what is not, whom to call,
 * what not to do, what to cut in the order of the guidance, which of the five
 * causes it may be.  From the casebook and the ledgers alone, so it is there at
 * once; it decides nothing.  Pure.
 */
struct night {
	const struct casebook *book;
	const struct casebook_group *group;
	const struct contacts *contacts;
	const struct contacts_outside *known; /* of data/outside.csv */
	size_t n_known;
	const struct devices *devices; /* NULL: no ledger */
	const struct plans *plans;     /* maintenance; NULL: no ledger */
	const struct deadlines *deadlines;
	const struct holidays *holidays;   /* or NULL */
	const struct calendar *calendar;   /* NULL: it is always day */
	struct escalation_site site;
	int64_t now; /* utc usec */
	struct arena *arena;
};

/* In the user's language. */
void night_html(const struct night *n, struct buf *out);

/* What is to be cut, in the guidance's order: backup, outside, segments. */
void night_cards(const struct night *n, struct buf *out);

/* The five causes with what the logs say for each. */
void night_causes(const struct night *n, struct buf *out);

/* A device; each host of the case, and each device of the ledger that its
 * findings name, once: as items of a list to tick. */
void night_device(const struct device *d, struct buf *out);
void night_hosts(const struct night *n, struct buf *out);

/*
 * The report form of the staff (報告様式): the fields of the guidance, to be
 * written by hand, and the signs to tick.
 */
void night_form(const struct escalation_site *site, struct span signs,
    struct buf *out);

#endif
