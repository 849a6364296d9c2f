/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_LEDGERS_H
#define ANALYZER_COMMAND_LEDGERS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * konseki ledgers: what helps those who keep ledgers.  One function for each
 * word behind it; it returns the exit status, 2 if called wrongly.
 */
struct ledgers_call {
	const char *site;   /* --site, or NULL */
	const char *as;	    /* --as: which ledger the file is, or NULL */
	const char *output; /* --output: folder of what is written, or NULL */
	const char *lang;   /* of pages, or NULL */
	bool html;
	size_t rows; /* --rows of each ledger */
	char **arg;  /* operands */
	size_t narg;
};

#define SUB(name, operands, en, ja) int ledgers_##name(struct ledgers_call *c);
#include "analyzer/command/ledgers_tbl.h"
#undef SUB

/* Write a file of that name into --output, else the site's reports; its path
 * goes to standard output.  Return 0, or -1 (said). */
int ledgers_write(const struct ledgers_call *c, const struct site *site,
    const char *name, const struct buf *page);

#endif
