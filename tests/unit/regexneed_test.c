/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_need.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "common/find.h"
#include "tests/tap.h"

static const struct {
	const char *regex, *need;
} rows[] = {
	{ "^abc", "abc" },
	{ "^(?<user>\\S+) logged in from (?<ip>\\S+)$", " logged in from " },
	{ "ab?cde", "cde" },
	{ "(?:abc|abd) x", " x" },
	{ "(?:abc)?de", "de" },
	{ "(?:abc)+", "abc" },
	{ "(?:abc){0}de", "de" },
	{ "a(?:bc)d", "abcd" },
	{ "a(?<x>bc)d", "abcd" },
	{ "a(?>bc)d", "abcd" },
	{ "ab(?=xyz)cd", "abcd" },
	{ "ab(?!xyz)cd", "abcd" },
	{ "(?<=xyz)abc", "abc" },
	{ "ab\\bcd", "abcd" },
	{ "(?i)abcd", "" },
	{ "ab(?i:cd)ef", "ab" },
	{ "a[b]c", "abc" },
	{ "a[bc]de", "de" },
	{ "\\[x\\]=\\d+", "[x]=" },
	{ "a.b", "" },
	{ "a|bcd", "" },
	{ "x", "" },
	{ "(?<a>ab)\\1cde", "cde" },
	{ "ab\\Kcd", "abcd" },
	{ "(?R)?abc", "abc" },
	{ "(a)(?(1)bcd|efg)", "" },
};

static pcre2_code *
compile(struct span regex)
{
	PCRE2_SIZE at;
	int err;

	return pcre2_compile(regex.p, regex.len,
	    PCRE2_NO_AUTO_CAPTURE | PCRE2_DUPNAMES | PCRE2_DOTALL |
		PCRE2_DOLLAR_ENDONLY,
	    &err, &at, NULL);
}

/* In whatever one of our expressions matches, what it needs stands. */
static size_t
missing(const struct set_pattern *p, const struct span *line, size_t n,
    size_t *matched)
{
	struct arena *a = arena_new();
	struct span need = regex_need(regex_text(p->regex), a);
	pcre2_code *code = compile(regex_text(p->regex));
	pcre2_match_data *m;
	size_t i, bad = 0;

	if (code == NULL) {
		arena_free(a);
		return 1;
	}
	m = pcre2_match_data_create_from_pattern(code, NULL);
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	for (i = 0; i < n; i++) {
		if (pcre2_match(code, line[i].p, line[i].len, 0, 0, m, NULL) <=
		    0)
			continue;
		++*matched;
		if (find_part(line[i], need) != NULL)
			continue;
		printf("# %s:%u needs %s\n", p->file, p->line, need.p);
		bad++;
	}
	pcre2_match_data_free(m);
	pcre2_code_free(code);
	arena_free(a);
	return bad;
}

/* Words of the examples, since most expressions search in a part of a line. */
static size_t
collect(const struct format_set *set, struct span *line, size_t max)
{
	const struct yaml_node *example, *raw;
	size_t i, n = 0;

	for (i = 0; i < set->n; i++) {
		example = set->format[i]->examples->first;
		for (; example != NULL; example = example->next) {
			raw = yaml_get(example, "raw");
			if (raw == NULL || n + 1 >= max)
				continue;
			line[n++] = raw->text;
			line[n++] = span_sub(raw->text, raw->text.len / 3,
			    raw->text.len);
		}
	}
	return n;
}

static void
test_ours(void)
{
	static struct span line[4000];
	const char *src = getenv("srcdir");
	size_t i, n, matched = 0, bad = 0;
	const struct format_set *set;
	struct yaml_error err;
	struct formats *f;
	char dir[1024];

	snprintf(dir, sizeof(dir), "%s/rules/formats", src ? src : ".");
	if ((f = formats_load(dir, &err)) == NULL) {
		ok(false, "%s", err.what);
		return;
	}
	set = formats_set(f);
	n = collect(set, line, 4000);
	for (i = 0; i < set->npattern; i++)
		bad += missing(&set->pattern[i], line + i % 7, n - 7, &matched);
	ok(matched > 10000 && bad == 0, "in all that our %zu match",
	    set->npattern);
	formats_free(f);
}

/* The same of the text in lower case. */
static const struct {
	const char *regex, *need;
} folded[] = {
	{ "(?i)abcD", "abcd" },
	{ "AB(?i:cd)ef", "abcdef" },
	{ "a[bB]C", "abc" },
	{ "a[bBx]CD", "cd" },
	{ "[^a]`\\w", "`" },
	{ "\\w-\\w", "" },
	{ "(?i)\\.exe\\s+\\d{2}", ".exe" },
};

int
main(void)
{
	struct arena *a = arena_new();
	struct span need;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		need = regex_need(span_str(rows[i].regex), a);
		ok(span_is(need, rows[i].need), "%s", rows[i].regex);
		if (!span_is(need, rows[i].need))
			printf("# %.*s\n", (int)need.len, (const char *)need.p);
	}
	for (i = 0; i < sizeof(folded) / sizeof(folded[0]); i++) {
		need = regex_need_folded(span_str(folded[i].regex), a);
		ok(span_is(need, folded[i].need), "%s, folded",
		    folded[i].regex);
		if (!span_is(need, folded[i].need))
			printf("# %.*s\n", (int)need.len, (const char *)need.p);
	}
	arena_free(a);
	test_ours();
	return done();
}
