/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/engine.h"
#include "common/utc.h"
#include "tests/tap.h"

/* Who sends, live: what is said of it, and what is not. */
static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct prefixes internal, vpn;
static struct buf out; /* "RULE key severity numbers; " of what holds */

static const int64_t start = INT64_C(1793545200000000); /* a Monday, JST */

static void
deliver(void *arg, const struct finding *f)
{
	size_t i;

	(void)arg;
	if (strncmp(f->rule, "LOG-0", 5) != 0 && strcmp(f->rule, "SYS-02") != 0)
		return;
	buf_printf(&out, "%s%s %s", f->withdrawn ? "-" : "", f->rule, f->key);
	for (i = 0; i < f->n_numbers && i < 2; i++)
		buf_printf(&out, " %s", f->numbers[i].text);
	buf_printf(&out, " %zu; ", f->n_cites);
}

static struct engine *
new_engine(void)
{
	const struct engine_config c = { .rules = rules,
		.ledgers = ledgers,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver };

	out.len = 0;
	return engine_new(&c);
}

static void
feed(struct engine *e, const char *transport, const char *name, int64_t at)
{
	static struct event ev;
	static uint64_t index;
	struct event_source source = { .transport = span_str(transport) };

	event_clear(&ev);
	ev.origin = "log";
	ev.source = &source;
	ev.index = index++;
	ev.received = ev.time = at;
	ev.clock = EVENT_CLOCK_OFFSET;
	event_add(&ev, ECS_KIND, SPAN("system"));
	event_add(&ev, ECS_OBSERVER_NAME, span_str(name));
	engine_feed(e, &ev);
}

/* A record a minute, for days and minutes. */
static int64_t
minutely(struct engine *e, const char *transport, const char *name, int days,
    int minutes)
{
	int64_t at = start;
	int i;

	for (i = 0; i < days * 1440 + minutes; i++, at += UTC_MINUTE)
		feed(e, transport, name, at);
	return at - UTC_MINUTE;
}

static const char *
finish(struct engine *e)
{
	engine_finish(e);
	engine_free(e);
	return buf_cstr(&out);
}

static void
check_silence(void)
{
	struct engine *e = new_engine();
	int64_t last = minutely(e, "udp", "fw1", 10, 0);

	engine_sealed(e, last + 30 * UTC_MINUTE);
	engine_advance(e, last + 30 * UTC_MINUTE);
	ok(out.len == 0, "half an hour is not longer than half an hour");
	engine_advance(e, last + 40 * UTC_MINUTE);
	ok(strcmp(buf_cstr(&out), "LOG-01 device=fw1 30 30 1; ") == 0,
	    "a silence that lasts is told once it is: %s", buf_cstr(&out));
	out.len = 0;
	engine_advance(e, last + 90 * UTC_MINUTE);
	ok(out.len == 0, "and not again at each look");
	feed(e, "udp", "fw1", last + 100 * UTC_MINUTE);
	ok(strcmp(finish(e), "LOG-01 device=fw1 100 30 1; ") == 0,
	    "but how long it was, when it ends: %s", buf_cstr(&out));
}

/* What is nobody's silence. */
static void
check_none(void)
{
	struct engine *e = new_engine();
	int64_t last = minutely(e, "udp", "fw1", 10, 0);

	engine_down(e, last, last + 95 * UTC_MINUTE);
	feed(e, "udp", "fw1", last + 100 * UTC_MINUTE);
	ok(strcmp(finish(e), "") == 0, "the collector's own: %s",
	    buf_cstr(&out));
	e = new_engine();
	last = minutely(e, "udp", "fw1", 10, 0);
	engine_down(e, last, last + 60 * UTC_MINUTE);
	feed(e, "udp", "fw1", last + 100 * UTC_MINUTE);
	ok(strcmp(finish(e), "LOG-01 device=fw1 40 30 1; ") == 0,
	    "but the rest of it is: %s", buf_cstr(&out));
	e = new_engine();
	last = minutely(e, "import", "fw1", 10, 0);
	engine_sealed(e, last + UTC_DAY);
	ok(strcmp(finish(e), "") == 0, "the end of an imported file");
	e = new_engine();
	last = minutely(e, "udp", "fw1", 6, 0);
	engine_sealed(e, last + UTC_DAY);
	ok(strcmp(finish(e), "") == 0, "one who is not known for a week");
}

/* Files backwards, and live with many looks: the same in the end. */
static void
check_order(void)
{
	struct engine *e = new_engine();
	int64_t last = minutely(e, "import", "fw1", 9, 0), at;
	char want[200];
	int i;

	for (i = 0; i < 1440; i++)
		feed(e, "import", "fw1", last + (120 + i) * UTC_MINUTE);
	snprintf(want, sizeof(want), "%s", finish(e));
	ok(strcmp(want, "LOG-01 device=fw1 120 30 1; ") == 0,
	    "two hours within a file: %s", want);
	e = new_engine();
	for (i = 1439; i >= 0; i--)
		feed(e, "import", "fw1", last + (120 + i) * UTC_MINUTE);
	for (at = last; at >= start; at -= UTC_MINUTE)
		feed(e, "import", "fw1", at);
	ok(strcmp(finish(e), want) == 0, "the same backwards: %s",
	    buf_cstr(&out));
	e = new_engine();
	for (at = start; at <= last; at += UTC_MINUTE) {
		feed(e, "udp", "fw1", at);
		engine_advance(e, at);
	}
	for (i = 0; i < 1440; i++) {
		feed(e, "udp", "fw1", last + (120 + i) * UTC_MINUTE);
		engine_advance(e, last + (120 + i) * UTC_MINUTE);
	}
	ok(strcmp(finish(e), want) == 0, "and live, with a look at each: %s",
	    buf_cstr(&out));
}

static void
check_many(void)
{
	struct engine *e = new_engine();
	char name[32];
	int i;

	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "x%d", i);
		feed(e, "udp", name, start + i * UTC_SECOND);
	}
	ok(strcmp(finish(e), "SYS-02 limit=senders 904 0; ") == 0,
	    "those who find no room are told: %s", buf_cstr(&out));
}

int
main(void)
{
	static const struct ledger_bytes none;
	const char *srcdir = getenv("srcdir");
	struct problems ps;
	struct yaml_error err;
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	problems_init(&ps);
	buf_init(&out);
	calendar = calendar_default(NULL);
	rules = ruleset_load(dir, "default", &err);
	ledgers = ledgers_parse(&none, utc_days(2026, 1, 1), 9 * 3600, &ps);
	ok(rules != NULL && ledgers != NULL, "rules and ledgers");
	if (rules == NULL || ledgers == NULL)
		return done();
	check_silence();
	check_none();
	check_order();
	check_many();
	ruleset_free(rules);
	ledgers_free(ledgers);
	calendar_free(calendar);
	problems_fini(&ps);
	buf_fini(&out);
	return done();
}
