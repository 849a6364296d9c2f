/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/finding.h"

#include <string.h>

#include "analyzer/rule/sentence.h"
#include "tests/tap.h"

static struct finding
sample(void)
{
	struct finding f = { .rule_id = "r",
		.rule = "ADM-01",
		.version = "1",
		.title_ja = "題",
		.title_en = "t",
		.key = "user=a",
		.first_to = "operator",
		.from = 1000000,
		.until = 2000000,
		.first = 1500000,
		.severity = FINDING_SERIOUS,
		.what_ja = "何",
		.what_en = "what \"x\"",
		.why_ja = "",
		.why_en = "",
		.do_ja = "",
		.do_en = "" };

	finding_identify(&f);
	return f;
}

static void
check_id(void)
{
	struct finding a = sample(), b = sample();

	/* printf '1:r 6:user=a 1000000' | sha256sum */
	ok(strcmp(a.id,
	       "82de8bf01f28ac0c35122993e8dd834d"
	       "acbb26612a555981d0731d50225730aa") == 0,
	    "the id is a hash that anybody can compute");
	b.until = 3;
	b.severity = FINDING_INFO;
	finding_identify(&b);
	ok(strcmp(a.id, b.id) == 0, "it depends on rule, key and start only");
	b.from++;
	finding_identify(&b);
	ok(strcmp(a.id, b.id) != 0, "another start, another id");
	b = sample();
	b.rule_id = "r 6:user";
	b.key = "=a";
	finding_identify(&b);
	ok(strcmp(a.id, b.id) != 0, "texts cannot be shifted");
}

static void
check_severity(void)
{
	enum finding_severity s;

	ok(finding_severity_parse(SPAN("medium"), &s) == 0 &&
		s == FINDING_WARNING &&
		strcmp(finding_severity_ja(s), "警告") == 0,
	    "medium is 警告");
	ok(finding_severity_parse(SPAN("Medium"), &s) == -1, "as written");
	ok(finding_severity_raise(FINDING_WARNING, 1, FINDING_CRITICAL) ==
		FINDING_SERIOUS,
	    "one up");
	ok(finding_severity_raise(FINDING_WARNING, 9, FINDING_CRITICAL) ==
		FINDING_CRITICAL,
	    "not beyond the top");
	ok(finding_severity_raise(FINDING_WARNING, 9, FINDING_SERIOUS) ==
		FINDING_SERIOUS,
	    "not beyond the cap");
	ok(finding_severity_raise(FINDING_SERIOUS, 0, FINDING_WARNING) ==
		FINDING_SERIOUS,
	    "a cap lowers nothing");
}

static void
check_json(void)
{
	struct finding f = sample();
	struct buf b;
	size_t i;

	finding_count(&f, "OUT-02", "bytes", "bytes", 12);
	finding_figure(&f, "", "z", "", 6.125, 2);
	finding_entity(&f, "user", "a", "row 3");
	finding_entity(&f, "user", "a", "row 3");
	finding_entity(&f, "user", "", "");
	ok(f.n_entities == 1, "an entity once, and none without a name");
	buf_init(&b);
	finding_print_json(&f, &b);
	(void)buf_cstr(&b);
	ok(strstr((char *)b.p,
	       "{\"name\":\"bytes\",\"value\":12,\"unit\":"
	       "\"bytes\",\"layer\":\"OUT-02\"},{\"name\":"
	       "\"z\",\"value\":6.1") != NULL,
	    "numbers");
	ok(strstr((char *)b.p, "\"what_en\":\"what \\\"x\\\"\"") != NULL,
	    "texts are quoted");
	ok(strstr((char *)b.p, "\"first\":\"1970-01-01T00:00:01.500000Z\"") !=
		NULL,
	    "times");
	ok(b.p[b.len - 1] == '\n' && memchr(b.p, '\n', b.len - 1) == NULL,
	    "one line");
	buf_fini(&b);
	for (i = 0; i < 100; i++)
		finding_count(&f, "", "n", "", i);
	ok(f.n_numbers == FINDING_NUMBERS, "numbers have an end");
}

static void
check_sentence(void)
{
	struct arena *arena = arena_new();
	struct sentence_values v = { .ja = { NULL } };
	struct span bad;

	sentence_set(&v, SENTENCE_USER, "abc");
	ok(strcmp(sentence_fill("{user}が{source}から{user}", &v, true, arena),
	       "abcが不明からabc") == 0,
	    "names are filled in, what is not known is said");
	ok(strcmp(sentence_fill("no names", &v, false, arena), "no names") == 0,
	    "without names");
	ok(sentence_check(SPAN("{user} {bytes}"), &bad), "known names");
	ok(!sentence_check(SPAN("{user} {users}"), &bad) &&
		span_is(bad, "{users}"),
	    "an unknown name is named");
	ok(!sentence_check(SPAN("{user"), &bad) ||
		strcmp(sentence_fill("{user", &v, false, arena), "abc") == 0,
	    "an open brace does no harm");
	ok(strcmp(sentence_bytes(999, arena), "999 B") == 0 &&
		strcmp(sentence_bytes(40.2e9, arena), "40.2 GB") == 0 &&
		strcmp(sentence_bytes(1e15, arena), "1000.0 TB") == 0,
	    "bytes for people");
	arena_free(arena);
}

int
main(void)
{
	check_id();
	check_severity();
	check_json();
	check_sentence();
	return done();
}
