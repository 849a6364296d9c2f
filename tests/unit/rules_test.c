/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/example.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/sentence.h"
#include "common/io.h"
#include "tests/tap.h"

/* Every rule of the pack, with every example it carries. */
static void
report(void *arg, const struct example_verdict *v)
{
	(void)arg;
	ok(v->good, "%s: %s", v->rule->code, v->name);
	if (!v->good)
		printf("# %s; came: %.*s\n", v->why, (int)v->came.len,
		    (const char *)v->came.p);
}

/* The manual names every fact, setting and variable. */
static void
check_manual(const char *srcdir)
{
	static const char *const vars[] = {
#define VAR(id, name, ja, en) "`{" name "}`",
#include "analyzer/rule/sentence_tbl.h"
#undef VAR
	};
	char path[4096], name[128];
	size_t i, missing = 0;
	struct buf b;

	buf_init(&b);
	snprintf(path, sizeof(path), "%s/docs/rules.md", srcdir);
	ok(io_read_file(path, 1 << 20, &b) == 0, "there is a manual");
	(void)buf_cstr(&b);
	for (i = 0; i < FACT_COUNT + SETTING_COUNT; i++) {
		snprintf(name, sizeof(name), "`%s`",
		    i < FACT_COUNT
			? fact_name((enum fact)i)
			: setting_name((enum setting)(i - FACT_COUNT)));
		if (b.len > 0 && strstr((char *)b.p, name) != NULL)
			continue;
		printf("# docs/rules.md lacks %s\n", name);
		missing++;
	}
	for (i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		missing += b.len == 0 || strstr((char *)b.p, vars[i]) == NULL;
	ok(missing == 0, "which names every fact, setting and variable");
	buf_fini(&b);
}

int
main(void)
{
	static const char *const profiles[] = { "default", "clinic", "hospital",
		"group" };
	const char *srcdir = getenv("srcdir");
	struct yaml_error err;
	struct ruleset *rs;
	char dir[4096];
	size_t i, k;

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		rs = ruleset_load(dir, profiles[i], &err);
		ok(rs != NULL && rs->n_refused == 0 && rs->n > 0, "profile %s",
		    profiles[i]);
		if (rs == NULL) {
			printf("# %s:%u:%u: %s\n", err.file, err.line, err.col,
			    err.what);
			continue;
		}
		for (k = 0; k < rs->n_refused; k++)
			printf("# %s:%u:%u: %s\n", rs->refused[k].file,
			    rs->refused[k].line, rs->refused[k].col,
			    rs->refused[k].what);
		ok(rs->settings.all || rs->n == rs->settings.n_rules,
		    "%s names only rules that there are", profiles[i]);
		for (k = 0; i == 0 && k < rs->n; k++)
			(void)example_run(rs->rules[k], &rs->settings, report,
			    NULL);
		ruleset_free(rs);
	}
	check_manual(srcdir != NULL ? srcdir : ".");
	return done();
}
