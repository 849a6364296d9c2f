/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/parent_priv.h"
#include "common/log.h"
#include "common/utc.h"

#define FIRST 3 /* descriptor, as sd_listen_fds(3) has it */
#define TRY_SECONDS 20

static char program[4096]; /* our path, which an upgrade replaces */

void
upgrade_init(void)
{
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (n <= 0)
		n = 0; /* said when it is needed */
	program[n] = '\0';
}

static const char *
lang(void)
{
	return log_lang() == LOG_JA ? "ja" : "en";
}

static _Noreturn void
check_run(const char *file)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(TRY_SECONDS); /* it lives on in the program */
	execl(program, program, "--check-config", "--site", file, "--lang",
	    lang(), (char *)NULL);
	log_errno("%s", program);
	_exit(127);
}

/* Whether what is installed now runs, and finds its configuration good. */
static bool
check(const char *file)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		check_run(file);
	if (pid < 0) {
		log_errno(
		    tr("cannot start a process", "プロセスを起動できません"));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
upgrade_ask(struct parent *p)
{
	if (p->state != STATE_RUN || p->reload.site != NULL) {
		log_warn(tr("not now: it is starting, stopping or reloading; "
			    "try again later",
		    "起動・停止・再読み込みの途中のため切り替えません。後でや"
		    "り直してください"));
		return;
	}
	manager_reloading(&p->manager);
	if (!check(p->opt->site->file)) {
		log_error(tr("%s does not run with this configuration: NOT "
			     "replaced, collecting goes on",
			      "%sがこの設定で動かないため切り替えません。収集を"
			      "続けます"),
		    program);
		manager_say(&p->manager, "READY=1");
		return;
	}
	log_info(tr("the rest is sealed, then %s takes over",
		     "残りを封印した後、%sに切り替えます"),
	    program);
	p->upgrade = true;
	parent_enter(p, STATE_STOP_RECEIVER);
}

/* The sockets to 3, 4 ..., where the successor looks for them. */
static int
sockets_place(struct parent *p, struct buf *names)
{
	size_t i, n = p->c.n_listeners;
	int high = FIRST + (int)n;

	for (i = 0; i < n; i++) { /* out of each other's way */
		p->c.listeners[i].fd =
		    fcntl(p->c.listeners[i].fd, F_DUPFD_CLOEXEC, high);
		if (p->c.listeners[i].fd < 0)
			return -1;
	}
	for (i = 0; i < n; i++) {
		if (dup2(p->c.listeners[i].fd, FIRST + (int)i) < 0)
			return -1; /* and it outlives the execution */
		buf_printf(names, "%s%s", i == 0 ? "" : ":",
		    p->c.listeners[i].conf->name);
	}
	return 0;
}

void
upgrade_run(struct parent *p)
{
	const char *file = p->opt->site->file;
	struct buf names;
	char text[32];
	sigset_t none;

	buf_init(&names);
	if (sockets_place(p, &names) != 0)
		goto fail;
	snprintf(text, sizeof(text), "%ld", (long)getpid());
	if (setenv("LISTEN_PID", text, 1) != 0)
		goto fail;
	snprintf(text, sizeof(text), "%zu", p->c.n_listeners);
	if (setenv("LISTEN_FDS", text, 1) != 0 ||
	    setenv("LISTEN_FDNAMES", buf_cstr(&names), 1) != 0)
		goto fail;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl(program, program, "--foreground", "--site", file, "--lang",
	    lang(), (char *)NULL);
fail:
	log_errno(tr("ALARM: %s cannot take over: collecting ENDS",
		      "警報: %sに切り替えられません。収集を終了します"),
	    program);
	buf_fini(&names);
	p->status = 1;
}
