/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/decoded.h"

#include <string.h>

#include "tests/tap.h"

#define CP932 "\x93\xfa\x96{"
#define EUC "\xc6\xfc\xcb\xdc"

static const struct {
	const char *name, *message, *words, *want; /* want NULL: none */
} cases[] = {
	{ "UTF-8 is text as it stands", "<13>日本", "listener=a", NULL },
	{ "and so is ASCII in any encoding", "<13>abc",
	    "listener=a encoding=cp932", NULL },
	{ "what is guessed is said so", "<13>" CP932, "listener=a",
	    "cp932, guessed: <13>日本" },
	{ "what its stream says is none", "<13>" EUC,
	    "listener=a encoding=euc-jp", "euc-jp: <13>日本" },
	{ "and counts, though another fits better", "<13>\xc6\xcb",
	    "listener=a encoding=cp932", "cp932: <13>ﾆﾋ" },
	{ "ISO-2022-JP looks like ASCII", "\x1b$BF|K\\\x1b(B", "listener=a",
	    "iso-2022-jp, guessed: 日本" },
	{ "a byte order mark says it", "\xff\xfe\xe5\x65", "listener=a",
	    "utf-16le, guessed: 日" },
	{ "what does not decode is counted", "<13>" CP932 "\xff",
	    "listener=a encoding=cp932",
	    "cp932, 1 places do not decode: <13>日本\ufffd" },
	{ "words that are not ours are none", "<13>" CP932,
	    "listener=a encoding=x", "cp932, guessed: <13>日本" },
	{ "it cannot drive the terminal", CP932 "\x07", "listener=a",
	    "cp932, guessed: 日本\\x07" },
};

int
main(void)
{
	struct buf out;
	size_t i;
	bool other;

	buf_init(&out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out.len = 0;
		other = decoded_print(span_str(cases[i].message),
		    span_str(cases[i].words), &out);
		ok(cases[i].want == NULL
			? !other && out.len == 0
			: other && strcmp(buf_cstr(&out), cases[i].want) == 0,
		    "%s (%s)", cases[i].name, buf_cstr(&out));
	}
	buf_fini(&out);
	return done();
}
