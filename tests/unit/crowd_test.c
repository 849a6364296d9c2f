/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "collector/crowd.h"
#include "tests/tap.h"

#define MANY 5000u

static const char *
name(unsigned i)
{
	static char text[ENDPOINT_TEXT];

	snprintf(text, sizeof(text), "10.0.%u.%u", i / 256, i % 256);
	return text;
}

/* Who is ahead of his time is remembered for as long, and no longer. */
static void
paces(void)
{
	const uint64_t second = 1000000, now = 1000 * second;
	struct crowd c;
	struct pace *p;
	unsigned i;

	crowd_init(&c);
	p = crowd_add(&c, "192.0.2.1");
	ok(crowd_add(&c, "192.0.2.1") == p, "one address has one pace");
	ok(pace_add(p, 10, 30, now) == 2 * second, "which is ahead");
	crowd_remove(&c, "192.0.2.1", now);
	crowd_remove(&c, "192.0.2.1", now);
	crowd_sweep(&c, now + second);
	p = crowd_add(&c, "192.0.2.1");
	ok(crowd_count(&c, "192.0.2.1") == 1 &&
		pace_wait(p, now + second) == second,
	    "who comes back is not in time yet");
	crowd_remove(&c, "192.0.2.1", now + second);
	crowd_remove(&c, "192.0.2.1", now + second);
	ok(c.n_left == 1, "he left once");
	crowd_sweep(&c, now + 3 * second);
	ok(c.n_left == 0, "then he is forgotten");
	for (i = 0; i < MANY; i++) {
		(void)pace_add(crowd_add(&c, name(i)), 1, 9, now);
		crowd_remove(&c, name(i), now);
	}
	ok(c.n_left == CROWD_LEFT, "of a crowd so many are remembered");
	crowd_fini(&c);
}

int
main(void)
{
	struct crowd c;
	char most[ENDPOINT_TEXT];
	unsigned i, wrong = 0;

	crowd_init(&c);
	ok(crowd_most(&c, most) == 0 && *most == '\0' &&
		crowd_count(&c, "192.0.2.1") == 0,
	    "at first there is nobody");
	crowd_remove(&c, "192.0.2.1", 0);
	for (i = 0; i < MANY; i++)
		crowd_add(&c, name(i));
	for (i = 0; i < 3; i++)
		crowd_add(&c, "192.0.2.1");
	for (i = 0; i < MANY; i++)
		wrong += crowd_count(&c, name(i)) != 1;
	ok(wrong == 0 && crowd_count(&c, "192.0.2.1") == 3,
	    "each address is counted by itself");
	ok(crowd_most(&c, most) == 3 && strcmp(most, "192.0.2.1") == 0,
	    "the one that has most is found");
	for (i = 0; i < 3; i++)
		crowd_remove(&c, "192.0.2.1", 0);
	crowd_remove(&c, "192.0.2.1", 0);
	ok(crowd_count(&c, "192.0.2.1") == 0 && crowd_most(&c, most) == 1,
	    "who left counts no more");
	for (i = 0; i < MANY; i++)
		crowd_remove(&c, name(i), 0);
	ok(crowd_most(&c, most) == 0, "nor anybody, when all left");
	crowd_add(&c, "::1");
	crowd_fini(&c);
	paces();
	return done();
}
