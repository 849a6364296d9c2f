/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "collector/silence.h"
#include "common/utc.h"
#include "tests/tap.h"

#define DAY (uint64_t) UTC_DAY
#define START (20000 * DAY)

static struct site_listener listener = { .name = "udp", .silence_s = 86400 };
static const struct site site = { .listeners = &listener, .n_listeners = 1 };

int
main(void)
{
	static struct talker who[40];
	size_t i, said = 0;

	for (i = 0; i < 40; i++) {
		strcpy(who[i].listener, "udp");
		strcpy(who[i].transport, "udp");
		strcpy(who[i].peer, "192.0.2.1");
		talker_count(&who[i], START, 1);
	}
	ok(silence_look(who, 40, &site, START + DAY) == 0, "nobody is silent");
	talker_count(&who[3], START + DAY, 1);
	ok(silence_look(who, 40, &site, START + 2 * DAY) == 39,
	    "a day later all but one are");
	for (i = 0; i < 40; i++)
		said += who[i].alarmed == who[i].last;
	ok(said == 39 && who[3].alarmed == 0, "each is remembered");
	ok(silence_look(who, 40, &site, START + 2 * DAY) == 39,
	    "and goes on being silent");
	talker_count(&who[4], START + 2 * DAY, 1);
	ok(silence_look(who, 40, &site, START + 2 * DAY) == 38 &&
		who[4].alarmed == 0,
	    "until it is heard");
	ok(silence_look(who, 40, &site, START + 9 * DAY) == 40 &&
		who[4].alarmed == who[4].last,
	    "another silence is another alarm");
	return done();
}
