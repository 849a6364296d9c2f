/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/resent.h"
#include "tests/tap.h"

static struct resent *seen;

/* Messages of one letter each; the flags of all: 'd' or '-'. */
static const char *
flags(struct resent_conn *c, const char *messages)
{
	static char out[64];
	size_t i;

	for (i = 0; messages[i] != '\0'; i++) {
		out[i] =
		    resent_message(c, span_make(messages + i, 1)) ? 'd' : '-';
		resent_taken(c);
	}
	out[i] = '\0';
	return out;
}

static bool
session(uint64_t key, const char *messages, const char *want, bool cleanly)
{
	struct resent_conn c;
	bool fine;

	resent_open(seen, &c, key);
	fine = strcmp(flags(&c, messages), want) == 0;
	resent_close(&c, cleanly);
	return fine;
}

static void
repeated(void)
{
	struct resent_conn c, d;

	ok(session(1, "abcdef", "------", false),
	    "the first has nothing twice");
	ok(session(1, "defgh", "ddd--", false), "what is repeated is flagged");
	ok(session(1, "ghghi", "dd---", false),
	    "also what came last, but not what is the same later on");
	ok(session(2, "ghi", "---", false), "another peer repeats nothing");
	ok(session(1, "xghi", "----", false),
	    "nor does who begins with something new");
	ok(session(1, "ghx", "dd-", true), "of several it is the latest");
	ok(session(1, "hx", "d-", false), "but none that ended cleanly");

	resent_open(seen, &c, 3);
	flags(&c, "abc");
	resent_open(seen, &d, 3);
	ok(strcmp(flags(&d, "bcd"), "dd-") == 0,
	    "one that still seems to be open counts as well");
	resent_close(&d, false);
	resent_close(&c, false);
}

static void
asked_again(void)
{
	struct resent_conn c;
	int i, n = 0;

	session(4, "abc", "---", false);
	resent_open(seen, &c, 4);
	for (i = 0; i < 3; i++)
		n += resent_message(&c, SPAN("b"));
	resent_taken(&c);
	ok(n == 3, "a message that must wait is asked for again");
	ok(resent_message(&c, SPAN("c")), "and taken once");
	resent_close(&c, false);
}

static void
limits(void)
{
	static struct resent_conn c[RESENT_CONNS + 1];
	unsigned i, n = 0;
	char text[16];
	bool fine = true;

	for (i = 0; i <= RESENT_CONNS; i++) {
		resent_open(seen, &c[i], 100 + i);
		n += c[i].s != NULL;
	}
	ok(n == RESENT_CONNS && !resent_message(&c[RESENT_CONNS], SPAN("a")),
	    "with too many open nothing is recognised");
	flags(&c[7], "a");
	resent_begin(seen); /* the receiver died with them */
	ok(session(107, "ab", "d-", false), "another receiver knows them");
	resent_open(seen, &c[0], 5);
	for (i = 0; i < RESENT_MESSAGES + 10; i++) {
		n = (unsigned)snprintf(text, sizeof(text), "%u", i);
		resent_message(&c[0], span_make(text, n));
		resent_taken(&c[0]);
	}
	resent_close(&c[0], false);
	ok(session(5, "9", "-", false), "what is too long ago is forgotten");
	resent_open(seen, &c[0], 5);
	for (i = 10; i < RESENT_MESSAGES + 10; i++) {
		n = (unsigned)snprintf(text, sizeof(text), "%u", i);
		fine = fine && resent_message(&c[0], span_make(text, n));
		resent_taken(&c[0]);
	}
	ok(fine, "a whole window is recognised");
	resent_close(&c[0], false);
}

int
main(void)
{
	seen = resent_new();
	resent_begin(seen);
	repeated();
	asked_again();
	limits();
	resent_free(seen);
	return done();
}
