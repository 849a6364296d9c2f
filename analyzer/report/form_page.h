/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_FORM_PAGE_H
#define ANALYZER_REPORT_FORM_PAGE_H

#include "analyzer/report/damage.h"
#include "analyzer/report/form.h"

/*
 * A report to somebody (data/forms.csv) from a finished damage: as a page of
 * A4, and as a workbook of the same items to copy from.
 */
struct form_due { /* a deadline, as the calendar gives it */
	const char *name, *when; /* for people */
	const char *basis;
};

struct form_page {
	const struct form *form;
	const struct form_due *due;
	size_t n_due;
	bool aware; /* else none can be counted */
};

void form_print_html(struct damage *d, const struct form_page *page,
    struct buf *out);

/* Office Open XML; 0, or -1: out of memory or too large. */
int form_print_xlsx(struct damage *d, const struct form_page *page,
    struct buf *out);

/* "DR-1f00aa01-police-2". */
const char *form_number(const struct damage *d, const struct form *form);

#endif
