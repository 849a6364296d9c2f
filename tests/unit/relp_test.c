/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "collector/relp.h"
#include "tests/tap.h"

/*
 * How a stream splits with max = 8: "NUMBER/COMMAND:DATA", a '~' behind data
 * that goes on, '|' between frames, '!' where there is no frame, '.' where
 * more is needed.
 */
#define L32 "abcdefghijklmnopqrstuvwxyzabcdef"
static const struct {
	const char *name, *in, *want;
} cases[] = {
	{ "nothing", "", "" },
	{ "a message", "2 syslog 5 <13>a\n", "2/3:<13>a" },
	{ "two messages", "2 syslog 5 <13>a\n3 syslog 1 b\n",
	    "2/3:<13>a|3/3:b" },
	{ "a line end inside a message", "2 syslog 3 a\nb\n", "2/3:a\nb" },
	{ "no data", "9 close 0\n", "9/2:" },
	{ "no data behind a blank", "9 close 0 \n", "9/2:" },
	{ "zero written longer", "9 close 000\n", "9/2:" },
	{ "a hint", "0 serverclose 0\n", "0/5:" },
	{ "an answer", "7 rsp 6 200 OK\n", "7/4:200 OK" },
	{ "a session begins", "1 open 3 a=b\n", "1/1:a=b" },
	{ "a command that nobody knows", "1 starttls 1 x\n", "1/0:x" },
	{ "a command in capitals is another", "1 SYSLOG 1 x\n", "1/0:x" },
	{ "the longest command", "1 " L32 " 0\n", "1/0:" },
	{ "a longer one", "1 " L32 "g 0\n", "!" },
	{ "the greatest number", "999999999 close 0\n", "999999999/2:" },
	{ "a greater one", "1000000000 close 0\n", "!" },
	{ "data of max", "1 syslog 8 12345678\n", "1/3:12345678" },
	{ "data of max and one", "1 syslog 9 123456789\n",
	    "1/3:12345678~|1/3:9" },
	{ "data of twice max", "1 syslog 16 12345678abcdefgh\n2 close 0\n",
	    "1/3:12345678~|1/3:abcdefgh|2/2:" },
	{ "data of more than that", "1 syslog 17 12345678abcdefghX\n",
	    "1/3:12345678~|1/3:abcdefgh~|1/3:X" },
	{ "pieces that end without LF", "1 syslog 9 123456789x",
	    "1/3:12345678~|!" },
	{ "more data than announced", "1 syslog 1 ab\n", "!" },
	{ "less data than announced", "1 syslog 3 a\n2 close 0\n", "!" },
	{ "an announcement that is believed", "1 syslog 16777216 12345678",
	    "1/3:12345678~" },
	{ "one that is not", "1 syslog 16777217 x", "!" },
	{ "four gigabytes", "1 syslog 4294967296 x", "!" },
	{ "a sign", "-1 syslog 1 x\n", "!" },
	{ "a negative length", "1 syslog -1 x\n", "!" },
	{ "a syslog line", "<13>a\n", "!" },
	{ "a counted syslog line", "5 <13>a", "!" },
	{ "an HTTP request", "GET / HTTP/1.1\r\n\r\n", "!" },
	{ "a TLS hello", "\x16\x03\x01\x02", "!" },
	{ "an empty line", "\n", "!" },
	{ "CR LF", "9 close 0\r\n", "!" },
	{ "a number and nothing more", "123", "." },
	{ "a command and nothing more", "123 sys", "." },
	{ "a head and nothing more", "123 syslog 12 ", "." },
	{ "data without its end", "123 syslog 5 <13>a", "." },
	{ "two blanks", "1  syslog 1 x\n", "!" },
	{ "a number and a line end", "1\n", "!" },
	{ "a command with a figure", "1 sys2 1 x\n", "!" },
	{ "a length and a letter", "1 syslog 1x\n", "!" },
};

/* Split in, arriving first bytes first, then step at a time. */
static const char *
split(const char *in, size_t first, size_t step)
{
	static char out[256];
	size_t len = strlen(in), got = first, pos = 0;
	struct relp_frame f;
	struct relp r;
	char *o = out;
	int rc;

	relp_init(&r, 8);
	for (*o = '\0';;) {
		while ((rc = relp_next(&r, (const uint8_t *)in + pos, got - pos,
			    &f)) == 1) {
			o += sprintf(o, "%s%u/%d:%.*s%s", pos > 0 ? "|" : "",
			    (unsigned)f.txnr, (int)f.command, (int)f.data.len,
			    (const char *)f.data.p, f.more ? "~" : "");
			pos += f.len;
		}
		if (rc < 0) {
			sprintf(o, "%s!", pos > 0 ? "|" : "");
			return out;
		}
		if (got - pos > RELP_HEAD_MAX + 8)
			return "held too much";
		if (got == len)
			break;
		got = got + step < len ? got + step : len;
	}
	if (pos < len)
		strcpy(o, ".");
	return out;
}

/* Whole, byte by byte, and in two parts at every place. */
static int
at_every_split(size_t i)
{
	size_t first, step, len = strlen(cases[i].in);
	const char *got;

	for (first = 0; first <= len; first++)
		for (step = 1; step <= len + 1; step++) {
			got = split(cases[i].in, first, step);
			if (strcmp(got, cases[i].want) == 0)
				continue;
			printf("# first %zu, then by %zu: %s\n", first, step,
			    got);
			return 0;
		}
	return 1;
}

/* What is wrong is said with its first byte. */
static void
early(void)
{
	static const char *const wrong[] = { "<", "x", "1x", "1 <", "1 sy2",
		"1 syslog x", "1 syslog 1x", "1 close 0x", "16777217x",
		"1 syslog 167772160 " };
	struct relp_frame f;
	struct relp r;
	size_t i;

	relp_init(&r, 8);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(relp_next(&r, (const uint8_t *)wrong[i], strlen(wrong[i]),
		       &f) == -1,
		    "'%s' is wrong at once", wrong[i]);
}

static void
printing(void)
{
	struct buf out;

	buf_init(&out);
	relp_print(&out, 1, "open", SPAN("a=b"));
	relp_print(&out, RELP_TXNR_MAX, "close", SPAN(""));
	relp_print_rsp(&out, 7, 200, SPAN("OK\nx=y"));
	ok(span_is(buf_view(&out),
	       "1 open 3 a=b\n999999999 close 0\n7 rsp 10 200 OK\nx=y\n"),
	    "frames are printed");
	buf_fini(&out);
}

static void
answers(void)
{
	struct span text = { 0 };
	unsigned code = 0;

	ok(relp_rsp_parse(SPAN("200 OK\na=b"), &code, &text) == 0 &&
		code == 200 && span_is(text, "OK\na=b"),
	    "an answer is taken apart");
	ok(relp_rsp_parse(SPAN("500"), &code, &text) == 0 && code == 500 &&
		text.len == 0,
	    "one without a text");
	ok(relp_rsp_parse(SPAN("20"), &code, &text) == -1 &&
		relp_rsp_parse(SPAN("2000 OK"), &code, &text) == -1 &&
		relp_rsp_parse(SPAN("OK 200"), &code, &text) == -1 &&
		relp_rsp_parse(SPAN(""), &code, &text) == -1,
	    "no answer is said to be none");
	ok(relp_offer(SPAN("OK\nrelp_version=0\r\ncommands=syslog,eventlog"),
	       "relp_version", &text) &&
		span_is(text, "0"),
	    "an offer is found, without the CR of some");
	ok(relp_offer(SPAN("relp_version=0\ncommands=eventlog,syslog"),
	       "commands", &text) &&
		relp_list_has(text, "syslog") && !relp_list_has(text, "sys"),
	    "and a word in its list");
	ok(!relp_offer(SPAN("xcommands=a\ncommand=a"), "commands", &text) &&
		!relp_offer(SPAN(""), "commands", &text) &&
		!relp_list_has(SPAN(""), "syslog"),
	    "what is not there is not found");
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(at_every_split(i), "%s", cases[i].name);
	early();
	printing();
	answers();
	return done();
}
