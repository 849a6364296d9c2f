/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

#define DAYS 63
#define EVENTS_MAX 20000
#define FOUND_MAX 256

/* An event of the story: its fields as one text, its time and kind of source.
 */
struct line {
	char text[256];
	int64_t at;
};

static struct line story[EVENTS_MAX];
static size_t n_story;

static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct prefixes internal, vpn;

static const char devices[] =
    "管理番号,コンピュータ名,IPアドレス,設置場所,外部通信\n"
    "001,FW01,192.168.0.1,サーバ室,\n"
    "007,LAB,192.168.20.10,検査室,なし\n";
static const char accounts[] = "No.,ユーザID,状態,権限\n"
			       "12,klm@nop,使用可（2026年3月まで）,User\n"
			       "13,root1,使用可,Admin\n"
			       "14,nurse1,使用可,User\n"
			       "15,idle1,使用可,User\n";

static void
add(const char *at, int64_t later, const char *text)
{
	struct line *l = &story[n_story++];
	int zone;

	(void)utc_parse(span_str(at), &l->at, &zone);
	l->at += later;
	snprintf(l->text, sizeof(l->text), "%s", text);
}

#define TRAFFIC "konseki.kind=traffic observer.name=FW01 "

/* Nine weeks of an ordinary site, then one night. */
static void
write_story(void)
{
	static const char from[] = "2026-09-14T00:00:00+09:00";
	int64_t t;

	for (t = 0; t < DAYS * UTC_DAY; t += UTC_HOUR)
		add(from, t + UTC_MINUTE,
		    TRAFFIC "source.ip=192.168.30.7 source.bytes=1000000 "
			    "destination.ip=198.51.100.5");
	for (t = 0; t < DAYS * UTC_DAY; t += UTC_DAY)
		add(from, t + 9 * UTC_HOUR,
		    "konseki.kind=login event.outcome=success "
		    "user.name=nurse1 host.name=PC1 source.ip=192.168.30.7");
	/* Two records whose order is not that of their times. */
	add("2026-11-15T23:50:00+09:00", 0,
	    "konseki.kind=vpn-login event.outcome=success user.name=KLM "
	    "observer.name=FW01 source.ip=203.0.113.10");
	add("2026-11-15T23:10:00+09:00", 0,
	    "konseki.kind=vpn-login event.outcome=success user.name=KLM "
	    "observer.name=FW01 source.ip=203.0.113.9");
	add("2026-11-15T23:30:00+09:00", 0,
	    "konseki.kind=admin-login event.outcome=success user.name=root1 "
	    "observer.name=FW01 source.ip=10.9.0.5");
	add("2026-11-15T23:40:00+09:00", 0,
	    "konseki.kind=config-change user.name=root1 observer.name=FW01");
	add("2026-11-15T23:41:00+09:00", 0,
	    "konseki.kind=log-disabled user.name=root1 observer.name=FW01");
	for (t = 0; t < 40; t++)
		add("2026-11-16T00:05:00+09:00", t * 5 * UTC_MINUTE,
		    TRAFFIC "source.ip=192.168.20.10 source.bytes=1000000000 "
			    "destination.ip=203.0.113.66 "
			    "event.duration=600000000000");
}

static void
make_event(const struct line *l, size_t index, bool replay, struct event *e)
{
	static const struct event_source live = { .replay = false };
	static const struct event_source played = { .replay = true };
	const char *p, *eq, *end;
	enum ecs field;

	memset(e, 0, sizeof(*e));
	e->origin = "konseki.example/evidence";
	e->index = index;
	e->leaf[0] = (uint8_t)index;
	e->source = replay ? &played : &live;
	e->received = e->time = l->at;
	e->clock = EVENT_CLOCK_OFFSET;
	for (p = l->text; *p != '\0'; p = end + (*end == ' ')) {
		eq = strchr(p, '=');
		end = p + strcspn(p, " ");
		if (ecs_parse(span_make(p, (size_t)(eq - p)), &field) == 0)
			event_add(e, field,
			    span_make(eq + 1, (size_t)(end - eq - 1)));
	}
}

/* What holds in the end: the last delivery of each id. */
struct found {
	struct {
		char id[65], rule[32], key[64], layers[64];
		enum finding_severity severity;
		unsigned revision;
		bool withdrawn;
		uint64_t n_evidence, index_first, index_last;
		int64_t first;
		size_t n_cites;
		char origin[64];
		struct finding_cite cite;
		struct buf json;
	} v[FOUND_MAX];
	size_t n, deliveries;
};

static void
deliver(void *arg, const struct finding *f)
{
	struct found *got = arg;
	size_t i, k;

	got->deliveries++;
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
	snprintf(got->v[i].rule, sizeof(got->v[i].rule), "%s", f->rule);
	snprintf(got->v[i].key, sizeof(got->v[i].key), "%s", f->key);
	got->v[i].layers[0] = '\0';
	for (k = 0; k < f->n_layers; k++)
		strcat(strcat(got->v[i].layers, k > 0 ? " " : ""),
		    f->layers[k].code);
	got->v[i].severity = f->severity;
	got->v[i].revision = f->revision;
	got->v[i].withdrawn = f->withdrawn;
	got->v[i].n_evidence = f->n_evidence;
	got->v[i].first = f->first;
	got->v[i].index_first = f->index_first;
	got->v[i].index_last = f->index_last;
	got->v[i].n_cites = f->n_cites;
	got->v[i].cite = f->cites[0];
	snprintf(got->v[i].origin, sizeof(got->v[i].origin), "%s",
	    f->n_cites > 0 ? f->cites[0].origin : "");
	got->v[i].json.len = 0;
	finding_print_json(f, &got->v[i].json);
}

static void
found_fini(struct found *got)
{
	size_t i;

	for (i = 0; i < got->n; i++)
		buf_fini(&got->v[i].json);
	got->n = 0;
}

/* The position of a finding of a rule, or FOUND_MAX. */
static size_t
find(const struct found *got, const char *rule, const char *key)
{
	size_t i;

	for (i = 0; i < got->n; i++)
		if (!got->v[i].withdrawn && strcmp(got->v[i].rule, rule) == 0 &&
		    strcmp(got->v[i].key, key) == 0)
			return i;
	return FOUND_MAX;
}

/* What came too late depends on how it came, and is said so. */
static bool
is_of_order(const struct found *got, size_t i)
{
	return strcmp(got->v[i].rule, "SYS-02") == 0 &&
	    strcmp(got->v[i].key, "limit=late") == 0;
}

/* All findings that hold, by id: what two runs must agree on. */
static void
text_of(const struct found *got, struct buf *out)
{
	const char *last = "", *least;
	size_t i, at = 0;

	out->len = 0;
	for (;;) {
		least = NULL;
		for (i = 0; i < got->n; i++)
			if (!got->v[i].withdrawn && !is_of_order(got, i) &&
			    strcmp(got->v[i].id, last) > 0 &&
			    (least == NULL ||
				strcmp(got->v[i].id, least) < 0)) {
				least = got->v[i].id;
				at = i;
			}
		if (least == NULL)
			return;
		buf_span(out, buf_view(&got->v[at].json));
		last = least;
	}
}

enum order { FORWARD, BACKWARD, SHUFFLED };

static size_t
position(enum order order, size_t i)
{
	/* Steps of a prime number visit every event once. */
	return order == FORWARD ? i
	    : order == BACKWARD ? n_story - 1 - i
				: i * 7919 % n_story;
}

static struct engine *
new_engine(struct found *got)
{
	struct engine_config c = { .rules = rules,
		.ledgers = ledgers,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver,
		.arg = got };

	memset(got, 0, sizeof(*got));
	return engine_new(&c);
}

/* live: the watermark moves on with every event.  Index = place in story. */
static void
run(enum order order, bool live, bool replay, struct found *got)
{
	struct engine *e = new_engine(got);
	static struct event ev;
	size_t i, at;

	for (i = 0; i < n_story; i++) {
		at = position(order, i);
		make_event(&story[at], at, replay, &ev);
		engine_feed(e, &ev);
		if (live)
			engine_advance(e, ev.received - UTC_SECOND);
	}
	engine_finish(e);
	engine_free(e);
}

static void
check_story(const struct found *got)
{
	size_t i;

	i = find(got, "ACC-02", "user=klm@nop");
	ok(i < FOUND_MAX && got->v[i].severity == FINDING_SERIOUS &&
		got->v[i].n_evidence == 2 &&
		got->v[i].cite.index == n_story - 44 &&
		strstr((char *)got->v[i].json.p, "23:10") != NULL,
	    "an expired account was used, first at 23:10");
	i = find(got, "ADM-01", "user=root1 device=001");
	ok(i < FOUND_MAX && got->v[i].severity == FINDING_CRITICAL,
	    "an administrator on a Sunday night, by VPN, changed something");
	i = find(got, "CFG-02", "device=001");
	ok(i < FOUND_MAX && got->v[i].n_evidence == 1 &&
		strcmp(got->v[i].origin, "konseki.example/evidence") == 0 &&
		got->v[i].cite.index == n_story - 41 &&
		got->v[i].cite.leaf[0] == (uint8_t)(n_story - 41),
	    "the log was switched off, by this record");
	i = find(got, "OUT", "host=007");
	ok(i < FOUND_MAX &&
		strcmp(got->v[i].layers, "OUT-01 OUT-02 OUT-03 OUT-04") == 0,
	    "the isolated device sent: all four layers say so");
	ok(i < FOUND_MAX && got->v[i].n_evidence == 40 &&
		got->v[i].n_cites == 40 &&
		got->v[i].index_first == n_story - 40 &&
		got->v[i].index_last == n_story - 1,
	    "forty records, all cited");
	ok(i < FOUND_MAX &&
		strstr((char *)got->v[i].json.p,
		    "{\"name\":\"bytes\",\"value\":40000000000,\"unit\":"
		    "\"bytes\"},{\"name\":\"sessions\",\"value\":40}") != NULL,
	    "40 GB in forty sessions");
	ok(i < FOUND_MAX && got->v[i].first == got->v[i].cite.time &&
		strstr((char *)got->v[i].json.p,
		    "\"first\":\"2026-11-15T15:05:00") != NULL,
	    "first is the first record, not the start of its hour");
	/* The worst hour has no new destination and nothing blocked. */
	ok(i < FOUND_MAX &&
		strstr((char *)got->v[i].json.p, "回／OUT-02") != NULL &&
		strstr((char *)got->v[i].json.p, " sessions; OUT-02") != NULL,
	    "what is zero is not said");
	ok(find(got, "OUT", "host=192.168.30.7") == FOUND_MAX,
	    "the ordinary host is no finding");
	ok(find(got, "ACC-05", "user=idle1") < FOUND_MAX &&
		find(got, "ACC-05", "user=nurse1") == FOUND_MAX,
	    "one account was never used");
}

static void
check_agreement(void)
{
	static const struct {
		const char *name;
		enum order order;
		bool live, replay;
	} ways[] = {
		{ "a second time", FORWARD, false, false },
		{ "live, judged after every record", FORWARD, true, false },
		{ "backward, as files may be imported", BACKWARD, false,
		    false },
		{ "shuffled", SHUFFLED, false, false },
		{ "shuffled, judged after every record", SHUFFLED, true,
		    false },
	};
	static struct found first, got;
	struct buf want, text;
	size_t i;

	buf_init(&want);
	buf_init(&text);
	run(FORWARD, false, false, &first);
	(void)buf_cstr(&first.v[0].json);
	check_story(&first);
	text_of(&first, &want);
	ok(want.len > 0, "%zu findings, %zu bytes", first.n, want.len);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		run(ways[i].order, ways[i].live, ways[i].replay, &got);
		text_of(&got, &text);
		ok(span_eq(buf_view(&text), buf_view(&want)),
		    "the same bytes %s (%zu deliveries)", ways[i].name,
		    got.deliveries);
		found_fini(&got);
	}
	run(FORWARD, true, true, &got);
	i = find(&got, "OUT", "host=007");
	ok(i < FOUND_MAX &&
		strcmp(got.v[i].id,
		    first.v[find(&first, "OUT", "host=007")].id) == 0 &&
		strstr((char *)got.v[i].json.p, "\"replay\":true") != NULL,
	    "a replay finds the same, marked as a sample");
	found_fini(&got);
	found_fini(&first);
	buf_fini(&want);
	buf_fini(&text);
}

/* A finding is delivered as soon as it can be, and again when it grows. */
static void
check_revision(void)
{
	static struct event ev;
	static struct found got;
	struct engine *e = new_engine(&got);
	struct line l = { "konseki.kind=admin-login event.outcome=success "
			  "user.name=root1 observer.name=FW01 "
			  "source.ip=192.168.30.7",
		0 };
	size_t i;
	int zone;

	(void)utc_parse(SPAN("2026-11-18T23:00:00+09:00"), &l.at, &zone);
	make_event(&l, 1, false, &ev);
	engine_feed(e, &ev);
	engine_advance(e, l.at);
	i = find(&got, "ADM-01", "user=root1 device=001");
	ok(i < FOUND_MAX && got.v[i].severity == FINDING_WARNING &&
		got.v[i].revision == 0,
	    "delivered at once");
	engine_advance(e, l.at + UTC_MINUTE);
	ok(got.deliveries == 1, "and not again while nothing changes");
	snprintf(l.text, sizeof(l.text),
	    "konseki.kind=login event.outcome=success user.name=idle1");
	l.at += 5 * UTC_MINUTE;
	make_event(&l, 3, false, &ev);
	engine_feed(e, &ev);
	engine_advance(e, l.at);
	ok(got.deliveries == 1, "nor when judged again with the same result");
	snprintf(l.text, sizeof(l.text),
	    "konseki.kind=account-change "
	    "user.name=root1 observer.name=FW01");
	l.at += 20 * UTC_MINUTE;
	make_event(&l, 2, false, &ev);
	engine_feed(e, &ev);
	engine_advance(e, l.at);
	ok(i < FOUND_MAX && got.v[i].severity == FINDING_SERIOUS &&
		got.v[i].revision == 1,
	    "a change within the hour raises it, with the same id");
	engine_free(e);
	found_fini(&got);
}

/* Late records can take the ground of a finding away. */
static void
check_withdrawal(void)
{
	static struct event ev;
	static struct found got;
	struct engine *e = new_engine(&got);
	struct line l;
	size_t i, k;
	int zone;

	for (k = 0; k < 92; k++) {
		snprintf(l.text, sizeof(l.text),
		    "konseki.kind=login event.outcome=success user.name=%s "
		    "host.name=PC1",
		    k == 0 ? "idle1" : "nurse1");
		(void)utc_parse(SPAN("2026-08-03T10:00:00+09:00"), &l.at,
		    &zone);
		l.at += (int64_t)k * UTC_DAY;
		make_event(&l, k, false, &ev);
		engine_feed(e, &ev);
	}
	engine_advance(e, l.at);
	i = find(&got, "ACC-03", "user=idle1");
	ok(i < FOUND_MAX, "90 days without use, it seems");
	snprintf(l.text, sizeof(l.text),
	    "konseki.kind=login "
	    "event.outcome=success "
	    "user.name=idle1 host.name=PC1");
	l.at -= 40 * UTC_DAY;
	make_event(&l, 99, false, &ev);
	engine_feed(e, &ev);
	engine_advance(e, l.at + 41 * UTC_DAY);
	ok(i < FOUND_MAX && got.v[i].withdrawn && got.v[i].revision == 1,
	    "a file that was imported later shows a use: withdrawn");
	engine_free(e);
	found_fini(&got);
}

/* An imported line with a date of next year does not move the clocks. */
static void
check_future(const struct line *l)
{
	static const struct event_source import = {
		.transport = { (const uint8_t *)"import", 6 }
	};
	static struct event ev;
	static struct found got;
	struct engine *e = new_engine(&got);
	struct engine_stats s;

	make_event(l, 1, false, &ev);
	ev.source = &import;
	ev.time -= 300 * UTC_DAY;
	engine_feed(e, &ev);
	engine_stats(e, &s);
	ok(s.untrusted == 0, "an import of last year is as old as it says");
	ev.time += 600 * UTC_DAY;
	engine_feed(e, &ev);
	engine_stats(e, &s);
	ok(s.untrusted == 1, "one of next year is not");
	engine_free(e);
	found_fini(&got);
}

static void
check_clock_and_stats(void)
{
	static struct event ev;
	static struct found got;
	struct engine *e = new_engine(&got);
	struct engine_stats s;
	struct line l = { TRAFFIC "source.ip=192.168.30.8 source.bytes=1 "
				  "destination.ip=198.51.100.5 "
				  "network.session_id=7",
		INT64_C(1790000000000000) };

	make_event(&l, 1, false, &ev);
	engine_feed(e, &ev);
	engine_feed(e, &ev);
	ev.time += 11 * UTC_MINUTE;
	engine_feed(e, &ev);
	engine_finish(e);
	engine_stats(e, &s);
	ok(s.events == 3 && s.untrusted == 1,
	    "a clock eleven minutes off is not trusted");
	ok(s.traffic == 3 && s.duplicates == 2, "duplicates are counted");
	check_future(&l);
	ok(s.hosts == 1 && s.learning == 1 && s.dropped == 0,
	    "a new host is learning");
	engine_free(e);
	found_fini(&got);
}

/* Whether somebody used an ID cannot be said of days that were lost. */
static void
check_gap(void)
{
	static struct event ev;
	static struct found got;
	struct engine *e = new_engine(&got);
	struct line l;
	int64_t start;
	size_t k, i;
	int zone;

	(void)utc_parse(SPAN("2026-10-01T10:00:00+09:00"), &start, &zone);
	for (k = 0; k < 40; k++) {
		l = (struct line){ "konseki.kind=login event.outcome=success "
				   "user.name=nurse1 host.name=PC1",
			start + (int64_t)k * UTC_DAY };
		make_event(&l, k, false, &ev);
		engine_feed(e, &ev);
	}
	engine_gap(e, start + 3 * UTC_DAY, start + 8 * UTC_DAY);
	engine_finish(e);
	i = find(&got, "ACC-05", "ledger=accounts");
	ok(find(&got, "ACC-05", "user=idle1") == FOUND_MAX && i < FOUND_MAX &&
		strstr((char *)got.v[i].json.p, "判定") != NULL &&
		strstr((char *)got.v[i].json.p, "\"kind\":\"unknown\"") != NULL,
	    "with days lost, it cannot be said who never logged in");
	engine_free(e);
	found_fini(&got);
}

static int
load(void)
{
	const char *srcdir = getenv("srcdir");
	struct ledger_bytes in = { .devices = span_str(devices),
		.accounts = span_str(accounts) };
	struct yaml_error err;
	struct problems ps;
	struct prefix p;
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	rules = ruleset_load(dir, "hospital", &err);
	problems_init(&ps);
	ledgers = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	problems_fini(&ps);
	if (rules == NULL || ledgers == NULL)
		return -1;
	calendar = calendar_default(rules->holidays);
	prefixes_add_private(&internal);
	if (prefix_parse(SPAN("10.9.0.0/16"), &p) == 0)
		prefixes_add(&vpn, p);
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
	check_revision();
	check_withdrawal();
	check_clock_and_stats();
	check_gap();
	calendar_free(calendar);
	ledgers_free(ledgers);
	ruleset_free(rules);
	prefixes_fini(&internal);
	prefixes_fini(&vpn);
	return done();
}
