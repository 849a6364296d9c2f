/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/document.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "tests/tap.h"

/* One document at a time, and what it needs. */
struct room {
	struct arena *arena;
	struct detection_pool pool;
	struct fields *fields;
	struct placeholders *placeholders;
	struct yaml_error err;
};

static void
room_init(struct room *r)
{
	*r = (struct room){ .arena = arena_new(), .fields = fields_new() };
	r->placeholders = placeholders_parse(
	    SPAN("{admins: [root, 'ad*'], one: x, two: y}"), "places",
	    r->arena, &r->err);
}

static void
room_fini(struct room *r)
{
	detection_pool_fini(&r->pool);
	fields_free(r->fields);
	arena_free(r->arena);
}

static struct document *
parse(struct room *r, struct span text)
{
	struct document_reader reader = { .path = "x.yml",
		.arena = r->arena,
		.pool = &r->pool,
		.fields = r->fields,
		.placeholders = r->placeholders,
		.err = &r->err };
	struct yaml_node *root =
	    yaml_parse(text, "x.yml", r->arena, &r->err);

	return root == NULL ? NULL : document_parse(root, &reader);
}

#define ID "6f3e2987-db24-4c78-a860-b4f4095a7095"
#define RULE                                                                   \
	"logsource: {product: x}\n"                                            \
	"detection: {s: {a: b}, condition: s}\n"

static const struct {
	const char *name, *text;
	enum document_kind kind;
} good[] = {
	{ "the least of a rule", "title: T\n" RULE, DOCUMENT_RULE },
	{ "an id in upper case",
	    "title: T\nid: 6F3E2987-DB24-4C78-A860-B4F4095A7095\n" RULE,
	    DOCUMENT_RULE },
	{ "all that Sigma knows",
	    "title: T\nid: " ID "\nname: n\ntaxonomy: sigma\nstatus: stable\n"
	    "description: d\nlicense: MIT\nreferences: [a, b]\nauthor: A\n"
	    "date: 2026-02-28\nmodified: 2024-02-29\nfields: [a]\n"
	    "falsepositives: [none]\nlevel: high\n"
	    "tags: [attack.t1059.001, cve.2024-1, tlp.red]\nscope: [server]\n"
	    "related: [{id: " ID ", type: similar}]\n" RULE,
	    DOCUMENT_RULE },
	{ "and members that it does not know",
	    "title: T\nx-own: {a: [1, 2]}\nregression: 5\n" RULE,
	    DOCUMENT_RULE },
	{ "members without a value", "title: T\ntags:\nstatus: ~\n" RULE,
	    DOCUMENT_RULE },
	{ "a title in quotes is a text", "title: '12'\n" RULE, DOCUMENT_RULE },
	{ "a title of 256 characters, each of three bytes",
	    "title: "
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "ああああああああああああああああああああああああああああああああ"
	    "\n" RULE,
	    DOCUMENT_RULE },
	{ "the older way to write a day", "title: T\ndate: 2019/01/31\n" RULE,
	    DOCUMENT_RULE },
	{ "false positives as one text",
	    "title: T\nfalsepositives: none\n" RULE,
	    DOCUMENT_RULE },
	{ "what a logsource is made for",
	    "title: T\nlogsource: {category: c, product: ~, service: s, "
	    "definition: switch it on}\n"
	    "detection: {s: {a: b}, condition: s}\n",
	    DOCUMENT_RULE },
	{ "conditions in a list",
	    "title: T\nlogsource: {product: x}\n"
	    "detection: {s: {a: b}, condition: [s, not s]}\n",
	    DOCUMENT_RULE },
	{ "a filter for all rules",
	    "title: T\nlogsource: {product: x}\n"
	    "filter: {rules: any, s: {a: b}, condition: not s}\n",
	    DOCUMENT_FILTER },
	{ "and one for some",
	    "title: T\nlogsource: {product: x}\n"
	    "filter: {s: {a: b}, rules: [n, " ID "], condition: s}\n",
	    DOCUMENT_FILTER },
	{ "a placeholder that has a value",
	    "title: T\nlogsource: {product: x}\n"
	    "detection: {s: {a|expand: '%admins%'}, condition: s}\n",
	    DOCUMENT_RULE },
};

static void
test_good(void)
{
	struct document *d;
	struct room r;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		room_init(&r);
		d = parse(&r, span_str(good[i].text));
		ok(d != NULL && d->kind == good[i].kind, "%s%s%s",
		    good[i].name, d == NULL ? ": " : "",
		    d == NULL ? r.err.what : "");
		room_fini(&r);
	}
}

static const struct {
	const char *text;
	unsigned line, col;
	const char *what; /* a word of the reason */
} bad[] = {
	{ "[a]", 1, 1, "map" },
	{ RULE, 1, 1, "title" },
	{ "title: ''\n" RULE, 1, 8, "title" },
	{ "title: 12\n" RULE, 1, 8, "quotes" },
	{ "title: true\n" RULE, 1, 8, "quotes" },
	{ "title: [T]\n" RULE, 1, 8, "title" },
	{ "title: T\nid: x\n" RULE, 2, 5, "UUID" },
	{ "title: T\nid: 6f3e2987-db24-4c78-a860-b4f4095a709\n" RULE, 2, 5,
	    "UUID" },
	{ "title: T\nid: 6f3e2987-db24-4c78-a860-b4f4095a709g\n" RULE, 2, 5,
	    "UUID" },
	{ "title: T\nid: " ID "a\n" RULE, 2, 5, "UUID" },
	{ "title: T\nid: [" ID "]\n" RULE, 2, 5, "UUID" },
	{ "title: T\nstatus: good\n" RULE, 2, 9, "experimental" },
	{ "title: T\nstatus: [test]\n" RULE, 2, 9, "experimental" },
	{ "title: T\nlevel: High\n" RULE, 2, 8, "critical" },
	{ "title: T\nlevel: 3\n" RULE, 2, 8, "critical" },
	{ "title: T\ndate: 2026-02-29\n" RULE, 2, 7, "day" },
	{ "title: T\ndate: 2026-13-01\n" RULE, 2, 7, "day" },
	{ "title: T\ndate: 2026-01-00\n" RULE, 2, 7, "day" },
	{ "title: T\ndate: 2026-1-01\n" RULE, 2, 7, "day" },
	{ "title: T\nmodified: 2026-01/01\n" RULE, 2, 11, "day" },
	{ "title: T\nmodified: yesterday\n" RULE, 2, 11, "day" },
	{ "title: T\ntags: attack.t1\n" RULE, 2, 7, "list" },
	{ "title: T\ntags: [attack]\n" RULE, 2, 8, "namespace" },
	{ "title: T\ntags: [attack.T1059]\n" RULE, 2, 8, "lower" },
	{ "title: T\ntags: [a.b, a.b]\n" RULE, 2, 13, "twice" },
	{ "title: T\nreferences: {a: b}\n" RULE, 2, 13, "list" },
	{ "title: T\nreferences: [a, [b]]\n" RULE, 2, 17, "texts" },
	{ "title: T\nfalsepositives: [a, 5]\n" RULE, 2, 21, "texts" },
	{ "title: T\nrelated: [{id: " ID "}]\n" RULE, 2, 11, "type" },
	{ "title: T\nrelated: [{id: " ID ", type: twin}]\n" RULE, 2, 60,
	    "derived" },
	{ "title: T\nrelated: [{id: 5, type: similar}]\n" RULE, 2, 16,
	    "UUID" },
	{ "title: T\nrelated: {id: 5}\n" RULE, 2, 10, "list" },
	{ "title: T\nname: {a: b}\n" RULE, 2, 7, "name" },
	{ "title: T\ngenerate: maybe\n" RULE, 2, 11, "true or false" },
	{ "title: T\ndetection: {s: {a: b}, condition: s}\n", 1, 1,
	    "logsource" },
	{ "title: T\nlogsource: x\ndetection: {s: {a: b}, condition: s}\n", 2,
	    12, "logsource" },
	{ "title: T\nlogsource: {}\ndetection: {s: {a: b}, condition: s}\n", 2,
	    12, "every event" },
	{ "title: T\nlogsource: {product: [x]}\n"
	  "detection: {s: {a: b}, condition: s}\n",
	    2, 22, "texts" },
	{ "title: T\nlogsource: {product: x, vendor: y}\n"
	  "detection: {s: {a: b}, condition: s}\n",
	    2, 33, "category" },
	{ "title: T\nlogsource: {product: x}\n", 1, 1, "detection" },
	{ "title: T\nlogsource: {product: x}\ndetection: s\n", 3, 12, "map" },
	{ "title: T\nlogsource: {product: x}\ndetection: {s: {a: b}}\n", 3,
	    12, "condition" },
	{ "title: T\ncorrelation: {}\n" RULE, 2, 14, "---" },
	{ "title: T\naction: global\n" RULE, 2, 9, "whole" },
	{ "title: T\nlogsource: {product: x}\n"
	  "detection: {s: {a: b}, timeframe: 5m, condition: s}\n",
	    3, 35, "correlation" },
	{ "title: T\nlogsource: {product: x}\n"
	  "detection: {s: {a: b}, condition: s | count() by c > 5}\n",
	    3, 37, "correlation" },
	{ "title: T\nlogsource: {product: x}\n"
	  "detection: {s: {a: b}, condition: s | near t}\n",
	    3, 37, "correlation" },
	{ "title: T\nlogsource: {product: x}\n"
	  "detection: {s: {a|expand: '%nobody%'}, condition: s}\n",
	    3, 27, "%nobody%" },
	{ "title: T\nlogsource: {product: x}\n"
	  "detection:\n  s:\n    a|gone:\n      - b\n  condition: s\n",
	    5, 5, "'gone'" },
	{ "title: T\nlogsource: {product: x}\n"
	  "filter: {s: {a: b}, condition: not s}\n",
	    3, 9, "rules" },
	{ "title: T\nlogsource: {product: x}\n"
	  "filter: {rules: all, s: {a: b}, condition: not s}\n",
	    3, 17, "any" },
	{ "title: T\nlogsource: {product: x}\n"
	  "filter: {rules: [[a]], s: {a: b}, condition: not s}\n",
	    3, 18, "id" },
	{ "title: T\nfilter: {rules: any, s: {a: b}, condition: not s}\n", 1,
	    1, "logsource" },
};

static void
test_bad(void)
{
	struct document *d;
	struct room r;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		room_init(&r);
		d = parse(&r, span_str(bad[i].text));
		ok(d == NULL && r.err.line == bad[i].line &&
			r.err.col == bad[i].col &&
			strstr(r.err.what, bad[i].what) != NULL,
		    "refused at %u:%u: %s", bad[i].line, bad[i].col,
		    bad[i].what);
		if (d == NULL)
			printf("# %u:%u: %s\n", r.err.line, r.err.col,
			    r.err.what);
		room_fini(&r);
	}
}

static void
test_lengths(void)
{
	char text[70000];
	struct room r;
	size_t head;

	head = (size_t)snprintf(text, sizeof(text), "%stitle: ", RULE);
	memset(text + head, 'a', 257);
	text[head + 257] = '\0';
	room_init(&r);
	ok(parse(&r, span_str(text)) == NULL &&
		strstr(r.err.what, "256") != NULL,
	    "a title of 257 characters is refused");
	head = (size_t)snprintf(text, sizeof(text),
	    "%stitle: T\ndescription: ", RULE);
	memset(text + head, 'a', 65535);
	text[head + 65535] = '\0';
	ok(parse(&r, span_str(text)) != NULL,
	    "a description of 65535 is not");
	text[head + 65535] = 'a';
	text[head + 65536] = '\0';
	ok(parse(&r, span_str(text)) == NULL, "one of 65536 is");
	room_fini(&r);
}

static void
test_head(void)
{
	struct document_logsource in = { SPAN("c"), SPAN("p"), SPAN("s") };
	struct document_logsource other = { SPAN("c"), SPAN("q"), { NULL, 0 } };
	struct document *d;
	struct room r;

	room_init(&r);
	d = parse(&r,
	    SPAN("title: T\nid: " ID "\nname: n\n"
		 "logsource: {product: p, service: s}\n"
		 "detection: {s: {a: b}, condition: s}\n"));
	ok(d != NULL && span_is(d->title, "T") && span_is(d->id, ID) &&
		span_is(d->name, "n") && strcmp(d->path, "x.yml") == 0,
	    "title, id, name and path are kept");
	ok(d != NULL && document_routes(&d->logsource, &in),
	    "a rule is for what has all that it gives");
	ok(d != NULL && !document_routes(&d->logsource, &other),
	    "and not for what has other, or nothing");
	d = parse(&r,
	    SPAN("title: T\nlogsource: {product: p}\n"
		 "filter: {rules: [], s: {a: b}, condition: s}\n"));
	ok(d != NULL && d->rules == NULL && !d->excludes,
	    "a filter for no rule by name is for all; this excludes none");
	d = parse(&r,
	    SPAN("title: T\nlogsource: {product: p}\n"
		 "filter: {rules: [a], s: {a: b}, t: {a: b}, "
		 "condition: s or (not t)}\n"));
	ok(d != NULL && d->rules != NULL && d->rules->n == 1 && d->excludes,
	    "a filter with a not in it");
	room_fini(&r);
}

#define COUNT                                                                  \
	"type: event_count, rules: [a], timespan: 5m, condition: {gte: 3}"

static void
test_correlation(void)
{
	struct document *d;
	struct room r;

	room_init(&r);
	d = parse(&r, SPAN("title: T\ncorrelation: {" COUNT "}\n"));
	ok(d != NULL && d->kind == DOCUMENT_CORRELATION && !d->generate &&
		d->correlation->nrules == 1 && d->detection == NULL,
	    "a correlation is read");
	d = parse(&r,
	    SPAN("title: T\ngenerate: true\ncorrelation: {" COUNT "}\n"));
	ok(d != NULL && d->generate, "its rules may match on their own");
	d = parse(&r,
	    SPAN("title: T\ncorrelation: {" COUNT ", generate: true}\n"));
	ok(d != NULL && d->generate, "said in either of two places");
	d = parse(&r,
	    SPAN("title: T\nx-konseki: {absence: {after: a, expect: b, "
		 "within: 5m}}\n"));
	ok(d != NULL && d->kind == DOCUMENT_CORRELATION &&
		d->correlation->type == CORRELATION_ABSENCE,
	    "what did not follow is one too");
	ok(parse(&r, SPAN("title: T\nx-konseki: {more: 1}\n")) == NULL,
	    "any other extension is none");
	ok(parse(&r, SPAN("title: T\ncorrelation: {type: near}\n")) == NULL &&
		r.err.line == 2,
	    "a wrong one is refused at its place");
	room_fini(&r);
}

/* The documents of the specification that its schemas take. */
static void
test_schema(const char *dir)
{
	static const char *const folders[] = { "rules", "filter",
		"correlation" };
	char path[512], name[800];
	struct dirent *de;
	struct buf text;
	struct room r;
	bool lacks;
	size_t i;
	DIR *d;

	buf_init(&text);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/tests/schema/%s", dir,
		    folders[i]);
		if ((d = opendir(path)) == NULL) {
			ok(true, "%s # SKIP is not here", folders[i]);
			continue;
		}
		while ((de = readdir(d)) != NULL) {
			if (de->d_name[0] == '.')
				continue;
			snprintf(name, sizeof(name), "%s/%s", path,
			    de->d_name);
			text.len = 0;
			room_init(&r);
			/* One names no percentile: docs/rules.md. */
			lacks = strstr(de->d_name, "percentile") != NULL;
			ok(io_read_file(name, 1 << 20, &text) == 0 &&
				(parse(&r, buf_view(&text)) != NULL) != lacks,
			    "%s/%s: %s", folders[i], de->d_name, r.err.what);
			room_fini(&r);
		}
		closedir(d);
	}
	buf_fini(&text);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	char dir[400];

	test_good();
	test_bad();
	test_lengths();
	test_head();
	test_correlation();
	snprintf(dir, sizeof(dir), "%s/../shared/vectors/sigma-spec",
	    srcdir == NULL ? "." : srcdir);
	test_schema(dir);
	return done();
}
