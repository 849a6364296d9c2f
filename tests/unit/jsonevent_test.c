/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/jsonevent.h"

#include <stdlib.h>

#include "tests/tap.h"

/* "a=1 b=2": the values of named fields in their order; ^ is null. */
static const char *
show(const struct jsonevent *e, const char *const *names, size_t n)
{
	static struct buf out;
	const struct view_value *o;
	size_t i;

	out.len = 0;
	for (i = 0; i < n; i++) {
		o = view_first(&e->view, fields_find(e->fields,
		    span_str(names[i])));
		for (; o != NULL; o = view_next(&e->view, o)) {
			buf_printf(&out, "%s%s=", out.len > 0 ? " " : "",
			    names[i]);
			if (o->null)
				buf_byte(&out, '^');
			buf_span(&out, o->text);
		}
	}
	return buf_cstr(&out);
}

static const char *const names[] = { "a", "a.b", "a.b.c", "c" };

#define NAMES (sizeof(names) / sizeof(names[0]))

static const struct {
	const char *json, *want;
} good[] = {
	{ "{}", "" },
	{ " { } \r", "" },
	{ "{\"a\":\"x\",\"c\":\"\"}", "a=x c=" },
	{ "{\"a\":{\"b\":{\"c\":1}}}", "a= a.b= a.b.c=1" },
	{ "{\"a.b\":{\"c\":1}}", "a.b= a.b.c=1" },
	{ "{\"a.b.c\":1}", "a.b.c=1" },
	{ "{\"a\":[{\"b\":1},{\"b\":[2,[3]]}]}",
	    "a= a= a.b=1 a.b=2 a.b=3" },
	{ "{\"a\":[]}", "a=" },
	{ "{\"a\":[1,null,\"x\"]}", "a=1 a=^ a=x" },
	{ "{\"a\":null,\"c\":true}", "a=^ c=true" },
	{ "{\"a\":false}", "a=false" },
	{ "{\"a\":0}", "a=0" },
	{ "{\"a\":-0}", "a=0" },
	{ "{\"a\":-0.0}", "a=0" },
	{ "{\"a\":4625.0}", "a=4625" },
	{ "{\"a\":1.50}", "a=1.5" },
	{ "{\"a\":100}", "a=100" },
	{ "{\"a\":1e3}", "a=1000" },
	{ "{\"a\":-1.25E+1}", "a=-12.5" },
	{ "{\"a\":12e-4}", "a=0.0012" },
	{ "{\"a\":1.5e0}", "a=1.5" },
	{ "{\"a\":0e9}", "a=0" },
	{ "{\"a\":1200e-2}", "a=12" },
	{ "{\"a\":1e400}", "a=1e400" },
	{ "{\"a\":1e-400}", "a=1e-400" },
	{ "{\"a\":123456789012345678901234567890}",
	    "a=123456789012345678901234567890" },
	{ "{\"a\":\"C:\\\\x\\/\\\"\\n\\u3042\\ud83d\\ude00\\ud800\"}",
	    "a=C:\\x/\"\nあ😀\xef\xbf\xbd" },
	{ "{\"\\u0061\":1}", "a=1" },
	{ "{\"a\":1,\"a\":2}", "a=1 a=2" },
	{ "{\"logsource\":\"x\",\"a\":1}", "a=1" },
	{ "{\"logsource\":{\"a\":1},\"a\":2}", "a=2" },
};

static const struct {
	const char *json;
	size_t at;
} bad[] = {
	{ "", 0 },
	{ "x", 0 },
	{ "[1]", 0 },
	{ "{", 1 },
	{ "{\"a\"", 4 },
	{ "{\"a\" 1}", 5 },
	{ "{\"a\":}", 5 },
	{ "{\"a\":1", 6 },
	{ "{\"a\":1,}", 7 },
	{ "{\"a\":1]", 6 },
	{ "{\"a\":[1}", 7 },
	{ "{\"a\":[1,]}", 8 },
	{ "{\"a\":1} x", 8 },
	{ "{\"a\":01}", 5 },
	{ "{\"a\":1.}", 5 },
	{ "{\"a\":.5}", 5 },
	{ "{\"a\":1e}", 5 },
	{ "{\"a\":+1}", 5 },
	{ "{\"a\":tru}", 5 },
	{ "{\"a\":nullx}", 5 },
	{ "{\"a\":\"x}", 8 },
	{ "{\"a\":\"x\\", 8 },
	{ "{\"a\":\"\\q\"}", 6 },
	{ "{\"a\":\"\\u12\"}", 6 },
	{ "{\"a\":\"\t\"}", 6 },
	{ "{a:1}", 1 },
};

static void
test_lines(void)
{
	struct fields *f = fields_new();
	struct jsonevent e;
	size_t i;

	for (i = 0; i < NAMES; i++)
		(void)fields_put(f, span_str(names[i]));
	jsonevent_init(&e, f);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(jsonevent_read(&e, span_str(good[i].json)) == 0 &&
			strcmp(show(&e, names, NAMES), good[i].want) == 0,
		    "%s: %s", good[i].json, show(&e, names, NAMES));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(jsonevent_read(&e, span_str(bad[i].json)) == -1 &&
			e.at == bad[i].at && e.fault != NULL,
		    "%s is no object, at %zu (%zu): %s", bad[i].json,
		    bad[i].at, e.at, e.fault);
	jsonevent_fini(&e);
	fields_free(f);
}

static void
test_route(void)
{
	struct fields *f = fields_new();
	struct jsonevent e;

	jsonevent_init(&e, f);
	ok(jsonevent_read(&e,
	       SPAN("{\"logsource\":{\"product\":\"windows\",\"service\":"
		    "\"sys\",\"more\":{\"category\":1}},\"x\":\"y\"}")) == 0 &&
		e.routed && span_is(e.route.product, "windows") &&
		span_is(e.route.service, "sys") && e.route.category.len == 0,
	    "a logsource says where it comes from");
	ok(e.view.n == 1, "and is no field");
	ok(jsonevent_read(&e, SPAN("{\"logsource\":5}")) == 0 && !e.routed &&
		e.view.n == 1,
	    "unless it is no object");
	ok(jsonevent_read(&e, SPAN("{\"a\":{\"logsource\":{\"product\":1}}}"))
		    == 0 &&
		!e.routed,
	    "or stands in another");
	jsonevent_fini(&e);
	fields_free(f);
}

static void
test_times(void)
{
	struct fields *f = fields_new();
	struct jsonevent e;

	jsonevent_init(&e, f);
	ok(jsonevent_read(&e,
	       SPAN("{\"time\":1,\"UtcTime\":\"b\",\"x\":{\"@timestamp\":2},"
		    "\"timestamp\":null,\"EventTime\":3}")) == 0 &&
		span_is(e.time, "b"),
	    "of several names the first of the list that has a value");
	ok(jsonevent_read(&e, SPAN("{\"x\":1}")) == 0 && e.time.len == 0,
	    "none where none is given");
	jsonevent_fini(&e);
	fields_free(f);
}

static void
test_bounds(void)
{
	struct fields *f = fields_new();
	struct jsonevent e;
	struct buf b;
	size_t i;

	buf_init(&b);
	(void)fields_put(f, SPAN("a"));
	jsonevent_init(&e, f);
	for (i = 0; i < JSONEVENT_DEPTH; i++)
		buf_str(&b, "{\"a\":");
	buf_str(&b, "1");
	for (i = 0; i < JSONEVENT_DEPTH; i++)
		buf_str(&b, "}");
	ok(jsonevent_read(&e, buf_view(&b)) == 0, "as deep as allowed");
	b.len = 0;
	for (i = 0; i <= JSONEVENT_DEPTH; i++)
		buf_str(&b, "{\"a\":");
	ok(jsonevent_read(&e, buf_view(&b)) == -1, "and no deeper");
	b.len = 0;
	buf_str(&b, "{\"");
	for (i = 0; i <= JSONEVENT_PATH; i++)
		buf_byte(&b, 'x');
	buf_str(&b, "\":{\"a\":1},\"a\":2}");
	ok(jsonevent_read(&e, buf_view(&b)) == 0 &&
		strcmp(show(&e, names, 1), "a=2") == 0,
	    "what has too long a path is of no field");
	buf_fini(&b);
	jsonevent_fini(&e);
	fields_free(f);
}

int
main(void)
{
	test_lines();
	test_route();
	test_times();
	test_bounds();
	return done();
}
