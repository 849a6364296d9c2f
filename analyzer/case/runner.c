/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/log.h"

#define ARGS_MAX 32u
#define ENV_MAX 16u
#define EXIT_NO_EXEC 127

/* In the child: input as standard input, nothing else open but 1 and 2. */
static _Noreturn void
become(const struct runner *r, int input)
{
	char *argv[ARGS_MAX + 1] = { 0 }, *env[ENV_MAX + 3] = { 0 };
	char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	char lang[] = "LANG=C.UTF-8";
	size_t i;

	for (i = 0; i < r->n && i < ARGS_MAX; i++)
		argv[i] = strdup(r->argv[i]);
	env[0] = path;
	env[1] = lang;
	for (i = 0; i < r->n_env && i < ENV_MAX; i++)
		env[i + 2] = strdup(r->env[i]);
	if (dup2(input, 0) == -1 || setpgid(0, 0) == -1)
		_exit(EXIT_NO_EXEC);
	(void)close_range(3, ~0U, 0); /* all else is inherited by mistake */
	(void)signal(SIGPIPE, SIG_DFL);
	execve(argv[0], argv, env);
	_exit(EXIT_NO_EXEC);
}

/* A file and not a pipe: a program that never reads cannot stall us. */
static int
input_file(struct span input)
{
	int fd = memfd_create("message", MFD_CLOEXEC);
	size_t done = 0;
	ssize_t n;

	while (fd != -1 && done < input.len) {
		n = write(fd, input.p + done, input.len - done);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			close(fd);
			return -1;
		}
		done += (size_t)n;
	}
	if (fd != -1 && lseek(fd, 0, SEEK_SET) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Wait at most timeout_s; kill its process group after that. */
static int
await(pid_t pid, unsigned timeout_s, int *status)
{
	struct pollfd p = { .events = POLLIN };
	int rc;

	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	do
		rc = p.fd == -1 ? 0 : poll(&p, 1, (int)timeout_s * 1000);
	while (rc == -1 && errno == EINTR);
	if (p.fd != -1)
		close(p.fd);
	if (rc <= 0)
		(void)kill(-pid, SIGKILL); /* it may just have ended */
	while (waitpid(pid, status, 0) == -1 && errno == EINTR)
		;
	return rc > 0 ? 0 : -1;
}

static int
tell(const struct runner *r, int status, struct buf *result)
{
	if (WIFSIGNALED(status)) {
		buf_printf(result,
		    tr("ended by signal %d", "シグナル %d で終了"),
		    WTERMSIG(status));
		return -1;
	}
	if (WEXITSTATUS(status) == EXIT_NO_EXEC)
		buf_printf(result,
		    tr("%s could not be started", "%s を起動できません"),
		    r->argv[0]);
	else
		buf_printf(result, tr("exit status %d", "終了状態 %d"),
		    WEXITSTATUS(status));
	return WEXITSTATUS(status) == 0 ? 0 : -1;
}

int
runner_run(const struct runner *r, struct span input, struct buf *result)
{
	int fd, status = 0;
	pid_t pid;

	fd = input_file(input);
	if (fd == -1) {
		buf_str(result, strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid == 0)
		become(r, fd);
	close(fd);
	if (pid == -1) {
		buf_str(result, strerror(errno));
		return -1;
	}
	(void)setpgid(pid, pid); /* whoever of the two is first */
	if (await(pid, r->timeout_s, &status) != 0) {
		buf_printf(result,
		    tr("no end within %u s: killed",
			"%u秒以内に終了しないため停止しました"),
		    r->timeout_s);
		return -1;
	}
	return tell(r, status, result);
}
