/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/pattern.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/sigma/fold.h"
#include "tests/tap.h"

#define W PATTERN_WHOLE

static const struct {
	const char *pattern;
	enum pattern_place place;
	bool cased;
	const char *value;
	bool want;
} cases[] = {
	{ "admin", W, false, "ADMIN", true },
	{ "admin", W, true, "ADMIN", false },
	{ "admin", W, false, "admin1", false },
	{ "adm", PATTERN_CONTAINS, false, "theADMin", true },
	{ "adm", PATTERN_STARTS, false, "Admin", true },
	{ "adm", PATTERN_STARTS, false, "xadm", false },
	{ "min", PATTERN_ENDS, false, "AdMIN", true },
	{ "min", PATTERN_ENDS, false, "minx", false },
	{ "a*c", W, false, "abbc", true },
	{ "a*c", W, false, "ac", true },
	{ "a*c", W, false, "acb", false },
	{ "a?c", W, false, "abc", true },
	{ "a?c", W, false, "ac", false },
	{ "a?c", W, false, "aあc", true }, /* one character, not one byte */
	{ "a??c", W, false, "aあc", false },
	{ "*", W, false, "anything", true },
	{ "*a*b*", W, false, "xxaxxbxx", true },
	{ "*a*b*", W, false, "xxbxxaxx", false },
	{ "*aab", W, false, "aaaaab", true },
	{ "a\\*c", W, false, "a*c", true },
	{ "a\\*c", W, false, "abc", false },
	{ "a\\?c", W, false, "a?c", true },
	{ "C:\\dir", W, false, "c:\\DIR", true }, /* plain before d */
	{ "a\\\\*", W, false, "a\\bc", true },	  /* backslash, then any */
	{ "a\\\\*", W, false, "abc", false },
	{ "a\\\\\\*", W, false, "a\\*", true }, /* backslash, then star */
	{ "a\\\\\\*", W, false, "a\\b", false },
	{ "\\\\\\\\", W, false, "\\\\", true }, /* two backslashes */
	{ "a\\", W, false, "a\\", true },
	{ "ログイン", W, false, "ログイン", true },
	{ "管理", PATTERN_CONTAINS, false, "院内管理メニュー", true },
	{ "ＡＢＣ", W, false, "ａｂｃ", true },
	{ "ÄÖÜ", W, false, "äöü", true },
	{ "ÄÖÜ", W, true, "äöü", false },
	{ "ΣΩ", W, false, "σω", true },
	{ "ЖЁ", W, false, "жё", true },
	{ "×", W, false, "÷", false }, /* signs have no case */
	{ "i", W, false, "İ", false }, /* no Turkish surprises */
	{ "ŁÓDŹ", PATTERN_CONTAINS, false, "w łódź", true },
	{ "Ÿ", W, false, "ÿ", true },
	{ "ΣΑΣ", W, false, "σας", true }, /* at the end of a word too */
	{ "ẞ", W, false, "ß", true },	    /* of fewer bytes */
	{ "kg", PATTERN_ENDS, false, "70 \u212ag", true },
	{ "\u212a*", W, false, "kk", true },
	{ "Ⅷ", W, false, "ⅷ", true },
	{ "\U00010400", W, false, "\U00010428", true },
	{ "ⱥ", W, false, "Ⱥ", false }, /* it would have more bytes */
	{ "あA", W, false, "あa", true },
	{ "\xE3\x81" "A", W, false, "\xE3\x81" "a", true }, /* ill-formed */
	{ "", W, false, "a", false },
	{ "a", W, false, "", false },
};

/*
 * Blocks of bytes are folded at once: every byte at every place of texts of
 * every length, with a letter of two bytes in between or none, comes out as
 * it does in a text of its own.
 */
static void
check_blocks(void)
{
	uint8_t text[48], out[48], want[48], one;
	size_t len, at, wide, i, n, wrong = 0, done = 0;

	memset(text, 'Z', sizeof(text)); /* behind it: not looked at */
	for (len = 1; len < 40; len++)
		for (at = 0; at < 128 * len; at++) {
			wide = at % (len + 3);
			for (i = 0; i < len; i++)
				text[i] = (uint8_t)"aZ@[`{09"[(i + at) % 8];
			text[at / 128] = (uint8_t)(at % 128);
			if (wide + 1 < len)
				memcpy(text + wide, "\xC3\x84", 2);
			for (i = 0; i < len; i++) {
				(void)fold_case(span_make(text + i, 1), &one);
				want[i] = one;
			}
			if (wide + 1 < len)
				memcpy(want + wide, "\xC3\xA4", 2);
			n = fold_case(span_make(text, len), out);
			wrong += n != len || memcmp(out, want, len) != 0;
			for (i = 0; i < len && want[i] == text[i]; i++)
				;
			if (wide + 1 < len || text[at / 128] >= 0x80)
				i = 0; /* not all of ASCII */
			done += (i == len) !=
			    fold_is_done(span_make(text, len));
		}
	ok(wrong == 0, "blocks are folded as their bytes: %zu are not", wrong);
	ok(done == 0, "what is folded is known to be: %zu are not", done);
}

/* What a pattern means, by trying every length of every *. */
static bool
means(const char *p, const char *v)
{
	size_t n = (*v & 0x80) != 0 ? 2 : 1; /* a, b, ä */

	if (*p == '\0')
		return *v == '\0';
	if (*p == '*')
		return means(p + 1, v) || (*v != '\0' && means(p, v + n));
	if (*v == '\0')
		return false;
	if (*p == '?')
		return means(p + 1, v + n);
	return *p == *v && means(p + 1, v + 1);
}

static void
throw(char *out, const char *const *letters, unsigned n, unsigned most)
{
	static uint32_t seed = 7;
	unsigned len;

	seed = seed * 1664525u + 1013904223u;
	for (*out = '\0', len = (seed >> 8) % most; len > 0; len--) {
		seed = seed * 1664525u + 1013904223u;
		out += sprintf(out, "%s", letters[(seed >> 8) % n]);
	}
}

static void
check_meaning(struct arena *arena)
{
	static const char *const letters[] = { "a", "b", "ä", "*", "?", "*" };
	unsigned round, wrong = 0, fit = 0;
	char pattern[32], value[32];
	struct pattern p;
	bool want;

	for (round = 0; round < 200000; round++) {
		throw(pattern, letters, 6, 9);
		throw(value, letters, 3, 12);
		p = pattern_parse(span_str(pattern), W, 0, arena);
		want = means(pattern, value);
		fit += want;
		wrong += pattern_match(&p, span_str(value),
			     span_str(value)) != want;
		arena_reset(arena);
	}
	ok(wrong == 0 && fit > 10000, "%u of %u fit, %u wrongly", fit, round,
	    wrong);
}

int
main(void)
{
	struct arena *arena = arena_new();
	uint8_t folded[256];
	struct pattern p;
	struct span v;
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p = pattern_parse(span_str(cases[i].pattern), cases[i].place,
		    cases[i].cased ? PATTERN_CASED : 0, arena);
		v = span_str(cases[i].value);
		n = fold_case(v, folded);
		ok(pattern_match(&p, v, span_make(folded, n)) ==
			cases[i].want,
		    "'%s' (%d) %s '%s'", cases[i].pattern, cases[i].place,
		    cases[i].want ? "fits" : "does not fit", cases[i].value);
	}
	check_blocks();
	check_meaning(arena);
	arena_free(arena);
	return done();
}
