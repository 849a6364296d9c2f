/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/event/event.h"

#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

static struct event e;

static const char *
print(void)
{
	static struct buf out;

	buf_fini(&out);
	buf_init(&out);
	event_print_json(&e, &out);
	return buf_cstr(&out);
}

static void
test_names(void)
{
	enum ecs field;
	int i, bad = 0;

	for (i = 0; i < ECS_COUNT; i++)
		if (ecs_parse(span_str(ecs_name((enum ecs)i)), &field) != 0 ||
		    field != (enum ecs)i)
			bad++;
	ok(bad == 0, "every field is found by its name, and none twice");
	ok(ecs_parse(SPAN("source.iq"), &field) == -1, "no other name is");
	ok(ecs_parse(SPAN(""), &field) == -1, "nor none");
	ok(ecs_type(ECS_SOURCE_PORT) == ECS_T_NUMBER, "a port is a number");
}

static void
test_fields(void)
{
	uint64_t n = 0;
	int i;

	event_clear(&e);
	event_add(&e, ECS_USER_NAME, SPAN(""));
	ok(e.n == 0, "an empty value is no field");
	event_add(&e, ECS_SOURCE_BYTES, SPAN("734003200"));
	event_add(&e, ECS_USER_NAME, SPAN("tanaka"));
	event_set(&e, ECS_USER_NAME, SPAN("suzuki"));
	event_set(&e, ECS_SOURCE_IP, SPAN("192.168.10.21"));
	ok(e.n == 3, "set replaces, or adds");
	ok(span_is(event_get(&e, ECS_USER_NAME), "suzuki"), "get");
	ok(event_get(&e, ECS_USER_ID).len == 0, "get what is not there");
	ok(event_number(&e, ECS_SOURCE_BYTES, &n) == 0 && n == 734003200,
	    "a number");
	ok(event_number(&e, ECS_USER_NAME, &n) == -1, "no number");
	ok(event_number(&e, ECS_USER_ID, &n) == -1, "no field, no number");
	for (i = 0; i < EVENT_FIELDS; i++)
		event_add(&e, ECS_TAGS, SPAN("x"));
	ok(e.n == EVENT_FIELDS && e.dropped == 3, "too many are counted");
	event_clear(&e);
	ok(e.n == 0 && e.dropped == 0 && e.format == NULL, "clear");
}

static void
test_clock(void)
{
	event_clear(&e);
	e.received = 0;
	event_add_clock(&e);
	ok(e.n == 0, "no time at all");
	e.received = 1;
	event_add_clock(&e);
	ok(span_is(event_get(&e, ECS_CLOCK_RULE), "received"), "by receipt");
	event_clear(&e);
	e.clock = EVENT_CLOCK_LEDGER;
	e.mark = EVENT_MARK_UNSET | EVENT_MARK_YEAR;
	e.time_text = SPAN("*Mar  1 00:00:46");
	event_add_clock(&e);
	ok(e.n == 4 && span_is(event_get(&e, ECS_CLOCK_RULE), "ledger") &&
		span_is(event_get(&e, ECS_CLOCK_TEXT), "*Mar  1 00:00:46") &&
		span_is(e.f[2].value, "never-set") &&
		span_is(e.f[3].value, "year-inferred"),
	    "text, rule and quality");
	e.received = 100;
	e.time = 200;
	ok(event_judged_time(&e, 1000) == 100,
	    "a clock that was never set is not trusted");
	e.mark = EVENT_MARK_UNSYNCED;
	ok(event_judged_time(&e, 1000) == 200, "one that lost its source is");
	e.received = 0;
}

static void
test_json(void)
{
	event_clear(&e);
	e.received = 0;
	ok(strcmp(print(), "{}\n") == 0, "nothing");
	event_add(&e, ECS_SOURCE_PORT, SPAN("443"));
	event_add(&e, ECS_EVENT_CATEGORY, SPAN("network"));
	event_add(&e, ECS_SOURCE_NAT_IP, SPAN("198.51.100.2"));
	event_add(&e, ECS_EVENT_CATEGORY, SPAN("authentication"));
	event_add(&e, ECS_SOURCE_IP, SPAN("192.168.10.21"));
	event_add(&e, ECS_USER_AGENT, SPAN("a \"b\"\\\n"));
	event_add(&e, ECS_USER_NAME, SPAN("\xe7\x94\xb0"));
	ok(strcmp(print(),
	       "{\"event\":{\"category\":[\"network\","
	       "\"authentication\"]},\"source\":{\"ip\":\"192.168.10.21\","
	       "\"nat\":{\"ip\":\"198.51.100.2\"},\"port\":443},"
	       "\"user\":{\"name\":\"\xe7\x94\xb0\"},\"user_agent\":"
	       "{\"original\":\"a \\\"b\\\"\\\\\\n\"}}\n") == 0,
	    "one object for each prefix, arrays, numbers, strings");
	event_clear(&e);
	event_add(&e, ECS_SOURCE_PORT, SPAN("0443"));
	ok(strcmp(print(), "{\"source\":{\"port\":\"0443\"}}\n") == 0,
	    "what is no canonical number is a string");
	event_clear(&e);
	e.time = INT64_C(1795150985000000);
	e.clock = EVENT_CLOCK_SITE;
	event_add(&e, ECS_USER_NAME, SPAN("x"));
	ok(strcmp(print(),
	       "{\"@timestamp\":\"2026-11-20T05:03:05Z\","
	       "\"user\":{\"name\":\"x\"}}\n") == 0,
	    "its time comes first");
}

static const char *
print_as(void (*how)(struct buf *out))
{
	static struct buf out;

	buf_fini(&out);
	buf_init(&out);
	how(&out);
	return buf_cstr(&out);
}

static void
flat(struct buf *out)
{
	event_print_flat(&e, out);
}

static void
text(struct buf *out)
{
	event_print_text(&e, 9 * 3600, out);
}

static void
test_others(void)
{
	event_clear(&e);
	e.received = 0;
	ok(strcmp(print_as(flat), "{}\n") == 0, "flat: nothing");
	e.time = INT64_C(1795150985000000);
	e.clock = EVENT_CLOCK_SITE;
	e.format = "x";
	event_add(&e, ECS_SOURCE_PORT, SPAN("443"));
	event_add(&e, ECS_EVENT_CATEGORY, SPAN("network"));
	event_add(&e, ECS_EVENT_CATEGORY, SPAN("session"));
	event_add(&e, ECS_SOURCE_IP, SPAN("192.168.10.21"));
	event_add(&e, ECS_USER_NAME, SPAN("a\033[2Jb"));
	ok(strcmp(print_as(flat),
	       "{\"@timestamp\":\"2026-11-20T05:03:05Z\","
	       "\"event.category\":[\"network\",\"session\"],"
	       "\"source.ip\":\"192.168.10.21\",\"source.port\":443,"
	       "\"user.name\":\"a\\u001b[2Jb\"}\n") == 0,
	    "flat: names, numbers, arrays");
	ok(strcmp(print_as(text),
	       "2026-11-20T14:03:05+09:00  user=a\\x1b[2Jb  "
	       "192.168.10.21:443  [x]\n") == 0,
	    "text: what there is, escaped");
	event_clear(&e);
	e.time = INT64_C(1795150985000000);
	e.clock = EVENT_CLOCK_SITE;
	e.format = "x";
	event_add(&e, ECS_SOURCE_IP, SPAN("2001:db8::44"));
	event_add(&e, ECS_SOURCE_PORT, SPAN("51002"));
	event_add(&e, ECS_DESTINATION_IP, SPAN("2001:db8::5"));
	event_add(&e, ECS_SOURCE_NAT_IP, SPAN("192.0.2.1"));
	event_add(&e, ECS_SOURCE_NAT_PORT, SPAN("9"));
	event_add(&e, ECS_EVENT_DURATION, SPAN("1500000000"));
	ok(strcmp(print_as(text),
	       "2026-11-20T14:03:05+09:00  [2001:db8::44]:51002 -> "
	       "2001:db8::5  nat=192.0.2.1:9  duration=1.500s  [x]\n") == 0,
	    "text: IPv6 with its port, translated address, duration");
}

static void
test_judged(void)
{
	struct event_source udp = { .transport = SPAN("udp") },
			    import = { .transport = SPAN("import") },
			    replay = { .transport = SPAN("udp"),
				    .replay = true };

	event_clear(&e);
	e.received = 100 * UTC_DAY;
	e.time = e.received - 5 * UTC_MINUTE;
	e.clock = EVENT_CLOCK_NONE;
	e.source = &replay;
	ok(event_judged_time(&e, UTC_HOUR) == e.received,
	    "without a device time the receive time judges");
	e.clock = EVENT_CLOCK_OFFSET;
	e.source = &udp;
	ok(event_judged_time(&e, 5 * UTC_MINUTE) == e.time,
	    "a small skew: the device's time");
	ok(event_judged_time(&e, 5 * UTC_MINUTE - 1) == e.received,
	    "a larger one: the receive time");
	e.time = e.received + 5 * UTC_MINUTE + 1;
	ok(event_judged_time(&e, 5 * UTC_MINUTE) == e.received,
	    "the same ahead of it");
	e.time = 0;
	e.source = &replay;
	ok(event_judged_time(&e, 0) == 0, "a replay is on its own time");
	e.source = &import;
	ok(event_judged_time(&e, 0) == 0, "so is an import");
	e.time = e.received + 2;
	ok(event_judged_time(&e, 2) == e.time,
	    "its clock may be a little fast");
	ok(event_judged_time(&e, 1) == e.received,
	    "but what was read today did not happen tomorrow");
	e.source = NULL;
	ok(event_judged_time(&e, 0) == e.received, "nothing known");
}

int
main(void)
{
	test_names();
	test_fields();
	test_clock();
	test_json();
	test_others();
	test_judged();
	return done();
}
