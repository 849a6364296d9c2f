/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/backtest.h"

#include <stdio.h>
#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

/* Rules as they are, and as somebody would have them, on the same evidence. */
#define AT INT64_C(1790000000000000)

static const struct casebook book;

static void
begin(struct backtest_hits *h, size_t max)
{
	*h = (struct backtest_hits){ .from = AT, .until = AT + UTC_DAY };
	backtest_hits_init(h, &book);
	h->max = max;
}

static void
find(struct backtest_hits *h, unsigned number)
{
	struct finding f = { .kind = FINDING_ALERT,
		.rule = "X-01",
		.key = "user=x",
		.first = AT + number,
		.from = AT,
		.until = AT + UTC_HOUR };

	f.version = f.title_ja = f.title_en = f.what_ja = f.what_en = "";
	f.why_ja = f.why_en = f.do_ja = f.do_en = f.first_to = "";
	snprintf(f.id, sizeof(f.id), "%064u", number);
	backtest_take(h, &f);
}

static void
check(struct backtest_report *r, const char *what, const char *want)
{
	struct buf out;

	buf_init(&out);
	backtest_print_json(r, &out);
	ok(strstr(buf_cstr(&out), want) != NULL, "%s", what);
	if (strstr(buf_cstr(&out), want) == NULL)
		printf("# %s", buf_cstr(&out));
	buf_fini(&out);
}

static void
compare(struct backtest_hits *after, struct backtest_hits *before,
    struct backtest_report *r, struct arena *arena)
{
	*r = (struct backtest_report){ .hits = after,
		.before = before,
		.from = AT,
		.until = AT + UTC_DAY };
	backtest_compare(before, NULL);
	backtest_compare(after, before);
	backtest_count(r, arena);
}

int
main(void)
{
	struct backtest_hits after, before;
	struct backtest_report r;
	struct arena *arena = arena_new();
	unsigned i;

	begin(&after, 3);
	begin(&before, 3);
	for (i = 0; i < 5; i++) {
		find(&after, 5 - i);
		find(&before, i);
	}
	find(&after, 1); /* again, revised */
	compare(&after, &before, &r, arena);
	ok(after.n == 3 && after.more == 2 && before.more == 2,
	    "more than are listed are counted, each once");
	ok(r.in_force == 3 && r.lost == 1,
	    "one that is found and not listed is found still");
	ok(r.all.before == 2,
	    "and known of what was found before, listed or not");
	check(&r, "what is not listed is that of the rules that are tried",
	    "\"not_listed\":2,");
	check(&r, "and what is not compared that of those in force",
	    "\"not_compared\":2,");
	backtest_hits_fini(&after);
	backtest_hits_fini(&before);
	arena_free(arena);
	return done();
}
