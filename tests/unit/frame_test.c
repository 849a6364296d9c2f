/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "collector/frame.h"
#include "common/span.h"
#include "tests/tap.h"

/*
 * How a stream splits with max = 16: '|' parts frames, '~' is behind a cut
 * one, '?' behind a stray one, '!' before the partial one at the end.  NUL is
 * written as '0' in braces.
 */
#define NUL "\0"
#define S(lit) lit, sizeof(lit) - 1
static const struct {
	const char *name, *in;
	size_t len;
	enum frame_mode mode, decided;
	const char *want;
} cases[] = {
	/* decisions */
	{ "lines", S("<1>a\n<1>b\n"), 0, FRAME_LF, "<1>a\n|<1>b\n" },
	{ "lines with CR", S("<1>a\r\n<1>b\r\n"), 0, FRAME_LF,
	    "<1>a\r\n|<1>b\r\n" },
	{ "counted frames", S("4 <1>a5 <1>bc"), 0, FRAME_OCTET,
	    "4 <1>a|5 <1>bc" },
	{ "a counted JSON message", S("2 {}"), 0, FRAME_OCTET, "2 {}" },
	{ "a counted BOM", S("4 \xef\xbb\xbf<"), 0, FRAME_OCTET,
	    "4 \xef\xbb\xbf<" },
	{ "a line that begins like a count", S("100 % done\n"), 0, FRAME_LF,
	    "100 % done\n" },
	{ "a line with a number before a tag", S("100 <b>html</b>\n<1>b\n"), 0,
	    FRAME_LF, "100 <b>html</b>\n|<1>b\n" },
	{ "a number of four digits is no PRI", S("6 <1234>\n"), 0, FRAME_LF,
	    "6 <1234>\n" },
	{ "nor is none at all", S("2 <>\n"), 0, FRAME_LF, "2 <>\n" },
	{ "one of three is", S("5 <191>2 {}"), 0, FRAME_OCTET, "5 <191>|2 {}" },
	{ "a line that begins with a date", S("02-19T12:00\n"), 0, FRAME_LF,
	    "02-19T12:00\n" },
	{ "a second line that begins like a count", S("<1>a\n2 <b\n"), 0,
	    FRAME_LF, "<1>a\n|2 <b\n" },
	{ "a count with a leading zero is a line", S("04 <1>a\n"), 0, FRAME_LF,
	    "04 <1>a\n" },
	{ "nine digits are a line", S("000000001 <\n"), 0, FRAME_LF,
	    "000000001 <\n" },
	{ "a negative count is a line", S("-1 <1>a\n"), 0, FRAME_LF,
	    "-1 <1>a\n" },
	{ "messages that end in NUL", S("<1>a" NUL "<1>b" NUL), 0, FRAME_NUL,
	    "<1>a{0}|<1>b{0}" },
	{ "NUL and LF together end a line", S("<1>a" NUL "\n<1>b" NUL "\n"), 0,
	    FRAME_LF, "<1>a{0}\n|<1>b{0}\n" },
	{ "a NUL inside a line", S("<1>a" NUL "b\n<1>c\n"), 0, FRAME_LF,
	    "<1>a{0}b\n|<1>c\n" },
	{ "two bytes of NUL inside a line", S("a" NUL NUL "b\n"), 0, FRAME_LF,
	    "a{0}{0}b\n" },
	{ "a NUL as the last byte asked for", S("abcdefghijklmno" NUL "<\n"), 0,
	    FRAME_LF, "abcdefghijklmno{0}~|<\n" },
	{ "NUL beyond what is asked for", S("abcdefghijklmnopq" NUL "<1>\n"), 0,
	    FRAME_LF, "abcdefghijklmnop~|q{0}<1>\n" },
	{ "a TLS hello", S("\x16\x03\x01" NUL "\n<1>a\n"), 0, FRAME_RAW,
	    "!\x16\x03\x01{0}\n<1>a\n" },
	{ "a TLS hello longer than a record",
	    S("\x16\x03\x01\x02xxxxxxxxxxxxyy"), 0, FRAME_RAW,
	    "\x16\x03\x01\x02xxxxxxxxxxxx|!yy" },
	{ "an HTTP request is lines", S("GET / HTTP/1\r\n\r\n"), 0, FRAME_LF,
	    "GET / HTTP/1\r\n|\r\n" },
	{ "a half message without any end", S("<1>a"), 0, FRAME_LF, "!<1>a" },
	{ "a count and nothing more", S("12 "), 0, FRAME_LF, "!12 " },
	/* lines */
	{ "empty lines are frames", S("\n\n<1>a\n"), 0, FRAME_LF,
	    "\n|\n|<1>a\n" },
	{ "a blank behind LF stays with what follows", S("<1>a\n <1>b\n"), 0,
	    FRAME_LF, "<1>a\n| <1>b\n" },
	{ "a blank behind the last LF is no half message (ASA)", S("<1>a\n "),
	    0, FRAME_LF, "<1>a\n| " },
	{ "but it may be the end of a long one", S("<1>bcdefghijklmn  "), 0,
	    FRAME_LF, "<1>bcdefghijklmn~|!  " },
	{ "a line end behind the last NUL is no half message",
	    S("<1>a" NUL "<1>b" NUL "\n"), 0, FRAME_NUL, "<1>a{0}|<1>b{0}|\n" },
	{ "a line of exactly max", S("abcdefghijklmno\nb\n"), 0, FRAME_LF,
	    "abcdefghijklmno\n|b\n" },
	{ "a long line in pieces", S("abcdefghijklmnopqr\nb\n"), 0, FRAME_LF,
	    "abcdefghijklmnop~|qr\n|b\n" },
	{ "a half line at the end", S("<1>a\n<1>b"), 0, FRAME_LF,
	    "<1>a\n|!<1>b" },
	/* counted */
	{ "LF inside a counted frame", S("5 <a\nb>3 <c>"), FRAME_OCTET,
	    FRAME_OCTET, "5 <a\nb>|3 <c>" },
	{ "an empty counted frame", S("1 <0 2 ab"), FRAME_OCTET, FRAME_OCTET,
	    "1 <|0 |2 ab" },
	{ "a line end behind each counted frame", S("3 <a>\n3 <b>\r\n"),
	    FRAME_OCTET, FRAME_OCTET, "3 <a>|\n|3 <b>|\r\n" },
	{ "a count that is too small", S("3 <a>bcd5 <efg>3 <h>"), FRAME_OCTET,
	    FRAME_OCTET, "3 <a>|bcd?|5 <efg>|3 <h>" },
	{ "a count that is too large", S("5 <a>3 <b>3 <c>3 <d>"), FRAME_OCTET,
	    FRAME_OCTET, "5 <a>3 |<b>?|3 <c>|3 <d>" },
	{ "counted, then lines", S("3 <a><b>\n<c>\n"), FRAME_OCTET, FRAME_OCTET,
	    "3 <a>|<b>\n?|<c>\n?" },
	{ "a count in the middle of digits is none", S("1 <x12 y8 <abcdef>"),
	    FRAME_OCTET, FRAME_OCTET, "1 <|x12 y?|8 <abcdef>" },
	{ "stray bytes longer than a record", S("1 <abcdefghijklmnopqrst1 <"),
	    FRAME_OCTET, FRAME_OCTET, "1 <|abcdefghijklmnop~?|qrst?|1 <" },
	{ "a counted frame of max and one", S("14 <bcdefghijklm>1 <"),
	    FRAME_OCTET, FRAME_OCTET, "14 <bcdefghijklm~|>|1 <" },
	{ "a counted frame of exactly max", S("13 <bcdefghijkl>1 <"),
	    FRAME_OCTET, FRAME_OCTET, "13 <bcdefghijkl>|1 <" },
	{ "a long counted frame in pieces",
	    S("32 <bcdefghijklm>bcdefghijklm5678901 <"), FRAME_OCTET,
	    FRAME_OCTET, "32 <bcdefghijklm~|>bcdefghijklm567~|890|1 <" },
	{ "stray bytes that a count may end, but beyond max",
	    S("1 <abcdefghijklmn12345678\n"), FRAME_OCTET, FRAME_OCTET,
	    "1 <|abcdefghijklmn12~?|345678\n?" },
	{ "a count of four gigabytes is stray", S("1 <4294967295 <1>a\n1 <"),
	    FRAME_OCTET, FRAME_OCTET, "1 <|4294967295 <1>a\n?|1 <" },
	{ "a count of sixteen megabytes is believed", S("16777216 <1>abcdefg"),
	    0, FRAME_OCTET, "16777216 <1>abcd~|!efg" },
	{ "one more is not", S("16777217 <1>a\n"), 0, FRAME_LF,
	    "16777217 <1>a\n" },
	{ "a half counted frame at the end", S("3 <a>9 <b>"), FRAME_OCTET,
	    FRAME_OCTET, "3 <a>|!9 <b>" },
	{ "stray bytes at the end", S("3 <a>b"), FRAME_OCTET, FRAME_OCTET,
	    "3 <a>|b" },
	/* as configured */
	{ "counted by configuration", S("4 abcd"), FRAME_OCTET, FRAME_OCTET,
	    "4 abcd" },
	{ "lines by configuration", S("1 <a\n"), FRAME_LF, FRAME_LF, "1 <a\n" },
	{ "NUL by configuration", S("a\nb" NUL "\nc" NUL), FRAME_NUL, FRAME_NUL,
	    "a\nb{0}|\nc{0}" },
};

static char *
print(char *o, const char *in, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (in[i] == 0)
			o += sprintf(o, "{0}");
		else
			*o++ = in[i];
	return o;
}

/* Split in, arriving step bytes at a time, first bytes first. */
static const char *
split(const char *in, size_t len, size_t first, size_t step, struct framer *fr)
{
	static char out[256];
	struct frame f;
	size_t got = first, pos = 0;
	char *o = out;

	for (;;) {
		while (
		    framer_next(fr, (const uint8_t *)in + pos, got - pos, &f)) {
			if (pos > 0)
				*o++ = '|';
			o = print(o, in + pos, f.len);
			o += sprintf(o, "%s%s", f.cut ? "~" : "",
			    f.stray ? "?" : "");
			pos += f.len;
		}
		if (got - pos >= fr->max)
			return "held too much";
		if (got == len)
			break;
		got = got + step < len ? got + step : len;
	}
	if (pos < len) {
		if (pos > 0)
			*o++ = '|';
		if (framer_end(fr, (const uint8_t *)in + pos, len - pos) ||
		    fr->mode == FRAME_RAW)
			*o++ = '!';
		o = print(o, in + pos, len - pos);
	}
	*o = '\0';
	return out;
}

/* Whole, byte by byte, and in two parts at every place. */
static int
at_every_split(size_t i)
{
	struct framer fr;
	const char *got;
	size_t first, step;

	for (first = 0; first <= cases[i].len; first++)
		for (step = 1; step <= cases[i].len; step++) {
			framer_init(&fr, cases[i].mode, 16);
			got =
			    split(cases[i].in, cases[i].len, first, step, &fr);
			if (strcmp(got, cases[i].want) == 0 &&
			    fr.mode == cases[i].decided)
				continue;
			printf("# first %zu, then by %zu: mode %d, %s\n", first,
			    step, (int)fr.mode, got);
			return 0;
		}
	return 1;
}

static void
silence(void)
{
	static const uint8_t in[] = "<1>a\0<1>b";
	struct framer fr;
	struct frame f;

	framer_init(&fr, FRAME_AUTO, 16);
	ok(!framer_next(&fr, in, 4, &f) && !fr.doubtful,
	    "a message without an end is not in doubt");
	framer_settle(&fr);
	ok(fr.mode == FRAME_AUTO, "silence does not decide it");
	ok(!framer_next(&fr, in, 5, &f) && fr.doubtful,
	    "one that ends in NUL is, until more comes");
	framer_settle(&fr);
	ok(framer_next(&fr, in, 5, &f) && f.len == 5 && fr.mode == FRAME_NUL,
	    "or silence decides");
	framer_init(&fr, FRAME_LF, 16);
	framer_settle(&fr);
	ok(fr.mode == FRAME_LF, "what is decided stays so");
}

/* Cut before its end, because there is no room to wait for it. */
static void
no_room(void)
{
	static const uint8_t in[] = "9 <1>defghi4 <1>a";
	struct framer fr;
	struct frame f;

	framer_init(&fr, FRAME_AUTO, 16);
	ok(!framer_next(&fr, in, 6, &f) && framer_cut(&fr, in, 6),
	    "a counted frame is cut");
	ok(framer_next(&fr, in + 6, 11, &f) && f.len == 5 && !f.cut,
	    "the rest of it follows");
	ok(framer_next(&fr, in + 11, 6, &f) && f.len == 6 && !f.stray,
	    "and then the next one");
	framer_init(&fr, FRAME_OCTET, 16);
	ok(!framer_next(&fr, in, 1, &f) && !framer_cut(&fr, SPAN("\n\n").p, 2),
	    "blanks between frames are not cut");
	framer_init(&fr, FRAME_AUTO, 16);
	ok(framer_cut(&fr, in + 13, 3) && fr.mode == FRAME_LF,
	    "what was not decided is a line");
	framer_init(&fr, FRAME_RAW, 16);
	ok(!framer_cut(&fr, in, 3), "raw bytes have no end to miss");
}

/* Where frames end in the first len bytes from *pos on: a bit for each. */
static uint64_t
ends(struct framer *fr, struct span in, size_t *pos, size_t len)
{
	uint64_t bits = 0;
	struct frame f;

	while (framer_next(fr, in.p + *pos, len - *pos, &f)) {
		*pos += f.len;
		if (!f.cut)
			bits |= UINT64_C(1) << *pos;
	}
	return bits;
}

/* Wherever a stream pauses: what is ripe then makes no difference later. */
static void
ripe(void)
{
	static const struct {
		const char *name;
		enum frame_mode mode;
		struct span in;
	} rows[] = {
		{ "lines", FRAME_LF, SPAN("<1>ab\n <2>c\r\n\n \n<3>d\n") },
		{ "lines, undecided", FRAME_AUTO, SPAN("12 ab\n<2>c\n") },
		{ "strings", FRAME_NUL, SPAN("<1>ab\0\n<2>c\0") },
		{ "counts", FRAME_OCTET,
		    SPAN("6 <1>abc\n\n 5 <2>de10 <3>456789a") },
		{ "counts, undecided", FRAME_AUTO, SPAN("10 <1>45678912 <2>") },
		{ "stray bytes", FRAME_OCTET,
		    SPAN("4 <1>axx 4 <1>by1 5 <1>cd\n 4 <1>e") },
	};
	struct framer fr;
	struct span in;
	uint64_t want, have;
	size_t i, at, pos, n, cuts;
	bool same;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		in = rows[i].in;
		framer_init(&fr, rows[i].mode, 60);
		pos = cuts = 0;
		want = ends(&fr, in, &pos, in.len);
		for (same = true, at = 1; at <= in.len; at++) {
			framer_init(&fr, rows[i].mode, 60);
			pos = 0;
			have = ends(&fr, in, &pos, at);
			n = pos == at ? 0
				      : framer_ripe(&fr, in.p + pos, at - pos);
			cuts += n > 0;
			if (n > 0 && !framer_cut(&fr, in.p + pos, n))
				have |= UINT64_C(1) << (pos + n);
			pos += n;
			if (n > 0 && pos < at &&
			    framer_ripe(&fr, in.p + pos, at - pos) != 0)
				same = false;
			have |= ends(&fr, in, &pos, in.len);
			if ((have & want) != want)
				same = false;
		}
		ok(same && cuts > 0, "what is ripe is cut: %s (%zu times)",
		    rows[i].name, cuts);
	}
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(at_every_split(i), "%s", cases[i].name);
	silence();
	no_room();
	ripe();
	return done();
}
