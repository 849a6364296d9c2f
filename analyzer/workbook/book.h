/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_BOOK_H
#define WORKBOOK_BOOK_H

#include "analyzer/workbook/number.h"
#include "analyzer/workbook/parts.h"

/* What workbook.c reads and worksheet.c needs; for both only. */
struct book_sheet {
	struct span name;
	struct span id; /* of its relation */
	const struct zip_entry *part; /* NULL: a chart, or missing */
	bool hidden;
};

struct workbook {
	struct parts parts;
	struct arena *arena;
	bool epoch_1904;
	struct book_sheet sheets[WORKBOOK_SHEETS];
	size_t n_sheets;
	struct span *strings;
	size_t n_strings, cap_strings;
	struct number_format *styles; /* by the number of a cell format */
	size_t n_styles, cap_styles;
};

/* Read xl/styles.xml and xl/sharedStrings.xml, by their entries. */
int book_styles(struct workbook *w, const struct zip_entry *e,
    struct workbook_why *why);
int book_strings(struct workbook *w, const struct zip_entry *e,
    struct workbook_why *why);

/* A decimal number of an attribute, at most max; 0, or -1. */
int book_number(const char *text, unsigned max, unsigned *n);

#endif
