/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DOCKET_H
#define ANALYZER_REPORT_DOCKET_H

#include "analyzer/ledger/ledger.h"
#include "analyzer/ledger/sheet.h"
#include "analyzer/report/losses.h"
#include "analyzer/report/report.h"

/*
 * The inspection pack (立入検査): what checklist item 2-⑪ and its neighbours
 * ask to see, as pages of A4 that are made from the records: nothing in them is
 * entered for the pack, and none of them says of itself that all is well.
 */
enum docket_table { /* dated data of the rules */
#define TABLE(id, file) DOCKET_##id,
#include "analyzer/report/docket_table_tbl.h"
#undef TABLE
	DOCKET_TABLES
};

/* "data/checklist.csv". */
const char *docket_table_file(enum docket_table t);

/* Read one; *sheet lives in arena.  0, or -1 after an error in ps. */
int docket_table_read(enum docket_table t, struct span bytes, const char *file,
    struct arena *arena, struct sheet *sheet, struct problems *ps);

struct docket_log { /* what the disk holds of the evidence log */
	uint64_t low, high;	    /* receive times (usec), oldest, newest */
	size_t kept, past, held, deleted, missing; /* closed segments */
	const char *retention;			   /* "5y", for people */
};

struct docket_in {
	const struct report *r;
	const struct site *site;
	const struct ledgers *ledgers;		 /* NULL: not readable */
	struct sheet tables[DOCKET_TABLES]; /* n 0: not readable */
	struct docket_log log;
	int64_t from, until; /* the period of the pack */
	int64_t day;	     /* midnight of the day of the sample */
};

struct docket;

/* in is copied; what it points to is borrowed. */
struct docket *docket_new(const struct docket_in *in);
void docket_event(struct docket *p, const struct event *e, int64_t at);

/* After all events, once; losses are borrowed until the last page. */
void docket_finish(struct docket *p, const struct losses *losses);
void docket_free(struct docket *p);

/*
 * The files, one after the other, *i from 0 on: the name ("03-reviews.html")
 * and the bytes, appended; false: no more.  The index is the last.
 */
bool docket_page(struct docket *p, size_t *i, const char **name,
    struct buf *out);

#endif
