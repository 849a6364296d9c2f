/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/past.h"

#include <string.h>

#include "common/hex.h"
#include "tests/tap.h"

#define SEC 1000000

static struct event_source fw = { .transport = { (const uint8_t *)"tcp", 3 },
	.peer = { (const uint8_t *)"10.2.0.1", 8 } };
static struct event_source file = { .transport = { (const uint8_t *)"import",
					6 },
	.peer = { (const uint8_t *)"old.log", 7 },
	.replay = true };
static uint64_t record_index;

static struct event
said(const struct event_source *source, uint32_t stream, const char *name)
{
	struct event e = { .source = source,
		.stream = stream,
		.clock = EVENT_CLOCK_OFFSET,
		.message = span_str("a line of a device") };

	if (*name != '\0')
		event_add(&e, ECS_OBSERVER_NAME, span_str(name));
	return e;
}

static void
take(struct past *p, const struct event *e, int64_t at, enum record_kind kind)
{
	static const uint8_t leaf[SHA256_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct record r = { .kind = kind,
		.rx = (uint64_t)at + 5,
		.body = SPAN("kind=dropped count=3") };

	past_record(p,
	    &(struct past_record){ .r = &r,
		.index = record_index++,
		.leaf = leaf,
		.event = e,
		.tells = e == NULL || e->clock != EVENT_CLOCK_NONE,
		.at = at });
}

static void
fill(struct past *p)
{
	struct event e;

	past_begin(p, 7 * SEC);
	e = said(&fw, 1, "");
	take(p, &e, 20 * SEC, RECORD_RECEIVED);
	e = said(&fw, 1, "fw01");
	event_add(&e, ECS_KIND, SPAN("vpn-login"));
	event_add(&e, ECS_USER_NAME, SPAN("sato"));
	event_add(&e, ECS_SOURCE_BYTES, SPAN("12"));
	e.time = 10 * SEC;
	take(p, &e, 10 * SEC, RECORD_RECEIVED);
	e = said(&fw, 1, "");
	take(p, &e, 30 * SEC, RECORD_RECEIVED);
	e = said(&file, 2, "old");
	e.clock = EVENT_CLOCK_NONE;
	take(p, &e, 99 * SEC, RECORD_RECEIVED);
	take(p, NULL, 200 * SEC, RECORD_GAP);
	past_memory(p, 2, SPAN(""), SPAN("\1\0\0\1\1"));
	strcpy(p->origin, "test.example/evidence");
	p->segment = 3;
	p->gzip_len = 1000;
}

static void
test_taken(const struct past *p)
{
	ok(p->all.low == 10 * SEC && p->all.high == 200 * SEC &&
		p->events.low == 10 * SEC && p->events.high == 99 * SEC,
	    "from when to when records and events are");
	ok(p->n_names == 2 && span_is(p->names[0].name, "fw01") &&
		p->names[0].first == 10 * SEC && p->names[0].flags == 0,
	    "who sent, and since when");
	ok(p->names[1].flags == (PAST_IMPORTED | PAST_REPLAY), "and how");
	ok(p->n_speakers == 2 && p->speakers[0].unnamed.high == 20 * SEC &&
		p->speakers[0].last == 0,
	    "a line before a name was said is left open, one behind it not");
	ok(p->n_steps == 3 && p->steps[0] == PAST_STEP_SPEAKER(0) &&
		p->steps[1] == PAST_STEP_NAME(0) &&
		p->steps[2] == PAST_STEP_NAME(1),
	    "in what order they came");
	ok(p->newest == 30 * SEC && p->untimed && p->newest_before == 7 * SEC,
	    "the newest of those that tell a time");
	ok(p->n_marks == 1 && p->marks[0].at == 10 * SEC && p->marks[0].named,
	    "what it tells of a session");
	ok(p->n_told == 1 && p->told[0].leaf[7] == 8, "what was lost");
	ok(past_touches(p, 99 * SEC, 100 * SEC) &&
		past_touches(p, 0, 10 * SEC + 1) &&
		!past_touches(p, 99 * SEC + 1, 300 * SEC) &&
		!past_touches(p, 0, 10 * SEC),
	    "of which days its events are");
}

/* The same with the right hash of what stands behind the first line. */
static void
vouch(struct span in, size_t len, struct buf *out)
{
	const uint8_t *lf = memchr(in.p, '\n', in.len);
	size_t head = (size_t)(lf - in.p);
	char hex[2 * SHA256_LEN];
	uint8_t hash[SHA256_LEN];

	out->len = 0;
	sha256(span_make(lf + 1, len), hash);
	hex_print(hash, SHA256_LEN, hex);
	buf_append(out, in.p, head - sizeof(hex));
	buf_append(out, hex, sizeof(hex));
	buf_append(out, lf, len + 1);
}

static void
test_file(const struct past *p)
{
	struct buf out, cut;
	struct past q;
	size_t rest, i, bad = 0;

	buf_init(&out);
	buf_init(&cut);
	past_init(&q);
	past_print(p, &out);
	ok(past_parse(buf_view(&out), &q) == 0, "what is printed is read");
	test_taken(&q);
	past_print(&q, &cut);
	ok(span_eq(buf_view(&cut), buf_view(&out)), "and prints to the same");
	rest = out.len - 1 -
	    (size_t)((uint8_t *)memchr(out.p, '\n', out.len) - out.p);
	for (i = 0; i < rest; i++) {
		vouch(buf_view(&out), i, &cut);
		bad += past_parse(buf_view(&cut), &q) == 0;
	}
	ok(bad == 0, "cut off anywhere it is none, whatever hash it has");
	out.p[out.len - 1] ^= 1;
	ok(past_parse(buf_view(&out), &q) != 0, "nor with another byte");
	past_fini(&q);
	buf_fini(&out);
	buf_fini(&cut);
}

static void
test_too_many(struct past *p)
{
	struct event e;
	char name[32];
	unsigned i;

	past_begin(p, 0);
	for (i = 0; i <= PAST_NAMES; i++) {
		snprintf(name, sizeof(name), "host%u", i);
		e = said(&fw, 1, name);
		take(p, &e, i, RECORD_RECEIVED);
		if (i + 1 == PAST_NAMES)
			ok(!p->useless, "so many sources are kept");
	}
	ok(p->useless, "with one more nothing is");
}

static void
test_name(void)
{
	struct event a = said(&fw, 1, "fw01"), b = said(&file, 2, "");
	uint8_t x[REPEAT_NAME], y[REPEAT_NAME];

	event_add(&a, ECS_USER_NAME, SPAN("sato"));
	event_add(&a, ECS_EVENT_ID, SPAN("1"));
	event_add(&b, ECS_USER_NAME, SPAN("sato"));
	event_add(&b, ECS_OBSERVER_NAME, SPAN("fw01"));
	ok(repeat_name(&a, x) && repeat_name(&b, y) &&
		memcmp(x, y, sizeof(x)) == 0,
	    "what a line says has one name, by whatever way it comes");
	event_set(&b, ECS_USER_NAME, SPAN("sat"));
	ok(repeat_name(&b, y) && memcmp(x, y, sizeof(x)) != 0,
	    "another line has another");
	a.clock = EVENT_CLOCK_NONE;
	ok(!repeat_name(&a, x), "and one that tells no time has none");
}

int
main(void)
{
	struct past p;

	past_init(&p);
	fill(&p);
	test_taken(&p);
	test_file(&p);
	test_too_many(&p);
	test_name();
	past_fini(&p);
	return done();
}
