/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/utc.h"
#include "site/talker.h"
#include "tests/tap.h"

#define SECOND (uint64_t) UTC_SECOND
#define MINUTE (uint64_t) UTC_MINUTE
#define HOUR (uint64_t) UTC_HOUR
#define DAY (uint64_t) UTC_DAY
#define START (20000 * DAY) /* midnight */

static struct site_listener listener = { .name = "udp", .silence_s = 86400 };
static const struct site site = { .listeners = &listener, .n_listeners = 1 };

static struct talker
talker(void)
{
	struct talker t = { .log = "evidence",
		.listener = "udp",
		.transport = "udp",
		.peer = "192.0.2.1",
		.framing = "none" };

	return t;
}

static void
rates(void)
{
	struct talker t = talker();
	uint64_t i;

	for (i = 0; i < 48 * 60; i++) /* two a minute for two days */
		talker_count(&t, START + i * MINUTE, 10),
		    talker_count(&t, START + i * MINUTE + 30 * SECOND, 10);
	i = START + 2 * DAY;
	ok(t.records == 5760 && t.bytes == 57600, "all is counted");
	ok(t.first == START && t.last == i - 30 * SECOND, "first and last");
	ok(talker_last_minute(&t, i) == 2, "the minute before");
	ok(talker_last_minute(&t, i + MINUTE) == 0,
	    "a minute later it is over");
	ok(talker_last_minute(&t, i - 1) == 2,
	    "within the minute, the last one");
	ok(talker_last_day(&t, i - 1) == 2880, "a day has its 24 hours");
	ok(talker_last_day(&t, i + 12 * HOUR - 1) == 1440,
	    "of which half are left half a day later");
	ok(talker_last_day(&t, i + 3 * DAY) == 0, "and none after days");
	talker_count(&t, START + 9 * DAY, 10);
	ok(talker_last_day(&t, START + 9 * DAY) == 1,
	    "what is long ago does not come back");
}

static void
silence(void)
{
	struct talker t = talker();
	uint64_t i, at;

	for (i = 0; i < 6; i++)
		talker_count(&t, START + i * 10 * MINUTE, 1);
	ok(talker_usual(&t) == 0 && !talker_is_silent(&t, &site, t.last + DAY),
	    "who was seen for less than an hour may be silent for a day");
	ok(talker_is_silent(&t, &site, t.last + DAY + 1), "not longer");
	for (; i < 144; i++)
		talker_count(&t, START + i * 10 * MINUTE, 1);
	at = t.last;
	ok(talker_usual(&t) == 10 * MINUTE, "ten minutes are usual");
	ok(!talker_is_silent(&t, &site, at + 20 * MINUTE),
	    "twice that is not silent");
	ok(talker_is_silent(&t, &site, at + 20 * MINUTE + 2), "more is");
	ok(!talker_is_silent(&t, &site, at - 1),
	    "before its last message it is not");
	talker_count(&t, at + 6 * HOUR, 1);
	at += 6 * HOUR;
	ok(talker_usual(&t) == 6 * HOUR, "a longer silence is usual from then");
	ok(!talker_is_silent(&t, &site, at + 12 * HOUR),
	    "so twice that is fine");
	for (i = 1; i < 10 * 144; i++)
		talker_count(&t, at + i * 10 * MINUTE, 1);
	ok(talker_usual(&t) == 10 * MINUTE, "for seven days");
	t.resumed = true;
	talker_count(&t, t.last + DAY, 1);
	ok(talker_usual(&t) == 10 * MINUTE && !t.resumed,
	    "while we were away nobody was silent");
	talker_count(&t, t.last - HOUR, 1);
	ok(talker_usual(&t) == 10 * MINUTE,
	    "a clock that went back is no silence");
}

/* Whom nobody listened to is not silent; and a listener may say how long. */
static void
limits(void)
{
	struct talker t = talker();

	talker_count(&t, START, 1);
	t.away = 3 * DAY;
	ok(!talker_is_silent(&t, &site, START + 4 * DAY),
	    "the time in which we were not there does not count");
	ok(talker_silence(&t, START + 4 * DAY) == DAY &&
		talker_silence(&t, START + DAY) == 0 &&
		talker_silence(&t, START - 1) == 0,
	    "it is taken off");
	ok(talker_is_silent(&t, &site, START + 4 * DAY + 1), "the rest does");
	talker_count(&t, START + 4 * DAY, 1);
	ok(t.away == 0, "and is over with the next message");
	t = talker();
	talker_count(&t, START, 1);
	listener.silence_s = 3600;
	ok(talker_is_silent(&t, &site, t.last + HOUR + 1),
	    "a listener may say less");
	listener.silence_s = 0;
	ok(!talker_is_silent(&t, &site, t.last + 300 * DAY), "or never");
	listener.silence_s = 86400;
	strcpy(t.listener, "gone");
	ok(!talker_is_silent(&t, &site, t.last + 300 * DAY),
	    "of a listener that is gone nobody is silent");
	strcpy(t.listener, "udp");
	strcpy(t.transport, TALKER_REFUSED);
	ok(!talker_is_silent(&t, &site, t.last + 300 * DAY),
	    "nor is who is refused");
}

static void
fast(void)
{
	struct talker t = talker();
	uint64_t i;

	for (i = 0; i < 4000; i++)
		talker_count(&t, START + i * SECOND, 1);
	ok(!talker_is_silent(&t, &site, t.last + 15 * MINUTE),
	    "who sends each second may be silent for 15 minutes");
	ok(talker_is_silent(&t, &site, t.last + 16 * MINUTE), "not longer");
}

static void
file(void)
{
	struct talker_head h = { 1, 2, 3, UINT64_C(1) << 60 }, g;
	struct talker t = talker(), u;
	struct buf out;
	struct span line;
	size_t i;
	bool all = true;

	strcpy(t.name, "fw 1 \xe6\x97\xa5");
	memset(t.framing, 0, sizeof(t.framing));
	talker_count(&t, START + HOUR, 5);
	talker_count(&t, START + 5 * HOUR, 5);
	strcpy(t.why, "tls-unknown-ca");
	t.away = 7;
	t.alarmed = START;
	t.lost[talker_loss_place(GAP_RATE_LIMIT)] = 9;
	buf_init(&out);
	talker_print(&t, &out);
	line = span_sub(buf_view(&out), 0, out.len - 1);
	ok(out.p[out.len - 1] == '\n' && talker_parse(line, &u) == 0,
	    "a line is taken up again");
	t.resumed = true;
	ok(memcmp(&t, &u, sizeof(t)) == 0, "and says the same");
	for (i = 0;
	     !span_starts(span_sub(line, i + 1, line.len), SPAN(" why=")); i++)
		all = all &&
		    (line.p[i + 1] != ' ' ||
			talker_parse(span_sub(line, 0, i + 1), &u) != 0);
	ok(all, "a line without its end is none");
	ok(talker_parse(span_sub(line, 0, i + 1), &u) == 0 &&
		u.why[0] == '\0' && u.alarmed == 0 && u.away == 0,
	    "but one of an older version is");
	ok(talker_loss_place(GAP_DOWN) == TALKER_LOSSES,
	    "a loss that names nobody has no place");
	out.len = 0;
	talker_print_head(&h, &out);
	ok(talker_parse_head(span_sub(buf_view(&out), 0, out.len - 1), &g) ==
		    0 &&
		memcmp(&g, &h, sizeof(g)) == 0,
	    "so is the first line");
	ok(talker_parse_head(SPAN("sources saved=1"), &g) != 0 &&
		talker_parse_head(line, &g) != 0,
	    "and nothing else is");
	buf_fini(&out);
}

/* A file with a line that is none of a sender, and one without its end. */
static void
reader(void)
{
	const struct talker_head h = { 1, 2, 3, 4 };
	struct talker_reader r;
	struct talker t = talker(), u;
	struct buf out;

	buf_init(&out);
	talker_print_head(&h, &out);
	buf_str(&out, "nothing\n");
	talker_print(&t, &out);
	talker_print(&t, &out);
	ok(talker_begin(&r, span_sub(buf_view(&out), 0, out.len - 1)) == 0 &&
		r.head.saved == 1,
	    "a file begins with its head");
	ok(talker_next(&r, &u) == -1 && r.line == 2,
	    "a line that is none of a sender is named");
	ok(talker_next(&r, &u) == 1 && r.line == 3 &&
		strcmp(u.peer, t.peer) == 0,
	    "the next is read all the same");
	ok(talker_next(&r, &u) == 0, "and what has no end is not there");
	ok(talker_begin(&r, SPAN("nothing\n")) == -1 && r.head.saved == 0 &&
		talker_next(&r, &u) == 0,
	    "a file without a head has none");
	buf_fini(&out);
}

int
main(void)
{
	rates();
	silence();
	limits();
	fast();
	file();
	reader();
	return done();
}
