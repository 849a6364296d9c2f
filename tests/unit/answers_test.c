/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/answers.h"
#include "tests/tap.h"

/* What is answered when the ring is durable up to there. */
static bool
says(struct answers *a, uint64_t upto, bool closes, const char *want)
{
	struct buf out;
	bool fine;

	buf_init(&out);
	fine = answers_print(a, upto, &out) == closes &&
	    span_is(buf_view(&out), want);
	if (!fine)
		printf("# %s\n", buf_cstr(&out));
	buf_fini(&out);
	return fine;
}

static void
order(void)
{
	struct answers a;

	answers_init(&a);
	ok(answers_room(&a), "there is room at first");
	answers_add(&a, 2, ANSWER_RECORD, 100);
	answers_add(&a, 3, ANSWER_UNKNOWN, 0);
	answers_add(&a, 4, ANSWER_RECORD, 200);
	answers_add(&a, 0, ANSWER_OPEN, 0);
	answers_add(&a, 5, ANSWER_CLOSE, 0);
	ok(says(&a, 99, false, ""), "nothing before it is durable");
	ok(says(&a, 100, false,
	       "2 rsp 6 200 OK\n3 rsp 19 500 unknown command\n"),
	    "and what waited behind it with it");
	ok(a.n == 3 && a.records == 1, "one record is under way");
	ok(says(&a, 5000, true,
	       "4 rsp 6 200 OK\n5 rsp 6 200 OK\n0 serverclose 0\n"),
	    "the end comes last, and a hint gets no answer");
	ok(a.n == 0 && a.records == 0, "nothing is under way");
	answers_fini(&a);
}

static void
many(void)
{
	struct answers a;
	uint32_t i, in = 0, n = 0, out = 0;
	struct buf text;

	answers_init(&a);
	buf_init(&text);
	for (i = 0; i < 40; i++) { /* so that it grows when it has wrapped */
		answers_room(&a);
		in++;
		answers_add(&a, in, ANSWER_RECORD, in);
	}
	answers_print(&a, 30, &text);
	while (answers_room(&a)) {
		in++;
		answers_add(&a, in, ANSWER_RECORD, in);
		n++;
	}
	ok(a.n == ANSWERS_MAX && n == ANSWERS_MAX - 10, "there is a limit");
	while (a.n > 0 && a.due[a.first].txnr == 31 + out) {
		answers_print(&a, 31 + out, &text);
		out++;
	}
	ok(out == ANSWERS_MAX && a.records == 0, "all are there, in order");
	ok(answers_room(&a), "then there is room again");
	buf_fini(&text);
	answers_fini(&a);
}

int
main(void)
{
	order();
	many();
	return done();
}
