/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/verify_priv.h"

/*
 * Worker w of n scans the segments w, w + n, w + 2n ...; its events go through
 * a short queue of its own to the walk, which takes those of one segment after
 * the other.  A worker that is ahead waits for room, so memory does not depend
 * on the log.  One job: no thread, the scan calls the walk.
 */
#define RUN_QUEUE (2u << 20) /* bytes: a thousand events or more */

struct run_queue {
	struct verify *v;
	unsigned first, step; /* segments of this worker */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t room, filled;
	size_t head, used; /* bytes */
	bool stop;	   /* nobody takes events any more */
	uint8_t bytes[RUN_QUEUE];
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

/* Bytes of an event: the hashes that are not there are left out. */
static size_t
run_size(const struct verify_event *e)
{
	return offsetof(struct verify_event, added.hash) +
	    e->added.n * SHA256_LEN;
}

/* Copy into the ring or out of it, around its end. */
static void
run_copy_in(struct run_queue *q, const void *p, size_t len)
{
	size_t at = (q->head + q->used) % RUN_QUEUE, n = RUN_QUEUE - at;

	if (n > len)
		n = len;
	memcpy(q->bytes + at, p, n);
	memcpy(q->bytes, (const uint8_t *)p + n, len - n);
	q->used += len;
}

static void
run_copy_out(struct run_queue *q, void *p, size_t len)
{
	size_t n = RUN_QUEUE - q->head;

	if (n > len)
		n = len;
	memcpy(p, q->bytes + q->head, n);
	memcpy((uint8_t *)p + n, q->bytes, len - n);
	q->head = (q->head + len) % RUN_QUEUE;
	q->used -= len;
}

static int
run_put_queue(void *cookie, const struct verify_event *e)
{
	struct run_queue *q = cookie;
	size_t len = run_size(e);
	int rc = -1;

	pthread_mutex_lock(&q->lock);
	while (RUN_QUEUE - q->used < sizeof(len) + len && !q->stop)
		pthread_cond_wait(&q->room, &q->lock);
	if (!q->stop) {
		run_copy_in(q, &len, sizeof(len));
		run_copy_in(q, e, len);
		pthread_cond_signal(&q->filled);
		rc = 0;
	}
	pthread_mutex_unlock(&q->lock);
	return rc;
}

static void
run_get(struct run_queue *q, struct verify_event *e)
{
	size_t len;

	pthread_mutex_lock(&q->lock);
	while (q->used == 0)
		pthread_cond_wait(&q->filled, &q->lock);
	run_copy_out(q, &len, sizeof(len));
	run_copy_out(q, e, len);
	pthread_cond_signal(&q->room);
	pthread_mutex_unlock(&q->lock);
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
	struct verify_event e;

	do {
		run_get(q, &e);
		verify_walk(q->v, &e);
	} while (e.kind != VERIFY_END && e.kind != VERIFY_BAD &&
	    e.kind != VERIFY_GONE && !q->v->stop);
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
	struct run_queue *q[VERIFY_JOBS_MAX];
	unsigned n =
	    v->opt->jobs < VERIFY_JOBS_MAX ? v->opt->jobs : VERIFY_JOBS_MAX;

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
