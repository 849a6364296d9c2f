/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_RECONCILE_H
#define ANALYZER_REPORT_RECONCILE_H

#include "analyzer/ledger/ledger.h"
#include "analyzer/ledger/observed.h"
#include "analyzer/ledger/outline.h"
#include "analyzer/report/twin.h"

/*
 * Who is in which list: the account ledger, the personnel office's list, what
 * was exported from devices, what records tell of; held against each other
 * both ways.  Pure.
 */
enum reconcile_mark {
#define MARK(id, en, ja) RECONCILE_##id,
#include "analyzer/report/reconcile_tbl.h"
#undef MARK
	RECONCILE_MARKS
};

struct reconcile_row {
	struct span id;			  /* as written; empty: a person */
	struct span name;		  /* or empty */
	const struct account *account;	  /* of the ledger, or NULL */
	bool is_person;			  /* by the personnel office */
	enum account_person person;
	struct span systems;		  /* that have it, joined */
	size_t there, enabled, admins;	  /* of these */
	const struct observed_account *seen; /* or NULL */
	unsigned marks;			  /* bits of enum reconcile_mark */
};

struct reconcile {
	const struct ledgers *ledgers;
	const struct outline *people; /* or NULL: not kept */
	const struct observed *observed;
	int64_t day; /* of today, at the site */
	int zone;
	const char *site; /* the hospital's name, or "" */
	/* Made by reconcile_make(). */
	struct arena *arena;
	struct reconcile_row *v; /* what is to be looked at first */
	size_t n;
	size_t count[RECONCILE_MARKS];
	size_t in_ledger, in_people, in_exported, in_records;
};

/* Hold the lists against each other; arena outlives the result. */
void reconcile_make(struct reconcile *r, struct arena *arena);

void reconcile_text(const struct reconcile *r, struct buf *out);
void reconcile_csv(const struct reconcile *r, struct twin *t);
void reconcile_html(const struct reconcile *r, struct buf *out);

#endif
