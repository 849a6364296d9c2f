/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "tests/tap.h"

static const struct {
	const char *arg, *all, *messages, *lang;
	enum log_lang want;
} langs[] = {
	{ NULL, NULL, NULL, NULL, LOG_EN },
	{ NULL, NULL, NULL, "ja_JP.UTF-8", LOG_JA },
	{ NULL, NULL, NULL, "C.UTF-8", LOG_EN },
	{ NULL, NULL, "ja_JP", "en_US", LOG_JA },
	{ NULL, NULL, "en_US", "ja_JP", LOG_EN },
	{ NULL, "C", "ja_JP", "ja_JP", LOG_EN },
	{ NULL, "", "", "ja_JP", LOG_JA },
	{ "ja", "C", NULL, NULL, LOG_JA },
	{ "en", "ja_JP", NULL, NULL, LOG_EN },
	{ "jav", NULL, NULL, NULL, LOG_EN },
};

static void
set(const char *name, const char *value)
{
	if (value == NULL)
		unsetenv(name);
	else
		setenv(name, value, 1);
}

static void
check_lang(void)
{
	size_t i;

	for (i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
		set("LC_ALL", langs[i].all);
		set("LC_MESSAGES", langs[i].messages);
		set("LANG", langs[i].lang);
		log_set_lang(langs[i].arg);
		ok(log_lang() == langs[i].want &&
			strcmp(tr("e", "j"),
			    langs[i].want == LOG_JA ? "j" : "e") == 0,
		    "language, row %zu", i);
	}
}

/* What say() writes to standard error, and how its process ends. */
static int
capture(void (*say)(void), struct buf *out)
{
	int fd[2], status = -1;
	ssize_t n;
	pid_t pid;

	fflush(stdout);
	out->len = 0;
	if (pipe(fd) != 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		dup2(fd[1], STDERR_FILENO);
		say();
		_exit(0);
	}
	close(fd[1]);
	n = io_read_up_to(fd[0], buf_reserve(out, 8192), 8192);
	out->len = n > 0 ? (size_t)n : 0;
	close(fd[0]);
	waitpid(pid, &status, 0);
	return status;
}

static void
say_all(void)
{
	log_set_lang("en");
	log_set_name("prog");
	log_info("%d", 1);
	log_warn("two");
	log_error("three\n\x1b[2J\xff");
	errno = ENOENT;
	log_errno("'%s'", "x");
	log_progress("reading", 1, 2);
	log_progress_end();
	if (log_warnings() != 1 || log_errors() != 2)
		_exit(9);
}

static void
say_fatal(void)
{
	log_fatal(tr("the %s", "%s が"), "end");
}

static void
say_long(void)
{
	char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_info("%s", text);
}

static void
say_japanese(void)
{
	log_set_lang("ja");
	log_warn("容量が残り %d %%", 5);
}

int
main(void)
{
	struct buf out;
	int status;

	buf_init(&out);
	check_lang();
	status = capture(say_all, &out);
	ok(status == 0, "warnings and errors are counted");
	ok(strcmp(buf_cstr(&out),
	       "prog: 1\n"
	       "prog: warning: two\n"
	       "prog: three\\x0a\\x1b[2J\\xff\n"
	       "prog: 'x': No such file or directory\n") == 0,
	    "lines are escaped, and progress is for terminals only");
	log_set_lang("ja");
	status = capture(say_fatal, &out);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1, "fatal exits 1");
	ok(strcmp(buf_cstr(&out), "konseki: end が\n") == 0, "in Japanese");
	capture(say_japanese, &out);
	ok(strcmp(buf_cstr(&out), "konseki: 警告: 容量が残り 5 %\n") == 0,
	    "and so is the word for a warning");
	capture(say_long, &out);
	ok(out.len > 1000 && out.p[out.len - 1] == '\n',
	    "a long line is cut, but ends");
	buf_fini(&out);
	return done();
}
