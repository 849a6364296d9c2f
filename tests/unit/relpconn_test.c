/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/answers.h"
#include "collector/intake.h"
#include "collector/relpconn.h"
#include "collector/relpserver.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "tests/tap.h"

/*
 * A listener, its loop, its ring and its receipts in one process; we are sender
 * and writer.
 */
static struct site_log logs[1] = { { .name = "evidence" } };
static struct site site = { .logs = logs, .n_logs = 1 };
static struct site_listener conf;
static struct event_base *base;
static struct ring *ring;
static struct receipt *receipt;
static struct resent *resent;
static struct intake in;
static struct listener l;
static struct buf got; /* what came out of the ring or was answered, as text */

#define OPEN "1 open 30 relp_version=0\ncommands=syslog\n"
#define OPENED                                                                 \
	"1 rsp 59 200 OK|relp_version=0|relp_software=konseki|commands="       \
	"syslog|"

static void
begin(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	conf = (struct site_listener){ .name = "t",
		.transport = SITE_RELP,
		.max_frame = 32,
		.max_connections = 10,
		.max_per_source = 10 };
	base = event_base_new();
	ring = ring_new(0);
	ring_taker(ring);
	receipt = receipt_new();
	receipt_begin(receipt);
	resent = resent_new();
	intake_init(&in, base, ring, &site);
	listen_open(&l, &in, &conf, fd, NULL);
	l.relp = relpserver_new(&in, receipt, resent);
	buf_init(&got);
}

static void
end(void)
{
	close(l.fd);
	listen_close(&l);
	relpserver_free(l.relp);
	intake_fini(&in);
	event_base_free(base);
	ring_free(ring);
	receipt_free(receipt);
	resent_free(resent);
	buf_fini(&got);
}

/* Let everything happen that can. */
static void
turn(void)
{
	int i;

	for (i = 0; i < 40; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	intake_publish(&in);
}

/* "S|R ..|Rx ..|G relp-error why bytes|E peer-closed|": what the writer sees */
static const char *
writer(void)
{
	static const char *const words[] = { "count", "bytes", "why" };
	struct ringmsg m;
	size_t i;

	got.len = 0;
	while (ring_next(ring, &m) == 1)
		switch (m.kind) {
		case RINGMSG_STREAM:
			buf_str(&got, "S|");
			break;
		case RINGMSG_RECORD:
			buf_printf(&got, "R%s%s ",
			    m.flags & RECORD_CUT ? "x" : "",
			    m.flags & RECORD_PARTIAL ? "f" : "");
			if (m.body.len > 40)
				buf_printf(&got, "%zu", m.body.len);
			else
				buf_span(&got, m.body);
			buf_byte(&got, '|');
			break;
		case RINGMSG_END:
			buf_str(&got, "E ");
			buf_span(&got, m.body);
			buf_byte(&got, '|');
			break;
		case RINGMSG_GAP:
			buf_printf(&got, "G %s", gap_name(m.flags));
			for (i = 0; i < 3; i++) {
				buf_byte(&got, ' ');
				record_word_get(m.body, words[i], &got);
			}
			buf_byte(&got, '|');
			break;
		case RINGMSG_START:
		case RINGMSG_COUNTERS:
			break;
		}
	return buf_cstr(&got);
}

/* All that was taken is durable. */
static void
give(void)
{
	receipt_give(receipt, 0, ring_given(ring));
	receipt_wake(receipt);
	turn();
}

static int
dial(void)
{
	struct endpoint peer = { .address = "192.0.2.1", .port = 999 };
	int sp[2];

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp);
	relpconn_open(&l, sp[0], &peer);
	return sp[1];
}

static void
say(int fd, struct span s)
{
	ssize_t n = write(fd, s.p, s.len);

	if (n != (ssize_t)s.len)
		ok(0, "cannot send: %s", strerror(errno));
	turn();
}

/* What was answered, with '|' for LF; "$" behind the end. */
static const char *
heard(int fd)
{
	char part[4096];
	ssize_t n, i;

	got.len = 0;
	while ((n = read(fd, part, sizeof(part))) > 0)
		for (i = 0; i < n; i++)
			buf_byte(&got,
			    part[i] == '\n' ? '|' : (uint8_t)part[i]);
	if (n == 0)
		buf_byte(&got, '$');
	return buf_cstr(&got);
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
	fd = dial();
	say(fd, SPAN(OPEN "2 syslog 36 a message of more than one frame"));
	is(heard(fd), OPENED, "a session opens");
	is(writer(), "S|Rx a message of more than one frame|",
	    "a piece of a message is taken");
	say(fd, SPAN(" max\n"));
	is(writer(), "R  max|", "and the rest of it");
	is(heard(fd), "", "which is not answered");
	give();
	is(heard(fd), "2 rsp 6 200 OK|", "before it is durable");
	say(fd, SPAN("3 syslog 36 a message of more than one frame"));
	writer();
	receipt_begin(receipt); /* it may not have written the first piece */
	say(fd, SPAN(" max\n"));
	is(writer(), "R  max|E writer-restart|",
	    "what two writers had in part ends the session");
	give();
	is(heard(fd), "$", "and is not answered");
	close(fd);
	end();
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
	fd = dial();
	say(fd, buf_view(&many));
	heard(fd);
	for (pos = 0; pos + 11 < got.len; pos++)
		heard_of += memcmp(got.p + pos, "200 already", 11) == 0;
	ok(heard_of == n, "%zu of %zu commands were answered", heard_of, n);
	is(writer(), "S|R a|", "and what comes behind them is taken");
	buf_fini(&many);
	close(fd);
	end();
}

/* A reload takes the listener away: that is said as a stop is. */
static void
removed(void)
{
	int fd;

	begin();
	fd = dial();
	say(fd, SPAN(OPEN "2 syslog 1 a\n"));
	heard(fd);
	l.leaving = true;
	relpconn_stop(TAILQ_FIRST(&l.sessions));
	turn();
	is(heard(fd), "", "what is under way is waited for");
	writer();
	give();
	is(heard(fd), "2 rsp 6 200 OK|0 serverclose 0|$",
	    "and answered, and then we end");
	is(writer(), "E listener-removed|", "which the stream says");
	close(fd);
	fd = dial();
	say(fd, SPAN(OPEN "2 syslog 1 a\n"));
	relpconn_close(TAILQ_FIRST(&l.sessions));
	turn();
	is(writer(), "S|R a|E listener-removed|", "also without a word");
	close(fd);
	end();
}

/* The g1 of what was wrong. */
static const char *
told(void)
{
	loss_finish(&l.loss, &in, 1);
	intake_publish(&in);
	return writer();
}

/* What RELP does not have is told with all of its bytes. */
static void
wrong(void)
{
	int fd;

	begin();
	fd = dial();
	say(fd,
	    SPAN(OPEN "2 x 41 a command of more than one frame, this is\n"));
	heard(fd);
	is(told(),
	    "S|Rx 2 x 41 a command of more than one frame|R , this is\n|"
	    "G relp-error 1 49 unknown-command|",
	    "an unknown command in pieces is one, of so many bytes");
	say(fd, SPAN("3 x 41 a command of more than one frame, "));
	close(fd);
	turn();
	is(told(),
	    "Rx 3 x 41 a command of more than one frame|Rf , |E peer-closed|"
	    "G relp-error 1 39 unknown-command|",
	    "so is one that breaks off");
	end();

	begin();
	fd = dial();
	say(fd, SPAN(OPEN "2 syslog 1 a\n3 close 0\n4 syslog 1 b\n"));
	is(writer(), "S|R a|Rf 4 syslog 1 b\n|",
	    "what is behind the end is kept");
	give();
	is(heard(fd), OPENED "2 rsp 6 200 OK|3 rsp 6 200 OK|0 serverclose 0|$",
	    "and the end is answered");
	is(told(), "E relp-error|G relp-error 1 13 after-close|",
	    "but it is told that there was more");
	close(fd);
	end();
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
		    SPAN(OPEN "2 syslog 1 a\n3 syslog 1 b\n"), "S|R a|R b|" },
		{ "one that goes back is not, nor what follows, which is told "
		  "once",
		    SPAN(OPEN "2 syslog 1 a\n2 syslog 1 b\n1 syslog 1 c\n"),
		    "S|R a|R b|R c|G relp-error 1 13 txnr|" },
		{ "nor is one that was left out", SPAN(OPEN "3 syslog 1 a\n"),
		    "S|R a|G relp-error 1 13 txnr|" },
		{ "nor one without a number, which is not answered",
		    SPAN(OPEN "0 syslog 1 a\n"),
		    "S|R a|G relp-error 1 13 txnr|" },
		{ "nor a first one that is not the first",
		    SPAN("7 open 30 relp_version=0\ncommands=syslog\n"),
		    "G relp-error 1 41 txnr|" },
		{ "pieces have one number",
		    SPAN(OPEN "2 syslog 36 a message of more than one frame "
			      "max\n3 syslog 1 a\n"),
		    "S|Rx a message of more than one frame|R  max|R a|" },
	};
	size_t i;
	int fd;

	for (i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		begin();
		fd = dial();
		say(fd, says[i].in);
		is(told(), says[i].want, "%s", says[i].name);
		close(fd);
		end();
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
	conf.max_frame = RECORD_BODY_MAX;
	memset(part, 'x', sizeof(part));
	fd = dial();
	say(fd, SPAN(OPEN "2 y 1048576 "));
	for (i = 0; i < 16; i++)
		say(fd, span_make(part, sizeof(part)));
	say(fd, SPAN("\n"));
	for (n = 0; ring_next(ring, &m) == 1;)
		if (m.kind == RINGMSG_RECORD) {
			sum += m.body.len;
			n += (m.flags & RECORD_CUT) == 0;
		}
	ok(sum == 1048576 + strlen("2 y 1048576 \n") && n == 1,
	    "a command as large as a record is kept with its head: %zu", sum);
	heard(fd);
	ok(strstr(buf_cstr(&got), "500 unknown") != NULL, "and answered");
	close(fd);
	end();
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
	conf.max_frame = RECORD_BODY_MAX;
	fd = dial();
	say(fd, SPAN(OPEN "2 syslog 1 a\n3 syslog 1048576 "));
	for (pos = 0; pos < len; pos += n) {
		n = len - pos < 65536 ? len - pos : 65536;
		say(fd, span_make(large + pos, n));
	}
	writer();
	while (ring_room(ring) >= size + ringmsg_size(0))
		intake_record(&in, 0, 1, 0, 0, 0, SPAN(""));
	say(fd, SPAN("!"));
	ok(in.n_waiting == 1, "there is room for a part of it");
	writer();
	turn();
	is(writer(), "Rf xxxxxxxxxxxxxxxxx!|", "the rest follows");
	give();
	is(told(), "E relp-error|G relp-error 1 1048594 no-frame|",
	    "and all of it is told");
	close(fd);
	end();
	free(large);
}

/* Many who send what is answered at once, and read nothing. */
static void
crowd(void)
{
	const int small = 4096;
	struct endpoint peer = { .address = "192.0.2.1", .port = 999 };
	struct buf many;
	int fd[250], sp[2];
	size_t i, k, n = sizeof(fd) / sizeof(fd[0]);

	begin();
	buf_init(&many);
	buf_str(&many, OPEN);
	for (i = 0; i < 30000; i++)
		buf_str(&many, "2 open 0\n");
	for (i = 0; i < n; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp) !=
		    0)
			break;
		setsockopt(sp[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
		relpconn_open(&l, sp[0], &peer);
		fd[i] = sp[1];
		say(fd[i], span_sub(buf_view(&many), 0, 180000));
	}
	ok(i == n && in.held <= INTAKE_HELD_MAX + n * INTAKE_LEAST,
	    "of %zu who do not read %zu bytes are held", i, in.held);
	for (k = 0; k < i; k++)
		close(fd[k]);
	turn();
	buf_fini(&many);
	end();
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
