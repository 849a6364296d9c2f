/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

/*
 * What is common at a site: some hosts, each with a burst now and then, some at
 * the same hour and of the same size.  Which are told is the same whatever
 * the order of records, and whenever they are judged.
 */
#define HOSTS 14
#define LATE_HOSTS 7 /* from this one on */
#define HOURS (10 * 168)
#define EVENTS_MAX (HOSTS * HOURS + 2000)
#define FOUND_MAX 512

struct line {
	int64_t at;
	unsigned host;
	uint64_t bytes;
};

static struct line story[EVENTS_MAX];
static size_t n_story;
static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct prefixes internal, vpn;

static void
add(int64_t hour, int64_t minute, unsigned host, uint64_t bytes)
{
	int64_t at;
	int zone;

	(void)utc_parse(SPAN("2026-08-17T00:00:00+09:00"), &at, &zone);
	story[n_story++] = (struct line){ at + hour * UTC_HOUR +
		    minute * UTC_MINUTE,
		host, bytes };
}

static void
write_story(void)
{
	uint32_t dice = 7;
	int64_t hour;
	unsigned host;

	for (hour = 0; hour < HOURS; hour++) {
		for (host = hour > 60 * 24 + 15; host < HOSTS; host++) {
			add(hour, host, host, 1000000);
			dice = dice * 1664525 + 1013904223;
			if (hour % 24 < 9 || hour % 24 > 17 ||
			    hour / 24 % 7 == 6 || dice >> 25 != 0)
				continue;
			add(hour, 30, host,
			    UINT64_C(150000000) * (1 + (dice >> 20) % 4));
		}
		/*
		 * One sends what the others made common the day before, and no
		 * more ever.
		 */
		if (hour == 59 * 24 + 10)
			for (host = LATE_HOSTS; host < HOSTS; host++)
				add(hour, 45, host, 450000000);
		if (hour == 60 * 24 + 14)
			add(hour, 45, 0, 580000000);
		/* A night on which all send the same. */
		if (hour == 63 * 24 + 3)
			for (host = 1; host < HOSTS; host++)
				add(hour, 40, host, 200000000);
		/* Two nights later one does again. */
		if (hour == 65 * 24 + 3)
			add(hour, 40, 5, 200000000);
		/* And what nobody else ever sent. */
		if (hour == 66 * 24 + 11)
			add(hour, 50, 3, UINT64_C(5000000000));
	}
}

struct found {
	struct {
		char id[65], key[64];
		enum finding_kind kind;
		bool withdrawn;
		int64_t from;
		struct buf json;
	} v[FOUND_MAX];
	size_t n;
};

static void
deliver(void *arg, const struct finding *f)
{
	struct found *got = arg;
	size_t i;

	if (strcmp(f->rule, "OUT") != 0)
		return;
	for (i = 0; i < got->n; i++)
		if (strcmp(got->v[i].id, f->id) == 0)
			break;
	if (i == FOUND_MAX)
		return;
	if (i == got->n) {
		got->n++;
		buf_init(&got->v[i].json);
	}
	strcpy(got->v[i].id, f->id);
	snprintf(got->v[i].key, sizeof(got->v[i].key), "%s", f->key);
	got->v[i].kind = f->kind;
	got->v[i].withdrawn = f->withdrawn;
	got->v[i].from = f->from;
	got->v[i].json.len = 0;
	finding_print_json(f, &got->v[i].json);
}

static void
make_event(const struct line *l, size_t index, struct event *e)
{
	/* By their own time, however late they come. */
	static const struct event_source source = { .replay = true };
	static char ip[24], bytes[24];

	memset(e, 0, sizeof(*e));
	e->origin = "konseki.example/evidence";
	e->index = index;
	e->source = &source;
	e->received = e->time = l->at;
	e->clock = EVENT_CLOCK_OFFSET;
	snprintf(ip, sizeof(ip), "192.168.30.%u", l->host + 10);
	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)l->bytes);
	event_add(e, ECS_KIND, SPAN("traffic"));
	event_add(e, ECS_OBSERVER_NAME, SPAN("FW01"));
	event_add(e, ECS_SOURCE_IP, span_str(ip));
	event_add(e, ECS_DESTINATION_IP, SPAN("198.51.100.5"));
	event_add(e, ECS_SOURCE_BYTES, span_str(bytes));
}

enum order { FORWARD, BACKWARD, SHUFFLED, LATE };

static size_t place[EVENTS_MAX]; /* of the records, as they come */

/* LATE: half of the hosts come two days after the others. */
static int64_t
arrival(size_t i, enum order order)
{
	return story[i].at +
	    (order == LATE && story[i].host >= LATE_HOSTS ? 2 * UTC_DAY : 0);
}

static int
by_arrival(const void *a, const void *b)
{
	size_t p = *(const size_t *)a, q = *(const size_t *)b;
	int64_t x = arrival(p, LATE), y = arrival(q, LATE);

	return x != y ? (x < y ? -1 : 1) : (p < q ? -1 : p > q);
}

static void
put_in_order(enum order order)
{
	size_t i;

	for (i = 0; i < n_story; i++)
		place[i] = order == BACKWARD ? n_story - 1 - i
		    : order == SHUFFLED	     ? i * 7919 % n_story
					     : i;
	if (order == LATE)
		qsort(place, n_story, sizeof(place[0]), by_arrival);
}

/* How it is judged: after every record, or at the end; or not to the end. */
enum how { AT_ONCE, LIVE, UNFINISHED };

static void
run(enum order order, enum how how, const struct normal *v, size_t n,
    struct found *got)
{
	struct engine_config c = { .rules = rules,
		.ledgers = ledgers,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver,
		.arg = got };
	static struct event ev;
	struct engine *e;
	size_t i;

	memset(got, 0, sizeof(*got));
	put_in_order(order);
	e = engine_new(&c);
	engine_accept(e, v, n);
	for (i = 0; i < n_story; i++) {
		make_event(&story[place[i]], place[i], &ev);
		engine_feed(e, &ev);
		if (how != AT_ONCE)
			engine_advance(e, arrival(place[i], order));
	}
	if (how != UNFINISHED)
		engine_finish(e);
	engine_free(e);
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* All that holds and began before that day, by id. */
static void
text_of(struct found *got, int64_t until, struct buf *out)
{
	size_t i;

	out->len = 0;
	qsort(got->v, got->n, sizeof(got->v[0]), by_id);
	for (i = 0; i < got->n; i++) {
		if (!got->v[i].withdrawn &&
		    got->v[i].from < story[0].at + until * UTC_DAY)
			buf_span(out, buf_view(&got->v[i].json));
		buf_fini(&got->v[i].json);
	}
}

static size_t
count(const struct found *got, enum finding_kind kind, int64_t from,
    int64_t until)
{
	size_t i, n = 0;
	int64_t began = story[0].at - UTC_HOUR;

	for (i = 0; i < got->n; i++)
		n += !got->v[i].withdrawn && got->v[i].kind == kind &&
		    got->v[i].from >= began + from * UTC_DAY &&
		    got->v[i].from < began + until * UTC_DAY;
	return n;
}

/* Whether an alert of that host begins in that hour. */
static bool
is_told(const struct found *got, const char *key, int64_t hour)
{
	size_t i;

	for (i = 0; i < got->n; i++)
		if (got->v[i].kind == FINDING_ALERT && !got->v[i].withdrawn &&
		    strcmp(got->v[i].key, key) == 0 &&
		    got->v[i].from == story[0].at + hour * UTC_HOUR)
			return true;
	return false;
}

static void
check_story(const struct found *got)
{
	ok(count(got, FINDING_SHEET, 42, 62) >
		count(got, FINDING_ALERT, 42, 62),
	    "bursts are for the sheet: %zu, told: %zu",
	    count(got, FINDING_SHEET, 42, 62),
	    count(got, FINDING_ALERT, 42, 62));
	ok(count(got, FINDING_ALERT, 63, 64) >= 6 &&
		count(got, FINDING_SHEET, 63, 64) >= HOSTS - 7,
	    "of a night on which all sent the same six are told: %zu and %zu",
	    count(got, FINDING_ALERT, 63, 64),
	    count(got, FINDING_SHEET, 63, 64));
	ok(is_told(got, "host=192.168.30.13", 66 * 24 + 11), "5 GB are told");
	ok(is_told(got, "host=192.168.30.15", 65 * 24 + 3),
	    "what a busy night left for the sheet makes nothing common");
}

#define OLD 66 /* days: of these everything is known */

static void
check_agreement(void)
{
	static const struct {
		const char *name;
		enum order order;
		enum how how;
	} ways[] = {
		{ "judged after every record", FORWARD, LIVE },
		{ "backward", BACKWARD, AT_ONCE },
		{ "shuffled", SHUFFLED, AT_ONCE },
		{ "half of the hosts two days late", LATE, LIVE },
		{ "the same, not to the end", LATE, UNFINISHED },
	};
	static struct found got;
	struct buf want, text;
	size_t i;

	buf_init(&want);
	buf_init(&text);
	run(FORWARD, AT_ONCE, NULL, 0, &got);
	check_story(&got);
	text_of(&got, OLD, &want);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		run(ways[i].order, ways[i].how, NULL, 0, &got);
		text_of(&got, OLD, &text);
		ok(span_eq(buf_view(&text), buf_view(&want)),
		    "the same %zu bytes: %s", want.len, ways[i].name);
	}
	buf_fini(&want);
	buf_fini(&text);
}

/* What was told on a night and judged normal is common on the next. */
static void
check_normal(void)
{
	static struct found got;
	static char keys[HOSTS][64];
	struct normal v[HOSTS];
	struct buf ignored;
	size_t n;

	for (n = 0; n < HOSTS; n++) {
		snprintf(keys[n], sizeof(keys[n]), "host=192.168.30.%zu",
		    n + 10);
		v[n] = (struct normal){ "OUT", keys[n],
			story[0].at + (63 * 24 + 3) * UTC_HOUR,
			story[0].at + (63 * 24 + 4) * UTC_HOUR };
	}
	run(FORWARD, AT_ONCE, v, n, &got);
	ok(count(&got, FINDING_ALERT, 63, 64) >= 6 &&
		!is_told(&got, "host=192.168.30.15", 65 * 24 + 3),
	    "as much as was judged normal is common");
	buf_init(&ignored);
	text_of(&got, 0, &ignored);
	buf_fini(&ignored);
}

static int
load(void)
{
	const char *srcdir = getenv("srcdir");
	struct ledger_bytes in = { .devices = SPAN("") };
	struct yaml_error err;
	struct problems ps;
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	rules = ruleset_load(dir, "clinic", &err);
	problems_init(&ps);
	ledgers = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	problems_fini(&ps);
	if (rules == NULL || ledgers == NULL)
		return -1;
	calendar = calendar_default(rules->holidays);
	prefixes_add_private(&internal);
	return 0;
}

int
main(void)
{
	if (load() == -1) {
		ok(0, "rules and ledgers are there");
		return done();
	}
	write_story();
	check_agreement();
	check_normal();
	calendar_free(calendar);
	ledgers_free(ledgers);
	ruleset_free(rules);
	prefixes_fini(&internal);
	prefixes_fini(&vpn);
	return done();
}
