/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/split.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "tests/tap.h"

/* Pieces in brackets; a '+' behind one that was cut, '~' behind a partial. */
#define LIT(s) s, sizeof(s) - 1
static const struct {
	const char *name;
	enum split_unit unit;
	enum text_encoding encoding;
	size_t max;
	const char *in;
	size_t len;
	const char *want;
} cases[] = {
	{ "nothing", SPLIT_LINE, TEXT_UTF8, 99, LIT(""), "" },
	{ "lines, the last without its end", SPLIT_LINE, TEXT_UTF8, 99,
	    LIT("a\r\n\nb"), "[a\r\n][\n][b]~" },
	{ "a line longer than a piece", SPLIT_LINE, TEXT_UTF8, 4,
	    LIT("abcdef\nabc\nabcd\n"), "[abcd]+[ef\n][abc\n][abcd]+[\n]" },
	{ "a byte 0x0A within characters of UTF-16LE", SPLIT_LINE, TEXT_UTF16LE,
	    99, LIT("\x0A\x30\x0A\0\x30\x0A\x0A\0"),
	    "[\x0A\x30\x0A.][\x30\x0A\x0A.]" },
	{ "and of UTF-16BE", SPLIT_LINE, TEXT_UTF16BE, 99,
	    LIT("\x30\x0A\0\x0A\x0A\0\0\x0A"), "[\x30\x0A.\x0A][\x0A..\x0A]" },
	{ "halves of two characters that look like a line end of UTF-16LE",
	    SPLIT_LINE, TEXT_UTF16LE, 99, LIT("\x05\x0A\0\x30\x0A\0"),
	    "[\x05\x0A.\x30\x0A.]" },
	{ "and of UTF-16BE", SPLIT_LINE, TEXT_UTF16BE, 99,
	    LIT("\x30\0\x0A\x05\0\x0A"), "[\x30.\x0A\x05.\x0A]" },
	{ "UTF-16 is cut between units, and may end in half of one", SPLIT_LINE,
	    TEXT_UTF16LE, 4, LIT("a\0b\0c\0\n"), "[a.b.]+[c.\n]~" },
	{ "CSV: a quoted cell of two lines", SPLIT_CSV, TEXT_UTF8, 99,
	    LIT("a,\"b\r\nc\"\r\nd,\"e\"\"\n\"\n"),
	    "[a,\"b\r\nc\"\r\n][d,\"e\"\"\n\"\n]" },
	{ "CSV: a quote inside a cell opens nothing", SPLIT_CSV, TEXT_UTF8, 99,
	    LIT("a\"b\nc\"\nd"), "[a\"b\n][c\"\n][d]~" },
	{ "CSV: a stray quote inside a quoted cell closes nothing", SPLIT_CSV,
	    TEXT_UTF8, 99, LIT("\"a\"b\nc\",d\ne\n"),
	    "[\"a\"b\nc\",d\n][e\n]" },
	{ "CSV: a quote that does not close: lines", SPLIT_CSV, TEXT_UTF8, 99,
	    LIT("\"a\nb\nc\n"), "[\"a\n][b\n][c\n]" },
	{ "CSV: the last record ends with the file", SPLIT_CSV, TEXT_UTF8, 99,
	    LIT("a,\"b\nc\""), "[a,\"b\nc\"]~" },
	{ "CSV: a byte order mark stands before the quote", SPLIT_CSV,
	    TEXT_UTF8, 99, LIT("\xEF\xBB\xBF\"a\nb\"\n"),
	    "[\xEF\xBB\xBF\"a\nb\"\n]" },
	{ "CSV in UTF-16LE with one", SPLIT_CSV, TEXT_UTF16LE, 99,
	    LIT("\xFF\xFE\"\0\n\0\"\0\n\0x\0\n\0"),
	    "[\xFF\xFE\".\n.\".\n.][x.\n.]" },
	{ "CSV longer than a piece: its lines", SPLIT_CSV, TEXT_UTF8, 8,
	    LIT("\"abc\ndefgh\"\n"), "[\"abc\n][defgh\"\n]" },
	{ "CSV in ISO-2022-JP: quotes and commas inside characters", SPLIT_CSV,
	    TEXT_ISO_2022_JP, 99,
	    LIT("a,\x1B$B,\"\"\"\x1B(B\nb,\"\x1B$B\"$\x1B(B\n\"\nc\n"),
	    "[a,\x1B$B,\"\"\"\x1B(B\n][b,\"\x1B$B\"$\x1B(B\n\"\n][c\n]" },
	{ "CSV in CP932", SPLIT_CSV, TEXT_CP932, 99,
	    LIT("\"\x95\\\n\x83\x7B\"\nx\n"), "[\"\x95\\\n\x83\x7B\"\n][x\n]" },
	{ "events with a root", SPLIT_EVENT, TEXT_UTF8, 999,
	    LIT("<?xml?>\n<Events>\n<Event a='>'><x/></Event>\n<Event/>"
		"<Event xmlns=\"u\">\n</Event></Events>\n"),
	    "[<?xml?>\n<Events>\n][<Event a='>'><x/></Event>\n][<Event/>]"
	    "[<Event xmlns=\"u\">\n</Event>][</Events>\n]" },
	{ "events without one, the last not whole", SPLIT_EVENT, TEXT_UTF8, 999,
	    LIT("<Event>a</Event><Event>b"), "[<Event>a</Event>][<Event>b]~" },
	{ "what only looks like an event", SPLIT_EVENT, TEXT_UTF8, 999,
	    LIT("<e:Event><EventID/><!-- </Event> --><![CDATA[</Event>]]>"
		"<UserData><Event></Event></UserData></e:Event> <Event/>"),
	    "[<e:Event><EventID/><!-- </Event> --><![CDATA[</Event>]]>"
	    "<UserData><Event></Event></UserData></e:Event> ][<Event/>]" },
	{ "CP932: a bracket inside a character", SPLIT_EVENT, TEXT_CP932, 999,
	    LIT("<Event><![CDATA[\x83]]></Event>]]></Event><Event/>"),
	    "[<Event><![CDATA[\x83]]></Event>]]></Event>][<Event/>]" },
	{ "an event longer than a piece, and those behind it", SPLIT_EVENT,
	    TEXT_UTF8, 16, LIT("<Event>aaaaaaaaaaaaaaa</Event><Event/>"),
	    "[<Event>aaaaaaaaa]+[aaaaaa</Event>][<Event/>]" },
	{ "text longer than a piece, then an event", SPLIT_EVENT, TEXT_UTF8, 16,
	    LIT("aaaaaaaaaaaaaaaaaaaa<Event/><Event/>"),
	    "[aaaaaaaaaaaaaaaa]+[aaaa][<Event/>][<Event/>]" },
	{ "bytes", SPLIT_RAW, TEXT_UTF8, 4, LIT("abcdefgh\n"),
	    "[abcd][efgh][\n]" },
};

static void
print(struct buf *out, struct span piece, enum split_end end)
{
	size_t i;

	buf_byte(out, '[');
	for (i = 0; i < piece.len; i++)
		buf_byte(out, piece.p[i] == 0 ? '.' : piece.p[i]);
	buf_str(out,
	    end == SPLIT_CUT	       ? "]+"
		: end == SPLIT_PARTIAL ? "]~"
				       : "]");
}

/* The text comes in blocks of so many bytes. */
static const char *
split(size_t i, size_t block, struct buf *out)
{
	struct split s = { cases[i].unit, cases[i].encoding, ',', cases[i].max,
		0, false };
	struct span all = span_make(cases[i].in, cases[i].len);
	size_t at = 0, have = 0, n;
	enum split_end end;

	out->len = 0;
	while (at < all.len) {
		n = split_next(&s, span_sub(all, at, have - at),
		    have == all.len, &end);
		if (n == 0 && have == all.len)
			return "no piece";
		if (n == 0)
			have = have + block < all.len ? have + block : all.len;
		else
			print(out, span_sub(all, at, n), end);
		at += n;
	}
	return buf_cstr(out);
}

static void
check_open(void)
{
	struct split s = { SPLIT_CSV, TEXT_UTF8, ',', 1u << 20, 0, false };
	enum split_end end;
	struct buf in;
	size_t i;

	buf_init(&in);
	buf_str(&in, "\"");
	for (i = 0; i < SPLIT_OPEN_LINES; i++)
		buf_str(&in, "x\n");
	ok(split_next(&s, buf_view(&in), false, &end) == 3 && s.open == 1,
	    "a quote over too many lines does not close, and is counted");
	buf_fini(&in);
}

int
main(void)
{
	struct buf out;
	enum split_unit u;
	size_t i, block;

	buf_init(&out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = split(i, cases[i].len + 1, &out);

		ok(strcmp(got, cases[i].want) == 0, "%s", cases[i].name);
		if (strcmp(got, cases[i].want) != 0)
			printf("# %s\n", got);
		for (block = 1; block < cases[i].len; block++)
			if (strcmp(split(i, block, &out), cases[i].want) != 0)
				ok(false, "%s, in blocks of %zu: %s",
				    cases[i].name, block, buf_cstr(&out));
	}
	check_open();
	ok(split_unit_parse(SPAN("event"), &u) == 0 && u == SPLIT_EVENT &&
		strcmp(split_unit_name(u), "event") == 0 &&
		split_unit_parse(SPAN("page"), &u) == -1,
	    "names of units");
	buf_fini(&out);
	return done();
}
