/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/named.h"
#include "tests/tap.h"

#define A "uses=/a uses-sha256=11"
#define A2 "uses=/a uses-sha256=12"
#define B "uses=/b%20c uses-sha256=-"

static const struct {
	const char *name, *before, *now, *changed, *paths;
} rows[] = {
	{ "nothing", "", "", "", "" },
	{ "the same", A " " B, A " " B, "", "" },
	{ "in another order", A " " B, B " " A, "", "" },
	{ "all at a start", "", A " " B, A " " B, "/a, /b%20c" },
	{ "another hash", A " " B, A2 " " B, A2, "/a" },
	{ "one more", A, A " " B, B, "/b%20c" },
	{ "one less", A " " B, A, "", "" },
	{ "half a pair is none that was there", A, "uses=/a", "uses=/a", "/a" },
};

int
main(void)
{
	struct buf changed, paths;
	size_t i;

	buf_init(&changed);
	buf_init(&paths);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		changed.len = paths.len = 0;
		named_changed(span_str(rows[i].before), span_str(rows[i].now),
		    &changed);
		ok(span_is(buf_view(&changed), rows[i].changed), "%s",
		    rows[i].name);
		named_paths(buf_view(&changed), &paths);
		ok(span_is(buf_view(&paths), rows[i].paths), "and its paths");
	}
	buf_fini(&paths);
	buf_fini(&changed);
	return done();
}
