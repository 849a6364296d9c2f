/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_lint.h"

#include "analyzer/regex/regex.h"
#include "tests/tap.h"

/* The expression, what is wrong with it, and the part that is blamed. */
static const struct {
	const char *regex, *part;
	enum regex_lint_fault fault;
} rows[] = {
	/* A repeat of a repeat, of what may be empty, of twins. */
	{ "^(a+)+$", "(a+)+", REGEX_LINT_NESTED },
	{ "x(.*)*", "(.*)*", REGEX_LINT_NESTED },
	{ "(?:a*)*b", "(?:a*)*", REGEX_LINT_NESTED },
	{ "(?:a|a)*b", "(?:a|a)*", REGEX_LINT_NESTED },
	{ "(?:a|b|ab)*c", "(?:a|b|ab)*", REGEX_LINT_NESTED },
	{ "(?:\\s*x?)*y", "(?:\\s*x?)*", REGEX_LINT_NESTED },
	{ "(\\d+,?)+ x", "(\\d+,?)+", REGEX_LINT_NESTED },
	{ "(?:[^,]*\\w*,)*x", "(?:[^,]*\\w*,)*", REGEX_LINT_NESTED },
	{ "(?:\\s*\\w+\\s*,\\s*)+x", "(?:\\s*\\w+\\s*,\\s*)+",
	    REGEX_LINT_NESTED },
	{ "(?:\"[^\"]*\"|[^ ])*x", "(?:\"[^\"]*\"|[^ ])*", REGEX_LINT_NESTED },
	{ "(?:\\w+ ?){1,50}x", "(?:\\w+ ?){1,50}", REGEX_LINT_NESTED },
	{ "(?:[0-9a-f]{1,4})+x", "(?:[0-9a-f]{1,4})+", REGEX_LINT_NESTED },
	{ "(?:\\w{0,500}_)*x", "(?:\\w{0,500}_)*", REGEX_LINT_NESTED },
	{ "^(?:(?:a+b?)+,)*x", "(?:a+b?)+", REGEX_LINT_NESTED },
	{ "(?i)(?:a|A)*x", "(?:a|A)*", REGEX_LINT_NESTED },
	{ "(?x) ^ (?: a+ # all\n )+ b", "(?: a+ # all\n )+",
	    REGEX_LINT_NESTED },
	{ "(?=(?:a+)+b)", "(?:a+)+", REGEX_LINT_NESTED },
	{ "(?>(?:a+)+b)", "(?:a+)+", REGEX_LINT_NESTED },
	{ "(?:(?:a+)+b)*+", "(?:a+)+", REGEX_LINT_NESTED },
	{ "(?:a+?)+?b", "(?:a+?)+?", REGEX_LINT_NESTED },
	{ "(?:[[:alpha:]]+|\\x61+)*b", "(?:[[:alpha:]]+|\\x61+)*",
	    REGEX_LINT_NESTED },
	/* Side by side: the same, three, or two from anywhere. */
	{ "^.*.*x", ".*.*", REGEX_LINT_ADJACENT },
	{ "^a\\s*\\s+x", "\\s*\\s+", REGEX_LINT_ADJACENT },
	{ "^ +(?<a>[^ ]*) *x", " +(?<a>[^ ]*) *", REGEX_LINT_ADJACENT },
	{ "^a\\w+\\S*.*x", "\\w+\\S*", REGEX_LINT_ADJACENT },
	{ "\\w+.*?x", "\\w+.*?", REGEX_LINT_ADJACENT },
	{ "^v=\\d+\\.?\\d*x", "\\d+\\.?\\d*", REGEX_LINT_ADJACENT },
	{ "^x(?:\\s*|a\\s*)\\s*y", "\\s*|a\\s*)\\s*", REGEX_LINT_ADJACENT },
	/* Possessive, atomic, or told apart by a character. */
	{ "(?:a++)+b", "", REGEX_LINT_OK },
	{ "(?:a++,?)*b", "", REGEX_LINT_OK },
	{ "(?>(?:a+)+)b", "", REGEX_LINT_OK },
	{ "(?:a+)++b", "", REGEX_LINT_OK },
	{ "^.*+.*x", "", REGEX_LINT_OK },
	{ "^\\s*+\\s*x", "", REGEX_LINT_OK },
	{ "(?:a+,)*b", "", REGEX_LINT_OK },
	{ "(?:\\s*\\w+\\s*,)*x", "", REGEX_LINT_OK },
	{ "(?:\\\\.|[^\\\\\"])*\"", "", REGEX_LINT_OK },
	{ "(?: \\w+=(?:\"[^\"]*\"|[^ \"]*))*$", "", REGEX_LINT_OK },
	{ "(?:\\b\\w+\\s*)+x", "", REGEX_LINT_OK },
	{ "(?:[0-9a-f]{4})+x", "", REGEX_LINT_OK },
	{ "(?:\\d{1,3}\\.){3}\\d{1,3}", "", REGEX_LINT_OK },
	{ "^[0-9A-F]{1,4}(?::[0-9A-F]{1,4}){7}$", "", REGEX_LINT_OK },
	{ "(?:a|ab)*c", "", REGEX_LINT_OK },
	{ "(?:(?!end).)*end", "", REGEX_LINT_OK },
	/* Two that overlap, from a fixed place; what cannot fail behind. */
	{ "^user (\\w+).*? from (\\S+)", "", REGEX_LINT_OK },
	{ "^(\\S+)\\s*(.*)$", "", REGEX_LINT_OK },
	{ "^.*?a.*?b.*?c", "", REGEX_LINT_OK },
	{ "\\s*\\s*", "", REGEX_LINT_OK },
	{ ".*.*$", "", REGEX_LINT_OK },
	{ "^a{0,500}a{0,500}b", "", REGEX_LINT_OK },
	/* Of what nothing is known, nothing is said. */
	{ "(a)(?:\\1+)+b", "", REGEX_LINT_OK },
	{ "(?:\\p{L}+)+b", "", REGEX_LINT_OK },
	{ "(?(?=a)(?:a+)+|b)c", "", REGEX_LINT_OK },
	{ "(?<r>a(?&r)?b)+c", "", REGEX_LINT_OK },
	{ "(*COMMIT)a+b", "", REGEX_LINT_OK },
	{ "", "", REGEX_LINT_OK },
	{ "a|", "", REGEX_LINT_OK },
	{ "[]a]+[^]]+\\Q(a+)+\\E{2", "", REGEX_LINT_OK },
};

/* What cannot be read at all is passed, and takes no time. */
static void
test_large(void)
{
	static char many[70000];
	struct span part;
	size_t i;

	for (i = 0; i < sizeof(many); i++)
		many[i] = "(?:a|"[i % 5];
	ok(regex_lint(span_make(many, sizeof(many)), &part) == REGEX_LINT_OK,
	    "groups without end");
	for (i = 0; i + 4 <= sizeof(many); i += 4)
		memcpy(many + i, ".*a|", 4);
	ok(regex_lint(span_make(many, sizeof(many)), &part) == REGEX_LINT_OK,
	    "more places than are looked at");
	for (i = 0; i + 4 <= 3600; i += 4)
		memcpy(many + i, "\\w+|", 4);
	memcpy(many, "(?:a", 4);
	memcpy(many + 3600, "b)*c", 4);
	ok(regex_lint(span_make(many, 3604), &part) == REGEX_LINT_NESTED,
	    "many ways in one repeat");
}

/* One search in REGEX_TEXT bytes of a and an x, with one more if long. */
static int
search(const char *regex, size_t len)
{
	static char text[REGEX_TEXT + 1];
	struct arena *a = arena_new();
	struct regex_match *m = regex_match_new();
	struct regex *p;
	char err[80];
	size_t offset;
	int rc;

	memset(text, 'a', sizeof(text));
	text[10] = 'x';
	p = regex_new(span_str(regex), a, err, sizeof(err), &offset);
	rc = regex_search(p, m, span_make(text, len));
	if (regex_whole(m).len > 0 && rc != 1)
		rc = 99;
	regex_free(p);
	regex_match_free(m);
	arena_free(a);
	return rc;
}

static void
test_long(void)
{
	ok(search("x.", REGEX_TEXT + 1) == 1, "found in a long text");
	ok(search("xa*", REGEX_TEXT) == 1 && search("b", REGEX_TEXT) == 0,
	    "all of a text that is just not too long");
	ok(search("xa*", REGEX_TEXT + 1) == -1, "the cut may have changed it");
	ok(search("a$", REGEX_TEXT + 1) == -1, "the end is not seen");
	ok(search("b", REGEX_TEXT + 1) == -1, "it may stand behind the cut");
	ok(search("^b", REGEX_TEXT + 1) == 0, "it begins otherwise");
}

int
main(void)
{
	enum regex_lint_fault fault;
	struct span part;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = regex_lint(span_str(rows[i].regex), &part);
		ok(fault == rows[i].fault && span_is(part, rows[i].part),
		    "%s %.*s", fault == REGEX_LINT_OK ? "passes" : "refused",
		    (int)strcspn(rows[i].regex, "\n"), rows[i].regex);
		if (!span_is(part, rows[i].part))
			printf("# blamed: %.*s\n", (int)part.len,
			    (const char *)part.p);
	}
	test_large();
	test_long();
	return done();
}
