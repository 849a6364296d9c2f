/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/conn.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

static void
begin(void)
{
	static const struct site_listener conf = { .name = "t",
		.transport = SITE_TCP,
		.max_frame = 480,
		.max_connections = 10,
		.max_per_source = 10 };

	lib_begin(&conf, socket(AF_INET, SOCK_STREAM, 0));
}

static void
send_text(int fd, struct span s)
{
	ssize_t n = write(fd, s.p, s.len);

	if (n != (ssize_t)s.len)
		ok(0, "cannot send: %s", strerror(errno));
}

/* Each row: a connection's bytes, then its end. */
static const struct {
	const char *name;
	struct span in;
	const char *want;
} rows[] = {
	{ "a connection without bytes is no stream", { NULL, 0 }, "" },
	{ "lines", SPAN("<1>a\n<2>b\r\n"),
	    "S lf|R <1>a\n|R <2>b\r\n|E peer-closed|" },
	{ "counted", SPAN("4 <1>a4 <2>b"),
	    "S octet|R 4 <1>a|R 4 <2>b|E peer-closed|" },
	{ "half a line at the end", SPAN("<1>a\n<2"),
	    "S lf|R <1>a\n|Rf <2|E peer-closed|" },
	{ "half a frame at the end", SPAN("4 <1>a9 <2>b"),
	    "S octet|R 4 <1>a|Rf 9 <2>b|E peer-closed|" },
	{ "a line end after the last frame is not half of one",
	    SPAN("4 <1>a\n"), "S octet|R 4 <1>a|R \n|E peer-closed|" },
	{ "NUL at the end decides", { (const uint8_t *)"<1>a", 5 },
	    "S nul|R <1>a" },
	{ "stray bytes are kept and told", SPAN("3 <1>xx\n4 <1>b"),
	    "S octet|R 3 <1>|R xx\n|R 4 <1>b|G resync 1 3|E peer-closed|" },
	{ "stray bytes at the end too", SPAN("3 <1>3 <2>xx"),
	    "S octet|R 3 <1>|R 3 <2>|R xx|G resync 1 2|E peer-closed|" },
	{ "TLS on the plain port ends it", SPAN("\x16\x03\x01zzz"),
	    "S raw|R \x16\x03\x01zzz|E tls-on-plain|" },
};

static void
streams(void)
{
	const char *w;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin();
		fd = lib_dial(0);
		if (rows[i].in.len > 0)
			send_text(fd, rows[i].in);
		close(fd);
		lib_turn();
		w = lib_writer();
		ok(strncmp(w, rows[i].want, strlen(rows[i].want)) == 0 &&
			TAILQ_EMPTY(&lib_l.conns) && lib_in.n_conns == 0 &&
			lib_in.held == 0,
		    "%s", rows[i].name);
		if (strncmp(w, rows[i].want, strlen(rows[i].want)) != 0)
			printf("# %s\n", w);
		lib_end();
	}
}

/* Each row: who decides on "2 ab" of 192.0.2.1, and for what. */
static void
sources(void)
{
	static struct site_net far = { .bits = 128 }, near;
	static struct site_source of[2] = {
		{ .addresses = { &far, 1 }, .framing = SITE_FRAMING_NUL },
		{ .addresses = { &near, 1 }, .framing = SITE_FRAMING_OCTET },
	};
	static const struct {
		const char *name;
		size_t n;
		unsigned framing;
		const char *want, *decided;
	} says[] = {
		{ "nobody says how messages are told apart", 0,
		    SITE_FRAMING_AUTO, "lf", "auto" },
		{ "the listener says it", 0, SITE_FRAMING_NUL, "nul",
		    "listener" },
		{ "it is said of another sender", 1, SITE_FRAMING_LF, "lf",
		    "listener" },
		{ "it is said of this one", 2, SITE_FRAMING_LF, "octet",
		    "source" },
	};
	struct buf framing, decided;
	struct ringmsg m;
	size_t i;
	int fd;

	near = (struct site_net){ .addr = { [10] = 0xff, 0xff, 192, 0, 2 },
		.bits = 120 };
	for (i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		begin();
		lib_conf.framing = says[i].framing;
		lib_conf.sources = of;
		lib_conf.n_sources = says[i].n;
		fd = lib_dial(0);
		send_text(fd, SPAN("2 ab"));
		close(fd);
		lib_turn();
		buf_init(&framing);
		buf_init(&decided);
		while (ring_next(lib_ring, &m) == 1)
			if (m.kind == RINGMSG_STREAM) {
				record_word_get(m.body, "framing", &framing);
				record_word_get(m.body, "decided", &decided);
			}
		ok(strcmp(buf_cstr(&framing), says[i].want) == 0 &&
			strcmp(buf_cstr(&decided), says[i].decided) == 0,
		    "%s", says[i].name);
		buf_fini(&framing);
		buf_fini(&decided);
		lib_end();
	}
}

static void
live(void)
{
	char long_line[1200];
	int fd;

	begin();
	fd = lib_dial(0);
	send_text(fd, SPAN("<1>a\n<1>"));
	lib_turn();
	ok(strcmp(lib_writer(), "S lf|R <1>a\n|") == 0,
	    "a whole message goes at once, half of one is held");
	send_text(fd, SPAN("b\n"));
	lib_turn();
	ok(strcmp(lib_writer(), "R <1>b\n|") == 0 && lib_in.held == 0,
	    "until its end is there; then nothing is held");
	memset(long_line, 'x', sizeof(long_line));
	long_line[sizeof(long_line) - 1] = '\n';
	send_text(fd, span_make(long_line, sizeof(long_line)));
	lib_turn();
	ok(strcmp(lib_writer(), "Rx 480|Rx 480|R 240|") == 0,
	    "a long message comes in pieces");
	send_text(fd, SPAN("<1>c"));
	lib_turn();
	conn_close(TAILQ_FIRST(&lib_l.conns));
	lib_turn();
	ok(strcmp(lib_writer(), "Rf <1>c|E collector-stop|") == 0,
	    "closing from our side keeps what is held");
	close(fd);
	lib_end();
}

static void
silence(void)
{
	int64_t until = utc_now() + 10 * UTC_SECOND;
	const char *w = "";
	int fd;

	begin();
	fd = lib_dial(0);
	send_text(fd, span_make("<1>a", 5));
	lib_turn();
	ok(strcmp(lib_writer(), "") == 0,
	    "a NUL alone may be one inside a line");
	while (*w == '\0' && utc_now() < until) {
		event_base_loop(lib_base, EVLOOP_ONCE);
		w = lib_writer();
	}
	ok(strncmp(w, "S nul|R <1>a", 12) == 0,
	    "silence decides that it is "
	    "an end");
	close(fd);
	lib_end();
}

/*
 * Lines of ten bytes; or so many counted messages of one byte and then one of
 * three pieces, over and over: the ring may be full at each piece.
 */
static size_t
fill(uint8_t *block, size_t tiny)
{
	size_t len, i, n;

	for (len = 0, n = 0; n < 50; n++) {
		memset(block + len, 'a', 2000);
		for (i = 0; i < tiny; i++, len += 3)
			memcpy(block + len, "1 <", 3);
		if (tiny > 0)
			memcpy(block + len, "1000 <", 6);
		else
			block[len + 9] = '\n';
		len += tiny > 0 ? 1005 : 10;
	}
	return len;
}

/* The writer does not read: the ring fills, and reading stops. */
static void
back_pressure(size_t tiny)
{
	static uint8_t block[110000];
	size_t gaps = 0, sent = 0, taken = 0, stopped = 0, pos = 0, len;
	struct ringmsg m;
	ssize_t n;
	int fd, rc, ends = 0;

	begin();
	/* Just room enough to read, and not for all that will be read. */
	for (; ring_room(lib_ring) > 560000 + tiny * 37; sent += 100)
		intake_record(&lib_in, 0, 1, 0, 0, 0, span_make(block, 100));
	len = fill(block, tiny);
	fd = lib_dial(0);
	while (stopped < 20) {
		n = write(fd, block + pos, len - pos);
		if (n > 0) {
			sent += (size_t)n;
			pos = (pos + (size_t)n) % len;
			continue;
		}
		lib_turn();
		stopped += lib_in.n_waiting;
	}
	ok(lib_in.n_waiting == 1 && sent > 0,
	    "with a full ring the connection waits (%zu bytes sent)", sent);
	ok(!intake_ready(&lib_in), "and nobody else would read");
	close(fd);
	lib_turn();
	if (tiny == 0) {
		event_base_loopexit(lib_base, &(struct timeval){ .tv_sec = 1 });
		event_base_dispatch(lib_base);
	}
	while (ends == 0) {
		rc = ring_next(lib_ring, &m);
		if (rc < 0)
			break;
		if (rc == 0) {
			lib_turn();
			continue;
		}
		taken += m.kind == RINGMSG_RECORD ? m.body.len : 0;
		ends += m.kind == RINGMSG_END;
		gaps += m.kind == RINGMSG_GAP;
	}
	ok(taken == sent && gaps == 0,
	    "when the writer reads again nothing is missing "
	    "(%zu)",
	    taken);
	ok(lib_in.held == 0 && lib_in.n_waiting == 0 &&
		TAILQ_EMPTY(&lib_l.conns),
	    "and nothing is left over");
	ok(lib_l.loss.sums[GAP_READING_PAUSED].count == (tiny == 0),
	    "a pause of a second is a gap to tell, a shorter one is not");
	lib_end();
}

/* The collector ends while the ring is full: what is lost is counted. */
static void
closed_full(void)
{
	static uint8_t block[200000];
	size_t records = 0, filled = 0, i;
	const int room = sizeof(block);
	uint64_t lost = 0, bytes = 0;
	struct ringmsg m;
	int fd;

	begin();
	for (; ring_room(lib_ring) > 560000; filled++)
		intake_record(&lib_in, 0, 1, 0, 0, 0, span_make(block, 100));
	memset(block, 'a', sizeof(block));
	for (i = 9; i < sizeof(block); i += 10)
		block[i] = '\n';
	fd = lib_dial(0);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	send_text(fd, span_make(block, sizeof(block)));
	lib_turn();
	ok(lib_in.n_waiting == 1 && lib_in.held > 0, "a connection that waits");
	conn_close(TAILQ_FIRST(&lib_l.conns));
	do {
		lib_turn();
		for (i = 0; ring_next(lib_ring, &m) == 1; i++) {
			records += m.kind == RINGMSG_RECORD;
			if (m.kind == RINGMSG_GAP) {
				record_word_get_u64(m.body, "count", &lost);
				record_word_get_u64(m.body, "bytes", &bytes);
			}
		}
	} while (i > 0);
	ok(lost > 0 && records - filled + lost == sizeof(block) / 10 &&
		bytes == 10 * lost,
	    "is closed, and what it had is told: %zu kept, %llu not",
	    records - filled, (unsigned long long)lost);
	close(fd);
	lib_end();
}

/* So many half messages that there is no room to hold another. */
static void
too_much_held(void)
{
	static uint8_t block[8192];
	int fd;

	begin();
	lib_conf.max_frame = 1048576;
	memset(block, 'a', sizeof(block));
	fd = lib_dial(0);
	lib_in.held += INTAKE_HELD_MAX;
	send_text(fd, span_make(block, sizeof(block)));
	lib_turn();
	ok(strcmp(lib_writer(), "S lf|Rx 8192|") == 0,
	    "without room half a message goes as a piece");
	lib_in.held -= INTAKE_HELD_MAX;
	send_text(fd, SPAN("end\n"));
	lib_turn();
	ok(strcmp(lib_writer(), "R end\n|") == 0, "and its end follows");
	close(fd);
	lib_end();
}

/* 10,020 bytes announced; they come in two pieces of what there is. */
static void
large_counted(void)
{
	static uint8_t block[10020];
	int fd;

	begin();
	lib_conf.max_frame = 1048576;
	memset(block, 'a', sizeof(block));
	memcpy(block, "<1>", 3);
	fd = lib_dial(0);
	send_text(fd, SPAN("10020 "));
	send_text(fd, span_make(block, 9000));
	lib_turn();
	ok(strcmp(lib_writer(), "") == 0 && lib_in.held >= 9006,
	    "a large message is held while it comes");
	send_text(fd, span_make(block + 9000, 1020));
	send_text(fd, SPAN("1 <"));
	lib_turn();
	ok(strcmp(lib_writer(), "S octet|R 10026|R 1 <|") == 0 &&
		lib_in.held == 0,
	    "and is one record");
	send_text(fd, SPAN("6000 <"));
	send_text(fd, span_make(block + 1, 5000));
	lib_turn();
	send_text(fd, span_make(block + 1, 999));
	send_text(fd, SPAN("4 <1>"));
	lib_turn();
	ok(strcmp(lib_writer(), "R 6005|") == 0 && lib_in.held < 100,
	    "its memory is given back though half a message follows");
	close(fd);
	lib_end();
}

static void
stopping(void)
{
	int a, b;

	begin();
	a = lib_dial(0);
	b = lib_dial(0);
	lib_turn();
	send_text(a, SPAN("<1>a\n<1>b"));
	lib_in.stopping = true;
	conn_stop(TAILQ_FIRST(&lib_l.conns));
	conn_stop(TAILQ_LAST(&lib_l.conns, conn_list));
	lib_turn();
	ok(strcmp(lib_writer(), "S lf|R <1>a\n|Rf <1>b|E collector-stop|") ==
		    0 &&
		lib_in.n_conns == 0,
	    "a stop takes what has arrived, then ends");
	close(a);
	close(b);
	lib_end();
}

/* A reload takes the listener away, then the collector ends. */
static void
removed(void)
{
	int fd;

	begin();
	fd = lib_dial(0);
	send_text(fd, SPAN("<1>a"));
	lib_turn();
	lib_l.leaving = true;
	conn_close(TAILQ_FIRST(&lib_l.conns));
	lib_turn();
	ok(strcmp(lib_writer(), "S lf|Rf <1>a|E listener-removed|") == 0,
	    "who loses his listener has not met a stop");
	close(fd);
	lib_end();
}

/* Each row: what comes, what of it is put once it waited, and what follows. */
static const struct {
	const char *name;
	struct span in;
	const char *want;
	struct span more;
	const char *rest;
} waiting[] = {
	{ "a line", SPAN("<1>a\n<2>b"), "S lf|R <1>a\n|Rx <2>b|",
	    SPAN("c\n<3>d\n"), "R c\n|R <3>d\n|" },
	{ "the first line", SPAN("<2>b"), "S lf|Rx <2>b|", SPAN("\n"),
	    "R \n|" },
	{ "a counted message", SPAN("9 <1>a"), "S octet|Rx 9 <1>a|",
	    SPAN("bcdef4 <1>b"), "R bcdef|R 4 <1>b|" },
	{ "not what may be a count", SPAN("9"), "", SPAN(" <1>abcdef"),
	    "S octet|R 9 <1>abcdef|" },
	{ "not a count without its message", SPAN("4 <1>a5"),
	    "S octet|R 4 <1>a|", SPAN(" <1>ab"), "R 5 <1>ab|" },
	{ "not blanks in front of a line", SPAN("<1>a\n "), "S lf|R <1>a\n|",
	    SPAN("<1>b\n"), "R  <1>b\n|" },
	{ "not line ends behind a counted message", SPAN("4 <1>a\n"),
	    "S octet|R 4 <1>a|", SPAN("4 <1>b"), "R \n|R 4 <1>b|" },
	{ "stray bytes", SPAN("4 <1>axx"),
	    "S octet|R 4 <1>a|R xx|G resync 1 2|", SPAN("y\n4 <1>b"),
	    "R y\n|R 4 <1>b|" },
	{ "stray bytes but not what may be a count", SPAN("4 <1>axx 4"),
	    "S octet|R 4 <1>a|R xx |G resync 1 3|", SPAN(" <1>b"),
	    "R 4 <1>b|" },
};

static void
waits(void)
{
	const uint64_t begin_at = 1000000000, s = 1000000;
	struct conn *c;
	size_t i, early;
	int fd;

	for (i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
		begin();
		fd = lib_dial(0);
		c = TAILQ_FIRST(&lib_l.conns);
		conn_tick(c, begin_at);
		send_text(fd, waiting[i].in);
		lib_turn();
		conn_tick(c, begin_at + 40 * s); /* seen for the first time */
		conn_tick(c, begin_at + 39 * s + CONN_WAIT);
		early = lib_in.held;
		conn_tick(c, begin_at + 40 * s + CONN_WAIT);
		conn_tell(c);
		intake_publish(&lib_in);
		ok(strcmp(lib_writer(), waiting[i].want) == 0 && early > 0,
		    "%s", waiting[i].name);
		send_text(fd, waiting[i].more);
		lib_turn();
		ok(strcmp(lib_writer(), waiting[i].rest) == 0, "then the rest");
		close(fd);
		lib_end();
	}
}

int
main(void)
{
	size_t tiny;

	streams();
	sources();
	live();
	waits();
	silence();
	for (tiny = 0; tiny < 146; tiny += tiny == 0 ? 130 : 1)
		back_pressure(tiny);
	closed_full();
	too_much_held();
	large_counted();
	stopping();
	removed();
	return done();
}
