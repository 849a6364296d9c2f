/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/relay.h"

#include <string.h>

#include "tests/tap.h"

#define H "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/"

static const struct {
	const char *name, *path;
	int want;
} paths[] = {
	{ "the description", H "log", 0 },
	{ "the newest checkpoint", H "checkpoint", 0 },
	{ "a kept checkpoint", H "checkpoints/000000000042", 0 },
	{ "a token", H "tokens/000000000042-0123456789abcdef.tsr", 0 },
	{ "a manifest", H "manifests/000000000000", 0 },
	{ "the start of a segment", H "segments/000000000007/0", 0 },
	{ "a later part", H "segments/000000000007/1048576", 0 },
	{ "epochs", H "epochs/0", 0 },
	{ "nothing", "", -1 },
	{ "a slash in front", "/" H "log", -1 },
	{ "no log", "log", -1 },
	{ "a hash in capitals",
	    "000DE184301123B9278C086A7D9F68C9577E83872224C197058FD90784EA9706/"
	    "log",
	    -1 },
	{ "another name", H "lock", -1 },
	{ "a name that goes on", H "logs", -1 },
	{ "the folder above", H "../key", -1 },
	{ "the folder above in a number", H "manifests/../../../../a", -1 },
	{ "a number of eleven digits", H "manifests/00000000000", -1 },
	{ "one of thirteen", H "manifests/0000000000000", -1 },
	{ "a segment by its file's name",
	    H "segments/2026-11-20/000000000000.ev1.gz", -1 },
	{ "an offset with a leading zero", H "segments/000000000007/01", -1 },
	{ "no offset", H "segments/000000000007/", -1 },
	{ "a token of another kind",
	    H "tokens/000000000042-0123456789abcdef.tmp", -1 },
	{ "a NUL's place", H "log ", -1 },
	{ "an escape", H "%6cog", -1 },
	{ "a question", H "log?x", -1 },
};

static void
parsing(void)
{
	char out[RELAY_PATH_MAX];
	struct relay_path p;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ok(relay_path_parse(span_str(paths[i].path), &p) ==
			paths[i].want,
		    "%s", paths[i].name);
		if (paths[i].want != 0)
			continue;
		relay_path_print(&p, out);
		ok(strcmp(out, paths[i].path) == 0, "and back");
	}
}

/* The code as openssl dgst -sha256 -hmac computes it. */
static void
codes(void)
{
	char out[RELAY_AUTH_MAX], other[RELAY_AUTH_MAX];

	relay_auth(SPAN("0123456789abcdef"), SPAN("a/log"), SPAN("body"), out);
	ok(strcmp(out,
	       RELAY_SCHEME "34efaf1450d7df3bcd9f3ca26bd36b4c173888e7d75e61070c"
			    "a4ffa09e91119f") == 0,
	    "the code is HMAC-SHA-256");
	printf("# %s\n", out);
	relay_auth(SPAN("0123456789abcdeg"), SPAN("a/log"), SPAN("body"),
	    other);
	ok(strcmp(out, other) != 0, "another secret");
	relay_auth(SPAN("0123456789abcdef"), SPAN("b/log"), SPAN("body"),
	    other);
	ok(strcmp(out, other) != 0, "another path");
	relay_auth(SPAN("0123456789abcdef"), SPAN("a/log"), SPAN("bodi"),
	    other);
	ok(strcmp(out, other) != 0, "another body");
}

int
main(void)
{
	parsing();
	codes();
	return done();
}
