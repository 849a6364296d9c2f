/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/relp.h"
#include "collector/relpconn.h"
#include "common/num.h"
#include "evidence/record.h"
#include "tests/tap.h"
#include "tests/unit/receive_lib.h"

/*
 * A sender and a writer who do at random what they may: messages in pieces, of
 * the network's and of ours; answers read late; a ring that is full; sessions
 * that are broken off or ended by us; a writer that dies with what it had taken
 * and not made durable.  Whatever happens, a message that was answered is
 * durable, answers come in order, and in the end each message was answered.
 */
#define MESSAGES 3000u
#define MAX_FRAME 480u
#define WINDOW 3000u
#define STILL 20000u /* steps without an answer: nobody will be told */

/* The i-th message: some are longer than a frame may be. */
static void
message(unsigned i, struct buf *m)
{
	unsigned len = i % 5 == 0 ? 300 + i % 1500 : i % 60, k;

	m->len = 0;
	buf_printf(m, "%u ", i);
	for (k = 0; k < len; k++)
		buf_byte(m, (uint8_t)('a' + (i + k) % 26));
}

/* --- the writer --------------------------------------------------------------
 */

#define STREAMS 64u		  /* there are never so many at once */
static struct buf begun[STREAMS]; /* messages in pieces */
static struct buf want;		  /* what one must be */
static bool taken[MESSAGES];	  /* whole */
static bool durable[MESSAGES];
static unsigned wrong; /* sessions that ended for what was no RELP */

/* All there is: one process has both halves of the ring. */
static void
writer_takes(void)
{
	struct ringmsg m;
	struct buf *b;
	uint64_t i;
	size_t digits;

	while (ring_next(lib_ring, &m) == 1) {
		b = &begun[m.stream % STREAMS];
		if (m.kind == RINGMSG_STREAM)
			b->len = 0;
		wrong += m.kind == RINGMSG_END && span_is(m.body, "relp-error");
		if (m.kind != RINGMSG_RECORD || m.port == LIB_FILLER)
			continue;
		buf_span(b, m.body);
		if ((m.flags & (RECORD_CUT | RECORD_PARTIAL)) != 0)
			continue;
		digits = strcspn(buf_cstr(b), " ");
		if (num_parse(span_sub(buf_view(b), 0, digits), MESSAGES - 1,
			&i) == 0) {
			message((unsigned)i, &want);
			if (span_eq(buf_view(&want), buf_view(b)))
				taken[i] = true;
		}
		b->len = 0;
	}
}

static void
writer_gives(void)
{
	unsigned i;

	for (i = 0; i < MESSAGES; i++)
		durable[i] = durable[i] || taken[i];
	receipt_give(lib_receipt, 0, ring_given(lib_ring));
	receipt_wake(lib_receipt);
}

/* What is not durable is gone, be it a part of a message. */
static void
writer_dies(void)
{
	unsigned i;

	memset(taken, 0, sizeof(taken));
	for (i = 0; i < STREAMS; i++)
		begun[i].len = 0;
	receipt_begin(lib_receipt);
}

/* --- the sender --------------------------------------------------------------
 */

static struct sender {
	int fd; /* or -1 */
	struct buf out, in;
	size_t sent;	   /* of out */
	unsigned commands; /* of a hundred frames, that we do not have */
	bool calm;	   /* no session is broken off, no writer dies */
	uint32_t txnr, head, tail;
	struct {
		bool message;
		unsigned i;
	} due[WINDOW];	      /* by number */
	unsigned first, next; /* message not answered; and not sent */
	unsigned sessions, answers, early, odd;
} s;

static void
sender_dials(void)
{
	s.fd = lib_dial(lib_dice(2) ? 4096 : 0);
	s.sent = s.out.len = s.in.len = 0;
	s.txnr = 1;
	s.head = s.tail = 2;
	s.next = s.first;
	relp_print(&s.out, 1, "open", SPAN("relp_version=0\ncommands=syslog"));
	s.sessions++;
}

static void
sender_ends(void)
{
	close(s.fd);
	s.fd = -1;
}

static void
sender_prints(unsigned n)
{
	if (s.head == s.tail || lib_dice(4) == 0)
		s.commands = lib_dice(3) == 0 ? 100 : lib_dice(10);
	if (s.commands == 100)
		n = WINDOW;
	while (n-- > 0 && s.tail - s.head < WINDOW && s.next < MESSAGES) {
		s.due[s.tail % WINDOW].message = lib_dice(100) >= s.commands;
		s.due[s.tail % WINDOW].i = s.next;
		if (s.due[s.tail % WINDOW].message) {
			message(s.next++, &want);
			relp_print(&s.out, s.tail, "syslog", buf_view(&want));
		} else
			relp_print(&s.out, s.tail, "x", SPAN("abc"));
		s.tail++;
	}
}

static void
sender_writes(size_t most)
{
	size_t left = s.out.len - s.sent;
	ssize_t n = write(s.fd, s.out.p + s.sent, left < most ? left : most);

	if (n > 0)
		s.sent += (size_t)n;
	if (s.sent == s.out.len)
		s.sent = s.out.len = 0;
}

static void
answered(const struct relp_frame *f)
{
	unsigned code = 0;
	struct span text;

	if (f->command == RELP_SERVERCLOSE)
		return;
	s.odd += f->command != RELP_RSP ||
	    relp_rsp_parse(f->data, &code, &text) != 0;
	if (f->txnr == 1) {
		s.odd += code != 200;
		return;
	}
	s.odd += f->txnr != s.head || s.head == s.tail;
	if (s.due[s.head % WINDOW].message) {
		s.odd += code != 200;
		s.early += !durable[s.due[s.head % WINDOW].i];
		s.first = s.due[s.head % WINDOW].i + 1;
	} else
		s.odd += code != 500;
	s.head++;
	s.answers++;
}

static void
sender_reads(void)
{
	struct relp r;
	struct relp_frame f;
	size_t pos = 0;
	ssize_t n = read(s.fd, buf_reserve(&s.in, 3000), 3000);

	if (n == 0) {
		sender_ends();
		return;
	}
	s.in.len += n > 0 ? (size_t)n : 0;
	relp_init(&r, 1000);
	while (relp_next(&r, s.in.p + pos, s.in.len - pos, &f) == 1) {
		answered(&f);
		pos += f.len;
	}
	if (pos > 0)
		memmove(s.in.p, s.in.p + pos, s.in.len - pos);
	s.in.len -= pos;
}

/* --- both --------------------------------------------------------------------
 */

static void
step(void)
{
	struct relpconn *c = TAILQ_FIRST(&lib_l.sessions);
	unsigned what = lib_dice(s.calm ? 960 : 1000);

	if (s.fd < 0)
		sender_dials();
	if (what < 150)
		sender_prints(lib_dice(lib_dice(2) ? WINDOW : 100));
	else if (what < 350)
		sender_writes(1 + lib_dice(lib_dice(2) ? 200000 : 50));
	else if (what < 500)
		sender_reads();
	else if (what < 750)
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
	else if (what < 790)
		writer_takes();
	else if (what < 850)
		writer_gives();
	else if (what < 960)
		lib_fill(
		    lib_dice(2) ? lib_dice(2000) : 530000 + lib_dice(100000));
	else if (what < 985)
		writer_dies();
	else if (what < 995)
		sender_ends();
	else if (c != NULL)
		relpconn_stop(c);
}

static void
run(uint32_t seed)
{
	unsigned steps = 0, still = 0, answers = 0;

	lib_seed = seed;
	s.calm = seed % 2;
	memset(durable, 0, sizeof(durable));
	memset(taken, 0, sizeof(taken));
	s.first = s.sessions = s.answers = s.early = s.odd = wrong = 0;
	s.fd = -1;
	while (s.first < MESSAGES && still < STILL &&
	    s.odd + s.early + wrong == 0) {
		step();
		steps++;
		still = s.answers == answers ? still + 1 : 0;
		answers = s.answers;
	}
	if (s.fd >= 0)
		sender_ends();
	while (!TAILQ_EMPTY(&lib_l.sessions)) {
		writer_takes();
		writer_gives();
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
	}
	ok(s.first == MESSAGES && still < STILL && s.early == 0 && s.odd == 0 &&
		wrong == 0,
	    "seed %u: %u answers in %u steps and %u sessions", seed, s.answers,
	    steps, s.sessions);
	printf("# of %u messages; %u too early, %u that nobody expected, %u "
	       "sessions wrong\n",
	    s.first, s.early, s.odd, wrong);
}

static void
set_up(void)
{
	static const struct site_listener conf = { .name = "t",
		.transport = SITE_RELP,
		.max_frame = MAX_FRAME };
	unsigned i;

	lib_begin(&conf, socket(AF_INET, SOCK_STREAM, 0));
	for (i = 0; i < STREAMS; i++)
		buf_init(&begun[i]);
	buf_init(&want);
	buf_init(&s.out);
	buf_init(&s.in);
}

static void
tear_down(void)
{
	unsigned i;

	lib_end();
	for (i = 0; i < STREAMS; i++)
		buf_fini(&begun[i]);
	buf_fini(&want);
	buf_fini(&s.out);
	buf_fini(&s.in);
}

int
main(int argc, char **argv)
{
	uint32_t seed, n = argc > 1 ? (uint32_t)atoi(argv[1]) : 12;

	signal(SIGPIPE, SIG_IGN);
	set_up();
	for (seed = 1; seed <= n; seed++)
		run(seed);
	ok(lib_in.held == 0 && lib_in.n_conns == 0, "and nothing is left over");
	tear_down();
	return done();
}
