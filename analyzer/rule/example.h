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
 *	    internal: [10.0.0.0/8]
 *	    vpn: [10.9.0.0/16]
 *	    events:
 *	      - at: 2026-11-20T10:00:00+09:00
 *	        repeat: 3			# so many in all
 *	        every: 1h
 *	        fields: {konseki.kind: login, user.name: klm@nop}
 *	    finds:				# or: none
 *	      - {level: high, key: user=klm@nop}
 *
 * A finding is expected by any of level, key, kind (alert, sheet, unknown),
 * layers (codes) and numbers (name: value); it must be the only one, or one of
 * as many as are listed.
 */
typedef void example_report(void *arg, const char *name, bool good,
    const char *why);

/* Run all examples of a rule; each is reported.  Return how many failed. */
unsigned example_run(const struct rule *r, const struct settings *settings,
    example_report *report, void *arg);

#endif
