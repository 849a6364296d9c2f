/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/verifying.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/command/gencheck.h"
#include "common/io.h"
#include "common/log.h"
#include "site/succession.h"

#define LOWEST 19 /* priority: it has time */
#define HOUR_MS 3600000

struct answer { /* one log of one generation; or of a round, without more */
	enum { ANSWER_LOG, ANSWER_BEGINS, ANSWER_ENDS } what;
	char log[64];
	struct verify_result result;
};

struct verifying {
	pid_t pid;
	int in;
	struct lend *lend; /* or NULL */
	struct answer part; /* of rounds: the next, as far as it came */
	size_t len;
	bool runs; /* a round */
	bool over; /* it has ended */
};

struct work {
	int out;
	struct lend *lend;
};

static void
check(struct site *site, const struct site_log *log, unsigned generation,
    const struct work *w)
{
	const struct site_log *one =
	    succession_generation(site, log, generation);
	struct answer a;

	memset(&a, 0, sizeof(a));
	if (one == NULL) /* its path is too long */
		return;
	snprintf(a.log, sizeof(a.log), "%s", one->label);
	gencheck_lending(site, one, w->lend, &a.result);
	if ((a.result.verdict != VERIFY_INTACT ||
		generation == log->generation) &&
	    io_write_all(w->out, &a, sizeof(a)) != 0)
		_exit(1);
}

/* Of the evidence alone: nobody reads the casebook meanwhile. */
static void
work(struct site *site, int out, struct lend *lend)
{
	static const char *const names[] = { "evidence", "casebook" };
	const struct work w[] = { { out, lend }, { out, NULL } };
	const struct site_log *log;
	unsigned g;
	size_t i;

	for (i = 0; i < 2; i++) {
		log = site_log(site, names[i]);
		for (g = 1; log != NULL && g <= log->generation; g++)
			check(site, log, g, &w[i]);
	}
}

static void
say_round(int out, int what)
{
	struct answer a;

	memset(&a, 0, sizeof(a));
	a.what = what;
	if (io_write_all(out, &a, sizeof(a)) != 0)
		_exit(1);
}

/* Until whoever reads is gone, which only the pipe tells: a caller that has
 * confined itself may send no signal, not even that of its death. */
static _Noreturn void
rounds(struct site *site, unsigned hours, int out)
{
	struct pollfd p = { .fd = out };
	unsigned i;

	for (;;) {
		say_round(out, ANSWER_BEGINS);
		work(site, out, NULL);
		say_round(out, ANSWER_ENDS);
		for (i = 0; i < hours; i++)
			if (poll(&p, 1, HOUR_MS) > 0)
				_exit(0);
	}
}

static struct verifying *
cannot(struct verifying *v)
{
	log_errno("%s",
	    tr("the evidence is not verified: its process cannot be started",
		"証跡を検証できません。検証プロセスを開始できません"));
	free(v);
	return NULL;
}

struct verifying *
verifying_start(struct site *site, struct lend *lend)
{
	struct verifying *v = calloc(1, sizeof(*v));
	int fds[2];

	if (v == NULL || pipe(fds) != 0)
		return cannot(v);
	v->lend = lend;
	v->pid = fork();
	if (v->pid == 0) {
		close(fds[0]);
		if (lend != NULL)
			lend_be_lender(lend);
		work(site, fds[1], lend);
		_exit(0);
	}
	close(fds[1]);
	v->in = fds[0];
	if (lend != NULL)
		lend_be_borrower(lend);
	if (v->pid > 0)
		return v;
	close(v->in);
	return cannot(v);
}

struct verifying *
verifying_rounds(struct site *site, unsigned hours,
    int (*enter)(const struct site *site))
{
	struct verifying *v = calloc(1, sizeof(*v));
	int fds[2];

	if (v == NULL || signal(SIGCHLD, SIG_IGN) == SIG_ERR ||
	    pipe2(fds, O_CLOEXEC) != 0)
		return cannot(v);
	v->runs = true; /* it is about to */
	v->pid = fork();
	if (v->pid == 0) {
		/* The caller's ways to others are not for it. */
		(void)close_range(STDERR_FILENO + 1, (unsigned)fds[1] - 1, 0);
		(void)close_range((unsigned)fds[1] + 1, ~0U, 0);
		(void)signal(SIGTERM, SIG_DFL);
		(void)signal(SIGINT, SIG_DFL);
		log_set_name("konseki-verify");
		(void)prctl(PR_SET_NAME, "konseki-verify"); /* for people */
		(void)setpriority(PRIO_PROCESS, 0, LOWEST);
		if (enter(site) != 0)
			_exit(1);
		rounds(site, hours, fds[1]);
	}
	close(fds[1]);
	v->in = fds[0];
	if (v->pid > 0 && fcntl(v->in, F_SETFL, O_NONBLOCK) == 0)
		return v;
	close(v->in);
	return cannot(v);
}

void
verifying_poll(struct verifying *v,
    void (*take)(void *cookie, const char *log, const struct verify_result *r),
    void *cookie)
{
	ssize_t n;

	if (v == NULL || v->over)
		return;
	while ((n = read(v->in, (uint8_t *)&v->part + v->len,
		    sizeof(v->part) - v->len)) > 0) {
		v->len += (size_t)n;
		if (v->len < sizeof(v->part))
			continue;
		v->len = 0;
		if (v->part.what == ANSWER_LOG)
			take(cookie, v->part.log, &v->part.result);
		else
			v->runs = v->part.what == ANSWER_BEGINS;
	}
	v->over = n == 0;
	v->runs &= !v->over;
	if (v->over)
		log_error("%s",
		    tr("the process that verifies the logs has ended: they are "
		       "not verified any more until this is started anew",
			"ログを検証するプロセスが終了しました。起動し直すまで"
			"ログを検証しません"));
}

bool
verifying_runs(const struct verifying *v)
{
	return v != NULL && v->runs;
}

/* 1 a whole one, 0 the end, -1 a piece. */
static int
next_answer(int in, struct answer *a)
{
	uint8_t *to = (uint8_t *)a;
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(*a)) {
		n = read(in, to + len, sizeof(*a) - len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 && len == 0 ? 0 : -1;
		len += (size_t)n;
	}
	return 1;
}

int
verifying_end(struct verifying *v,
    void (*take)(void *cookie, const char *log, const struct verify_result *r),
    void *cookie)
{
	struct answer *a;
	int status = 1, rc;

	if (v == NULL)
		return -1;
	lend_end(v->lend);
	if ((a = malloc(sizeof(*a))) == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	while ((rc = next_answer(v->in, a)) == 1)
		take(cookie, a->log, &a->result);
	close(v->in);
	while (waitpid(v->pid, &status, 0) == -1 && errno == EINTR)
		;
	free(a);
	free(v);
	if (rc == 0 && status == 0)
		return 0;
	log_error("%s",
	    tr("the evidence was not verified to the end",
		"証跡の検証が途中で終わりました"));
	return -1;
}
