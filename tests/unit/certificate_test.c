/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/certificate.h"

#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

#define HOSTILE "<script>\"'&\x1b[31m\xE2\x80\xAE"
#define AT (INT64_C(1795150985) * UTC_SECOND)

static struct search_value values[SEARCH_ROWS];
static struct search_list lists[] = { { HOSTILE, "00ff", 7 } };
static struct search_refused refused[] = { { HOSTILE, "value", HOSTILE,
    HOSTILE, 3 } };
static struct search_log logs[] = { { .origin = "test.example/evidence",
    .root = "abcd",
    .proof = "chain",
    .size = 1000,
    .segments = 2,
    .blocks = 12,
    .read = 2,
    .passed = 10,
    .checked = 1,
    .records = 900,
    .bytes = 100000,
    .file_bytes = 30000,
    .first = AT,
    .last = AT + UTC_DAY } };
static struct search_source sources[] = {
	{ HOSTILE, "", 800, 24, 13, AT, AT + 3 * UTC_HOUR },
	{ "a.csv (import/import)", "imported", 90, 0, 0, 0, 0 },
	{ "", "rest", 10, 24, 24, AT, AT + UTC_DAY },
};
static struct search_gap gaps[] = { { "test.example/evidence", "down", 1, 0,
					17, AT, AT + UTC_HOUR },
	{ "test.example/evidence", HOSTILE, 2, 5, 18, AT, AT },
	{ "test.example/evidence", "", 31, 0, 0, 0, 0 } };
static struct search_missing missing[] = { { "test.example/evidence", 0, 99,
    AT, AT, true } };

static struct search search = {
	.result = SEARCH_NONE,
	.reason = "",
	.program = "konseki 0",
	.sha256 = "1234",
	.where = HOSTILE,
	.at = AT,
	.from = AT,
	.until = AT + UTC_DAY,
	.records = 900,
	.bytes = 100000,
	.kinds = { 300, 0, 0, 0, 0 },
	.n = { 300, 1, 1, 1, 3, 3, 1 },
	.values = values,
	.lists = lists,
	.refused = refused,
	.logs = logs,
	.sources = sources,
	.gaps = gaps,
	.missing = missing,
	.origin = "test.example/casebook",
	.index = 76,
	.recorded = AT,
	.leaf = "feed",
};

static bool
has(const struct buf *b, const char *text)
{
	return memmem(b->p, b->len, text, strlen(text)) != NULL;
}

static void
print(const char *lang, const struct search *s, struct arena *arena,
    struct buf *out)
{
	log_set_lang(lang);
	certificate_html(&(struct certificate){ .site = HOSTILE,
			     .zone = 9 * 3600,
			     .search = s,
			     .number = "search-76",
			     .arena = arena },
	    out);
}

static void
test_page(struct arena *arena)
{
	struct buf en, ja;

	buf_init(&en);
	buf_init(&ja);
	print("en", &search, arena, &en);
	print("ja", &search, arena, &ja);
	ok(!has(&en, "<script") && !has(&ja, "<script") && !has(&en, "\x1b"),
	    "what others wrote never becomes markup");
	ok(has(&en, "None of the 300 indicators below was found in the 900 "
		    "records searched"),
	    "what was found");
	ok(has(&ja, "調査対象300件に一致する記述は、調査した記録900件の中では確"
		    "認されませんでした"),
	    "in Japanese");
	ok(has(&en, "does not show that nothing happened") &&
		has(&ja, "何も起きなかったことを示すものではありません"),
	    "and what that is not");
	ok(has(&en, "sources with hours without a record (3): 2; kinds of gaps "
		    "(4): 3; stretches of records that are not here (4): 1; "
		    "lines of the list not searched for (1): 1"),
	    "what is to be considered");
	ok(has(&en, "records 0 to 99") && has(&en, "collector was not running"),
	    "what is not here, and what was lost");
	ok(has(&en, "of any kind and time <span class=\"cite\">test.example/"
		    "evidence</span></td><td class=\"n\">31</td>"),
	    "also where there were too many to tell apart");
	ok(has(&en, "and 260 more"), "of many indicators the first");
	ok(has(&en, "2 read; 10 passed over by an index"), "how it was read");
	ok(has(&en, "test.example/casebook#76  feed"), "its record");
	ok(has(&en, "<tr class=\"bad\"><td>all other sources"),
	    "who was silent for most of the time stands out");
	buf_fini(&en);
	buf_fini(&ja);
}

/* A page that has nothing to doubt says nothing of doubts. */
static void
test_clean(struct arena *arena)
{
	struct search clean = search;
	struct buf en;

	clean.n = (struct search_rows){ .values = 1, .logs = 1, .sources = 1 };
	clean.sources = sources + 1;
	buf_init(&en);
	print("en", &clean, arena, &en);
	ok(!has(&en, "To be considered") && has(&en, "It recorded none"),
	    "nothing to be considered");
	buf_fini(&en);
}

static void
test_entry(struct arena *arena)
{
	struct search again;
	struct buf a, b;
	size_t i, bad = 0;

	buf_init(&a);
	buf_init(&b);
	search_print(&search, &a);
	ok(search_parse(buf_view(&a), arena, &again) == 0, "it is read");
	search_print(&again, &b);
	ok(span_eq(buf_view(&a), buf_view(&b)), "and is the same again");
	ok(again.n.values == 300 && again.kinds[0] == 300 &&
		again.sources[0].silent == 13 &&
		strcmp(again.gaps[0].kind, "down") == 0 &&
		again.missing[0].deleted && again.until == search.until,
	    "with all its members");
	for (i = 0; i < a.len; i++)
		bad += search_parse(span_make(a.p, i), arena, &again) == 0;
	ok(bad == 0, "cut short it is none");
	buf_fini(&a);
	buf_fini(&b);
}

int
main(void)
{
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < SEARCH_ROWS; i++)
		values[i] = (struct search_value){ "address", HOSTILE };
	test_page(arena);
	test_clean(arena);
	test_entry(arena);
	arena_free(arena);
	return done();
}
