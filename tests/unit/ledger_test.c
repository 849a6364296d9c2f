/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/ledger.h"

#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

#define ACCOUNTS "ユーザID,状態\na,使用可\n"

static struct ledgers *
parse(const char *accounts, const char *maintenance, struct problems *ps)
{
	struct ledger_bytes in = { .accounts = span_str(accounts),
		.maintenance = span_str(maintenance) };

	problems_init(ps);
	return ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, ps);
}

int
main(void)
{
	struct ledgers *a, *b;
	struct problems ps;

	a = parse("", "", &ps);
	ok(a != NULL && ps.n == 0 && !a->has_accounts &&
		devices_count(a->devices) == 0,
	    "no files are empty ledgers");
	ledgers_free(a);
	problems_fini(&ps);

	a = parse(ACCOUNTS, "", &ps);
	problems_fini(&ps);
	b = parse(ACCOUNTS, "", &ps);
	problems_fini(&ps);
	ok(a != NULL && b != NULL && a->has_accounts &&
		memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0,
	    "the same bytes, the same hash");
	ledgers_free(b);
	b = parse(ACCOUNTS "\n", "", &ps);
	ok(a != NULL && b != NULL &&
		memcmp(a->sha256, b->sha256, sizeof(a->sha256)) != 0,
	    "another byte, another hash");
	ledgers_free(a);
	ledgers_free(b);
	problems_fini(&ps);

	a = parse(ACCOUNTS, "開始,終了\nx,y\n", &ps);
	ok(a == NULL && ps.errors == 2 &&
		strcmp(ps.v[0].file, "maintenance.csv") == 0,
	    "one bad ledger and none is loaded");
	problems_fini(&ps);

	problems_init(&ps);
	a = ledgers_load("no-such-folder", 0, 0, &ps);
	ok(a != NULL && ps.n == 0, "no folder, no ledgers");
	ledgers_free(a);
	problems_fini(&ps);
	return done();
}
