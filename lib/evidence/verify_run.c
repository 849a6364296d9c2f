/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/verify_priv.h"

/*
 * Worker w of n scans the segments w, w + n, w + 2n ...; its events go through
 * a short queue of its own to the walk, which takes those of one segment after
 * the other.  A worker that is ahead waits for room, so memory does not depend
 * on the log.  One job: no thread, the scan calls the walk.
 */
#define RUN_QUEUE 32 /* events; each some 3 KB */
#define RUN_JOBS_MAX 16

struct run_queue {
	struct verify *v;
	unsigned first, step; /* segments of this worker */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t room, filled;
	size_t head, n;
	bool stop; /* nobody takes events any more */
	struct verify_event event[RUN_QUEUE];
};

static void
run_job(struct verify *v, size_t segment, struct verify_job *job)
{
	memset(job, 0, sizeof(*job));
	job->dir = &v->dir;
	job->segment = segment;
	job->whole = logdir_has(v->dir.manifests, v->dir.n_manifests, segment);
	job->sealed = v->newest.size;
	job->done = &v->done;
	if (v->have_anchor && v->anchor.size < v->newest.size)
		job->points[job->n_points++] = v->anchor.size;
	if (v->newest.size > 0)
		job->points[job->n_points++] = v->newest.size;
}

static int
run_put_direct(void *cookie, const struct verify_event *e)
{
	return verify_walk(cookie, e);
}

static void
run_alone(struct verify *v)
{
	struct verify_scan *scan = verify_scan_new();
	struct verify_sink sink = { run_put_direct, v };
	struct verify_job job;

	for (size_t i = 0; i < v->dir.n_segments && !v->stop; i++) {
		run_job(v, i, &job);
		verify_scan_run(scan, &job, sink);
	}
	verify_scan_free(scan);
}

static int
run_put_queue(void *cookie, const struct verify_event *e)
{
	struct run_queue *q = cookie;
	int rc = -1;

	pthread_mutex_lock(&q->lock);
	while (q->n == RUN_QUEUE && !q->stop)
		pthread_cond_wait(&q->room, &q->lock);
	if (!q->stop) {
		q->event[(q->head + q->n) % RUN_QUEUE] = *e;
		q->n++;
		pthread_cond_signal(&q->filled);
		rc = 0;
	}
	pthread_mutex_unlock(&q->lock);
	return rc;
}

static void *
run_worker(void *arg)
{
	struct run_queue *q = arg;
	struct verify_scan *scan = verify_scan_new();
	struct verify_sink sink = { run_put_queue, q };
	struct verify_job job;
	bool stop = false;

	for (size_t i = q->first; i < q->v->dir.n_segments && !stop;
	     i += q->step) {
		run_job(q->v, i, &job);
		verify_scan_run(scan, &job, sink);
		pthread_mutex_lock(&q->lock);
		stop = q->stop;
		pthread_mutex_unlock(&q->lock);
	}
	verify_scan_free(scan);
	return NULL;
}

/* Walk the events of one segment.  Its last is END or BAD. */
static void
run_take(struct run_queue *q)
{
	struct verify_event *e;
	bool more = true;

	while (more && !q->v->stop) {
		pthread_mutex_lock(&q->lock);
		while (q->n == 0)
			pthread_cond_wait(&q->filled, &q->lock);
		e = &q->event[q->head];
		pthread_mutex_unlock(&q->lock);
		more = e->kind != VERIFY_END && e->kind != VERIFY_BAD;
		verify_walk(q->v, e);
		pthread_mutex_lock(&q->lock);
		q->head = (q->head + 1) % RUN_QUEUE;
		q->n--;
		pthread_cond_signal(&q->room);
		pthread_mutex_unlock(&q->lock);
	}
}

static void
run_stop(struct run_queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->stop = true;
	pthread_cond_signal(&q->room);
	pthread_mutex_unlock(&q->lock);
	pthread_join(q->thread, NULL);
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->room);
	pthread_cond_destroy(&q->filled);
	free(q);
}

static struct run_queue *
run_start(struct verify *v, unsigned first, unsigned step)
{
	struct run_queue *q = calloc(1, sizeof(*q));

	if (q == NULL)
		abort();
	q->v = v;
	q->first = first;
	q->step = step;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->room, NULL);
	pthread_cond_init(&q->filled, NULL);
	if (pthread_create(&q->thread, NULL, run_worker, q) != 0)
		abort();
	return q;
}

void
verify_run(struct verify *v)
{
	struct run_queue *q[RUN_JOBS_MAX];
	unsigned n = v->opt->jobs < RUN_JOBS_MAX ? v->opt->jobs : RUN_JOBS_MAX;

	if (n > v->dir.n_segments)
		n = (unsigned)v->dir.n_segments;
	if (n <= 1) {
		run_alone(v);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		q[i] = run_start(v, i, n);
	for (size_t i = 0; i < v->dir.n_segments && !v->stop; i++)
		run_take(q[i % n]);
	for (unsigned i = 0; i < n; i++)
		run_stop(q[i]);
}
