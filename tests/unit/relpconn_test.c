/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/answers.h"
#include "collector/relpconn.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

#define OPEN "1 open 30 relp_version=0\ncommands=syslog\n"
#define OPENED                                                                 \
	"1 rsp 59 200 OK|relp_version=0|relp_software=konseki|commands="       \
	"syslog|"

static void
begin(void)
{
	static const struct site_listener conf = { .name = "t",
		.transport = SITE_RELP,
		.max_frame = 32,
		.max_connections = 10,
		.max_per_source = 10 };

	lib_begin(&conf, socket(AF_INET, SOCK_STREAM, 0));
}

/* All that was taken is durable. */
static void
give(void)
{
	receipt_give(lib_receipt, 0, ring_given(lib_ring));
	receipt_wake(lib_receipt);
	lib_turn();
}

static void
say(int fd, struct span s)
{
	ssize_t n = write(fd, s.p, s.len);

	if (n != (ssize_t)s.len)
		ok(0, "cannot send: %s", strerror(errno));
	lib_turn();
}

/* What was answered, with '|' for LF; "$" behind the end. */
static const char *
heard(int fd)
{
	char part[4096];
	ssize_t n, i;

	lib_got.len = 0;
	while ((n = read(fd, part, sizeof(part))) > 0)
		for (i = 0; i < n; i++)
			buf_byte(&lib_got,
			    part[i] == '\n' ? '|' : (uint8_t)part[i]);
	if (n == 0)
		buf_byte(&lib_got, '$');
	return buf_cstr(&lib_got);
}

#define is(have, want, ...)                                                    \
	do {                                                                   \
		const char *have_ = have;                                      \
		ok(strcmp(have_, want) == 0, __VA_ARGS__);                     \
		if (strcmp(have_, want) != 0)                                  \
			printf("# %s\n", have_);                               \
	} while (0)

/* The writer ends between two pieces of a message: only the sender has it. */
static void
pieces(void)
{
	int fd;

	begin();
	fd = lib_dial(0);
	say(fd, SPAN(OPEN "2 syslog 36 a message of more than one frame"));
	is(heard(fd), OPENED, "a session opens");
	is(lib_writer(), "S none|Rx a message of more than one frame|",
	    "a piece of a message is taken");
	say(fd, SPAN(" max\n"));
	is(lib_writer(), "R  max|", "and the rest of it");
	is(heard(fd), "", "which is not answered");
	give();
	is(heard(fd), "2 rsp 6 200 OK|", "before it is durable");
	say(fd, SPAN("3 syslog 36 a message of more than one frame"));
	lib_writer();
	receipt_begin(
	    lib_receipt); /* it may not have written the first piece */
	say(fd, SPAN(" max\n"));
	is(lib_writer(), "R  max|E writer-restart|",
	    "what two writers had in part ends the session");
	give();
	is(heard(fd), "$", "and is not answered");
	close(fd);
	lib_end();
}

/* More answers than may be due, and all of them go at once. */
static void
full(void)
{
	static const char frame[] = "2 open 0\n";
	const size_t n = ANSWERS_MAX + 10;
	struct buf many;
	size_t i, pos, heard_of = 0;
	int fd;

	begin();
	buf_init(&many);
	buf_str(&many, OPEN);
	for (i = 0; i < n; i++)
		buf_str(&many, frame);
	buf_str(&many, "3 syslog 1 a\n");
	fd = lib_dial(0);
	say(fd, buf_view(&many));
	heard(fd);
	for (pos = 0; pos + 11 < lib_got.len; pos++)
		heard_of += memcmp(lib_got.p + pos, "200 already", 11) == 0;
	ok(heard_of == n, "%zu of %zu commands were answered", heard_of, n);
	is(lib_writer(), "S none|R a|", "and what comes behind them is taken");
	buf_fini(&many);
	close(fd);
	lib_end();
}

/* A reload takes the listener away: that is said as a stop is. */
static void
removed(void)
{
	int fd;

	begin();
	fd = lib_dial(0);
	say(fd, SPAN(OPEN "2 syslog 1 a\n"));
	heard(fd);
	lib_l.leaving = true;
	relpconn_stop(TAILQ_FIRST(&lib_l.sessions));
	lib_turn();
	is(heard(fd), "", "what is under way is waited for");
	lib_writer();
	give();
	is(heard(fd), "2 rsp 6 200 OK|0 serverclose 0|$",
	    "and answered, and then we end");
	is(lib_writer(), "E listener-removed|", "which the stream says");
	close(fd);
	fd = lib_dial(0);
	say(fd, SPAN(OPEN "2 syslog 1 a\n"));
	relpconn_close(TAILQ_FIRST(&lib_l.sessions));
	lib_turn();
	is(lib_writer(), "S none|R a|E listener-removed|",
	    "also without a word");
	close(fd);
	lib_end();
}

/* The g1 of what was wrong. */
static const char *
told(void)
{
	loss_finish(&lib_l.loss, &lib_in, 1);
	intake_publish(&lib_in);
	return lib_writer();
}

/* What RELP does not have is told with all of its bytes. */
static void
wrong(void)
{
	int fd;

	begin();
	fd = lib_dial(0);
	say(fd,
	    SPAN(OPEN "2 x 41 a command of more than one frame, this is\n"));
	heard(fd);
	is(told(),
	    "S none|Rx 2 x 41 a command of more than one frame|R , this is\n|"
	    "G relp-error 1 49 unknown-command|",
	    "an unknown command in pieces is one, of so many bytes");
	say(fd, SPAN("3 x 41 a command of more than one frame, "));
	close(fd);
	lib_turn();
	is(told(),
	    "Rx 3 x 41 a command of more than one frame|Rf , |E peer-closed|"
	    "G relp-error 1 39 unknown-command|",
	    "so is one that breaks off");
	lib_end();

	begin();
	fd = lib_dial(0);
	say(fd, SPAN(OPEN "2 syslog 1 a\n3 close 0\n4 syslog 1 b\n"));
	is(lib_writer(), "S none|R a|Rf 4 syslog 1 b\n|",
	    "what is behind the end is kept");
	give();
	is(heard(fd), OPENED "2 rsp 6 200 OK|3 rsp 6 200 OK|0 serverclose 0|$",
	    "and the end is answered");
	is(told(), "E relp-error|G relp-error 1 13 after-close|",
	    "but it is told that there was more");
	close(fd);
	lib_end();
}

/* Numbers that do not count up: what has them is taken, and they are told. */
static void
numbers(void)
{
	static const struct {
		const char *name;
		struct span in;
		const char *want;
	} says[] = {
		{ "frames that count up are in order",
		    SPAN(OPEN "2 syslog 1 a\n3 syslog 1 b\n"),
		    "S none|R a|R b|" },
		{ "one that goes back is not, nor what follows, which is told "
		  "once",
		    SPAN(OPEN "2 syslog 1 a\n2 syslog 1 b\n1 syslog 1 c\n"),
		    "S none|R a|R b|R c|G relp-error 1 13 txnr|" },
		{ "nor is one that was left out", SPAN(OPEN "3 syslog 1 a\n"),
		    "S none|R a|G relp-error 1 13 txnr|" },
		{ "nor one without a number, which is not answered",
		    SPAN(OPEN "0 syslog 1 a\n"),
		    "S none|R a|G relp-error 1 13 txnr|" },
		{ "nor a first one that is not the first",
		    SPAN("7 open 30 relp_version=0\ncommands=syslog\n"),
		    "G relp-error 1 41 txnr|" },
		{ "pieces have one number",
		    SPAN(OPEN "2 syslog 36 a message of more than one frame "
			      "max\n3 syslog 1 a\n"),
		    "S none|Rx a message of more than one frame|R  max|R a|" },
	};
	size_t i;
	int fd;

	for (i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		begin();
		fd = lib_dial(0);
		say(fd, says[i].in);
		is(told(), says[i].want, "%s", says[i].name);
		close(fd);
		lib_end();
	}
}

/* The largest command that we do not have: its head is kept as well. */
static void
large_unknown(void)
{
	static uint8_t part[65536];
	size_t sum = 0, n;
	struct ringmsg m;
	int fd, i;

	begin();
	lib_conf.max_frame = RECORD_BODY_MAX;
	memset(part, 'x', sizeof(part));
	fd = lib_dial(0);
	say(fd, SPAN(OPEN "2 y 1048576 "));
	for (i = 0; i < 16; i++)
		say(fd, span_make(part, sizeof(part)));
	say(fd, SPAN("\n"));
	for (n = 0; ring_next(lib_ring, &m) == 1;)
		if (m.kind == RINGMSG_RECORD) {
			sum += m.body.len;
			n += (m.flags & RECORD_CUT) == 0;
		}
	ok(sum == 1048576 + strlen("2 y 1048576 \n") && n == 1,
	    "a command as large as a record is kept with its head: %zu", sum);
	heard(fd);
	ok(strstr(buf_cstr(&lib_got), "500 unknown") != NULL, "and answered");
	close(fd);
	lib_end();
}

/* Bytes that are wrong and for which there is room in part only. */
static void
wrong_in_part(void)
{
	const size_t len = RECORD_BODY_MAX, size = ringmsg_size(len);
	uint8_t *large = malloc(len);
	size_t pos, n;
	int fd;

	memset(large, 'x', len);
	begin();
	lib_conf.max_frame = RECORD_BODY_MAX;
	fd = lib_dial(0);
	say(fd, SPAN(OPEN "2 syslog 1 a\n3 syslog 1048576 "));
	for (pos = 0; pos < len; pos += n) {
		n = len - pos < 65536 ? len - pos : 65536;
		say(fd, span_make(large + pos, n));
	}
	lib_writer();
	while (ring_room(lib_ring) >= size + ringmsg_size(0))
		intake_record(&lib_in, 0, 1, 0, 0, 0, SPAN(""));
	say(fd, SPAN("!"));
	ok(lib_in.n_waiting == 1, "there is room for a part of it");
	lib_writer();
	lib_turn();
	is(lib_writer(), "Rf xxxxxxxxxxxxxxxxx!|", "the rest follows");
	give();
	is(told(), "E relp-error|G relp-error 1 1048594 no-frame|",
	    "and all of it is told");
	close(fd);
	lib_end();
	free(large);
}

/* Many who send what is answered at once, and read nothing. */
static void
crowd(void)
{
	struct buf many;
	int fd[250];
	size_t i, k, n = sizeof(fd) / sizeof(fd[0]);

	begin();
	buf_init(&many);
	buf_str(&many, OPEN);
	for (i = 0; i < 30000; i++)
		buf_str(&many, "2 open 0\n");
	for (i = 0; i < n; i++) {
		fd[i] = lib_dial(4096);
		if (fd[i] < 0)
			break;
		say(fd[i], span_sub(buf_view(&many), 0, 180000));
	}
	ok(i == n && lib_in.held <= INTAKE_HELD_MAX + n * INTAKE_LEAST,
	    "of %zu who do not read %zu bytes are held", i, lib_in.held);
	for (k = 0; k < i; k++)
		close(fd[k]);
	lib_turn();
	buf_fini(&many);
	lib_end();
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	pieces();
	full();
	removed();
	wrong();
	numbers();
	large_unknown();
	wrong_in_part();
	crowd();
	return done();
}
