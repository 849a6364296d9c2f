/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/visit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

#define SEC UTC_SECOND
#define FG "|observer.name=fw"

static const struct event_source streams[] = {
	{ .listener = SPAN("udp"),
	    .transport = SPAN("udp"),
	    .peer = SPAN("192.0.2.1") },
};

struct in { /* a record: second of the device's clock, kind, fields */
	int at;
	const char *fields;
};

/* What comes out: kind user source tunnel begin-end how sent/received
 * records; "?" a beginning that no record tells. */
static const struct {
	const char *name;
	struct in in[6];
	const char *want;
} cases[] = {
	{ "a login and its logout, with bytes",
	    { { 100,
		  "vpn-login|user.name=tanaka|source.ip=203.0.113.5"
		  "|konseki.tunnel.ip=10.9.0.2" FG },
		{ 400,
		    "vpn-logout|user.name=tanaka|source.ip=203.0.113.5"
		    "|konseki.tunnel.ip=10.9.0.2|source.bytes=10"
		    "|destination.bytes=20" FG } },
	    "vpn tanaka 203.0.113.5 10.9.0.2 100-400 said 10/20 r2" },
	{ "portal and tunnel are one, and so are their ends",
	    { { 100, "vpn-login|user.name=t|source.ip=203.0.113.5" FG },
		{ 103,
		    "vpn-login|user.name=t|source.ip=203.0.113.5"
		    "|konseki.tunnel.ip=10.9.0.2" FG },
		{ 400,
		    "vpn-logout|user.name=t|source.ip=203.0.113.5"
		    "|konseki.tunnel.ip=10.9.0.2|source.bytes=7"
		    "|destination.bytes=9" FG },
		{ 402,
		    "vpn-logout|user.name=t|source.ip=203.0.113.5"
		    "|source.bytes=1|destination.bytes=2" FG } },
	    "vpn t 203.0.113.5 10.9.0.2 100-402 said 7/9 r4" },
	{ "totals so far count once, and stay if the end is missing",
	    { { 100, "vpn-login|user.name=t|konseki.tunnel.ip=10.9.0.2" FG },
		{ 700,
		    "vpn-statistics|user.name=t|konseki.tunnel.ip=10.9.0.2"
		    "|source.bytes=100|destination.bytes=1000" FG },
		{ 1300,
		    "vpn-statistics|user.name=t|konseki.tunnel.ip=10.9.0.2"
		    "|source.bytes=300|destination.bytes=5000" FG } },
	    "vpn t - 10.9.0.2 100- unknown 300/5000 r3" },
	{ "an address that is given out again",
	    { { 100, "vpn-login|user.name=a|konseki.tunnel.ip=10.9.0.2" FG },
		{ 900, "vpn-login|user.name=b|konseki.tunnel.ip=10.9.0.2" FG },
		{ 950,
		    "vpn-logout|user.name=b|konseki.tunnel.ip=10.9.0.2" FG } },
	    "vpn a - 10.9.0.2 100-900 superseded r1, "
	    "vpn b - 10.9.0.2 900-950 said r2" },
	{ "interleaved, by account and address",
	    { { 100, "admin-login|user.name=a|source.ip=10.0.0.1" FG },
		{ 110, "admin-login|user.name=b|source.ip=10.0.0.2" FG },
		{ 120, "admin-logout|user.name=a|source.ip=10.0.0.1" FG },
		{ 130, "admin-logout|user.name=b" FG } },
	    "admin a 10.0.0.1 - 100-120 said r2, "
	    "admin b 10.0.0.2 - 110-130 said r2" },
	{ "silence of a device that tells of ends: still open",
	    { { 100, "admin-login|user.name=a|source.ip=10.0.0.1" FG },
		{ 110, "admin-login|user.name=b|source.ip=10.0.0.2" FG },
		{ 120, "admin-logout|user.name=a|source.ip=10.0.0.1" FG } },
	    "admin a 10.0.0.1 - 100-120 said r2, "
	    "admin b 10.0.0.2 - 110- open r1" },
	{ "nor of one that was restarted since",
	    { { 100, "admin-login|user.name=a|source.ip=10.0.0.1" FG },
		{ 110, "admin-login|user.name=b|source.ip=10.0.0.2" FG },
		{ 120, "admin-logout|user.name=a|source.ip=10.0.0.1" FG },
		{ 130, "restart" FG },
		{ 140, "admin-login|user.name=c|source.ip=10.0.0.3" FG } },
	    "admin a 10.0.0.1 - 100-120 said r2, "
	    "admin b 10.0.0.2 - 110- unknown r1, "
	    "admin c 10.0.0.3 - 140- open r1" },
	{ "of one that never does: not known",
	    { { 100, "admin-login|user.name=a|source.ip=10.0.0.1" FG } },
	    "admin a 10.0.0.1 - 100- unknown r1" },
	{ "in twice, and it is not said which one went",
	    { { 100,
		  "login|user.name=a|source.ip=10.0.0.1|source.port=1"
		  "|host.name=emr" },
		{ 110,
		    "login|user.name=a|source.ip=10.0.0.1|source.port=2"
		    "|host.name=emr" },
		{ 200, "logout|user.name=a|host.name=emr" } },
	    "other a 10.0.0.1 - 100- unknown r1, "
	    "other a 10.0.0.1 - 110- unknown r1" },
	{ "unless its duration does",
	    { { 100,
		  "login|user.name=a|source.ip=10.0.0.1|source.port=1"
		  "|host.name=emr" },
		{ 150,
		    "login|user.name=a|source.ip=10.0.0.1|source.port=2"
		    "|host.name=emr" },
		{ 200,
		    "logout|user.name=a|event.duration=100000000000"
		    "|host.name=emr" } },
	    "other a 10.0.0.1 - 100-200 said r2, "
	    "other a 10.0.0.1 - 150- open r1" },
	{ "a duration that fits no login: that of another visit",
	    { { 10000, "vpn-login|user.name=a|source.ip=203.0.113.5" FG },
		{ 20000,
		    "vpn-logout|user.name=a|source.ip=203.0.113.5"
		    "|event.duration=300000000000" FG } },
	    "vpn a 203.0.113.5 - 10000- open r1, "
	    "vpn a 203.0.113.5 - ?19700-20000 said r1" },
	{ "the login is missing",
	    { { 400, "vpn-logout|user.name=a|konseki.tunnel.ip=10.9.0.2" FG } },
	    "vpn a - 10.9.0.2 ?400-400 said r1" },
	{ "sshd: port and process; lines around the end say nothing new",
	    { { 100,
		  "login|user.name=a|source.ip=10.0.0.1|source.port=501"
		  "|process.name=sshd|process.pid=77|host.name=emr" },
		{ 130,
		    "login|user.name=a|source.ip=10.0.0.1|source.port=502"
		    "|process.name=sshd|process.pid=88|host.name=emr" },
		{ 200,
		    "session-end|source.ip=10.0.0.1|source.port=501"
		    "|process.name=sshd|process.pid=79|host.name=emr" },
		{ 200,
		    "logout|user.name=a|source.ip=10.0.0.1|source.port=501"
		    "|process.name=sshd|process.pid=79|host.name=emr" },
		{ 201,
		    "session-end|user.name=a|process.name=sshd"
		    "|process.pid=77|host.name=emr" },
		{ 300,
		    "session-end|user.name=a|process.name=sshd"
		    "|process.pid=88|host.name=emr" } },
	    "other a 10.0.0.1 - 100-201 said r4, "
	    "other a 10.0.0.1 - 130-300 said r2" },
	{ "the end of a cron job or sudo is nobody's",
	    { { 100,
		  "login|user.name=a|source.ip=10.0.0.1|source.port=501"
		  "|process.name=sshd|process.pid=77|host.name=emr" },
		{ 200,
		    "session-end|user.name=a|process.name=CRON"
		    "|process.pid=99|host.name=emr" } },
	    "other a 10.0.0.1 - 100- unknown r1" },
	{ "Windows: by the logon id; a computer's is no person's",
	    { { 100, "login|user.name=a|network.session_id=0x1|host.name=dc" },
		{ 100,
		    "login|user.name=a|network.session_id=0x2|host.name=dc" },
		{ 101,
		    "login|user.name=pc$|user.roles=computer"
		    "|network.session_id=0x3|host.name=dc" },
		{ 150,
		    "logout|user.name=a|network.session_id=0x2|host.name=dc" },
		{ 160,
		    "logout|user.name=a|network.session_id=0x1|host.name="
		    "dc" } },
	    "other a - - 100-150 said r2, other a - - 100-160 said r2" },
	{ "in and out within the same second",
	    { { 100, "login|user.name=a|network.session_id=0x1|host.name=dc" },
		{ 100,
		    "logout|user.name=a|network.session_id=0x1|host.name="
		    "dc" } },
	    "other a - - 100-100 said r2" },
	{ "out and in again within the same second",
	    { { 50, "vpn-login|user.name=a|konseki.tunnel.ip=10.9.0.2" FG },
		{ 300, "vpn-logout|user.name=a|konseki.tunnel.ip=10.9.0.2" FG },
		{ 300, "vpn-login|user.name=a|konseki.tunnel.ip=10.9.0.2" FG },
		{ 500,
		    "vpn-logout|user.name=a|konseki.tunnel.ip=10.9.0.2" FG } },
	    "vpn a - 10.9.0.2 50-300 said r2, "
	    "vpn a - 10.9.0.2 300-500 said r2" },
	{ "L2TP: the line before names the person",
	    { { 99, "vpn-session|user.name=a|network.session_id=PP[A]" FG },
		{ 100,
		    "vpn-login|konseki.tunnel.ip=10.9.0.2"
		    "|network.session_id=PP[A]" FG },
		{ 300, "vpn-logout|network.session_id=PP[A]" FG },
		{ 400, "vpn-session|user.name=b|network.session_id=PP[A]" FG },
		{ 401,
		    "vpn-login|konseki.tunnel.ip=10.9.0.2"
		    "|network.session_id=PP[A]" FG } },
	    "vpn a - 10.9.0.2 100-300 said r3, vpn b - 10.9.0.2 401- open r2" },
	{ "SoftEther: the connection's number, then the session's",
	    { { 98,
		  "vpn-session|user.name=a|source.ip=203.0.113.5"
		  "|network.session_id=CID-7" FG },
		{ 100, "vpn-login|user.name=a|network.session_id=CID-7" FG },
		{ 101,
		    "vpn-session|network.session_id=SID-A-1"
		    "|network.session_id=CID-7|source.ip=203.0.113.5" FG },
		{ 400,
		    "vpn-logout|network.session_id=SID-A-1|source.bytes=5"
		    "|destination.bytes=6" FG } },
	    "vpn a 203.0.113.5 - 100-400 said 5/6 r4" },
	{ "BIG-IP: address and name in lines of their own",
	    { { 98,
		  "vpn-session|source.ip=203.0.113.5|network.session_id="
		  "ab" FG },
		{ 99, "vpn-session|user.name=a|network.session_id=ab" FG },
		{ 100, "vpn-login|network.session_id=ab" FG } },
	    "vpn a 203.0.113.5 - 100- unknown r3" },
	{ "a failed login is no visit",
	    { { 100, "vpn-login|user.name=a|event.outcome=failure" FG } }, "" },
	{ "two devices have nothing to do with each other",
	    { { 100, "login|user.name=a|source.ip=10.0.0.1|host.name=x" },
		{ 200, "logout|user.name=a|source.ip=10.0.0.1|host.name=y" } },
	    "other a 10.0.0.1 - 100- unknown r1, "
	    "other a 10.0.0.1 - ?200-200 said r1" },
};

static struct event
event_of(const struct in *in, char *text, uint64_t index)
{
	struct event e = { .origin = "o",
		.index = index,
		.source = &streams[0],
		.time = in->at * SEC,
		.clock = EVENT_CLOCK_OFFSET };
	char *save = NULL, *word, *value;
	enum ecs field;

	strcpy(text, in->fields);
	word = strtok_r(text, "|", &save);
	event_add(&e, ECS_KIND, span_str(word));
	while ((word = strtok_r(NULL, "|", &save)) != NULL) {
		value = strchr(word, '=');
		*value++ = '\0';
		if (ecs_parse(span_str(word), &field) != 0)
			abort();
		event_add(&e, field, span_str(value));
	}
	return e;
}

static const char *
dash(struct span s)
{
	static char text[4][64];
	static unsigned at;
	char *t = text[at++ % 4];

	snprintf(t, 64, "%.*s", (int)s.len,
	    s.len == 0 ? "" : (const char *)s.p);
	return s.len == 0 ? "-" : t;
}

static void
print(const struct visit *v, size_t n, char *out)
{
	static const char *const names[] = { "vpn", "admin", "other" };
	static const char *const hows[] = { "said", "superseded", "open",
		"unknown" };
	size_t i;

	for (i = 0, *out = '\0'; i < n; i++, v++) {
		out += sprintf(out, "%s%s %s %s %s %s%" PRId64 "-",
		    i == 0 ? "" : ", ", names[v->kind], dash(v->user),
		    dash(v->source), dash(v->tunnel), v->begun ? "" : "?",
		    v->begin / SEC);
		if (v->how == VISIT_SAID || v->how == VISIT_SUPERSEDED)
			out += sprintf(out, "%" PRId64, v->end / SEC);
		out += sprintf(out, " %s", hows[v->how]);
		if (v->has_bytes)
			out += sprintf(out, " %" PRIu64 "/%" PRIu64, v->sent,
			    v->received);
		out += sprintf(out, " r%zu", v->records);
	}
}

/* The records in that order, each as often as that. */
static unsigned
run(const struct in *in, const size_t *order, size_t n, unsigned times,
    const char *want)
{
	struct visits *v = visits_new(0, INT64_MAX);
	const struct visit *out;
	char text[256], got[1024];
	unsigned bad = 0, t;
	size_t i, n_out;

	for (t = 0; t < times; t++)
		for (i = 0; i < n; i++) {
			struct event e =
			    event_of(&in[order[i]], text, order[i]);

			(void)visits_add(v, &e, e.time);
		}
	out = visits_finish(v, &n_out);
	print(out, n_out, got);
	if (strcmp(got, want) != 0) {
		bad = 1;
		printf("# got  %s\n# want %s\n", got, want);
	}
	bad += times == 1 && visits_count(v).repeated > 0;
	visits_free(v);
	return bad;
}

static unsigned
orders(const struct in *in, size_t *order, size_t at, size_t n,
    const char *want)
{
	unsigned bad = 0;
	size_t i, swap;

	if (at == n)
		return run(in, order, n, 1, want) + run(in, order, n, 2, want);
	for (i = at; i < n && bad == 0; i++) {
		swap = order[at], order[at] = order[i], order[i] = swap;
		bad += orders(in, order, at + 1, n, want);
		swap = order[at], order[at] = order[i], order[i] = swap;
	}
	return bad;
}

#define CROWD 300u

static uint32_t
chance(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

/* Any record of a few people on two devices, often in the same second. */
static void
any_record(uint32_t *seed, struct in *in, char *text)
{
	static const char *const kinds[] = { "vpn-login", "restart",
		"vpn-logout", "vpn-statistics", "login", "logout",
		"session-end", "vpn-session" };
	char *at = text;

	in->at = (int)chance(seed, 200) * 7;
	in->fields = text;
	at += sprintf(at, "%s|observer.name=d%u", kinds[chance(seed, 8)],
	    chance(seed, 2));
	if (chance(seed, 8) > 0)
		at += sprintf(at, "|user.name=u%u", chance(seed, 3));
	if (chance(seed, 2) > 0)
		at += sprintf(at, "|source.ip=10.0.0.%u", chance(seed, 3));
	if (chance(seed, 3) == 0)
		at += sprintf(at, "|konseki.tunnel.ip=10.9.0.%u",
		    chance(seed, 4));
	if (chance(seed, 4) == 0)
		at += sprintf(at, "|network.session_id=%u", chance(seed, 9));
	if (chance(seed, 4) == 0)
		at += sprintf(at, "|source.port=%u", 1 + chance(seed, 9));
	if (chance(seed, 4) == 0)
		at += sprintf(at, "|process.name=p|process.pid=%u",
		    1 + chance(seed, 5));
	if (chance(seed, 4) == 0)
		at += sprintf(at, "|event.duration=%u000000000",
		    chance(seed, 900));
	if (chance(seed, 4) == 0)
		sprintf(at, "|source.bytes=%u|destination.bytes=1",
		    chance(seed, 900));
}

/* A hash of all that comes out. */
static uint64_t
outcome(const struct in *in, const size_t *order, size_t *n)
{
	struct visits *v = visits_new(0, INT64_MAX);
	const struct visit *out;
	uint64_t h = 1469598103934665603u;
	char text[256], one[1024], *c;
	size_t i;

	for (i = 0; i < CROWD; i++) {
		struct event e = event_of(&in[order[i]], text, order[i]);

		(void)visits_add(v, &e, e.time);
	}
	out = visits_finish(v, n);
	for (i = 0; i < *n; i++) {
		print(&out[i], 1, one);
		for (c = one; *c != '\0'; c++)
			h = (h ^ (uint8_t)*c) * 1099511628211u;
	}
	visits_free(v);
	return h;
}

static void
test_crowds(void)
{
	static char texts[CROWD][256];
	static struct in in[CROWD];
	size_t order[CROWD], i, j, k, n, swap;
	uint32_t seed = 7;
	uint64_t first;
	unsigned bad = 0, crowd, turn;

	for (crowd = 0; crowd < 40; crowd++) {
		for (i = 0; i < CROWD; i++) {
			any_record(&seed, &in[i], texts[i]);
			order[i] = i;
		}
		first = outcome(in, order, &k);
		for (turn = 0; turn < 5; turn++) {
			for (i = CROWD - 1; i > 0; i--) {
				j = chance(&seed, (uint32_t)i + 1);
				swap = order[i];
				order[i] = order[j];
				order[j] = swap;
			}
			bad += outcome(in, order, &n) != first || n != k;
		}
	}
	ok(bad == 0, "any records in any order: the same");
}

static void
test_repeats(void)
{
	static const struct in in = { 100,
		"login|user.name=a|log.syslog.priority=30|host.name=x" };
	static const struct in relayed = { 100,
		"login|user.name=a|log.syslog.priority=13|host.name=x" };
	struct visits *v = visits_new(0, INT64_MAX);
	char text[256];
	struct event e = event_of(&in, text, 1);

	ok(visits_add(v, &e, e.time), "a record is taken");
	ok(!visits_add(v, &e, e.time), "and not a second time");
	e = event_of(&relayed, text, 2);
	ok(!visits_add(v, &e, e.time + SEC), "nor by way of a relay");
	ok(visits_count(v).repeated == 2, "both are counted");
	e.message = SPAN("<30>Nov 20 14:03:05 x sshd[1]: Accepted password for "
			 "tanaka from 192.0.2.7 port 50123 ssh2\n");
	ok(visits_add(v, &e, e.time), "another line with the same fields");
	e.message =
	    SPAN("<13>1 2026-11-20T14:03:05+09:00 x sshd 1 - - Accepted "
		 "password for tanaka from 192.0.2.7 port 50123 ssh2");
	ok(!visits_add(v, &e, e.time), "that line behind another head");
	e.clock = EVENT_CLOCK_NONE;
	e.time += 1;
	ok(visits_add(v, &e, e.time) && visits_add(v, &e, e.time),
	    "without a device time two lines are two");
	visits_free(v);
}

static void
test_holder(void)
{
	static const struct in in[] = {
		{ 100, "vpn-login|user.name=a|konseki.tunnel.ip=10.9.0.2" FG },
		{ 400, "vpn-logout|user.name=a|konseki.tunnel.ip=10.9.0.2" FG },
		{ 900, "vpn-login|user.name=b|konseki.tunnel.ip=10.9.0.2" FG },
		{ 950,
		    "vpn-login|user.name=c|konseki.tunnel.ip=10.9.0.2"
		    "|observer.name=other" },
	};
	static const struct {
		const char *name;
		int at;
		const char *user;
	} rows[] = {
		{ "before anybody had it", 99, "" },
		{ "who had it", 100, "a" },
		{ "a record that comes a little late", 500, "a" },
		{ "nobody between", 800, "" },
		{ "the next", 900, "b" },
		{ "two devices gave it out: nobody is named", 960, "" },
	};
	struct visits *v = visits_new(0, INT64_MAX);
	char text[256];
	size_t i, n;

	for (i = 0; i < 4; i++) {
		struct event e = event_of(&in[3 - i], text, i);

		(void)visits_add(v, &e, e.time);
	}
	(void)visits_finish(v, &n);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(span_is(visits_holder(v, SPAN("10.9.0.2"), rows[i].at * SEC),
		       rows[i].user),
		    "%s", rows[i].name);
	ok(visits_holder(v, SPAN("10.9.0.3"), 100 * SEC).len == 0,
	    "another address");
	visits_free(v);
}

/* Far more than there is room for; what matters lies in the middle. */
static void
test_bounds(void)
{
	struct visits *v = visits_new(30000 * SEC, 40000 * SEC);
	const struct visit *out;
	char text[256], fields[128];
	size_t n, i, in_period = 0;
	struct visits_count c;
	int k;

	for (k = 0; k < 100000; k++) {
		struct event e;

		snprintf(fields, sizeof(fields),
		    "login|user.name=u%d|source.ip=10.0.0.1|host.name=x", k);
		e = event_of(&(struct in){ k, fields }, text, (uint64_t)k);
		(void)visits_add(v, &e, e.time);
	}
	out = visits_finish(v, &n);
	c = visits_count(v);
	for (i = 0; i < n; i++)
		in_period +=
		    out[i].begin >= 30000 * SEC && out[i].begin < 40000 * SEC;
	ok(n <= VISIT_RECORDS && n + c.evicted == 100000,
	    "memory is bounded, and what was forgotten is counted");
	ok(in_period == 10000 && c.missed == 0,
	    "what is farthest from the period goes first");
	visits_free(v);
}

int
main(void)
{
	size_t i, j, n, order[6];

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (n = 0; n < 6 && cases[i].in[n].fields != NULL; n++)
			;
		for (j = 0; j < n; j++)
			order[j] = j;
		ok(orders(cases[i].in, order, 0, n, cases[i].want) == 0, "%s",
		    cases[i].name);
	}
	test_crowds();
	test_repeats();
	test_holder();
	test_bounds();
	return done();
}
