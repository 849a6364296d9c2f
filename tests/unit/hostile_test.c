/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/format/formats.h"
#include "tests/tap.h"

/* Lines made to be slow, or to be taken for what they are not. */

#define HEAD "format: t\ntitle: T\n"
#define TAIL "examples: [{raw: 'x', unknown: yes}]\n"

static char dir[256], path[300];
static struct event e;

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
feed(struct formats *f, struct arena *a, struct span line)
{
	struct format_hints hints = { .now = 1 };

	e.stream = 1;
	e.message = line;
	return formats_apply(f, &e, a, &hints);
}

static const char w3c[] =
    HEAD "parse:\n"
	 "  - table:\n"
	 "      separator: ' '\n"
	 "      directive: '#Fields:'\n"
	 "      required: [date, clock]\n"
	 "      columns: {date: [date], clock: [time], src: [c-ip]}\n"
	 "time:\n"
	 "  - {from: [date, clock], as: '%Y-%m-%d %H:%M:%S', zone: UTC}\n"
	 "fields: {src: source.ip}\n" TAIL;

/* In the middle of a table whose titles a line named: what is none of it. */
static void
test_strangers(void)
{
	static const struct {
		const char *name, *line;
		bool known;
	} rows[] = {
		{ "the titles", "#Fields: date time c-ip", true },
		{ "a row", "2026-01-02 03:04:05 192.0.2.1", true },
		{ "a directive", "#Software: x", true },
		{ "another log's line", "<13>login of admin", false },
		{ "another log's comment", "# Time: 1", false },
		{ "a row behind them", "2026-01-02 03:04:06 192.0.2.2", true },
	};
	struct formats *f = load(w3c);
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; f != NULL && i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(feed(f, a, span_str(rows[i].line)) == rows[i].known,
		    "a table in a stream: %s", rows[i].name);
	ok(f != NULL && span_is(event_get(&e, ECS_SOURCE_IP), "192.0.2.2"),
	    "a table in a stream");
	formats_free(f);
	arena_free(a);
}

static const char labels[] =
    HEAD "detect: {contains: ['CEF:0|']}\n"
	 "parse:\n  - cef: {}\n"
	 "fields: {Reason: event.reason, User: user.name}\n" TAIL;

/* As many labels as fit: what does not end is ended by the alarm. */
static void
test_labels(void)
{
	struct formats *f = load(labels);
	struct arena *a = arena_new();
	struct buf line;
	int i;

	buf_init(&line);
	buf_str(&line, "CEF:0|v|p|1|i|n|1|cs1=why cs2=who cs2Label=User ");
	for (i = 0; i < 50000; i++)
		buf_str(&line, "cs1Label=Reason ");
	alarm(60);
	ok(f != NULL && feed(f, a, buf_view(&line)) &&
		span_is(event_get(&e, ECS_EVENT_REASON), "why") &&
		span_is(event_get(&e, ECS_USER_NAME), "who"),
	    "a line of 50000 labels");
	alarm(0);
	buf_fini(&line);
	formats_free(f);
	arena_free(a);
}

static const char steps[] =
    HEAD "detect: {contains: [a]}\n"
	 "parse:\n"
	 "  - {keyvalue: {separator: \"\\t\"}, optional: yes, "
	 "when: {message: {starts: T}}}\n"
	 "  - {keyvalue: {}, optional: yes, "
	 "when: {message: {starts: B}}}\n"
	 "fields: {a b: user.name, b: event.code}\n" TAIL;

/* The order of keys that one step has learnt is not another's. */
static void
test_steps(void)
{
	struct formats *f = load(steps);
	struct arena *a = arena_new();

	ok(f != NULL && feed(f, a, SPAN("T=1\ta b=x")) &&
		span_is(event_get(&e, ECS_USER_NAME), "x"),
	    "a key with a blank");
	ok(f != NULL && feed(f, a, SPAN("B=1 a b=x")) &&
		event_get(&e, ECS_USER_NAME).len == 0 &&
		span_is(event_get(&e, ECS_EVENT_CODE), "x"),
	    "is none where blanks part them, whatever came before");
	formats_free(f);
	arena_free(a);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/hostile.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/t.yml", dir);
	test_strangers();
	test_labels();
	test_steps();
	unlink(path);
	rmdir(dir);
	return done();
}
