/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_EXAMPLE_H
#define RULE_EXAMPLE_H

#include "analyzer/rule/ruleset.h"

/*
 * The examples that a rule file carries: ledgers, calendar and events as they
 * would be, and the findings that must come of them.
 *
 *	examples:
 *	  - name: a retired account
 *	    ledgers:
 *	      accounts: |
 *	        ユーザID,状態
 *	        klm@nop,使用不可
 *	    calendar: |
 *	      zone: "+09:00"
 *	    firmware: |			# as rules/data/firmware.csv
 *	      製品,系列,修正版,脆弱性,公表日
 *	    internal: [10.0.0.0/8]
 *	    vpn: [10.9.0.0/16]
 *	    events:
 *	      - at: 2026-11-20T10:00:00+09:00
 *	        repeat: 3		# so many in all; {n} is 1, 2, 3
 *	        every: 1h
 *	        behind: 90s		# live, of a clock that is behind
 *	        fields: {konseki.kind: login, user.name: klm@nop}
 *	    finds:				# or: none
 *	      - {level: high, key: user=klm@nop}
 *
 * A finding is expected by any of level, key, kind (alert, sheet, unknown),
 * layers (codes) and numbers (name: value); it must be the only one, or one of
 * as many as are listed.
 */
struct example_verdict {
	const struct rule *rule;
	unsigned line;	  /* of the example, or of what is wrong in it */
	const char *name; /* of the example; may be empty */
	bool good;
	const char *why;	  /* not good: a sentence */
	struct span wanted, came; /* findings, as they would stand in the file;
				   * empty if it did not come to that */
};

/* It lives until the call returns. */
typedef void example_report(void *arg, const struct example_verdict *v);

/* Run all examples of a rule; each is reported.  Return how many failed. */
unsigned example_run(const struct rule *r, const struct settings *settings,
    example_report *report, void *arg);

#endif
