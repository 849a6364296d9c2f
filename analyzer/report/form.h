/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_FORM_H
#define ANALYZER_REPORT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * To whom a report goes, and which items it has, from two dated tables of the
 * rules (data/forms.csv, data/form-items.csv): addressees, items and their
 * numbers change without a new program.  Pure.
 */
enum field {
#define FIELD(id, name, lines, en, ja) FIELD_##id,
#include "analyzer/report/field_tbl.h"
#undef FIELD
	FIELD_COUNT
};

#define FORM_FIELDS 6u	  /* of an item */
#define FORM_DEADLINES 4u /* of a form */
#define FORM_ITEMS 64u	  /* of a form */

struct form_item {
	const char *form, *number, *name_ja, *name_en;
	enum field fields[FORM_FIELDS];
	size_t n_fields;
};

struct form {
	const char *id, *title_ja, *title_en, *to_ja, *to_en;
	const char *deadlines[FORM_DEADLINES]; /* ids in data/deadlines.csv */
	size_t n_deadlines;
	const char *note_ja, *note_en, *basis;
	int64_t checked;      /* day on which somebody compared it */
	int64_t since, until; /* days that it is for, both included */
	const struct form_item *items[FORM_ITEMS];
	size_t n_items;
};

struct forms;

struct forms_text { /* of a file, and its name for messages */
	struct span bytes;
	const char *name;
};

/* Read both tables.  NULL after an error in ps. */
struct forms *forms_parse(const struct forms_text *forms,
    const struct forms_text *items, struct problems *ps);
void forms_free(struct forms *fs);

/* The form of that id for a report made on that day, or NULL. */
const struct form *forms_find(const struct forms *fs, const char *id,
    int64_t day);

/* The next from *at (begin with 0), or NULL. */
const struct form *forms_next(const struct forms *fs, size_t *at);

/* Whether it has sentences for the public (fields pub-…): then nothing else of
 * the records goes with it. */
bool form_is_public(const struct form *f);

/* How many lines people are to fill in a field, and with what. */
unsigned field_lines(enum field f);
const char *field_fill(enum field f);

#endif
