/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "tests/tap.h"

static char dir[] = "/tmp/corpus_test.XXXXXX";

static void
put(const char *name, const char *text)
{
	char path[256], *slash;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	(void)io_mkdirs(path, 0700);
	*slash = '/';
	if (io_replace_at(AT_FDCWD, path, 0600, span_str(text)) == -1)
		printf("# %s: %s\n", path, strerror(errno));
}

#define UUID(n) "0000000" #n "-bef0-4204-a928-ef5e620d6fcc"
#define RULE(n, from, name, value)                                             \
	"title: Rule " #n "\nid: " UUID(n) "\nname: " name "\n"                \
	"logsource: {" from "}\n"                                              \
	"detection: {s: {a|contains: " value "}, condition: s}\n"
#define FILTER(n, from, rules, condition)                                      \
	"title: Filter " #n "\nid: " UUID(n) "\n"                              \
	"logsource: {" from "}\n"                                              \
	"filter: {rules: " rules ", s: {b: x}, condition: " condition "}\n"

/* The event a=..., b=...: "file file" of the rules that fit. */
static const char *
match(const struct corpus *c, const char *a, const char *b,
    const struct document_logsource *route)
{
	static char out[512];
	struct corpus_hits hits = { NULL, 0, NULL };
	struct view v;
	size_t i, len = 0;

	view_init(&v, fields_count(c->fields));
	view_add(&v, fields_find(c->fields, SPAN("a")), span_str(a), false);
	if (b != NULL)
		view_add(&v, fields_find(c->fields, SPAN("b")), span_str(b),
		    false);
	corpus_match(c, &v, route, &hits);
	out[0] = '\0';
	for (i = 0; i < hits.n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s",
		    i > 0 ? " " : "", c->rules[hits.v[i]].doc->path);
	corpus_hits_fini(&hits);
	view_fini(&v);
	return out;
}

static bool
told(const struct corpus_errors *e, const char *file, unsigned line,
    const char *what)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (strcmp(e->v[i].file, file) == 0 &&
		    e->v[i].line == line && strstr(e->v[i].what, what) != NULL)
			return true;
	for (i = 0; i < e->n; i++)
		printf("# %s:%u: %s\n", e->v[i].file, e->v[i].line,
		    e->v[i].what);
	return false;
}

static void
test_files(void)
{
	struct corpus *c;

	put("b/two.yml", RULE(2, "product: p", "two", "x") "---\n");
	put("b.yml",
	    RULE(3, "product: p", "three", "x") "---\n" RULE(4,
		"product: q, service: s", "four", "x"));
	put("a.yaml", "---\n" RULE(1, "category: c", "one", "y"));
	put("note.txt", "x");
	put(".hidden.yml", "x");
	put("broken.yml",
	    RULE(5, "product: p", "five", "x") "---\ntitle: T\n---\nx\n");
	put("nothing.yml", "# only this\n");
	put("syntax.yml", "a: [\n");
	put("utf8.yml", "title: \xff\n");
	c = corpus_load(dir, NULL);
	ok(c != NULL && c->files == 7 && c->refused_files == 4,
	    "files are counted, and those of which something is refused");
	ok(c->n == 5 && strcmp(match(c, "xx", NULL, NULL),
			    "b.yml b.yml b/two.yml broken.yml") == 0,
	    "rules go by path and place: %s", match(c, "xx", NULL, NULL));
	ok(told(&c->refused, "broken.yml", 7, "detection"),
	    "a document is refused at its line, the other of its file not");
	ok(told(&c->refused, "nothing.yml", 0, "nothing"),
	    "a file without a document");
	ok(told(&c->refused, "syntax.yml", 2, ""), "what is no YAML");
	ok(told(&c->refused, "utf8.yml", 1, "UTF-8"), "and no text");
	ok(c->refused.n == 5, "nothing else");
	ok(strcmp(match(c, "x", NULL,
		      &(struct document_logsource){ .product = SPAN("q") }),
	       "") == 0 &&
		strcmp(match(c, "x", NULL,
			   &(struct document_logsource){
			       .product = SPAN("q"),
			       .service = SPAN("s"),
			       .category = SPAN("z") }),
		    "b.yml") == 0,
	    "a route leaves out what is for something else");
	corpus_free(c);
}

static bool
is_sorted(const struct corpus_errors *e)
{
	size_t i;
	int c;

	for (i = 1; i < e->n; i++) {
		c = strcmp(e->v[i - 1].file, e->v[i].file);
		if (c > 0 || (c == 0 && e->v[i - 1].line > e->v[i].line))
			return false;
	}
	return true;
}

static void
test_twins(void)
{
	struct corpus *c;

	put("u/1.yml", RULE(6, "product: p", "six", "x"));
	put("u/2.yml", "title: T\nid: 00000006-BEF0-4204-A928-EF5E620D6FCC\n"
		       "logsource: {product: p}\n"
		       "detection: {s: {a: b}, condition: s}\n");
	put("u/3.yml", RULE(7, "product: p", "six", "x"));
	put("u/4.yml", RULE(7, "product: p", "seven", "x"));
	put("z.yml", "[]");
	c = corpus_load(dir, NULL);
	ok(told(&c->refused, "u/2.yml", 2, "u/1.yml"),
	    "an id that another has is refused, in either case");
	ok(told(&c->refused, "u/3.yml", 3, "u/1.yml"), "so is a name");
	ok(is_sorted(&c->refused), "all are told by path and line");
	ok(!told(&c->refused, "u/4.yml", 2, ""),
	    "what is refused has no id that another could lack");
	corpus_free(c);
	put("z.yml", "");
}

static void
test_filters(void)
{
	struct corpus *c;

	put("v/1.yml", RULE(8, "product: v", "eight", "k"));
	put("v/2.yml", RULE(9, "product: v, service: s", "nine", "k"));
	put("v/3.yml",
	    "title: F\nlogsource: {product: v}\nfilter:\n  rules:\n"
	    "    - " UUID(8) "\n  s: {b: x}\n  condition: not s\n");
	c = corpus_load(dir, NULL);
	ok(strcmp(match(c, "k", "x", NULL), "v/2.yml") == 0,
	    "a filter takes from the rule that it names: %s",
	    match(c, "k", "x", NULL));
	ok(strcmp(match(c, "k", "y", NULL), "v/1.yml v/2.yml") == 0,
	    "what it is not about stays");
	ok(c->warnings.n == 0, "nothing to say");
	corpus_free(c);

	put("v/4.yml",
	    "title: G\nlogsource: {product: v}\n"
	    "filter: {rules: any, s: {b: y}, condition: not s}\n");
	c = corpus_load(dir, NULL);
	ok(strcmp(match(c, "k", "x", NULL), "v/2.yml") == 0 &&
		strcmp(match(c, "k", "y", NULL), "") == 0 &&
		strcmp(match(c, "k", "z", NULL), "v/1.yml v/2.yml") == 0,
	    "of two filters each takes its own");
	corpus_free(c);
	put("v/4.yml", "");

	put("v/3.yml",
	    "title: F\nlogsource: {product: v}\n"
	    "filter: {rules: any, s: {b: x}, condition: s}\n");
	c = corpus_load(dir, NULL);
	ok(strcmp(match(c, "k", "x", NULL), "v/1.yml v/2.yml") == 0 &&
		strcmp(match(c, "k", "y", NULL), "") == 0,
	    "it is done as it is written, to all of its logsource");
	ok(told(&c->warnings, "v/3.yml", 3, "no 'not'"),
	    "and warned of where there is no not");
	ok(strcmp(match(c, "y", "y", NULL), "a.yaml") == 0,
	    "others are let be");
	corpus_free(c);

	put("v/3.yml",
	    "title: F\nlogsource: {product: v, service: s}\n"
	    "filter: {rules: [eight, nine], s: {b: x}, condition: not s}\n");
	c = corpus_load(dir, NULL);
	ok(strcmp(match(c, "k", "x", NULL), "v/1.yml") == 0 &&
		told(&c->warnings, "v/3.yml", 3, "another logsource"),
	    "a rule of another logsource that it names is warned of");
	corpus_free(c);

	put("v/3.yml",
	    "title: F\nlogsource: {product: v}\n"
	    "filter:\n  rules: [eight,\n    nobody]\n"
	    "  s: {b: x}\n  condition: not s\n");
	c = corpus_load(dir, NULL);
	ok(told(&c->refused, "v/3.yml", 5, "nobody") &&
		strcmp(match(c, "k", "x", NULL), "v/1.yml v/2.yml") == 0,
	    "a filter of a rule that is not there is refused whole");
	corpus_free(c);
}

#define COUNT(n, rules, more)                                                  \
	"---\ntitle: Count " #n "\n"                                           \
	"id: " UUID(n) "\nname: c" #n "\ncorrelation:\n"                       \
	"  {type: event_count, rules: [" rules "], timespan: 5m" more          \
	", condition: {gte: 2}}\n"

/* "silent" of the rule and the correlation of that name. */
static bool
is_silent(const struct corpus *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (span_is(c->rules[i].doc->name, name))
			return c->rules[i].silent;
	for (i = 0; i < c->ncorrelation; i++)
		if (c->correlations[i].doc != NULL &&
		    span_is(c->correlations[i].doc->name, name))
			return c->correlations[i].silent;
	printf("# no %s\n", name);
	return false;
}

static void
test_correlations(void)
{
	struct corpus *c;

	put("v/3.yml", "");
	put("w/1.yml",
	    RULE(a, "product: w", "alpha", "k") COUNT(b, "alpha", "")
		COUNT(c, "cb", ""));
	c = corpus_load(dir, NULL);
	ok(c->ncorrelation == 2 && c->linked[0].c != NULL &&
		c->linked[1].c != NULL,
	    "correlations of a rule, and of one another");
	ok(is_silent(c, "alpha") && is_silent(c, "cb") &&
		!is_silent(c, "cc") && !is_silent(c, "eight"),
	    "what they refer to is silent");
	corpus_free(c);

	put("w/1.yml",
	    RULE(a, "product: w", "alpha", "k")
		COUNT(b, "alpha", ", generate: true") COUNT(c, "alpha", ""));
	c = corpus_load(dir, NULL);
	ok(!is_silent(c, "alpha"), "unless one of them wants to hear it");
	corpus_free(c);

	put("w/1.yml",
	    RULE(a, "product: w", "alpha", "k") COUNT(b, "cc", "")
		COUNT(c, "alpha, cd", "") COUNT(d, "cb", "")
		    COUNT(e, "nobody", "") COUNT(f, "alpha", ""));
	c = corpus_load(dir, NULL);
	ok(told(&c->refused, "w/1.yml", 11, "circle") &&
		told(&c->refused, "w/1.yml", 17, "circle") &&
		told(&c->refused, "w/1.yml", 23, "circle"),
	    "a circle is refused");
	ok(told(&c->refused, "w/1.yml", 29, "nobody"),
	    "so is a rule that is not there");
	ok(c->ncorrelation == 5 && c->linked[4].c != NULL &&
		c->correlations[4].doc != NULL && c->linked[0].c == NULL &&
		c->correlations[0].doc == NULL,
	    "the others go on");
	ok(is_silent(c, "alpha"), "by those that are left");
	corpus_free(c);
	put("w/1.yml", "");
}

static void
test_one(void)
{
	char path[256];
	struct corpus *c;

	snprintf(path, sizeof(path), "%s/v/1.yml", dir);
	c = corpus_load(path, NULL);
	ok(c != NULL && c->files == 1 && c->n == 1 &&
		strcmp(c->rules[0].doc->path, "1.yml") == 0,
	    "a file is a folder of one");
	corpus_free(c);
	snprintf(path, sizeof(path), "%s/nowhere", dir);
	ok(corpus_load(path, NULL) == NULL && errno == ENOENT,
	    "what is not there is an error");
}

int
main(void)
{
	char command[64];

	if (mkdtemp(dir) == NULL)
		return 99;
	test_files();
	test_twins();
	test_filters();
	test_correlations();
	test_one();
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0, "nothing is left");
	return done();
}
