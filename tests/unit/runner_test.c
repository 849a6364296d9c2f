/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/runner_apart.h"
#include "common/log.h"
#include "tests/tap.h"

static const char *const env[] = { "KONSEKI_CASE=ab" };

/* Run a shell line; what it said of itself goes to *result. */
static int
run(const char *line, const char *input, struct buf *result)
{
	const char *const argv[] = { "/bin/sh", "-c", line };
	struct runner r = { argv, 3, env, 1, 2 };

	result->len = 0;
	return runner_run(&r, span_str(input), result);
}

/* By a process of its own: the program is that of the start. */
static void
apart(struct buf *b)
{
	static const char line[] =
	    "test \"$(cat)\" = hello && test \"$KONSEKI_CASE\" = ab";
	const char *const argv[] = { "/bin/sh", "-c", line };
	const char *const other[] = { "/bin/false" };
	const char *const foreign[] = { env[0], "BASH_ENV=/tmp/x" };
	struct runner r = { argv, 3, NULL, 0, 2 };
	struct runner call = { other, 1, env, 1, 2 };

	ok(runner_apart_start(&r) == 0, "a process of its own");
	b->len = 0;
	ok(runner_apart_run(&call, SPAN("hello"), b) == 0,
	    "runs its own program with what is sent: %s", buf_cstr(b));
	b->len = 0;
	ok(runner_apart_run(&call, SPAN("other"), b) == -1 &&
		strstr(buf_cstr(b), "exit status 1") != NULL,
	    "and says how it ended: %s", buf_cstr(b));
	call.n_env = 0;
	b->len = 0;
	ok(runner_apart_run(&call, SPAN("hello"), b) == -1,
	    "the environment is sent as well");
	call.env = foreign;
	call.n_env = 2;
	b->len = 0;
	ok(runner_apart_run(&call, SPAN("hello"), b) == -1 &&
		strstr(buf_cstr(b), "gone") != NULL,
	    "but only what is ours: %s", buf_cstr(b));
}

int
main(void)
{
	const char *const none[] = { "/nonexistent/program" };
	struct runner r = { none, 1, NULL, 0, 2 };
	struct buf b;

	log_set_lang("en");
	buf_init(&b);
	ok(run("test \"$(cat)\" = hello", "hello", &b) == 0,
	    "it gets the message");
	ok(run("test \"$KONSEKI_CASE\" = ab && test -z \"$HOME\"", "", &b) == 0,
	    "and what it is told, nothing else");
	ok(run("exit 3", "", &b) == -1 && strstr(buf_cstr(&b), "3") != NULL,
	    "its failure is said: %s", buf_cstr(&b));
	ok(run("true", "never read", &b) == 0, "it need not read");
	ok(run("exec tail -f /dev/null", "", &b) == -1 &&
		strstr(buf_cstr(&b), "killed") != NULL,
	    "one that does not end is killed: %s", buf_cstr(&b));
	b.len = 0;
	ok(runner_run(&r, SPAN(""), &b) == -1 &&
		strstr(buf_cstr(&b), "started") != NULL,
	    "one that is not there: %s", buf_cstr(&b));
	apart(&b);
	buf_fini(&b);
	return done();
}
