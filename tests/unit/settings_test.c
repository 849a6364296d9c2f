/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/settings.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/ruleset.h"
#include "common/utc.h"
#include "tests/tap.h"

static const struct {
	const char *yaml;
	unsigned line, col;
} bad[] = {
	{ "settings: {outbound: {hour: {zz: 6}}}", 1, 34 },
	{ "settings: {outbound: {hour: {z: six}}}", 1, 33 },
	{ "settings: {outbound: {hour: {z: 0}}}", 1, 33 },
	{ "settings: {outbound: {hour: {n: 12.5}}}", 1, 33 },
	{ "settings: {outbound: {hour: {bytes: 100MiB}}}", 1, 37 },
	{ "settings: {admin: {grace: 30}}", 1, 27 },
	{ "settings: {outbound: {cap: urgent}}", 1, 28 },
	{ "settings: {account: {coverage: 101}}", 1, 32 },
	{ "setting: {}", 1, 10 },
	{ "rules: some", 1, 8 },
	{ "[]", 1, 1 },
};

static void
check_files(const char *srcdir)
{
	struct arena *arena = arena_new();
	struct yaml_error err;
	struct settings s;
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/rules", srcdir);
	ok(ruleset_settings(dir, "clinic", arena, &s, &err) == 0 && !s.all,
	    "clinic extends default");
	ok(settings_count(&s, SETTING_HOUR_BYTES) == 100000000 &&
		settings_number(&s, SETTING_HOUR_MAD) == 0.15 &&
		settings_usec(&s, SETTING_ADM_GRACE) == 30 * UTC_MINUTE &&
		settings_level(&s, SETTING_OUT_CAP) == FINDING_CRITICAL,
	    "units: 100MB, 0.15, 30m, critical");
	ok(settings_enables(&s, "ADM-01") && !settings_enables(&s, "CFG-01"),
	    "the clinic has some rules on");
	ok(ruleset_settings(dir, "nowhere", arena, &s, &err) == -1 &&
		strstr(err.file, "nowhere") != NULL,
	    "no such profile: %s", err.what);
	ok(ruleset_settings(dir, "../profiles/clinic", arena, &s, &err) == -1,
	    "a profile is not a path");
	arena_free(arena);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct settings s = { .all = true };
	struct arena *arena = arena_new();
	struct yaml_error err;
	struct span extends;
	enum setting missing;
	size_t i;

	ok(settings_parse(SPAN("extends: default\nrules: [A, B]\n"
			       "settings: {outbound: {hour: {z: 7.5}}}"),
	       "t", arena, &s, &extends, &err) == 0 &&
		span_is(extends, "default") &&
		settings_number(&s, SETTING_HOUR_Z) == 7.5 &&
		settings_enables(&s, "A") && !settings_enables(&s, "C"),
	    "a profile is read");
	ok(!settings_complete(&s, &missing) && missing == SETTING_SKEW_MAX,
	    "what it does not set is missing");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.what[0] = '\0';
		ok(settings_parse(span_str(bad[i].yaml), "t", arena, &s,
		       &extends, &err) == -1 &&
			err.line == bad[i].line && err.col == bad[i].col &&
			err.what[0] != '\0',
		    "refused %s at %u:%u: %s", bad[i].yaml, err.line, err.col,
		    err.what);
	}
	check_files(srcdir != NULL ? srcdir : ".");
	arena_free(arena);
	return done();
}
