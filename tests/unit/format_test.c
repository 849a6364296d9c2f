/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/formats.h"
#include "analyzer/format/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/utc.h"
#include "tests/tap.h"

static char dir[256], path[300];
static struct yaml_error err;

/* A folder with this one file, as loaded. */
static struct formats *
load(const char *text)
{
	FILE *fp = fopen(path, "w");

	if (fp == NULL || fputs(text, fp) == EOF || fclose(fp) != 0)
		abort();
	memset(&err, 0, sizeof(err));
	return formats_load(dir, &err);
}

static void
report(const struct formats_verdict *v, void *arg)
{
	const char *slash = strrchr(v->file, '/');

	(void)arg;
	ok(v->what == NULL, "example %s:%u",
	    slash == NULL ? v->file : slash + 1, v->line);
	if (v->what != NULL)
		printf("# %s:%u: %s: %s; wanted '%.*s', found '%.*s'\n",
		    v->file, v->line, v->field != NULL ? v->field : "line",
		    v->what, (int)v->wanted.len, (const char *)v->wanted.p,
		    (int)v->found.len, (const char *)v->found.p);
}

/* Every format file that we ship, by its own examples. */
static void
test_shipped(void)
{
	const char *src = getenv("srcdir");
	struct formats *f;
	char rules[512];
	size_t i, bad = 0;

	snprintf(rules, sizeof(rules), "%s/rules/formats", src ? src : ".");
	f = formats_load(rules, &err);
	ok(f != NULL, "the formats load");
	if (f == NULL) {
		printf("# %s:%u:%u: %s\n", err.file, err.line, err.col,
		    err.what);
		return;
	}
	for (i = 0; i < formats_count(f); i++)
		ok(formats_title(f, i)[0] != '\0', "format %s",
		    formats_name(f, i));
	for (i = 0; i < formats_count(f); i++)
		bad += formats_examples(f, i, report, NULL);
	ok(bad == 0, "all examples hold");
	formats_free(f);
}

static size_t failed;

static void
count(const struct formats_verdict *v, void *arg)
{
	(void)arg;
	failed += v->what != NULL;
}

/* An example that does not hold is found out, whatever it says. */
static void
test_examples(void)
{
	static const char *const examples[] = {
		"{raw: 'a', event: {message: b}}",
		"{raw: 'a', event: {user.name: x}}",
		"{raw: 'a', event: {'@timestamp': '2026-11-20T00:00:00Z'}}",
		"{raw: 'a', event: {message: [a, b]}}",
		"{raw: 'a', unknown: yes}",
		"{raw: 'b', event: {message: b}}",
		"{raw: 'a', received: yesterday, event: {message: a}}",
		"{raw: 'a'}",
	};
	struct formats *f;
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		snprintf(text, sizeof(text),
		    "format: t\ntitle: T\n"
		    "header: none\ndetect: {starts: a}\n"
		    "fields: {message: message}\n"
		    "examples: [{raw: 'ax', event: {message: ax}}, %s]\n",
		    examples[i]);
		f = load(text);
		failed = 0;
		ok(f != NULL && formats_examples(f, 0, count, NULL) == 1 &&
			failed == 1,
		    "does not hold: %s", examples[i]);
		formats_free(f);
	}
}

#define HEAD "format: t\ntitle: T\n"
#define TAIL "examples: [{raw: 'x', unknown: yes}]\n"

/* What is wrong, and the place that must be named. */
static const struct {
	const char *name, *text, *what;
	unsigned line, col;
} faults[] = {
	{ "a key that is not known", HEAD "colour: red\n" TAIL, "colour", 3,
	    9 },
	{ "no title", "format: t\n" TAIL, "title", 1, 1 },
	{ "no examples", HEAD "header: none\n", "examples", 1, 1 },
	{ "no such header", HEAD "header: some\n" TAIL, "syslog", 3, 9 },
	{ "no such field", HEAD "set: {source.iq: x}\n" TAIL, "source.iq", 3,
	    18 },
	{ "an input that nothing gives", HEAD "fields: {a: source.ip}\n" TAIL,
	    "'a'", 3, 13 },
	{ "a condition on such an input",
	    HEAD "cases:\n  - when: {a: x}\n" TAIL, "'a'", 4, 15 },
	{ "a template of such an input",
	    HEAD "set: {user.name: 'x${a}'}\n" TAIL, "'a'", 3, 18 },
	{ "a template that does not close",
	    HEAD "set: {user.name: 'x${message'}\n" TAIL, "}", 3, 18 },
	{ "no such conversion",
	    HEAD "fields: {message: {to: user.name, as: x}}\n" TAIL, "", 3,
	    39 },
	{ "no such map",
	    HEAD "fields: {message: {to: user.name, map: x}}\n" TAIL, "", 3,
	    40 },
	{ "an expression without end",
	    HEAD "parse:\n  - pattern: '(a+)+b'\n" TAIL, "(a+)+", 4, 14 },
	{ "repeats side by side", HEAD "parse:\n  - pattern: '^.*.*b'\n" TAIL,
	    ".*.*", 4, 14 },
	{ "a broken expression", HEAD "parse:\n  - pattern: 'a(b'\n" TAIL,
	    "byte 3", 4, 14 },
	{ "no such fragment", HEAD "parse:\n  - pattern: 'a{{b}}'\n" TAIL,
	    "'b'", 4, 14 },
	{ "a fragment that holds itself",
	    HEAD "fragments: {b: 'x{{b}}'}\n"
		 "parse:\n  - pattern: 'a{{b}}'\n" TAIL,
	    "'b'", 5, 14 },
	{ "a step of no kind", HEAD "parse:\n  - {}\n" TAIL, "keyvalue", 4, 5 },
	{ "a column that is none",
	    HEAD "parse:\n  - csv: {layouts: [{when: "
		 "{0: x}, columns: [a]}]}\n" TAIL,
	    "column", 4, 32 },
	{ "no time pattern", HEAD "time: [{from: message, as: '%Q'}]\n" TAIL,
	    "epoch", 3, 28 },
	{ "a kind that there is not", HEAD "set: {konseki.kind: trafic}\n" TAIL,
	    "traffic", 3, 21 },
	{ "an outcome that is none", HEAD "set: {event.outcome: ok}\n" TAIL,
	    "failure", 3, 22 },
	{ "one of two types that is none",
	    HEAD "set: {event.type: [start, begin]}\n" TAIL, "access", 3, 27 },
	{ "a separator of nine bytes",
	    HEAD "parse:\n  - keyvalue: {separator: abcdefghi}\n" TAIL, "", 4,
	    27 },
	{ "quotes of two bytes",
	    HEAD "parse:\n  - keyvalue: {quotes: [ab]}\n" TAIL, "", 4, 24 },
	{ "a step that json does not know",
	    HEAD "parse:\n  - json: {depth: 3}\n" TAIL, "prefix", 4, 19 },
	{ "no list of cases", HEAD "cases: {}\n" TAIL, "", 3, 8 },
	{ "a comparison that is none",
	    HEAD "cases:\n  - when: {message: {like: x}}\n" TAIL, "contains", 4,
	    28 },
	{ "an anchor", HEAD "set: &a {user.name: x}\n" TAIL, "", 3, 6 },
	{ "no YAML", "format: [\n", "", 0, 0 },
};

static void
test_faults(void)
{
	struct formats *f;
	size_t i;
	int good;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		f = load(faults[i].text);
		good = f == NULL && strstr(err.file, "t.yml") != NULL &&
		    strstr(err.what, faults[i].what) != NULL &&
		    (faults[i].line == 0 ||
			(err.line == faults[i].line &&
			    err.col == faults[i].col));
		ok(good, "refused: %s", faults[i].name);
		if (!good)
			printf("# %s:%u:%u: %s\n", err.file, err.line, err.col,
			    err.what);
		formats_free(f);
	}
	ok(formats_load("/nonexistent", &err) == NULL &&
		strcmp(err.file, "/nonexistent") == 0,
	    "no such folder");
}

/* Feed a line; its event is e. */
static struct event e;

static int
feed(struct formats *f, struct arena *a, uint32_t stream, struct span line,
    const struct format_hints *hints)
{
	e.stream = stream;
	e.message = line;
	return formats_apply(f, &e, a, hints);
}

static const char language[] = HEAD
    "header: none\n"
    "absent: ['-']\n"
    "detect: {starts: ['k:']}\n"
    "maps: {m: {a: AA}}\n"
    "parse:\n"
    "  - keyvalue: {pair: '=', separator: ';'}\n"
    "  - {from: deep, pattern: '^(?<left>\\w+)/(?<right>\\w+)$', optional: "
    "yes}\n"
    "cases:\n"
    "  - when: {kind: [one, two], left: {present: yes}}\n"
    "    set: {user.roles: [x, y], user.email: '${left}@${right}'}\n"
    "    cases:\n"
    "      - when: {kind: two}\n"
    "        set: {user.name: deepest, event.code: ''}\n"
    "    next: yes\n"
    "  - when: [{kind: one}, {kind: {starts: 'th'}}]\n"
    "    set: {event.action: listed}\n"
    "  - when: {kind: {contains: ou, not: four}}\n"
    "    set: {event.action: contains}\n"
    "  - when: {left: {differs: right}}\n"
    "    set: {event.action: differs}\n"
    "fields:\n"
    "  user: user.name\n"
    "  code: event.code\n"
    "  ip: {to: source.ip, or: source.address}\n"
    "  mapped: [{to: tags, map: m}, {to: rule.name, map: m, otherwise: keep}]\n"
    "  cond: {to: rule.id, when: {kind: one}}\n"
    "set: {observer.vendor: V}\n" TAIL;

static struct span
get(enum ecs field)
{
	return event_get(&e, field);
}

static void
test_language(void)
{
	struct format_hints hints = { 0 };
	struct formats *f = load(language);
	struct arena *a = arena_new();

	ok(f != NULL, "a file that uses the language");
	if (f == NULL) {
		printf("# %u:%u %s\n", err.line, err.col, err.what);
		return;
	}
	ok(!feed(f, a, 1, SPAN("x;kind=one"), &hints) && e.n == 0,
	    "a line that is not detected");
	ok(feed(f, a, 1,
	       SPAN("k:;kind=one;deep=l/r;user=u;code=7;ip=h1;"
		    "mapped=b;cond=5;user=second"),
	       &hints),
	    "one that is");
	ok(span_is(get(ECS_USER_ROLES), "x") &&
		span_is(get(ECS_USER_EMAIL), "l@r"),
	    "set, a list, a template");
	ok(span_is(get(ECS_EVENT_ACTION), "listed"),
	    "next goes on, the first alternative holds");
	ok(span_is(get(ECS_USER_NAME), "u"), "the first of two keys counts");
	ok(get(ECS_SOURCE_IP).len == 0 &&
		span_is(get(ECS_SOURCE_ADDRESS), "h1"),
	    "no address: the other");
	ok(get(ECS_TAGS).len == 0 && span_is(get(ECS_RULE_NAME), "b"),
	    "not in the map: dropped or kept");
	ok(span_is(get(ECS_RULE_ID), "5"), "a field under a condition");
	ok(span_is(get(ECS_OBSERVER_VENDOR), "V"), "what is set for all");
	ok(feed(f, a, 1,
	       SPAN("k:;kind=two;deep=l/r;user=u;code=7;cond=5;"
		    "mapped=a;ip=10.0.0.1"),
	       &hints) &&
		span_is(get(ECS_USER_NAME), "deepest") &&
		get(ECS_EVENT_CODE).len == 0,
	    "the deepest case decides");
	ok(span_is(get(ECS_EVENT_ACTION), "differs"), "inputs that differ");
	ok(get(ECS_RULE_ID).len == 0 && span_is(get(ECS_TAGS), "AA") &&
		span_is(get(ECS_SOURCE_IP), "10.0.0.1"),
	    "the other way round");
	ok(feed(f, a, 1, SPAN("k:;kind=would;user=-"), &hints) &&
		span_is(get(ECS_EVENT_ACTION), "contains") &&
		get(ECS_USER_NAME).len == 0 && get(ECS_USER_EMAIL).len == 0,
	    "a value that means none, and a template without its input");
	ok(feed(f, a, 1, SPAN("k:;kind=one;user=\"never"), &hints) &&
		get(ECS_ERROR_MESSAGE).len > 0,
	    "an open quote is said");
	formats_free(f);
	arena_free(a);
}

static const char table[] =
    HEAD "header: none\n"
	 "parse: [{table: {required: [who, time], columns: {who: [ID, 名], "
	 "time: [時刻]}}}]\n"
	 "time: [{from: time, as: '%Y/%m/%d %H:%M:%S'}]\n"
	 "fields: {who: user.name}\n" TAIL;

/* A stream's table is its own; a row is read by the columns before it. */
/* 病院 in CP932 and the first byte of another character: a line cut short. */
static bool
zone_of(const void *ledger, struct span name, int *zone)
{
	*zone = 7200;
	return span_is(name, ledger);
}

/* The zone of a device that the ledger knows, by its name, by its address. */
static void
test_ledger(void)
{
	struct event_source source = { .has_zone = true, .zone = 3600 };
	struct format_hints hints = { .zone = 32400,
		.now = INT64_C(1795150985000000) };
	struct formats *f = load(HEAD "detect: {app: [t]}\n" TAIL);
	struct arena *a = arena_new();
	struct span line = SPAN("<13>Nov 20 05:00:00 fw1 t: x"),
		    odd = SPAN("no head of its own");

	e.source = &source;
	ok(feed(f, a, 1, line, &hints) && e.clock == EVENT_CLOCK_LEDGER &&
		e.time == INT64_C(1795147200000000),
	    "the zone of the address");
	source.zone_of = zone_of;
	source.ledger = "fw1";
	ok(feed(f, a, 1, line, &hints) && e.clock == EVENT_CLOCK_LEDGER &&
		e.time == INT64_C(1795143600000000),
	    "before it that of the name");
	source.ledger = "fw2";
	source.has_zone = false;
	ok(feed(f, a, 1, line, &hints) && e.clock != EVENT_CLOCK_LEDGER,
	    "another device has the site's");
	ok(!feed(f, a, 1, odd, &hints), "a line that nothing detects");
	source.expects = 1;
	ok(feed(f, a, 1, odd, &hints), "is of the format that is expected");
	e.source = NULL;
	arena_free(a);
	formats_free(f);
}

static void
test_cut(struct formats *f, struct arena *a, const struct format_hints *hints)
{
	static const struct event_source import = { .encoding = TEXT_CP932 };
	struct span cut = SPAN("\x95\x61\x89\x40\x95");

	(void)feed(f, a, 7, cut, hints);
	ok(e.encoding == TEXT_UTF8, "a cut line alone is in no encoding");
	(void)feed(f, a, 7, SPAN("\x95\x61\x89\x40"), hints);
	ok(e.encoding == TEXT_CP932, "a whole one shows its own");
	(void)feed(f, a, 7, cut, hints);
	ok(e.encoding == TEXT_CP932, "a cut one behind it is in the same");
	(void)feed(f, a, 7, SPAN("plain"), hints);
	ok(e.encoding == TEXT_UTF8, "ASCII needs no decoding");
	e.source = &import;
	(void)feed(f, a, 8, cut, hints);
	ok(e.encoding == TEXT_CP932, "an import was told");
	e.source = NULL;
}

/* What one handle remembers of a stream is lent to another. */
static void
test_recalled(struct formats *f, struct formats *other, struct arena *a,
    const struct format_hints *hints)
{
	const struct stream none = { .id = 3, .used = true };
	struct span row = SPAN("\xb1\xb2,2026/11/20 8:30:00");
	uint32_t version = formats_stream(f, 3)->version;

	ok(version > 0 && formats_stream(other, 3)->version == 0,
	    "one remembers a stream, the other does not");
	formats_recall(other, formats_stream(f, 3));
	ok(feed(other, a, 3, row, hints) &&
		span_is(get(ECS_USER_NAME), "ｱｲ"),
	    "what is remembered is recalled, columns and encoding");
	ok(formats_asked(other) && formats_stream(other, 3)->version == version,
	    "a row asks for it and changes nothing");
	(void)feed(other, a, 3, SPAN("\x8e\x9e\x8d\x8f,\x96\xbc"), hints);
	ok(formats_stream(other, 3)->version != version,
	    "other titles change it");
	formats_recall(other, formats_stream(f, 3));
	ok(feed(other, a, 3, row, hints), "it is recalled as it was");
	formats_recall(other, &none);
	ok(!feed(other, a, 3, row, hints), "and forgotten");
}

static void
test_streams(void)
{
	struct format_hints hints = { .zone = 9 * 3600 };
	struct formats *f = load(table), *other;
	struct arena *a = arena_new();
	struct span row = SPAN("tanaka,2026/11/20 8:30:00");

	ok(f != NULL, "a table");
	ok(!feed(f, a, 1, row, &hints), "a row before its titles");
	ok(feed(f, a, 1, SPAN("\xef\xbb\xbfID,時刻\r\n"), &hints) &&
		span_is(get(ECS_KIND), "header"),
	    "the titles");
	ok(feed(f, a, 1, row, &hints) &&
		span_is(get(ECS_USER_NAME), "tanaka") &&
		e.time == INT64_C(1795131000000000) &&
		e.clock == EVENT_CLOCK_SITE,
	    "a row");
	ok(!feed(f, a, 2, row, &hints), "another stream has no titles");
	ok(feed(f, a, 2, SPAN("時刻,x,ID"), &hints) &&
		feed(f, a, 2, SPAN("2026/11/20 8:30:00,y,suzuki"), &hints) &&
		span_is(get(ECS_USER_NAME), "suzuki"),
	    "its own order of columns");
	ok(feed(f, a, 1, row, &hints) && span_is(get(ECS_USER_NAME), "tanaka"),
	    "the first keeps its own");
	other = formats_share(f);
	ok(!feed(other, a, 1, row, &hints), "another handle knows nothing");
	hints.columns = SPAN("ID,時刻");
	ok(feed(other, a, 1, row, &hints), "unless it is told the titles");
	ok(!feed(f, a, 1, SPAN("tanaka,2026/11/20 8:30:00,x,y"), &hints) &&
		feed(f, a, 1, SPAN("tanaka,2026/11/20 8:30:00,"), &hints),
	    "one cell too many is let pass, two are not of this table");
	/* 名,時刻 in CP932; half-width kana alone would pass for EUC-JP. */
	ok(feed(f, a, 3, SPAN("\x96\xbc,\x8e\x9e\x8d\x8f"), &hints) &&
		feed(f, a, 3, SPAN("\xb1\xb2,2026/11/20 8:30:00"), &hints) &&
		span_is(get(ECS_USER_NAME), "ｱｲ"),
	    "the titles show the encoding of the stream");
	hints.columns = span_make(NULL, 0);
	test_recalled(f, other, a, &hints);
	test_cut(f, a, &hints);
	formats_free(f);
	ok(feed(other, a, 1, row, &hints), "and outlives the first");
	hints.format = "t";
	ok(feed(other, a, 1, row, &hints), "asked for by name");
	hints.format = "u";
	ok(!feed(other, a, 1, row, &hints), "a name that is none");
	ok(!feed(other, a, 1, SPAN(",2026/11/20 8:30:00"), &hints),
	    "a row without a user");
	formats_free(other);
	arena_free(a);
}

static const char paths[] =
    HEAD "header: none\n"
	 "detect: {starts: ['{']}\n"
	 "parse:\n"
	 "  - json: {keys: all, under: [a.data, EventData]}\n"
	 "  - {from: text, optional: yes, pattern: 'by (?<who>\\w+)'}\n"
	 "fields: {who: user.name, code: event.code}\n" TAIL;

static const char own[] =
    HEAD "header: none\n"
	 "detect: {starts: ['CEF:']}\n"
	 "parse:\n"
	 "  - cef: {prefix: c.}\n"
	 "  - cef: {keys: all, under: [XY]}\n"
	 "fields: {c.app: network.protocol, app: network.application}\n" TAIL;

static const char cell[] =
    HEAD "header: none\n"
	 "parse:\n"
	 "  - table: {required: [id], columns: {id: [Id]}, untitled: text}\n"
	 "  - {from: text, optional: yes, pattern: 'by (?<who>\\w+)'}\n"
	 "fields: {who: user.name}\n" TAIL;

/* One fact by several ways; what stands in a column. */
static void
test_ways(void)
{
	struct format_hints hints = { 0 };
	struct arena *a = arena_new();
	struct formats *f = load(paths);

	ok(f != NULL && feed(f, a, 1, SPAN("{\"text\":\"by u\"}"), &hints) &&
		span_is(get(ECS_USER_NAME), "u"),
	    "a pattern gives it");
	ok(f != NULL &&
		feed(f, a, 1,
		    SPAN("{\"a\":{\"data\":{\"who\":\"v\"}},"
			 "\"text\":\"by u\"}"),
		    &hints) &&
		span_is(get(ECS_USER_NAME), "v"),
	    "a path does, without what it is under");
	ok(f != NULL &&
		feed(f, a, 1, SPAN("{\"EventData\":{\"Code\":\"7\"}}"),
		    &hints) == 0,
	    "a capital is not made small");
	ok(f != NULL &&
		feed(f, a, 1, SPAN("{\"a\":{\"who\":\"v\",\"code\":\"7\"}}"),
		    &hints) == 0 &&
		get(ECS_USER_NAME).len == 0,
	    "another path is none");
	formats_free(f);
	f = load(own);
	ok(f != NULL &&
		feed(f, a, 1, SPAN("CEF:0|v|p|1|2|n|3|app=a XYapp=b c"),
		    &hints) &&
		span_is(get(ECS_NETWORK_PROTOCOL), "a") &&
		span_is(get(ECS_NETWORK_APPLICATION), "b c"),
	    "a vendor's own key does not meet that of the standard");
	formats_free(f);
	f = load(cell);
	ok(f != NULL && feed(f, a, 1, SPAN("Id,Kind"), &hints) &&
		feed(f, a, 1, SPAN("7,x,written by u"), &hints) &&
		span_is(get(ECS_USER_NAME), "u"),
	    "a pattern reads what stands behind the last title");
	formats_free(f);
	arena_free(a);
}

/* What a line means does not depend on the lines of others before it. */
static void
test_order(void)
{
	static const char *const lines[] = {
		"<189>date=2026-11-20 time=14:03:05 devname=F devid=F logid=1 "
		"type=traffic subtype=forward action=close srcip=10.0.0.1",
		"Nov 20 14:03:05 h sshd[1]: Accepted password for u from "
		"10.0.0.1 port 1 ssh2",
		"<166>Nov 20 14:03:05 f %ASA-6-302020: x",
		"<13>nobody knows this",
	};
	const char *src = getenv("srcdir");
	struct format_hints hints = { .now = INT64_C(1795150985000000) };
	struct arena *a = arena_new();
	struct formats *f, *fresh;
	char rules[512];
	size_t i, k;
	int bad = 0;

	snprintf(rules, sizeof(rules), "%s/rules/formats", src ? src : ".");
	f = formats_load(rules, &err);
	for (i = 0; f != NULL && i < 16; i++) {
		for (k = 0; k < 4; k++) {
			const char *name;
			int known =
			    feed(f, a, 5, span_str(lines[(i + k) % 4]), &hints);

			name = e.format;
			fresh = formats_share(f);
			if (feed(fresh, a, 5, span_str(lines[(i + k) % 4]),
				&hints) != known ||
			    e.format != name)
				bad++;
			formats_free(fresh);
		}
	}
	ok(f != NULL && bad == 0, "the line before makes no difference");
	formats_free(f);
	arena_free(a);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/format.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/t.yml", dir);
	test_shipped();
	test_examples();
	test_faults();
	test_language();
	test_streams();
	test_ledger();
	test_ways();
	test_order();
	unlink(path);
	rmdir(dir);
	return done();
}
