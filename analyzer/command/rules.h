/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_H
#define ANALYZER_COMMAND_RULES_H

#include "analyzer/sigma/corpus.h"

/*
 * konseki rules: Sigma rules as they stand in a folder, and the pack.  One
 * function for each word behind it; it returns the exit status, RULES_USAGE if
 * it was called wrongly.
 */
#define RULES_USAGE (-1)

struct rules_call {
	const char *dir;	  /* --rules, or NULL */
	const char *events;	  /* --events, or NULL */
	const char *placeholders; /* --placeholders, or NULL */
	const char *event;	  /* --event, or NULL */
	const char *profile;	  /* --profile, or NULL */
	const char *site;	  /* --site, or NULL */
	const char *from, *to;	  /* --from, --to, or NULL */
	const char *set[32];	  /* --set, nset of them */
	int nset;
	bool json, csv;
	char **arg; /* operands */
	int narg;
};

int rules_check(struct rules_call *c);
int rules_match(struct rules_call *c);
int rules_backtest(struct rules_call *c);
int rules_coverage(struct rules_call *c);
int rules_explain(struct rules_call *c);
int rules_list(struct rules_call *c);
int rules_test(struct rules_call *c);
int rules_page(struct rules_call *c);

/* The rules of a folder, with the call's placeholders; NULL: it was said. */
struct corpus *rules_load(const struct rules_call *c, const char *dir);

#endif
