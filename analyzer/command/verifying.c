/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/verifying.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/command/gencheck.h"
#include "common/io.h"
#include "common/log.h"
#include "site/succession.h"

struct answer { /* one log of one generation */
	char log[64];
	struct verify_result result;
};

struct verifying {
	pid_t pid;
	int in;
};

static void
check(struct site *site, const struct site_log *log, unsigned generation,
    int out)
{
	const struct site_log *one =
	    succession_generation(site, log, generation);
	struct answer a;

	memset(&a, 0, sizeof(a));
	if (one == NULL) /* its path is too long */
		return;
	snprintf(a.log, sizeof(a.log), "%s", one->label);
	gencheck_log(site, one, 1, &a.result);
	if ((a.result.verdict != VERIFY_INTACT ||
		generation == log->generation) &&
	    io_write_all(out, &a, sizeof(a)) != 0)
		_exit(1);
}

static _Noreturn void
work(struct site *site, int out)
{
	static const char *const names[] = { "evidence", "casebook" };
	const struct site_log *log;
	unsigned g;
	size_t i;

	for (i = 0; i < 2; i++) {
		log = site_log(site, names[i]);
		for (g = 1; log != NULL && g <= log->generation; g++)
			check(site, log, g, out);
	}
	_exit(0);
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
verifying_start(struct site *site)
{
	struct verifying *v = calloc(1, sizeof(*v));
	int fds[2];

	if (v == NULL || pipe(fds) != 0)
		return cannot(v);
	v->pid = fork();
	if (v->pid == 0) {
		close(fds[0]);
		work(site, fds[1]);
	}
	close(fds[1]);
	v->in = fds[0];
	if (v->pid > 0)
		return v;
	close(v->in);
	return cannot(v);
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
