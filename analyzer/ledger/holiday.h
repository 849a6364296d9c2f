/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_HOLIDAY_H
#define LEDGER_HOLIDAY_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * Public holidays of Japan (国民の祝日に関する法律), by rule for 2000-2099:
 * fixed days, moved Mondays, equinoxes, substitute holidays (振替休日), days
 * between two holidays (国民の休日) and the special laws of 2019 to 2021.
 * A table of the Cabinet Office, where there is one, goes before the rules.
 */
struct holiday {
	const char *ja, *en;
};

/* The holiday of a day number by rule, or NULL.  Static. */
const struct holiday *holiday_by_rule(int64_t day);

/*
 * A table: CSV of two columns, date and name, as the Cabinet Office publishes
 * it (CP932 or UTF-8, with a header).  NULL after an error in ps; where it
 * says other days than the rules, a notice for each year.
 */
struct holidays;

struct holidays *holidays_parse(struct span bytes, const char *file,
    struct problems *ps);
void holidays_free(struct holidays *hs);

/* First and last year that the table covers. */
void holidays_years(const struct holidays *hs, int *first, int *last);

/*
 * The holiday of a day number: by the table in the years it covers, by rule
 * in others and if hs is NULL.  NULL if it is none.
 */
const struct holiday *holidays_get(const struct holidays *hs, int64_t day);

#endif
