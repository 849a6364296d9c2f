/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/command/jsonevent.h"
#include "analyzer/sigma/detection.h"
#include "tests/tap.h"

/* What the language means: a detection, an event, and whether it fits. */
struct row {
	const char *detection, *event;
	bool want;
};

#define S(items) "{s: {" items "}, condition: s}"

static const struct row texts[] = {
	/* case, whole values */
	{ S("a: Bc"), "{\"a\":\"bC\"}", true },
	{ S("a: bc"), "{\"a\":\"bcd\"}", false },
	{ S("a: bc"), "{\"A\":\"bc\"}", false },
	{ S("a|cased: Bc"), "{\"a\":\"bC\"}", false },
	{ S("a|cased: Bc"), "{\"a\":\"Bc\"}", true },
	{ S("a|contains|cased: B"), "{\"a\":\"abc\"}", false },
	{ S("a: ＡＢ"), "{\"a\":\"ａｂ\"}", true },
	{ S("a: ä"), "{\"a\":\"Ä\"}", true },
	{ S("a: 東京"), "{\"a\":\"東京\"}", true },
	{ S("a: 4625"), "{\"a\":4625}", true },
	{ S("a: '4625'"), "{\"a\":4625.0}", true },
	{ S("a: 4625"), "{\"a\":\"4625\"}", true },
	{ S("a: true"), "{\"a\":true}", true },
	{ S("a: 'true'"), "{\"a\":true}", true },
	{ S("a: false"), "{\"a\":\"FALSE\"}", true },
	/* wildcards and escapes */
	{ S("a: 'b*d'"), "{\"a\":\"bd\"}", true },
	{ S("a: 'b*d'"), "{\"a\":\"bccd\"}", true },
	{ S("a: 'b*d'"), "{\"a\":\"bcce\"}", false },
	{ S("a: 'b?d'"), "{\"a\":\"bcd\"}", true },
	{ S("a: 'b?d'"), "{\"a\":\"bd\"}", false },
	{ S("a: '東?'"), "{\"a\":\"東京\"}", true },
	{ S("a: 'b\\*d'"), "{\"a\":\"b*d\"}", true },
	{ S("a: 'b\\*d'"), "{\"a\":\"bcd\"}", false },
	{ S("a: 'b\\?d'"), "{\"a\":\"b?d\"}", true },
	{ S("a: 'b\\?d'"), "{\"a\":\"bcd\"}", false },
	{ S("a: 'b\\\\*d'"), "{\"a\":\"b\\\\xd\"}", true },
	{ S("a: 'b\\\\*d'"), "{\"a\":\"b*d\"}", false },
	{ S("a: 'b\\\\\\*d'"), "{\"a\":\"b\\\\*d\"}", true },
	{ S("a: 'b\\\\\\*d'"), "{\"a\":\"b\\\\xd\"}", false },
	{ S("a: 'b\\c'"), "{\"a\":\"b\\\\c\"}", true },
	{ S("a: 'b\\\\c'"), "{\"a\":\"b\\\\c\"}", true },
	{ S("a: 'b\\\\\\\\c'"), "{\"a\":\"b\\\\\\\\c\"}", true },
	{ S("a|endswith: '\\x.exe'"), "{\"a\":\"C:\\\\X.EXE\"}", true },
	{ S("a|contains: 'b*d'"), "{\"a\":\"xbcdx\"}", true },
	{ S("a: '*'"), "{\"a\":\"\"}", true },
	{ S("a: '*'"), "{}", false },
	{ S("a: ''"), "{\"a\":\"\"}", true },
	{ S("a: ''"), "{}", false },
	{ S("a: ''"), "{\"a\":null}", false },
	/* places and lists */
	{ S("a|startswith: b"), "{\"a\":\"Bc\"}", true },
	{ S("a|startswith: c"), "{\"a\":\"Bc\"}", false },
	{ S("a|contains: [x, c]"), "{\"a\":\"bcd\"}", true },
	{ S("a|contains|all: [b, c]"), "{\"a\":\"bcd\"}", true },
	{ S("a|contains|all: [b, x]"), "{\"a\":\"bcd\"}", false },
	{ S("a|all: ['*b*', '*c*']"), "{\"a\":\"bcd\"}", true },
	{ S("a: b"), "{\"a\":[\"x\",\"b\"]}", true },
	{ S("a|contains|all: [b, x]"), "{\"a\":[\"x\",\"b\"]}", true },
};

static const struct row values[] = {
	/* null and exists */
	{ S("a: null"), "{}", true },
	{ S("a: ~"), "{\"a\":null}", true },
	{ S("a: "), "{\"a\":\"\"}", false },
	{ S("a: 'null'"), "{\"a\":\"null\"}", true },
	{ S("a: 'null'"), "{}", false },
	{ S("a: [null, x]"), "{}", true },
	{ S("a: [null, x]"), "{\"a\":\"x\"}", true },
	{ S("a: [null, x]"), "{\"a\":\"y\"}", false },
	{ S("a|exists: true"), "{\"a\":\"\"}", true },
	{ S("a|exists: true"), "{\"a\":null}", false },
	{ S("a|exists: false"), "{}", true },
	{ S("a|exists: false"), "{\"a\":0}", false },
	{ S("a|exists: true"), "{\"a\":{\"b\":1}}", true },
	{ S("a: null"), "{\"a\":{\"b\":1}}", false },
	{ S("a|exists: true"), "{\"a\":[]}", true },
	{ S("a|contains: b"), "{\"a\":{\"b\":\"b\"}}", false },
	{ "{s: {a: b}, condition: not s}", "{}", true },
	/* neq */
	{ S("a|neq: b"), "{\"a\":\"c\"}", true },
	{ S("a|neq: b"), "{\"a\":\"B\"}", false },
	{ S("a|neq: [b, c]"), "{\"a\":\"c\"}", false },
	{ S("a|neq: b"), "{}", true },
	{ S("a|contains|neq: b"), "{\"a\":\"abc\"}", false },
	/* numbers */
	{ S("a|gt: 5"), "{\"a\":5.5}", true },
	{ S("a|gt: 5"), "{\"a\":\"5\"}", false },
	{ S("a|gte: 5"), "{\"a\":\"5\"}", true },
	{ S("a|lt: -1"), "{\"a\":-2}", true },
	{ S("a|lte: 1000"), "{\"a\":1e3}", true },
	{ S("a|lt: 5"), "{\"a\":\"x\"}", false },
	{ S("a|lt: 5"), "{}", false },
	/* networks */
	{ S("a|cidr: 10.0.0.0/8"), "{\"a\":\"10.255.0.1\"}", true },
	{ S("a|cidr: 10.0.0.0/8"), "{\"a\":\"11.0.0.1\"}", false },
	{ S("a|cidr: 10.0.0.0/8"), "{\"a\":\"10.x\"}", false },
	{ S("a|cidr: '2001:db8::/33'"), "{\"a\":\"2001:DB8:7fff::1\"}", true },
	{ S("a|cidr: '2001:db8::/33'"), "{\"a\":\"2001:db8:8000::1\"}",
	    false },
	{ S("a|cidr: '::1/128'"), "{\"a\":\"0:0:0:0:0:0:0:1\"}", true },
	{ S("a|cidr: [10.0.0.0/8, 'fe80::/10']"), "{\"a\":\"febf::1\"}",
	    true },
	/* parts of a time, by its own offset */
	{ S("a|hour: 23"), "{\"a\":\"2026-01-01T23:59:00+09:00\"}", true },
	{ S("a|hour: 14"), "{\"a\":\"2026-01-01T23:59:00+09:00\"}", false },
	{ S("a|minute|gte: 59"), "{\"a\":\"2026-01-01T23:59:00Z\"}", true },
	{ S("a|day: 1"), "{\"a\":\"2026-01-01T23:59:00Z\"}", true },
	{ S("a|week: 53"), "{\"a\":\"2027-01-01T00:00:00Z\"}", true },
	{ S("a|week: 1"), "{\"a\":\"2024-12-30T00:00:00Z\"}", true },
	{ S("a|month|lt: 2"), "{\"a\":\"2026-01-01T23:59:00Z\"}", true },
	{ S("a|year: 2026"), "{\"a\":\"2026-01-01T23:59:00Z\"}", true },
	{ S("a|year: 2026"), "{\"a\":\"2026\"}", false },
	{ S("a|hour: 23"), "{\"a\":\"2026-01-01 23:59:00.5\"}", true },
	{ S("a|hour: 9"), "{\"a\":1795770000}", true },
	{ S("a|hour: 9"), "{\"a\":\"at nine\"}", false },
	/* another field */
	{ S("a|fieldref: b"), "{\"a\":\"x\",\"b\":\"X\"}", true },
	{ S("a|fieldref: b"), "{\"a\":\"x\",\"b\":\"y\"}", false },
	{ S("a|fieldref: b"), "{\"a\":\"x\"}", false },
	{ S("a|fieldref: b"), "{}", false },
	{ S("a|fieldref|neq: b"), "{\"a\":\"x\",\"b\":\"y\"}", true },
	{ S("a|fieldref|endswith: b"), "{\"a\":\"xy\",\"b\":\"Y\"}", true },
	{ S("a|fieldref|startswith: b"), "{\"a\":\"xy\",\"b\":\"y\"}",
	    false },
	{ S("a|fieldref|contains: b"), "{\"a\":\"xyz\",\"b\":\"y\"}", true },
	{ S("a|fieldref: b"), "{\"a\":\"*\",\"b\":\"x\"}", false },
};

static const struct row encoded[] = {
	{ S("a|base64: foobar"), "{\"a\":\"Zm9vYmFy\"}", true },
	{ S("a|base64|contains: foobar"), "{\"a\":\"x Zm9vYmFy\"}", true },
	{ S("a|base64offset|contains: foobar"), "{\"a\":\"Zm9vYmFy\"}", true },
	{ S("a|base64offset|contains: foobar"), "{\"a\":\"eGZvb2JhcnkK\"}",
	    true },
	{ S("a|base64offset|contains: foobar"), "{\"a\":\"eHlmb29iYXI=\"}",
	    true },
	{ S("a|base64offset|contains: foobar"), "{\"a\":\"Zm9vYg==\"}",
	    false },
	{ S("a|wide|base64: ab"), "{\"a\":\"YQBiAA==\"}", true },
	{ S("a|utf16le|base64: ab"), "{\"a\":\"YQBiAA==\"}", true },
	{ S("a|utf16be|base64: ab"), "{\"a\":\"AGEAYg==\"}", true },
	{ S("a|utf16|base64: ab"), "{\"a\":\"//5hAGIA\"}", true },
	{ S("a|wide|base64offset|contains: ab"), "{\"a\":\"AABhAGIA\"}",
	    true },
	/* what begins an option */
	{ S("a|windash|contains: ' -f '"), "{\"a\":\"x /F y\"}", true },
	{ S("a|windash|contains: ' /f '"), "{\"a\":\"x -f y\"}", true },
	{ S("a|windash|contains: ' -f '"), "{\"a\":\"x –f y\"}", true },
	{ S("a|windash|contains: ' -f '"), "{\"a\":\"x —f y\"}", true },
	{ S("a|windash|contains: ' -f '"), "{\"a\":\"x ―f y\"}", true },
	{ S("a|windash|contains: ' -f '"), "{\"a\":\"x _f y\"}", false },
	{ S("a|windash|contains: 'a-f'"), "{\"a\":\"a/f\"}", false },
	{ S("a|windash|contains|all: [-a, -b]"), "{\"a\":\"x /b –a\"}", true },
	/* expressions */
	{ S("a|re: '^b.d$'"), "{\"a\":\"bcd\"}", true },
	{ S("a|re: 'c'"), "{\"a\":\"bcd\"}", true },
	{ S("a|re: 'C'"), "{\"a\":\"bcd\"}", false },
	{ S("a|re|i: 'C'"), "{\"a\":\"bcd\"}", true },
	{ S("a|re: '(?i)C'"), "{\"a\":\"bcd\"}", true },
	{ S("a|re: '^c'"), "{\"a\":\"b\\nc\"}", false },
	{ S("a|re|m: '^c'"), "{\"a\":\"b\\nc\"}", true },
	{ S("a|re: 'b.c'"), "{\"a\":\"b\\nc\"}", false },
	{ S("a|re|s: 'b.c'"), "{\"a\":\"b\\nc\"}", true },
	{ S("a|re: ['x', 'c']"), "{\"a\":\"bcd\"}", true },
	{ S("a|re: 'x'"), "{}", false },
	/* words without a field: anywhere in any value */
	{ "{k: [Foo, bar], condition: k}", "{\"x\":\"a foo b\"}", true },
	{ "{k: [Foo, bar], condition: k}", "{\"foo\":\"x\"}", false },
	{ "{k: ['f*o'], condition: k}", "{\"x\":[{\"y\":\"a fuo b\"}]}",
	    true },
	{ "{k: {'|all': [foo, bar]}, condition: k}",
	    "{\"x\":\"foo\",\"y\":\"bar\"}", true },
	{ "{k: {'|all': [foo, bar]}, condition: k}", "{\"x\":\"foo\"}",
	    false },
	{ "{k: foo, condition: k}", "{\"x\":\"FOO\"}", true },
	{ "{k: [1234], condition: k}", "{\"x\":\"a1234b\"}", true },
	/* what stands for several */
	{ S("a|expand: '%two%'"), "{\"a\":\"Y\"}", true },
	{ S("a|expand: '%two%'"), "{\"a\":\"z\"}", false },
	{ S("a|contains|expand: '-%two%-'"), "{\"a\":\"a-x-b\"}", true },
	{ S("a|expand: '%two%%two%'"), "{\"a\":\"xy\"}", true },
	{ S("a|expand: '%two%%two%'"), "{\"a\":\"xx\"}", true },
	{ S("a|expand: '%two%%two%'"), "{\"a\":\"x\"}", false },
	{ S("a|expand: ['%two%', plain]"), "{\"a\":\"plain\"}", true },
	{ S("a|expand: '50% of %two%'"), "{\"a\":\"50% of y\"}", true },
	{ S("a|expand: '5%%two%'"), "{\"a\":\"5%y\"}", true },
	{ S("a|expand: '50% or 60%'"), "{\"a\":\"50% or 60%\"}", true },
};

static const struct row conditions[] = {
	{ "{a: {x: 1}, b: {x: 2}, condition: a or b}", "{\"x\":2}", true },
	{ "{a: {x: 1}, b: {y: 2}, condition: a and not b}", "{\"x\":1}",
	    true },
	{ "{a: {x: 1}, b: {y: 2}, condition: not a or b}",
	    "{\"x\":1,\"y\":2}", true },
	{ "{a: {x: 1}, b: {y: 2}, c: {z: 3}, condition: a or b and c}",
	    "{\"x\":1}", true },
	{ "{a: {x: 1}, b: {y: 2}, c: {z: 3}, condition: (a or b) and c}",
	    "{\"x\":1}", false },
	{ "{s_a: {x: 1}, s_b: {y: 2}, condition: 1 of s_*}", "{\"y\":2}",
	    true },
	{ "{s_a: {x: 1}, s_b: {y: 2}, condition: any of s_*}", "{\"y\":2}",
	    true },
	{ "{s_a: {x: 1}, s_b: {y: 2}, condition: all of s_*}", "{\"y\":2}",
	    false },
	{ "{s: {x: 1}, _t: {y: 2}, condition: all of them}", "{\"x\":1}",
	    true },
	{ "{s: {x: 1}, _t: {y: 2}, condition: 1 of them}", "{\"y\":2}",
	    false },
	{ "{a: {x: 1}, b: {y: 2}, condition: [a, b]}", "{\"y\":2}", true },
	{ "{a: [{x: 1}, {y: 2}], condition: a}", "{\"y\":2}", true },
	{ "{a: [{x: 1, y: 2}], condition: a}", "{\"y\":2}", false },
};

static int
number(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, uint32_t *field)
{
	(void)at;
	*field = fields_put(r->arg, name);
	return 0;
}

static int
expand(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, struct placeholder *p)
{
	static struct span two[] = { { (const uint8_t *)"x", 1 },
		{ (const uint8_t *)"y", 1 } };

	if (!span_is(name, "two"))
		return DETECTION_FAIL(r, at, "%s", "no such name");
	*p = (struct placeholder){ two, 2 };
	return 0;
}

static void
test(const struct row *row)
{
	struct detection_pool pool = { 0 };
	struct fields *fields = fields_new();
	struct yaml_error err = { .what = "" };
	struct detection_reader r = { .file = "x",
		.arena = arena_new(),
		.pool = &pool,
		.err = &err,
		.field = number,
		.expand = expand,
		.arg = fields };
	struct yaml_node *root =
	    yaml_parse(span_str(row->detection), "x", r.arena, &err);
	struct detection *d = root == NULL ? NULL : detection_parse(root, &r);
	struct jsonevent e;

	jsonevent_init(&e, fields);
	ok(d != NULL && jsonevent_read(&e, span_str(row->event)) == 0 &&
		detection_match(d, &e.view) == row->want,
	    "%s %s %s%s", row->detection,
	    row->want ? "fits" : "does not fit", row->event, err.what);
	jsonevent_fini(&e);
	fields_free(fields);
	detection_pool_fini(&pool);
	arena_free(r.arena);
}

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

int
main(void)
{
	size_t i;

	for (i = 0; i < ROWS(texts); i++)
		test(&texts[i]);
	for (i = 0; i < ROWS(values); i++)
		test(&values[i]);
	for (i = 0; i < ROWS(encoded); i++)
		test(&encoded[i]);
	for (i = 0; i < ROWS(conditions); i++)
		test(&conditions[i]);
	return done();
}
