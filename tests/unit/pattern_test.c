/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/pattern.h"

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
	arena_free(arena);
	return done();
}
