/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define MIN INT64_C(60000000)

/* A record: minute of its end, minutes it lasted, total or delta. */
#define ON (-1)	  /* no duration, it goes on */
#define OVER (-2) /* no duration, it is over */
struct in {
	int end, duration;
	int total, delta; /* -1: not given */
};

static const struct {
	const char *name, *key;
	struct in in[5];
	size_t n;
	const char *want; /* parts that remain: from-until:bytes, s = begins */
} cases[] = {
	{ "one short session", "1", { { 10, 0, 500, -1 } }, 1, "10-10:500s" },
	{ "interim, interim, close", "1",
	    { { 10, 10, 100, 100 }, { 20, 20, 250, 150 }, { 25, 25, 300, -1 } },
	    3, "0-10:100s 10-20:150 20-25:50" },
	{ "a lost interim loses nothing", "1",
	    { { 20, 20, 250, 150 }, { 25, 25, 300, -1 } }, 2,
	    "0-20:250s 20-25:50" },
	{ "the number is used again", "1",
	    { { 10, 10, 100, -1 }, { 30, 15, 70, -1 } }, 2,
	    "0-10:100s 15-30:70s" },
	{ "a total that shrinks adds nothing", "1",
	    { { 10, 10, 100, -1 }, { 20, 20, 80, -1 } }, 2,
	    "0-10:100s 10-20:0" },
	{ "without durations an end ends it", "1",
	    { { 10, ON, 100, -1 }, { 20, ON, 250, -1 }, { 25, OVER, 300, -1 },
		{ 30, OVER, 400, -1 } },
	    4, "10-10:100s 10-20:150 20-25:50 30-30:400s" },
	{ "only deltas", "1", { { 10, 10, -1, 40 }, { 20, 20, -1, 60 } }, 2,
	    "0-10:40s 0-20:60s" },
	{ "without a number the delta counts", "",
	    { { 10, 10, 100, 100 }, { 20, 20, 250, 150 } }, 2,
	    "0-10:100s 0-20:150s" },
	{ "and without a number, its end alone", "",
	    { { 10, ON, 100, -1 }, { 20, OVER, 250, -1 } }, 2,
	    "10-10:0s 20-20:250s" },
	{ "a line twice", "1", { { 10, 10, 100, -1 }, { 10, 10, 100, -1 } }, 2,
	    "0-10:100s" },
	{ "without a number nothing is a duplicate", "",
	    { { 10, 10, 100, -1 }, { 10, 10, 100, -1 } }, 2,
	    "0-10:100s 0-10:100s" },
};

/* What is booked: each part by its text, with a count. */
struct book {
	char parts[32][64];
	int count[32];
	size_t n;
};

static void
book(void *arg, const struct session_part *p, bool take_back)
{
	struct book *b = arg;
	char text[64];
	size_t i;

	snprintf(text, sizeof(text),
	    "%03" PRId64 " %" PRId64 "-%" PRId64 ":%" PRIu64 "%s",
	    p->until / MIN, p->from / MIN, p->until / MIN, p->bytes,
	    p->begins ? "s" : "");
	for (i = 0; i < b->n; i++)
		if (strcmp(b->parts[i], text) == 0)
			break;
	if (i == b->n) {
		strcpy(b->parts[b->n], text);
		b->count[b->n++] = 0;
	}
	b->count[i] += take_back ? -1 : 1;
}

/* The parts that remain, by end. */
static void
print(struct book *b, char *out)
{
	size_t i, k, least;
	bool first = true;
	int n;

	*out = '\0';
	for (k = 0; k < b->n; k++) {
		least = b->n;
		for (i = 0; i < b->n; i++)
			if (b->parts[i][0] != '\0' &&
			    (least == b->n ||
				strcmp(b->parts[i], b->parts[least]) < 0))
				least = i;
		for (n = 0; n < b->count[least]; n++) {
			out += sprintf(out, "%s%s", first ? "" : " ",
			    b->parts[least] + 4);
			first = false;
		}
		if (b->count[least] < 0)
			out += sprintf(out, " negative");
		b->parts[least][0] = '\0';
	}
}

static unsigned
run(const char *key, const struct in *in, const size_t *order, size_t n,
    const char *want)
{
	struct session *s = session_new();
	struct session_record r;
	struct book b = { .n = 0 };
	char got[512];
	size_t i;

	for (i = 0; i < n; i++) {
		const struct in *x = &in[order[i]];

		r = (struct session_record){ .key = span_str(key),
			.end = x->end * MIN,
			.duration = x->duration < 0 ? 0 : x->duration * MIN,
			.has_total = x->total >= 0,
			.total = (uint64_t)x->total,
			.has_delta = x->delta >= 0,
			.delta = (uint64_t)x->delta,
			.untimed = x->duration < 0,
			.interim = x->duration == ON,
			.origin = "o" };
		(void)session_add(s, &r, book, &b);
	}
	print(&b, got);
	session_free(s);
	if (strcmp(got, want) != 0)
		printf("# got %s\n", got);
	return strcmp(got, want) != 0;
}

static unsigned
orders(const char *key, const struct in *in, size_t *order, size_t at, size_t n,
    const char *want)
{
	unsigned bad = 0;
	size_t i, swap;

	if (at == n)
		return run(key, in, order, n, want);
	for (i = at; i < n; i++) {
		swap = order[at], order[at] = order[i], order[i] = swap;
		bad += orders(key, in, order, at + 1, n, want);
		swap = order[at], order[at] = order[i], order[i] = swap;
	}
	return bad;
}

static uint64_t sum;

static void
add_up(void *arg, const struct session_part *p, bool take_back)
{
	(void)arg;
	sum += take_back ? 0 - p->bytes : p->bytes;
}

/* Sessions that are silent for a day have ended; others are a loss. */
static void
check_forgotten(int64_t apart, bool lost)
{
	struct session *s = session_new();
	struct session_record r = { .has_total = true, .origin = "o" };
	char key[32];
	int i;

	for (i = 0; i <= SESSION_MAX; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		r.key = span_str(key);
		r.end = (2000 + i) * apart;
		r.duration = MIN;
		(void)session_add(s, &r, add_up, NULL);
	}
	ok((session_forgotten(s) > 0) == lost, "%" PRIu64 " are lost",
	    session_forgotten(s));
	session_free(s);
}

/* More records than are remembered, of more sessions than are. */
static void
check_bounds(void)
{
	struct session *s = session_new();
	struct session_record r = { .has_total = true, .origin = "o" };
	char key[32];
	int i;

	sum = 0;
	r.key = SPAN("long");
	for (i = 1; i <= 500; i++) {
		r.end = r.duration = i * 2 * MIN;
		r.total = (uint64_t)i * 1000;
		(void)session_add(s, &r, add_up, NULL);
	}
	ok(sum == 500000, "500 interims of one session: %" PRIu64, sum);
	for (i = 0; i < SESSION_MAX + 10; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		r.key = span_str(key);
		r.end = (2000 + i) * MIN;
		r.duration = MIN;
		r.total = 1;
		(void)session_add(s, &r, add_up, NULL);
	}
	ok(sum == 500000 + SESSION_MAX + 10, "many sessions are counted");
	r.end += MIN;
	r.duration += MIN;
	r.total = 5;
	(void)session_add(s, &r, add_up, NULL);
	ok(sum == 500000 + SESSION_MAX + 14, "but not those that live");
	session_free(s);
}

int
main(void)
{
	size_t order[5], i, k;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (k = 0; k < 5; k++)
			order[k] = k;
		ok(orders(cases[i].key, cases[i].in, order, 0, cases[i].n,
		       cases[i].want) == 0,
		    "%s, in every order", cases[i].name);
	}
	check_bounds();
	check_forgotten(MIN, false);
	check_forgotten(1000, true);
	return done();
}
