/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/text.h"

#include "tests/tap.h"

#define BAD "\xEF\xBF\xBD"

static const struct {
	const char *name, *in;
	bool good;
} utf8[] = {
	{ "nothing", "", true },
	{ "ASCII", "abcdefghijk", true },
	{ "all lengths", "a\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80", true },
	{ "the last of all lengths", "\x7F\xDF\xBF\xEF\xBF\xBF\xF4\x8F\xBF\xBF",
	    true },
	{ "before and behind the surrogates", "\xED\x9F\xBF\xEE\x80\x80",
	    true },
	{ "a surrogate", "\xED\xA0\x80", false },
	{ "the last surrogate", "\xED\xBF\xBF", false },
	{ "an overlong slash", "\xC0\xAF", false },
	{ "another", "\xC1\xBF", false },
	{ "an overlong of three", "\xE0\x9F\xBF", false },
	{ "an overlong of four", "\xF0\x8F\xBF\xBF", false },
	{ "beyond U+10FFFF", "\xF4\x90\x80\x80", false },
	{ "far beyond", "\xF5\x80\x80\x80", false },
	{ "a lone trail", "\x80", false },
	{ "a lone lead", "\xE3", false },
	{ "two of three", "\xE3\x81", false },
	{ "three of four", "\xF0\x90\x80", false },
	{ "ASCII for a trail",
	    "\xE3\x81"
	    "A",
	    false },
	{ "a lead for a trail", "\xE3\xE3\x81", false },
	{ "behind eight bytes", "abcdefgh\xFF", false },
};

/* "Yamada, ward 3", "kensa", "firewall", and half-width "kana", by hand. */
#define YAMADA_CP932 "\x8E\x52\x93\x63\x20\x33\x95\x61\x93\x8F"
#define YAMADA_EUC "\xBB\xB3\xC5\xC4\x20\x33\xC9\xC2\xC5\xEF"
#define YAMADA_JIS "\x1B$B;3ED\x1B(B 3\x1B$BIBEo\x1B(B"
#define YAMADA "山田 3病棟"

static const struct {
	const char *name, *in;
	enum text_encoding want;
	size_t bom;
} guesses[] = {
	{ "nothing", "", TEXT_UTF8, 0 },
	{ "ASCII", "abc", TEXT_UTF8, 0 },
	{ "UTF-8", YAMADA, TEXT_UTF8, 0 },
	{ "UTF-8 with a BOM",
	    "\xEF\xBB\xBF"
	    "a",
	    TEXT_UTF8, 3 },
	{ "UTF-16LE",
	    "\xFF\xFE"
	    "a",
	    TEXT_UTF16LE, 2 },
	{ "UTF-16BE",
	    "\xFE\xFF"
	    "a",
	    TEXT_UTF16BE, 2 },
	{ "CP932", YAMADA_CP932, TEXT_CP932, 0 },
	{ "EUC-JP", YAMADA_EUC, TEXT_EUC_JP, 0 },
	{ "half-width kana in CP932", "\xC3\xBD\xC4 12", TEXT_CP932, 0 },
	{ "kanji and half-width kana in EUC-JP",
	    "\xB8\xA1\xBA\xBA\x8E\xC3\x8E\xBD\x8E\xC4", TEXT_EUC_JP, 0 },
	{ "EUC-JP katakana", "\xA5\xD5\xA5\xA1\xA5\xA4\xA5\xA2", TEXT_EUC_JP,
	    0 },
	{ "rare kanji of either, CP932 first", "\xE0\xA1", TEXT_CP932, 0 },
	{ "ISO-2022-JP", YAMADA_JIS, TEXT_ISO_2022_JP, 0 },
	{ "an escape sequence for a terminal", "\x1B[1mabc", TEXT_UTF8, 0 },
	{ "UTF-8 with the escape of ISO-2022-JP", YAMADA "\x1B$B", TEXT_UTF8,
	    0 },
	{ "bytes of no encoding", "\xFF\xFF\x80", TEXT_UTF8, 0 },
};

static const struct {
	const char *name;
	enum text_encoding from;
	const char *in, *want;
	size_t bad;
} decodes[] = {
	{ "CP932", TEXT_CP932, YAMADA_CP932, YAMADA, 0 },
	{ "EUC-JP", TEXT_EUC_JP, YAMADA_EUC, YAMADA, 0 },
	{ "CP932 half-width", TEXT_CP932, "\xC3\xBD\xC4", "ﾃｽﾄ", 0 },
	{ "EUC-JP half-width", TEXT_EUC_JP, "\x8E\xC3", "ﾃ", 0 },
	{ "EUC-JP of three bytes", TEXT_EUC_JP, "\x8F\xB0\xA1", "丂", 0 },
	{ "CP932 wave dash", TEXT_CP932, "\x81\x60", "～", 0 },
	{ "CP932 circled one, Roman one", TEXT_CP932, "\x87\x40\x87\x54", "①Ⅰ",
	    0 },
	{ "CP932 high ladder", TEXT_CP932, "\xFB\xFC", "髙", 0 },
	{ "CP932 with a backslash for trail", TEXT_CP932, "\x95\x5C\\", "表\\",
	    0 },
	{ "CP932 with a quote behind half a character", TEXT_CP932, "\x95\"a",
	    BAD "\"a", 1 },
	{ "CP932 cut at the end", TEXT_CP932, "a\x95", "a" BAD, 1 },
	{ "CP932 without such a character", TEXT_CP932, "\x85\xA0z", BAD "z",
	    1 },
	{ "and with an ASCII trail", TEXT_CP932, "\x85\x41z", BAD "Az", 1 },
	{ "CP932 without such bytes", TEXT_CP932, "\x80\xA0\xFD", BAD BAD BAD,
	    3 },
	{ "EUC-JP cut at the end", TEXT_EUC_JP, "a\xBB", "a" BAD, 1 },
	{ "EUC-JP with a C1 byte", TEXT_EUC_JP,
	    "\x8D"
	    "a",
	    BAD "a", 1 },
	{ "ISO-2022-JP", TEXT_ISO_2022_JP, YAMADA_JIS, YAMADA, 0 },
	{ "ISO-2022-JP of 1978, half-width and supplement", TEXT_ISO_2022_JP,
	    "\x1B$@;3\x1B(JA\x1B(IC\x1B$(D0!\x1B(B", "山Aﾃ丂", 0 },
	{ "ISO-2022-JP never switched back: until the line ends",
	    TEXT_ISO_2022_JP, "\x1B$B;3\n;3", "山\n;3", 0 },
	{ "ISO-2022-JP with half a character and an eighth bit",
	    TEXT_ISO_2022_JP, "\x1B$B;3;\x1B(B\x80", "山" BAD BAD, 2 },
	{ "UTF-8", TEXT_UTF8, YAMADA, YAMADA, 0 },
	{ "UTF-8 with stray bytes", TEXT_UTF8, "a\xFF\xE3\x81z",
	    "a" BAD BAD BAD "z", 3 },
};

static const struct {
	const char *in, *want;
	bool lower;
} folds[] = {
	{ "", "", false },
	{ "Abc", "Abc", false },
	{ "Abc", "abc", true },
	{ "Ａｂｃ１２３（株）", "Abc123(株)", false },
	{ "ＡＢＣ", "abc", true },
	{ "山田　太郎", "山田 太郎", false },
	{ "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ", false },
	{ "ﾊﾟｽﾜｰﾄﾞ", "パスワード", false },
	{ "ｳﾞｧ", "ヴァ", false },
	{ "ﾜﾞｦﾞ", "ヷヺ", false },
	{ "｢ｱ｡ｲ､ｳ･｣", "「ア。イ、ウ・」", false },
	{ "ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞ",
	    "ガギグゲゴザジズゼゾダヂヅデドバビブベボ", false },
	{ "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "パピプペポ", false },
	{ "ｱﾞﾝﾟ", "ア゛ン゜", false },
	{ "ﾞ", "゛", false },
	{ "か\u3099は\u309A", "がぱ", false },
	{ "カﾞ", "ガ", false },
	{ "カ゛", "カ゛", false },
	{ "が\u3099", "が゛", false },
	{ "ｯﾞ", "ッ゛", false },
	{ "é①㈱", "é①㈱", true },
	{ "\xFF\xEF\xBD", "\xFF\xEF\xBD", true },
	{ "ｶ\xFFﾞ", "カ\xFF゛", false },
};

static void
check_utf8(void)
{
	struct buf out;
	uint32_t u;
	size_t i, n;
	bool same = true;

	for (i = 0; i < sizeof(utf8) / sizeof(utf8[0]); i++)
		ok(text_is_utf8(span_str(utf8[i].in)) == utf8[i].good,
		    "%s is %s UTF-8", utf8[i].name,
		    utf8[i].good ? "good" : "no");
	buf_init(&out);
	for (u = 0; u < 0x110000; u++) {
		if (u >= 0xD800 && u < 0xE000)
			continue;
		out.len = 0;
		text_append(u, &out);
		n = text_step(buf_view(&out));
		same &= n == out.len && text_rune(buf_view(&out)) == u;
	}
	ok(same, "each code point, there and back");
	ok(text_step(SPAN("")) == 0, "nothing is no character");
	buf_fini(&out);
}

static void
check_utf16(struct buf *out)
{
	static const char le[] = "a\0\x71\x5C\x3D\xD8\x25\xDE";
	static const char lone[] = "\xD8\x3D\0a\xDC\x00\0";

	out->len = 0;
	ok(text_decode(TEXT_UTF16LE, span_make(le, 8), out) == 0 &&
		span_is(buf_view(out), "a山\U0001F625"),
	    "UTF-16LE with a pair");
	out->len = 0;
	ok(text_decode(TEXT_UTF16BE, span_make(lone, 7), out) == 3 &&
		span_is(buf_view(out), BAD "a" BAD BAD),
	    "UTF-16BE with lone halves and half a unit");
	out->len = 0;
	ok(text_decode(TEXT_UTF16BE, span_make("\xD8\x3D", 2), out) == 1,
	    "a first half at the end");
}

static void
check_cp932(struct buf *out)
{
	struct buf back;
	unsigned i, j, lossy = 0;
	size_t bad;

	out->len = 0;
	bad = text_to_cp932(SPAN(YAMADA "ﾃ～①髙表"), out);
	ok(bad == 0 &&
		span_is(buf_view(out),
		    YAMADA_CP932 "\xC3\x81\x60\x87\x40\xFB\xFC\x95\x5C"),
	    "UTF-8 to CP932");
	out->len = 0;
	bad = text_to_cp932(SPAN("a\U0001F600é\xFFz"), out);
	ok(bad == 3 && span_is(buf_view(out), "a\x81\xAC\x81\xAC\x81\xACz"),
	    "what CP932 lacks is a missing type, counted");

	/* All that CP932 can write comes back, NEC and IBM doubles aside. */
	buf_init(&back);
	for (i = 0x81; i <= 0xFC; i++)
		for (j = 0x40; j <= 0xFC; j++) {
			uint8_t c[2] = { (uint8_t)i, (uint8_t)j };

			out->len = back.len = 0;
			if (text_decode(TEXT_CP932, span_make(c, 2), out) != 0)
				continue;
			if (text_to_cp932(buf_view(out), &back) != 0)
				lossy += 1000;
			lossy += !span_eq(buf_view(&back), span_make(c, 2));
		}
	ok(lossy > 300 && lossy < 500, "CP932 there and back: %u doubles",
	    lossy);
	buf_fini(&back);
}

static void
check_small(struct buf *out)
{
	enum text_encoding e;
	unsigned i;

	out->len = 0;
	text_escape(SPAN("a\tb\x1b[2J\x7f\xff漏\xC2\x9B\xE2\x80\xAE\\"), out);
	ok(span_is(buf_view(out),
	       "a\\x09b\\x1b[2J\\x7f\\xff漏\\xc2\\x9b\\xe2\\x80\\xae\\"),
	    "escaped: %s", buf_cstr(out));
	ok(span_is(text_trim(SPAN(" \t\r\n\v\f　a　b　 \n")), "a　b"),
	    "trimmed on both sides, not inside");
	ok(text_trim(SPAN(" 　 ")).len == 0, "blanks alone are nothing");
	ok(text_trim(span_make(NULL, 0)).len == 0, "nothing is nothing");
	ok(span_is(text_trim(SPAN("\x80\x80")), "\x80\x80"),
	    "part of a wide blank is none");
	for (i = TEXT_UTF8; i <= TEXT_ISO_2022_JP; i++)
		ok(text_encoding_parse(span_str(text_encoding_name(
					   (enum text_encoding)i)),
		       &e) == 0 &&
			e == i,
		    "%s", text_encoding_name((enum text_encoding)i));
	ok(text_encoding_parse(SPAN("latin1"), &e) == -1, "no such encoding");
}

/* A text that was cut, mixed with another's, or is UTF-16 without a mark. */
static void
check_broken(struct buf *out)
{
	static const uint8_t little[] = "<\0001\0>\0\x71\x5c",
			     big[] = "\0<\0001\0>\x5c\x71";
	size_t bom;

	ok(text_is_cut(SPAN("山\xE7\x94")), "two of three bytes");
	ok(text_is_cut(SPAN("山\xE7")), "one of them");
	ok(text_is_cut(SPAN("山\xF0\xA0\xAE")), "three of four");
	ok(!text_is_cut(SPAN("山田")), "all of them");
	ok(!text_is_cut(SPAN("a\xE7\x94")), "it may be CP932");
	ok(!text_is_cut(SPAN("山\xE7\x94x")), "not at its end");
	ok(!text_is_cut(SPAN("山\xE0\x80")), "no beginning of a character");
	ok(!text_is_cut(SPAN("山\x94")), "nor that");
	ok(text_guess(SPAN("山\xE7\x94"), &bom) == TEXT_UTF8,
	    "a cut text is UTF-8");
	ok(text_guess(span_make(little, sizeof(little) - 1), &bom) ==
		    TEXT_UTF16LE &&
		bom == 0,
	    "UTF-16LE without a mark");
	ok(text_guess(span_make(big, sizeof(big) - 1), &bom) == TEXT_UTF16BE,
	    "UTF-16BE without one");
	ok(text_guess(span_make("a\0b\0\0c", 6), &bom) == TEXT_UTF8,
	    "NULs of no order");
	ok(text_guess(span_make("abcdefghijklmnop\0qrstuvwxyz", 27), &bom) ==
		TEXT_UTF8,
	    "a single one");
	ok(text_is_mixed(SPAN("山田 \x95\x5C")), "UTF-8 beside CP932");
	ok(!text_is_mixed(SPAN("山田 表")), "UTF-8 alone");
	ok(!text_is_mixed(SPAN("\x8E\x52\x93\x63 \x95\x5C")), "CP932 alone");
	ok(!text_is_mixed(SPAN("\xE7\xB3\x93\x63 \x95\x5C")),
	    "one such character is by chance");
	ok(text_word(SPAN("山田 x"), 2) == 6 && text_word(SPAN("x"), 0) == 0 &&
		text_word(SPAN("山 x"), 2) == 0 &&
		text_word(SPAN("山田\x95"), 1) == 0,
	    "a word");
	out->len = 0;
	ok(text_decode_mixed(TEXT_CP932, SPAN("\x83\x7C|山田|\x95\x5C|"),
	       out) == 0 &&
		span_is(buf_view(out), "ポ|山田|表|"),
	    "both are read");
	out->len = 0;
	ok(text_decode_mixed(TEXT_EUC_JP, SPAN("山田,\xBB\xB3,\xBB"), out) ==
		    1 &&
		span_is(buf_view(out), "山田,山,\uFFFD"),
	    "what does not decode is counted");
}

/* Each place of lines of all lengths, with each byte that is not plain. */
static void
test_plain(void)
{
	static const uint8_t bad[] = { 0x00, 0x1B, 0x80, 0xFF },
			     good[] = { 0x01, '\t', '\n', 0x1A, 0x1C, 0x7F };
	uint8_t line[140];
	size_t len, at, i, wrong = 0;

	for (len = 0; len <= sizeof(line); len++) {
		memset(line, 'a', sizeof(line));
		wrong += !text_is_plain(span_make(line, len));
		for (at = 0; at < len; at++) {
			for (i = 0; i < sizeof(bad); i++) {
				line[at] = bad[i];
				wrong += text_is_plain(span_make(line, len));
			}
			for (i = 0; i < sizeof(good); i++) {
				line[at] = good[i];
				wrong += !text_is_plain(span_make(line, len));
			}
			line[at] = 'a';
		}
	}
	ok(wrong == 0, "ASCII without NUL and ESC is plain, and nothing else");
}

int
main(void)
{
	struct buf out;
	size_t i, bom, bad;

	buf_init(&out);
	ok(text_init() == 0, "iconv knows CP932 and EUC-JP");
	check_utf8();
	for (i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		ok(text_guess(span_str(guesses[i].in), &bom) ==
			    guesses[i].want &&
			bom == guesses[i].bom,
		    "guess: %s", guesses[i].name);
	}
	for (i = 0; i < sizeof(decodes) / sizeof(decodes[0]); i++) {
		out.len = 0;
		bad =
		    text_decode(decodes[i].from, span_str(decodes[i].in), &out);
		ok(bad == decodes[i].bad &&
			span_is(buf_view(&out), decodes[i].want),
		    "%s: %s", decodes[i].name, buf_cstr(&out));
	}
	check_utf16(&out);
	check_cp932(&out);
	check_broken(&out);
	for (i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
		out.len = 0;
		buf_str(&out, "か"); /* what stood before is not touched */
		text_fold(span_str(folds[i].in), folds[i].lower, &out);
		ok(span_is(span_sub(buf_view(&out), 3, out.len), folds[i].want),
		    "fold, row %zu: %s", i, buf_cstr(&out));
	}
	check_small(&out);
	buf_fini(&out);
	test_plain();
	return done();
}
