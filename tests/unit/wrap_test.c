/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/format/formats.h"
#include "tests/tap.h"

#define HEAD "format: t\ntitle: T\n"
#define TAIL "examples: [{raw: 'x', unknown: yes}]\n"

static char dir[256], path[300];
static struct event e;

/* A folder with this one file, as loaded. */
static struct formats *
load(const char *text)
{
	FILE *fp = fopen(path, "w");
	struct yaml_error err;

	if (fp == NULL || fputs(text, fp) == EOF || fclose(fp) != 0)
		abort();
	return formats_load(dir, &err);
}

static int
feed(struct formats *f, struct arena *a, uint32_t stream, struct span line,
    const struct format_hints *hints)
{
	e.stream = stream;
	e.message = line;
	return formats_apply(f, &e, a, hints);
}

static struct span
get(enum ecs field)
{
	return event_get(&e, field);
}

/* Lines in the JSON of journald, Filebeat, Docker and GELF. */
static void
test_wrapped(void)
{
	static const char *const lines[] = {
		"{\"__REALTIME_TIMESTAMP\":\"1795150800000000\","
		"\"_HOSTNAME\":\"srv1\",\"SYSLOG_IDENTIFIER\":\"t\","
		"\"_PID\":\"7\",\"MESSAGE\":\"who=\\\"a\\\"\"}",
		"{\"@timestamp\":\"2026-11-20T05:00:00.000Z\",\"message\":"
		"\"<13>Nov 20 14:00:00 srv1 t[7]: who=\\\"a\\\"\","
		"\"agent\":{\"type\":\"filebeat\"}}",
		"{\"log\":\"<13>Nov 20 14:00:00 srv1 t[7]: who=a\\n\","
		"\"stream\":\"stdout\"}",
		"{\"version\":\"1.1\",\"host\":\"srv1\",\"timestamp\":"
		"1795150800.000,\"short_message\":\"t[7]: who=a\"}",
	};
	struct format_hints hints = { .zone = 9 * 3600,
		.now = INT64_C(1795150985000000) };
	struct formats *f =
	    load(HEAD "detect: {app: [t]}\n"
		      "parse: [{keyvalue: {}}]\n"
		      "fields: {who: user.name, syslog.host: "
		      "host.name, syslog.pid: process.pid}\n" TAIL);
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ok(feed(f, a, 1, span_str(lines[i]), &hints) &&
			span_is(get(ECS_USER_NAME), "a") &&
			span_is(get(ECS_HOST_NAME), "srv1") &&
			span_is(get(ECS_PROCESS_PID), "7") &&
			e.time == INT64_C(1795150800000000),
		    "a wrapped line, %zu", i);
	ok(!feed(f, a, 1, SPAN("{\"message\":\"x\"}"), &hints) && e.n == 0,
	    "one that nothing knows");
	ok(!feed(f, a, 1, SPAN("{\"a\":1}"), &hints), "no line within");
	arena_free(a);
	formats_free(f);
}

/* Words of a text format stand in JSON too; the quotes there are not its own.
 */
static void
test_object(void)
{
	static const char line[] = "{\"host\":\"srv1\",\"short_message\":"
				   "\"x who=\\\"a b\\\" as=\\\"c\\\"\"}",
			  other[] = "{\"who\":\"a b\",\"message\":\"who=c\"}",
			  none[] = "{\"text\":1} who=a";
	struct format_hints hints = { .zone = 9 * 3600,
		.now = INT64_C(1795150985000000) };
	struct formats *f =
	    load(HEAD "detect: [{all: ['who=']}, {all: ['\"who\":']}]\n"
		      "parse: [{optional: yes, json: {}}, {optional: yes, "
		      "keyvalue: {}}]\n"
		      "fields: {who: user.name}\n" TAIL);
	struct arena *a = arena_new();

	ok(feed(f, a, 1, span_str(line), &hints) &&
		span_is(get(ECS_USER_NAME), "a b"),
	    "a line in JSON without the quotes of JSON");
	ok(feed(f, a, 1, span_str(other), &hints) &&
		span_is(get(ECS_USER_NAME), "a b"),
	    "an object that the format knows as such");
	ok(feed(f, a, 1,
	       SPAN("{\"short_message\":\"s\",\"full_message\":"
		    "\"who=\\\"a b\\\"\"}"),
	       &hints) &&
		span_is(get(ECS_USER_NAME), "a b"),
	    "GELF with a summary");
	ok(!feed(f, a, 1, SPAN("{\"other\":\"who=\\\"a b\\\"\"}\n"), &hints),
	    "an object with a key that is not known as a wrapping");
	ok(feed(f, a, 1, span_str(none), &hints) &&
		span_is(get(ECS_USER_NAME), "a"),
	    "what only begins like one");
	arena_free(a);
	formats_free(f);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/wrap.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/t.yml", dir);
	test_wrapped();
	test_object();
	unlink(path);
	rmdir(dir);
	return done();
}
