/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/call.h"

#include <getopt.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/review_sign.h"
#include "common/buf.h"
#include "common/log.h"

static const struct {
	const char *name, *value;
} options[] = {
#define CALL(id, option, value) { option, value },
#include "analyzer/command/call_tbl.h"
#undef CALL
};

static int
usage(const char *name, unsigned taken)
{
	struct buf out;
	int i, rc;

	buf_init(&out);
	for (i = 0; i < CALL_COUNT; i++)
		if (taken & CALL_BIT(i))
			buf_printf(&out, "%s[--%s%s%s]",
			    out.len > 0 ? " " : "", options[i].name,
			    options[i].value != NULL ? " " : "",
			    options[i].value != NULL ? options[i].value : "");
	if (taken & CALL_BIT(CALL_HISTORY)) /* of sheets that are signed */
		buf_printf(&out, "\n  | %s", REVIEW_SIGN_USAGE);
	rc = command_usage(name, buf_cstr(&out));
	buf_fini(&out);
	return rc;
}

static int
parse(int argc, char *argv[], unsigned taken, struct call *c)
{
	struct option list[CALL_COUNT + 1] = { 0 };
	int i, o, n = 0;

	for (i = 0; i < CALL_COUNT; i++)
		if (taken & CALL_BIT(i))
			list[n++] = (struct option){ options[i].name,
				options[i].value != NULL ? required_argument
							 : no_argument,
				NULL, i };
	while ((o = getopt_long(argc, argv, "", list, NULL)) != -1) {
		if (o < 0 || o >= CALL_COUNT)
			return -1;
		c->value[o] = options[o].value != NULL ? optarg : "";
	}
	if (c->value[CALL_LANG] != NULL && !log_is_lang(c->value[CALL_LANG]))
		return -1;
	return optind == argc ? 0 : -1;
}

/* Of two that do not go together the one would be left out without a word. */
static bool
clashes(const struct call *c)
{
	static const enum call_option pairs[][2] = {
		{ CALL_HISTORY, CALL_TEXT }, { CALL_HISTORY, CALL_FULL },
		{ CALL_HISTORY, CALL_WEEK }, { CALL_HISTORY, CALL_MONTH },
		{ CALL_HISTORY, CALL_ANALYZE }, { CALL_MONTH, CALL_TEXT },
		{ CALL_MONTH, CALL_FULL }, { CALL_MONTH, CALL_WEEK },
		{ CALL_MONTH, CALL_ANALYZE },
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (c->value[pairs[i][0]] == NULL ||
		    c->value[pairs[i][1]] == NULL)
			continue;
		log_error(tr("--%s and --%s do not go together",
			      "--%s と --%s は同時に指定できません"),
		    options[pairs[i][0]].name, options[pairs[i][1]].name);
		return true;
	}
	return false;
}

int
call_run(int argc, char *argv[], unsigned also,
    int (*run)(const struct call *c, struct feed *f))
{
	unsigned taken = also | CALL_BIT(CALL_SITE) | CALL_BIT(CALL_JOBS) |
	    CALL_BIT(CALL_LANG) | CALL_BIT(CALL_OUTPUT);
	unsigned jobs = events_jobs();
	struct call c = { 0 };
	struct feed *f;
	int rc;

	if (parse(argc, argv, taken, &c) != 0 || clashes(&c) ||
	    (c.value[CALL_JOBS] != NULL &&
		events_parse_jobs(c.value[CALL_JOBS], &jobs) != 0))
		return usage(argv[0], taken);
	f = (c.value[CALL_ANALYZE] != NULL ? feed_open_part : feed_open)(
	    c.value[CALL_SITE], c.value[CALL_LANG], jobs);
	if (f == NULL)
		return 1;
	rc = run(&c, f);
	feed_close(f);
	return rc == 0 ? 0 : 1;
}
