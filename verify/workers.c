/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verify/walk.h"

/*
 * One job scans in this process.  Several are children: of n each scans every
 * n-th segment and writes the facts, each followed by its body, to a pipe, from
 * which the walk takes them in the order of the segments.  A child whose pipe
 * is full waits, so memory does not depend on the log.
 */
#define WORKERS_PIPE (1 << 20) /* bytes; where it cannot be had, fewer do */

static size_t
fact_size(const struct scan_fact *f)
{
	return offsetof(struct scan_fact, added.hash) +
	    f->added.n * sizeof(f->added.hash[0]);
}

static void
take(void *cookie, const struct scan_fact *f)
{
	walk_take(cookie, f);
}

static void
send(void *cookie, const struct scan_fact *f)
{
	FILE *out = cookie;

	if (fwrite(f, fact_size(f), 1, out) != 1 ||
	    (f->body.len > 0 && fwrite(f->body.p, f->body.len, 1, out) != 1))
		_exit(1);
}

static void
scan(struct walk *w, size_t segment,
    void (*put)(void *cookie, const struct scan_fact *f), void *cookie)
{
	char path[FOLDER_PATH];
	struct scan_job job = { .dir = &w->dir,
		.path = path,
		.points = { w->newest.size },
		.n_points = 1,
		.sealed = w->newest.size,
		.put = put,
		.cookie = cookie,
		/* What children lend would not come in order. */
		.lend = put == take ? w->opt->lend : NULL,
		.lending = w->opt->lending };

	walk_path(w, segment, path);
	for (size_t i = 0; i < w->n_anchors; i++) /* of a token it is 0 */
		job.points[job.n_points++] = w->anchor[i].head.size;
	w->scan = scan_new();
	scan_run(w->scan, &job);
	scan_free(w->scan);
	w->scan = NULL;
}

static void
start(struct walk *w, unsigned number, unsigned jobs)
{
	FILE *out;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0 ||
	    (w->worker[number].facts = fdopen(fd[0], "r")) == NULL ||
	    (w->worker[number].pid = fork()) < 0)
		walk_refuse(w, w->opt->dir,
		    (struct say){ SAY_ERROR, .s = strerror(errno) });
	if (w->worker[number].pid > 0) {
		close(fd[1]);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fclose(w->worker[number].facts);
	fcntl(fd[1], F_SETPIPE_SZ, WORKERS_PIPE);
	if ((out = fdopen(fd[1], "w")) == NULL)
		_exit(1);
	for (size_t i = number; i < w->dir.segments.n; i += jobs) {
		scan(w, i, send, out);
		if (fflush(out) != 0)
			_exit(1);
	}
	_exit(0);
}

/* One fact and its body. */
static bool
receive(FILE *in, struct scan_fact *f, uint8_t body[SCAN_SYSTEM_MAX])
{
	size_t head = offsetof(struct scan_fact, added.hash);

	if (fread(f, head, 1, in) != 1 || f->added.n > MERKLE_MAX ||
	    f->body.len > SCAN_SYSTEM_MAX)
		return false;
	f->body.p = body;
	return fread(f->added.hash, sizeof(f->added.hash[0]), f->added.n, in) ==
	    f->added.n &&
	    fread(body, 1, f->body.len, in) == f->body.len;
}

/* A child that died must not look like a segment's end. */
static void
walk_facts(struct walk *w, FILE *in)
{
	uint8_t body[SCAN_SYSTEM_MAX];
	struct scan_fact f;

	do {
		if (!receive(in, &f, body))
			walk_refuse(w, w->opt->dir, say0(SAY_WORKER));
		walk_take(w, &f);
	} while (f.kind != SCAN_END && f.kind != SCAN_BAD);
}

void
workers_run(struct walk *w)
{
	unsigned jobs = w->opt->jobs;

	if (jobs > VERIFY_JOBS_MAX)
		jobs = VERIFY_JOBS_MAX;
	if (jobs > w->dir.segments.n)
		jobs = (unsigned)w->dir.segments.n;
	for (unsigned i = 0; jobs > 1 && i < jobs; i++)
		start(w, i, jobs);
	for (size_t i = 0; i < w->dir.segments.n; i++)
		if (jobs > 1)
			walk_facts(w, w->worker[i % jobs].facts);
		else
			scan(w, i, take, w);
}

void
workers_end(struct walk *w)
{
	scan_free(w->scan);
	for (unsigned i = 0; i < VERIFY_JOBS_MAX; i++) {
		if (w->worker[i].facts != NULL)
			fclose(w->worker[i].facts);
		if (w->worker[i].pid <= 0)
			continue;
		kill(w->worker[i].pid, SIGKILL);
		while (waitpid(w->worker[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
}
