/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/json.h"

#include <jansson.h>

#include "tests/tap.h"

#define BAD "\xEF\xBF\xBD"

static const struct {
	const char *name, *in, *want;
} cases[] = {
	{ "nothing", "", "\"\"" },
	{ "a word", "abc", "\"abc\"" },
	{ "quotes and backslashes", "\"\\", "\"\\\"\\\\\"" },
	{ "controls with a letter", "\n\t\r\b\f", "\"\\n\\t\\r\\b\\f\"" },
	{ "controls without", "\x01\x1f", "\"\\u0001\\u001f\"" },
	{ "Japanese as it is", "漏えい", "\"漏えい\"" },
	{ "four bytes as they are", "\xF0\x9F\x8F\xA5",
	    "\"\xF0\x9F\x8F\xA5\"" },
	{ "a stray byte", "a\xFFz", "\"a" BAD "z\"" },
	{ "half a character", "a\xE6\xBC", "\"a" BAD BAD "\"" },
	{ "a surrogate", "\xED\xA0\x80", "\"" BAD BAD BAD "\"" },
};

/* Another library reads what we write, whatever the bytes. */
static bool
jansson_reads(struct span s)
{
	struct buf out;
	json_t *j;
	bool good;

	buf_init(&out);
	json_quote(&out, s);
	j = json_loadb((const char *)out.p, out.len,
	    JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	good = json_is_string(j);
	json_decref(j);
	buf_fini(&out);
	return good;
}

int
main(void)
{
	struct buf out;
	uint8_t two[2];
	bool good = true;
	unsigned i;

	buf_init(&out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out.len = 0;
		json_quote(&out, span_str(cases[i].in));
		ok(span_is(buf_view(&out), cases[i].want), "%s", cases[i].name);
	}
	out.len = 0;
	json_quote(&out, span_make("a\0b", 3));
	ok(span_is(buf_view(&out), "\"a\\u0000b\""), "a NUL");
	buf_fini(&out);
	for (i = 0; i < 0x10000; i++) {
		two[0] = (uint8_t)(i >> 8);
		two[1] = (uint8_t)i;
		good &= jansson_reads(span_make(two, 2));
	}
	ok(good, "jansson reads each string of two bytes");
	return done();
}
