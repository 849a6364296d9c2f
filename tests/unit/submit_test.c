/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "evidence/submit.h"
#include "evidence/submit_words.h"
#include "tests/tap.h"

/* Whole messages of a client, and whether they are taken; NUL by length. */
#define REQ(name, lit, want)                                                   \
	{                                                                      \
		name, lit, sizeof(lit) - 1, want                               \
	}
static const struct {
	const char *name, *in;
	size_t len;
	int want;
} requests[] = {
	REQ("a stream is opened", "Oevidence\nlistener=a transport=import", 0),
	REQ("a stream without words is left to the words' check", "Oa\n", 0),
	REQ("an operator record", "Pcasebook\naction=x", 0),
	REQ("a seal", "Scasebook", 0),
	REQ("an act of retention", "Hevidence\naction=hold id=a", 0),
	REQ("an act of retention without a log", "Haction=hold id=a", -1),
	REQ("the end of a segment", "Cevidence", 0),
	REQ("of no log", "C", -1),
	REQ("with a line end", "Cevidence\n", -1),
	REQ("an end", "Eclosed", 0),
	REQ("the newest checkpoint", "Nevidence", 0),
	REQ("a cosignature", "Wevidence\nline\n", 0),
	REQ("a token with any bytes", "Tevidence\n\0\n\0", 0),
	REQ("a token that is empty", "Tevidence\n", -1),
	REQ("a cosignature of no log", "W\nline", -1),
	REQ("a file that is lost", "Gevidence\nlistener=a taken=9", 0),
	REQ("one lost of no log", "G\nlistener=a", -1),
	REQ("one empty record", "R\0\0\0\0", 0),
	REQ("one record", "R\4\0\0\3abc", 0),
	REQ("two records", "R\4\0\0\3abc\0\0\0\1z", 0),
	REQ("a record that goes on", "R\x80\0\0\3abc", 0),
	REQ("nothing", "", -1),
	REQ("an unknown letter", "Zevidence", -1),
	REQ("a NUL letter", "\0", -1),
	REQ("no log", "O\nlistener=a", -1),
	REQ("no line end behind the log", "Oevidence", -1),
	REQ("a log with a slash", "O../x\nlistener=a", -1),
	REQ("a log with upper case", "SEvidence", -1),
	REQ("a log of 33 letters", "Saaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -1),
	REQ("a seal with a line end", "Scasebook\n", -1),
	REQ("an end without a reason", "E", -1),
	REQ("no parts", "R", -1),
	REQ("a part's head cut", "R\0\0\0", -1),
	REQ("a part shorter than it says", "R\0\0\0\4abc", -1),
	REQ("a byte behind the last part", "R\0\0\0\1ab", -1),
	REQ("an unknown flag", "R\x10\0\0\1a", -1),
	REQ("an empty part that goes on", "R\x80\0\0\0", -1),
};

static const struct {
	const char *name, *in;
	int want;
} answers[] = {
	{ "a stream's number", "o7", 0 },
	{ "stream 0 is none", "o0", -1 },
	{ "a number with a leading zero", "o07", -1 },
	{ "a number with a tail", "o7 ", -1 },
	{ "sealed", "s1 5 3 9\nnote", 0 },
	{ "sealed, nothing was sent", "s0 0 0 9\nnote", 0 },
	{ "sealed below its last record", "s1 9 3 9\n", -1 },
	{ "first above last", "s5 1 1 9\n", -1 },
	{ "more records than indexes", "s1 5 6 9\n", -1 },
	{ "bounds without records", "s1 5 0 9\n", -1 },
	{ "a size of 10^12", "s0 0 0 1000000000000\n", -1 },
	{ "no line end", "s1 5 3 9", -1 },
	{ "refused", "xno-log\nno log 'x'", 0 },
	{ "refused for no reason known", "xok\n", -1 },
	{ "refused without a line end", "xno-log", -1 },
	{ "a note", "nnote", 0 },
	{ "no note", "n", -1 },
	{ "kept", "k7", 0 },
	{ "kept, with a tail", "k7 ", -1 },
	{ "a letter of the other side", "Scasebook", -1 },
	{ "nothing", "", -1 },
};

#define L "listener=a transport=import framing=lf"
static const struct {
	const char *name, *in;
	enum submit_words_from from;
	const char *want; /* NULL: refused */
} streams[] = {
	{ "uid and replay are added in their places", L " file=x.csv",
	    SUBMIT_WORDS_CLIENT,
	    "listener=a transport=import framing=lf replay=no uid=42 "
	    "file=x.csv" },
	{ "keys are put in order",
	    "framing=none replay=yes transport=local listener=case",
	    SUBMIT_WORDS_CLIENT,
	    "listener=case transport=local framing=none replay=yes uid=42" },
	{ "escapes stay", L " file=%E7%97%95 name=%", SUBMIT_WORDS_CLIENT,
	    "listener=a transport=import framing=lf name=% replay=no uid=42 "
	    "file=%E7%97%95" },
	{ "what was packed",
	    L " member=a.log unit=csv damage=truncated "
	      "container=zip",
	    SUBMIT_WORDS_CLIENT,
	    "listener=a transport=import framing=lf replay=no uid=42 "
	    "unit=csv container=zip member=a.log damage=truncated" },
	{ "the receiver has no uid",
	    "listener=a transport=udp peer=192.0.2.1 framing=none",
	    SUBMIT_WORDS_RECEIVER,
	    "listener=a transport=udp peer=192.0.2.1 framing=none replay=no" },
	{ "a client cannot say its uid", L " uid=0", SUBMIT_WORDS_CLIENT,
	    NULL },
	{ "a client cannot pose as the network",
	    "listener=a transport=udp framing=none", SUBMIT_WORDS_CLIENT,
	    NULL },
	{ "nor the receiver as an import", L, SUBMIT_WORDS_RECEIVER, NULL },
	{ "nor the tailer", L, SUBMIT_WORDS_TAILER, NULL },
	{ "an unknown key", L " stream=4", SUBMIT_WORDS_CLIENT, NULL },
	{ "a key twice", L " file=a file=b", SUBMIT_WORDS_CLIENT, NULL },
	{ "no listener", "transport=local framing=lf", SUBMIT_WORDS_CLIENT,
	    NULL },
	{ "no framing", "listener=a transport=local", SUBMIT_WORDS_CLIENT,
	    NULL },
	{ "an unknown framing", "listener=a transport=local framing=x",
	    SUBMIT_WORDS_CLIENT, NULL },
	{ "two blanks", L "  file=a", SUBMIT_WORDS_CLIENT, NULL },
	{ "a blank at the end", L " ", SUBMIT_WORDS_CLIENT, NULL },
	{ "a line end", L " file=a\nx", SUBMIT_WORDS_CLIENT, NULL },
	{ "a lower-case escape", L " file=%e7", SUBMIT_WORDS_CLIENT, NULL },
	{ "an escape that needs none", L " file=%41", SUBMIT_WORDS_CLIENT,
	    NULL },
	{ "an empty value not written as %", L " file=", SUBMIT_WORDS_CLIENT,
	    NULL },
	{ "a verb", "end " L, SUBMIT_WORDS_CLIENT, NULL },
	{ "nothing", "", SUBMIT_WORDS_CLIENT, NULL },
};

static const struct {
	const char *name, *in, *want;
} gaps[] = {
	{ "a gap", "listener=a count=1", "kind=x listener=a count=1" },
	{ "a kind of its own", "listener=a kind=y", NULL },
	{ "a stream of its own", "listener=a stream=1", NULL },
	{ "a line end", "listener=a\nb", NULL },
	{ "a verb", "end listener=a", NULL },
};

static const struct {
	const char *name, *in, *want;
} operators[] = {
	{ "an action", "action=import file=x", "uid=42 action=import file=x" },
	{ "no action", "file=x", NULL },
	{ "action not first", "file=x action=import", NULL },
	{ "a uid of one's own", "action=import uid=0", NULL },
	{ "nothing", "", NULL },
	{ "a line end", "action=a\nb", NULL },
};

/* What parses prints as it was. */
static void
inverse_request(const char *name, struct span in, int want)
{
	struct submit_request r;
	struct buf out;

	ok(submit_request_parse(in, &r) == want, "%s", name);
	if (want != 0)
		return;
	buf_init(&out);
	submit_request_print(&r, &out);
	ok(span_eq(buf_view(&out), in), "%s: printed as it was", name);
	buf_fini(&out);
}

static void
inverse_answer(const char *name, struct span in, int want)
{
	struct submit_answer a;
	struct buf out;

	ok(submit_answer_parse(in, &a) == want, "answer: %s", name);
	if (want != 0)
		return;
	buf_init(&out);
	submit_answer_print(&a, &out);
	ok(span_eq(buf_view(&out), in), "answer: %s: printed as it was", name);
	buf_fini(&out);
}

static void
parts_test(void)
{
	struct submit_part in[] = { { RECORD_IMPORTED, true, SPAN("ab") },
		{ RECORD_IMPORTED | RECORD_PARTIAL, false, SPAN("c") },
		{ 0, false, SPAN("") } };
	struct submit_request r;
	struct submit_part p;
	struct cursor c;
	struct buf out;
	size_t i;

	buf_init(&out);
	buf_byte(&out, 'R');
	for (i = 0; i < 3; i++)
		submit_part_print(&in[i], &out);
	ok(submit_request_parse(buf_view(&out), &r) == 0 &&
		r.what == SUBMIT_RECORDS,
	    "parts laid end to end are a message");
	c = cursor_make(r.parts);
	for (i = 0; i < 3; i++)
		ok(submit_part_next(&c, &p) == 1 && p.flags == in[i].flags &&
			p.more == in[i].more && span_eq(p.bytes, in[i].bytes),
		    "part %zu comes back", i);
	ok(submit_part_next(&c, &p) == 0, "and then no more");
	buf_fini(&out);
}

static void
words_test(void)
{
	struct buf out;
	size_t i;
	int rc;

	buf_init(&out);
	for (i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		out.len = 0;
		rc = submit_words_stream(span_str(streams[i].in),
		    streams[i].from, 42, &out);
		ok((rc == 0) == (streams[i].want != NULL) &&
			(rc != 0 || span_is(buf_view(&out), streams[i].want)),
		    "stream: %s", streams[i].name);
	}
	for (i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		out.len = 0;
		record_word(&out, "kind", SPAN("x"));
		rc = submit_words_gap(span_str(gaps[i].in), &out);
		ok((rc == 0) == (gaps[i].want != NULL) &&
			(rc != 0 || span_is(buf_view(&out), gaps[i].want)),
		    "gap: %s", gaps[i].name);
	}
	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		out.len = 0;
		rc = submit_words_operator(span_str(operators[i].in), 42, &out);
		ok((rc == 0) == (operators[i].want != NULL) &&
			(rc != 0 || span_is(buf_view(&out), operators[i].want)),
		    "operator: %s", operators[i].name);
	}
	buf_fini(&out);
}

int
main(void)
{
	static uint8_t big[SUBMIT_MESSAGE_MAX + 1];
	struct submit_request r;
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		inverse_request(requests[i].name,
		    span_make(requests[i].in, requests[i].len),
		    requests[i].want);
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		inverse_answer(answers[i].name, span_str(answers[i].in),
		    answers[i].want);
	parts_test();
	words_test();

	memset(big, 'a', sizeof(big));
	memcpy(big, "Oa\n", 3);
	ok(submit_request_parse(span_make(big, 3 + SUBMIT_WORDS_MAX), &r) == 0,
	    "words of just the longest");
	ok(submit_request_parse(span_make(big, 4 + SUBMIT_WORDS_MAX), &r) != 0,
	    "words one byte longer");
	memcpy(big, "R\0\0\xff\xfb", 5);
	ok(submit_request_parse(span_make(big, sizeof(big) - 1), &r) == 0,
	    "a message of just the longest");
	memcpy(big, "R\0\0\xff\xfc", 5);
	ok(submit_request_parse(span_make(big, sizeof(big)), &r) != 0,
	    "a message one byte longer");
	return done();
}
