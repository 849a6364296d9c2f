/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "collector/loss.h"
#include "collector/pace.h"
#include "collector/shed.h"
#include "collector/tally.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

#define SECOND (uint64_t) UTC_SECOND

/* What the writer has seen since the last time. */
static struct {
	uint64_t gaps, count, bytes, others, senders;
	char peer[64];
} seen;

static void
look(void)
{
	struct ringmsg m;
	struct buf peer;
	uint64_t n;

	memset(&seen, 0, sizeof(seen));
	buf_init(&peer);
	intake_publish(&lib_in);
	event_base_loop(lib_base, EVLOOP_NONBLOCK);
	while (ring_next(lib_ring, &m) == 1) {
		if (m.kind != RINGMSG_GAP)
			continue;
		seen.gaps++;
		if (record_word_get_u64(m.body, "count", &n) == 1)
			seen.count += n;
		if (record_word_get_u64(m.body, "bytes", &n) == 1)
			seen.bytes += n;
		if (record_word_get_u64(m.body, "senders", &n) == 1)
			seen.senders += n;
		peer.len = 0;
		if (record_word_get(m.body, "peer", &peer) == 1)
			snprintf(seen.peer, sizeof(seen.peer), "%s",
			    buf_cstr(&peer));
		if (span_is(buf_view(&peer), "-"))
			seen.others += n > 0;
	}
	buf_fini(&peer);
}

static void
minutes(void)
{
	uint64_t now = 1000 * SECOND;
	struct tally t;
	int i;

	tally_init(&t, "l", 0);
	tally_tell(&t, &lib_in, now, false);
	look();
	ok(seen.gaps == 0, "without losses there is nothing to say");
	for (i = 0; i < 5; i++)
		tally_add(&t, GAP_REFUSED_SOURCE, "192.0.2.1", 10, now);
	tally_tell(&t, &lib_in, now, false);
	look();
	ok(seen.gaps == 1 && seen.count == 5 && seen.bytes == 50 &&
		strcmp(seen.peer, "192.0.2.1") == 0,
	    "the first time is told at once");
	tally_add(&t, GAP_REFUSED_SOURCE, "192.0.2.1", 10, now + SECOND);
	tally_add(&t, GAP_RATE_LIMIT, "192.0.2.1", 10, now + SECOND);
	tally_tell(&t, &lib_in, now + SECOND, false);
	look();
	ok(seen.gaps == 1 && seen.count == 1, "each kind by itself");
	tally_tell(&t, &lib_in, now + 59 * SECOND, false);
	look();
	ok(seen.gaps == 0, "and not again before a minute");
	tally_tell(&t, &lib_in, now + 60 * SECOND, false);
	look();
	ok(seen.gaps == 1 && seen.count == 1, "but then");
	tally_add(&t, GAP_REFUSED_SOURCE, "192.0.2.1", 10, now + 61 * SECOND);
	tally_tell(&t, &lib_in, now + 61 * SECOND, true);
	look();
	ok(seen.gaps == 1 && seen.count == 1, "at the end all is told");
	tally_fini(&t);
}

static void
many(void)
{
	uint64_t now = 1000 * SECOND, sum = 0;
	struct tally t;
	char peer[32];
	unsigned i;

	tally_init(&t, "l", 0);
	for (i = 0; i < 10 * TALLY_MAX; i++) {
		snprintf(peer, sizeof(peer), "10.0.%u.%u", i / 256, i % 256);
		tally_add(&t, GAP_REFUSED_SOURCE, peer, 1, now);
	}
	tally_tell(&t, &lib_in, now, false);
	look();
	sum += seen.count;
	ok(seen.gaps == TALLY_MAX + 1 && seen.others == 1,
	    "forged addresses share a row when there is none left");
	ok(sum == 10 * TALLY_MAX, "and nothing is missing in the sum");
	tally_add(&t, GAP_REFUSED_SOURCE, "192.0.2.9", 1, now + 30 * SECOND);
	tally_tell(&t, &lib_in, now + 61 * SECOND, false);
	look();
	ok(seen.gaps == 1 && seen.others == 1, "so does a newcomer");
	tally_add(&t, GAP_REFUSED_SOURCE, "192.0.2.9", 1, now + 62 * SECOND);
	tally_tell(&t, &lib_in, now + 62 * SECOND, false);
	look();
	ok(strcmp(seen.peer, "192.0.2.9") == 0,
	    "until a row had its say and its minute");
	tally_fini(&t);
}

/* What single senders did is told apart, by sender and reason; to a limit. */
static void
apart(void)
{
	struct loss_who who = { "192.0.2.1", 1, SPAN("why=a") };
	struct loss l;
	char peer[32];
	unsigned i;

	loss_init(&l, "l", 0);
	loss_add_one(&l, GAP_RELP_ERROR, &who, 5, 1, 2);
	who.port = 2;
	loss_add_one(&l, GAP_RELP_ERROR, &who, 5, 3, 4);
	who.words = SPAN("why=b");
	loss_add_one(&l, GAP_RELP_ERROR, &who, 5, 3, 4);
	who.address = "192.0.2.2";
	loss_add_one(&l, GAP_RELP_ERROR, &who, 5, 3, 4);
	loss_add_one(&l, GAP_TLS_HANDSHAKE, &who, 5, 3, 4);
	ok(!loss_told(&l), "there is something to tell");
	loss_tell(&l, &lib_in, 5);
	ok(loss_told(&l), "and it is told");
	look();
	ok(seen.gaps == 4 && seen.count == 5 && seen.bytes == 25,
	    "each sender, reason and kind by itself; another port is none");
	ok(l.total[GAP_RELP_ERROR] == 4 && l.total[GAP_TLS_HANDSHAKE] == 1,
	    "and counted");
	for (i = 0; i < 3 * LOSS_APART; i++) {
		snprintf(peer, sizeof(peer), "10.0.0.%u", i / 2);
		who.address = peer;
		who.words = i % 2 == 0 ? SPAN("why=a") : SPAN("why=b");
		loss_add_one(&l, GAP_RELP_ERROR, &who, 1, 3, 4);
	}
	loss_tell(&l, &lib_in, 5);
	look();
	ok(seen.gaps == LOSS_APART + 1 && seen.senders == LOSS_APART,
	    "who is too many shares a g1 that says how many they are");
	ok(seen.count == 3 * LOSS_APART, "and the sum is exact");
	loss_fini(&l);
}

/* What is told of a stream stands in the totals as well. */
static void
totals(void)
{
	struct shed s = { 0 };
	struct loss l;

	loss_init(&l, "l", 0);
	shed_add(&s, 10, 1, 0);
	shed_add(&s, 10, 2, 10);
	shed_tell(&s, GAP_RESYNC, &l, &lib_in, 7, "192.0.2.1");
	look();
	ok(seen.gaps == 1 && seen.count == 2 && l.total[GAP_RESYNC] == 2,
	    "what a g1 of a stream says is counted");
	shed_tell(&s, GAP_RESYNC, &l, &lib_in, 7, "192.0.2.1");
	ok(l.total[GAP_RESYNC] == 2, "once");
	loss_fini(&l);
}

static void
pace(void)
{
	struct pace p = { 0 };
	uint64_t now = 1000 * SECOND, sent, wait;

	ok(pace_add(&p, 100, 100, now) == 0,
	    "a second's worth may come at once");
	ok(pace_add(&p, 100, 50, now) == SECOND / 2,
	    "what is beyond must wait");
	ok(pace_add(&p, 100, 1, now + 10 * SECOND) == 0,
	    "time that passed is forgiven");
	ok(pace_add(&p, 100, 150, now + 20 * SECOND) == SECOND / 2,
	    "but not saved up");
	p = (struct pace){ 0 };
	for (sent = 0; sent < 10000; sent += 40) {
		wait = pace_add(&p, 100, 40, now);
		now += wait;
	}
	ok(now >= 1098 * SECOND && now <= 1100 * SECOND,
	    "over time it is the limit");
	now += 1; /* the clock is set back by an hour */
	p.due = now + 3600 * SECOND;
	ok(pace_add(&p, 100, 1, now) == 0, "a clock that was set is no debt");
}

int
main(void)
{
	lib_ring_begin();
	look();
	minutes();
	many();
	apart();
	totals();
	pace();
	lib_ring_end();
	return done();
}
