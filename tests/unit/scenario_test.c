/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/scenario.h"

#include <string.h>

#include "common/log.h"
#include "tests/tap.h"

#define HEAD "title_ja: 題\ntitle_en: title\nabout_ja: 説明\nabout_en: about\n"

static const struct {
	const char *name, *text;
	unsigned line;
	const char *what;
} bad[] = {
	{ "nothing", "", 1, "no title" },
	{ "a head alone", HEAD "---\n", 6, "no line" },
	{ "no title", "about_ja: x\n---\n0\tx\n", 4, "no title" },
	{ "an unknown name", "titel: x\n", 2, "title_ja" },
	{ "a line without a tab", HEAD "---\n0 x\n", 7, "a tab" },
	{ "a line without seconds", HEAD "---\nx\ty\n", 7, "seconds" },
	{ "too long a wait", HEAD "---\n601\ty\n", 7, "600" },
	{ "an empty line of a device", HEAD "---\n1\t\n", 7, "a tab" },
};

int
main(void)
{
	static const char good[] = "# words\n" HEAD
	    "---\n0\tat={date} {time} n={ns} {other}\n\n30\tb\tc\n";
	struct arena *arena = arena_new();
	struct scenario s;
	struct buf out;
	unsigned line;
	size_t i;

	log_set_lang("en");
	buf_init(&out);
	ok(scenario_parse(span_str(good), arena, &s, &line, &out) == 0 &&
		s.n == 2 && strcmp(s.title_ja, "題") == 0 &&
		strcmp(s.about_en, "about") == 0,
	    "a scenario is read");
	ok(s.lines[1].wait_s == 30 && span_is(s.lines[1].text, "b\tc"),
	    "a line may have tabs, and waits");
	scenario_print(&s.lines[0], 1795281247000000, 32400, &out);
	ok(strcmp(buf_cstr(&out),
	       "at=2026-11-22 02:14:07 n=1795281247000000000 {other}\n") == 0,
	    "and is sent with the moment: %s", buf_cstr(&out));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		out.len = 0;
		ok(scenario_parse(span_str(bad[i].text), arena, &s, &line,
		       &out) == -1 &&
			line == bad[i].line &&
			strstr(buf_cstr(&out), bad[i].what) != NULL,
		    "%s is refused: %u: %s", bad[i].name, line,
		    buf_cstr(&out));
	}
	out.len = 0;
	ok(scenario_of_log(SPAN("a\n\nb"), "x.log", arena, &s, &out) == 0 &&
		s.n == 2 && span_eq(s.lines[1].text, SPAN("b")),
	    "a log is one as it is");
	ok(scenario_of_log(SPAN("\n"), "x.log", arena, &s, &out) == -1,
	    "but not an empty one");
	buf_fini(&out);
	arena_free(arena);
	return done();
}
