/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/numbered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/engine.h"
#include "common/utc.h"
#include "tests/tap.h"

#define LINES_MAX 10
#define FOUND_MAX 8

static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct prefixes internal, vpn;

/* A record: minute by the device's clock; number, address, and which log. */
struct in {
	int minute;
	const char *text;
};

/*
 * What comes out, by key: rule, day, numbers in their order, records.  An
 * order of arrival must make no difference.
 */
static const struct {
	const char *name;
	struct in in[LINES_MAX];
	const char *want;
} cases[] = {
	{ "numbers with holes that rise",
	    { { 600, "100" }, { 700, "90000" }, { 800, "90001" } }, "" },
	{ "a counter that begins anew is one step back",
	    { { 600, "7300112" }, { 700, "3" }, { 720, "9" }, { 800, "40" },
		{ 900, "80" }, { 1000, "120" } },
	    "LOG-10 0 back=1 anew=1 before=7300112 number=3 2" },
	{ "and one step if it soon overtakes what was",
	    { { 600, "50" }, { 700, "1" }, { 735, "45" }, { 800, "90" },
		{ 900, "95" } },
	    "LOG-10 0 back=1 anew=0 before=50 number=1 2" },
	{ "old and new numbers in one stretch of time",
	    { { 300, "500" }, { 400, "510" }, { 401, "1" }, { 500, "5" },
		{ 600, "9" } },
	    "LOG-10 0 back=1 anew=1 before=500 number=1 2" },
	{ "one record with an old number",
	    { { 600, "500" }, { 700, "600" }, { 701, "480" }, { 800, "700" },
		{ 900, "800" } },
	    "LOG-10 0 back=1 anew=0 before=500 number=480 2" },
	{ "twice on one day",
	    { { 300, "500" }, { 400, "2" }, { 500, "5" }, { 600, "9" },
		{ 700, "1" }, { 800, "3" } },
	    "LOG-10 0 back=2 anew=2 before=500 number=2 4" },
	{ "on two days are two findings",
	    { { 600, "500" }, { 700, "2" }, { 800, "5" }, { 890, "9" },
		{ 2000, "1" }, { 2100, "3" } },
	    "LOG-10 0 back=1 anew=1 before=500 number=2 2;"
	    "LOG-10 1 back=1 anew=1 before=9 number=1 2" },
	{ "out of order within the time allowed",
	    { { 600, "100" }, { 629, "104" }, { 631, "103" }, { 659, "102" },
		{ 660, "105" } },
	    "" },
	{ "a device whose clock begins at the epoch",
	    { { -900, "3" }, { -29, "9" }, { 31, "5" } },
	    "LOG-10 0 back=1 anew=0 before=9 number=5 2" },
	{ "the first number, and the largest",
	    { { 600, "0" }, { 700, "18446744073709551615" } }, "" },
	{ "what is no number",
	    { { 600, "5" }, { 700, "18446744073709551616" }, { 800, "x" },
		{ 900, "" } },
	    "" },
	{ "the same record twice", { { 600, "5" }, { 600, "5" } }, "" },
	{ "another one with its number",
	    { { 600, "5 192.0.2.1" }, { 600, "5 192.0.2.2" } },
	    "LOG-09 0 doubles=1 number=5 2" },
	{ "and one at another time, which no step back is",
	    { { 880, "5" }, { 2000, "5" } }, "LOG-09 0 doubles=1 number=5 2" },
	{ "both of which came by two paths",
	    { { 600, "5 192.0.2.1" }, { 600, "5 192.0.2.2" },
		{ 600, "5 192.0.2.2" }, { 600, "5 192.0.2.1" },
		{ 600, "5 192.0.2.2" } },
	    "LOG-09 0 doubles=1 number=5 2" },
	{ "three, and a second number",
	    { { 600, "5 192.0.2.1" }, { 600, "5 192.0.2.2" },
		{ 600, "5 192.0.2.3" }, { 600, "4 192.0.2.1" },
		{ 600, "4 192.0.2.2" } },
	    "LOG-09 0 doubles=3 number=4 5" },
	{ "numbers that share a place in the ring",
	    { { 600, "5" }, { 601, "4098 192.0.2.2" } }, "" },
	{ "of another log",
	    { { 600, "5 192.0.2.1" }, { 600, "5 192.0.2.2 CONFIG" },
		{ 700, "1 192.0.2.2 SYSTEM" } },
	    "" },
};

static void
deliver(void *arg, const struct finding *f)
{
	struct buf *got = arg;
	size_t i;

	if (strncmp(f->rule, "LOG-", 4) != 0)
		return;
	buf_printf(got, "%s%s %lld", got->len > 0 ? ";" : "", f->rule,
	    (long long)((f->from + 9 * UTC_HOUR) / UTC_DAY));
	for (i = 0; i < f->n_numbers; i++)
		buf_printf(got, " %s=%s", f->numbers[i].name,
		    f->numbers[i].text);
	buf_printf(got, " %llu%s", (unsigned long long)f->n_evidence,
	    f->withdrawn ? " withdrawn" : "");
}

/* The nth word, or what stands for it. */
static struct span
word(const char *text, unsigned n, const char *otherwise)
{
	for (; n > 0 && *text != '\0'; n--) {
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	return *text == '\0' ? span_str(otherwise)
			     : span_make(text, strcspn(text, " "));
}

static void
make_event(const struct in *in, const char *kind, struct event *e)
{
	static const struct event_source source = { .replay = true };

	*e = (struct event){ .origin = "konseki.example/evidence",
		.index = (uint64_t)in->minute * 64,
		.source = &source,
		.received = in->minute * UTC_MINUTE,
		.time = in->minute * UTC_MINUTE,
		.clock = EVENT_CLOCK_OFFSET };
	event_add(e, ECS_OBSERVER_NAME, SPAN("fw01"));
	event_add(e, ECS_EVENT_SEQUENCE, word(in->text, 0, ""));
	event_add(e, ECS_SOURCE_IP, word(in->text, 1, "192.0.2.1"));
	event_add(e, ECS_SEQUENCE_SCOPE, word(in->text, 2, "TRAFFIC"));
	event_add(e, ECS_SEQUENCE_KIND, span_str(kind));
}

static size_t
count(const struct in *in)
{
	size_t n = 0;

	while (n < LINES_MAX && in[n].text != NULL)
		n++;
	return n;
}

static struct engine *
new_engine(struct buf *got)
{
	struct engine_config c = { .rules = rules,
		.ledgers = ledgers,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver,
		.arg = got };

	got->len = 0;
	return engine_new(&c);
}

static void
run(const struct in *in, const char *kind, bool backward, struct buf *got)
{
	struct engine *e = new_engine(got);
	size_t i, n = count(in);
	static struct event ev;

	for (i = 0; i < n; i++) {
		make_event(&in[backward ? n - 1 - i : i], kind, &ev);
		ev.index += backward ? n - 1 - i : i;
		engine_feed(e, &ev);
	}
	engine_finish(e);
	engine_free(e);
	(void)buf_cstr(got);
}

static void
check(size_t i)
{
	struct buf got;

	buf_init(&got);
	run(cases[i].in, "filtered", false, &got);
	ok(span_is(buf_view(&got), cases[i].want), "%s", cases[i].name);
	if (!span_is(buf_view(&got), cases[i].want))
		printf("# got %s\n", buf_cstr(&got));
	run(cases[i].in, "filtered", true, &got);
	ok(span_is(buf_view(&got), cases[i].want), "  also backwards");
	if (!span_is(buf_view(&got), cases[i].want))
		printf("# got %s\n", buf_cstr(&got));
	run(cases[i].in, "second", false, &got);
	ok(got.len == 0, "  and nothing of what counts anew each second");
	buf_fini(&got);
}

/* A live site: judged with each record, and told again only if it changes. */
static const struct {
	const char *name;
	struct in in[LINES_MAX];
	const char *want;
} live[] = {
	{ "live: told once, and again when the numbers go on from there",
	    { { 600, "7300112" }, { 700, "3" }, { 800, "4" }, { 850, "5" },
		{ 850, "5 192.0.2.2" } },
	    "LOG-10 0 back=1 anew=0 before=7300112 number=3 2;"
	    "LOG-10 0 back=1 anew=1 before=7300112 number=3 2;"
	    "LOG-09 0 doubles=1 number=5 2" },
	{ "live: in a stretch of time that was judged",
	    { { 600, "500" }, { 700, "600" }, { 701, "480" } },
	    "LOG-10 0 back=1 anew=0 before=500 number=480 2" },
	{ "live: one that comes late shows that a number was lower",
	    { { 700, "60" }, { 600, "50" }, { 610, "90" } },
	    "LOG-10 0 back=1 anew=0 before=90 number=60 2" },
};

static void
check_live(size_t row)
{
	const struct in *in = live[row].in;
	size_t i, n = count(in);
	static struct event ev;
	struct engine *e;
	struct buf got;

	buf_init(&got);
	e = new_engine(&got);
	for (i = 0; i < n; i++) {
		make_event(&in[i], "filtered", &ev);
		ev.index += i;
		engine_feed(e, &ev);
		engine_advance(e, ev.received);
	}
	engine_free(e);
	(void)buf_cstr(&got);
	ok(span_is(buf_view(&got), live[row].want), "%s", live[row].name);
	if (!span_is(buf_view(&got), live[row].want))
		printf("# got %s\n", buf_cstr(&got));
	buf_fini(&got);
}

/* Two records that a counter, a clock or a reader keeps apart. */
enum apart { NO_CLOCK, FORMATS, BACKLOG, NEVER_SET, APARTS };

static void
set_apart(enum apart how, unsigned i, struct event *e)
{
	static const struct event_source wire = { .replay = false };

	switch (how) {
	case NO_CLOCK: /* received twice; the receive time stands in */
		e->clock = EVENT_CLOCK_NONE;
		break;
	case FORMATS:
		e->format = i == 0 ? "panos" : "panos-cef";
		break;
	case BACKLOG: /* older, and received hours later */
		e->source = &wire;
		e->received += (i == 1) * 4 * UTC_HOUR;
		break;
	case NEVER_SET:
		e->source = &wire;
		e->mark = EVENT_MARK_UNSET;
		e->time += (i == 0) * 4 * UTC_HOUR;
		break;
	case APARTS:
		break;
	}
}

static void
check_apart(void)
{
	static const struct {
		const char *name;
		struct in in[2];
	} rows[APARTS] = {
		[NO_CLOCK] = { "without a device time nothing is a double",
		    { { 600, "5" }, { 601, "5" } } },
		[FORMATS] = { "nor is what two formats made of one record",
		    { { 600, "5 192.0.2.1" }, { 600, "5 192.0.2.2" } } },
		[BACKLOG] = { "what is sent late goes by the device's clock",
		    { { 700, "9" }, { 600, "5" } } },
		[NEVER_SET] = { "one that was never set says nothing",
		    { { 600, "5" }, { 700, "9" } } },
	};
	static struct event ev;
	struct engine *e;
	struct buf got;
	unsigned how, i;

	buf_init(&got);
	for (how = 0; how < APARTS; how++) {
		e = new_engine(&got);
		for (i = 0; i < 2; i++) {
			make_event(&rows[how].in[i], "filtered", &ev);
			ev.index += i;
			set_apart((enum apart)how, i, &ev);
			engine_feed(e, &ev);
		}
		engine_finish(e);
		engine_free(e);
		ok(got.len == 0, "%s", rows[how].name);
		if (got.len > 0)
			printf("# got %s\n", buf_cstr(&got));
	}
	buf_fini(&got);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct problems ps;
	struct yaml_error bad;
	char path[4096];
	size_t i;

	snprintf(path, sizeof(path), "%s/rules", srcdir == NULL ? "." : srcdir);
	rules = ruleset_load(path, "default", &bad);
	ok(rules != NULL, "the rules are there");
	if (rules == NULL)
		return done();
	problems_init(&ps);
	ledgers = ledgers_parse(&(struct ledger_bytes){ 0 }, 20000, 32400, &ps);
	calendar = calendar_default(NULL);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(i);
	for (i = 0; i < sizeof(live) / sizeof(live[0]); i++)
		check_live(i);
	check_apart();
	return done();
}
