/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/command/standing.h"
#include "common/utc.h"
#include "tests/tap.h"

/* What of a casebook is taken back, and what is left alone. */
#define NOW (INT64_C(1790000000) * UTC_SECOND)
#define RULES "aa"

static struct casebook_step judgement;
static struct casebook_finding last;

static void
found(void *cookie, const struct casebook_finding *f)
{
	++*(size_t *)cookie;
	last = *f;
}

static struct casebook_finding
finding(void)
{
	return (struct casebook_finding){ .id = "one",
		.rule = "VPN-01",
		.kind = "alert",
		.what_en = "a sentence",
		.first = NOW,
		.from = NOW,
		.until = NOW + UTC_HOUR,
		.n_evidence = 3,
		.rules_sha256 = RULES,
		.evidence_size = 100 };
}

/* How many of one finding, after all records from that index on were read. */
static size_t
taken(const struct casebook_finding *f, uint64_t from, int64_t time,
    const char *told, struct standing_scope scope)
{
	struct casebook book = { .n_findings = 1 };
	struct casebook_finding copy = *f;
	struct standing *s = standing_new();
	size_t n = 0, said;
	uint64_t i;

	for (i = from; i < from + 3; i++)
		standing_read(s, "log", i, time);
	if (told != NULL)
		standing_told(s, span_str(told));
	scope.size = scope.size == 0 ? 200 : scope.size;
	scope.logs = scope.logs == 0 ? 1 : scope.logs;
	scope.rules_sha256 = RULES;
	book.findings = &copy;
	said = standing_withdraw(s, &book, &scope, found, &n);
	standing_free(s);
	return said == n ? n : SIZE_MAX;
}

static size_t
of(struct casebook_finding f)
{
	return taken(&f, 0, NOW, "another", (struct standing_scope){ 0 });
}

static void
check_which(void)
{
	struct casebook_finding f = finding();

	ok(of(f) == 1 && last.withdrawn && strcmp(last.id, "one") == 0 &&
		last.n_evidence == 0 && *last.what_en == '\0' &&
		last.evidence_size == 200,
	    "what is not found is withdrawn");
	ok(taken(&f, 0, NOW, "one", (struct standing_scope){ 0 }) == 0,
	    "what is found is not");
	f.withdrawn = true;
	ok(of(f) == 0, "nor twice");
	f = finding();
	f.judged = &judgement;
	ok(of(f) == 0, "nor what somebody judged");
	f = finding();
	f.rules_sha256 = "bb";
	ok(of(f) == 0, "nor what other rules told");
	f = finding();
	f.rule = STANDING_BROKEN;
	ok(of(f) == 0, "nor what verification said");
	f = finding();
	f.evidence_size = 201;
	ok(of(f) == 0, "nor what rests on more evidence than was read");
}

static void
check_gone(void)
{
	struct casebook_finding f = finding();
	struct standing_scope all = { 0 }, two = { .logs = 2 };
	int64_t then = NOW - STANDING_HISTORY_DAYS * UTC_DAY;

	ok(taken(&f, 7, then + UTC_HOUR, NULL, all) == 0,
	    "evidence that is gone contradicts nothing");
	ok(taken(&f, 7, then - UTC_HOUR, NULL, all) == 1,
	    "but what is gone for long does not matter");
	ok(taken(&f, 0, NOW, NULL, two) == 0,
	    "without one of the logs nothing is withdrawn");
}

/* Two logs, of 300 records and of 5 so far; one began as the other ended. */
static size_t
of_two(const struct casebook_finding *f, int64_t began)
{
	struct standing_scope scope = { .logs = 2,
		.size = 5,
		.rules_sha256 = RULES };
	struct casebook_finding copy = *f;
	struct casebook book = { .n_findings = 1, .findings = &copy };
	struct standing *s = standing_new();
	size_t n = 0;
	uint64_t i;

	for (i = 0; i < 300; i++)
		standing_read(s, "log", i, began - UTC_HOUR);
	for (i = 0; i < 5; i++)
		standing_read(s, "log.2", i, began);
	(void)standing_withdraw(s, &book, &scope, found, &n);
	standing_free(s);
	return n;
}

static void
check_generations(void)
{
	struct casebook_finding f = finding();

	ok(of_two(&f, f.until) == 1,
	    "what a log before this one held was read to its end");
	ok(of_two(&f, f.until - 1) == 0,
	    "not of a time that the newer log speaks of");
	f.evidence_size = 301;
	ok(of_two(&f, f.until) == 0, "nor what rests on more than both have");
}

static void
check_partly(void)
{
	struct standing_scope some = { .partly = true,
		.since = NOW,
		.until = NOW + UTC_HOUR };
	struct casebook_finding f = finding();

	ok(taken(&f, 0, NOW, NULL, some) == 1, "before all is judged: inside");
	some.since++;
	ok(taken(&f, 0, NOW, NULL, some) == 0, "not what began before");
	some.since--;
	some.until--;
	ok(taken(&f, 0, NOW, NULL, some) == 0, "nor what ends behind");
	some.until++;
	f.kind = "unknown";
	ok(taken(&f, 0, NOW, NULL, some) == 0, "nor what cannot be said");
}

int
main(void)
{
	check_which();
	check_gone();
	check_generations();
	check_partly();
	return done();
}
