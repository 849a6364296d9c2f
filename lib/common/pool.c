/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock; /* guards all below, and job->done */
	pthread_cond_t work, done;
	struct pool_job *head, **tail; /* added and not yet started */
	bool ending;
	unsigned n; /* threads */
	pthread_t thread[];
};

/* Started in order by one queue; done once the queue is empty and we end. */
static void *
pool_worker(void *arg)
{
	struct pool *p = arg;
	struct pool_job *job;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while ((job = p->head) == NULL && !p->ending)
			pthread_cond_wait(&p->work, &p->lock);
		if (job == NULL)
			break;
		if ((p->head = job->next) == NULL)
			p->tail = &p->head;
		pthread_mutex_unlock(&p->lock);
		job->run(job->arg);
		pthread_mutex_lock(&p->lock);
		job->done = 1;
		pthread_cond_broadcast(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/*
 * Signals belong to the caller's thread.  With fewer threads than asked for,
 * or none, everything works still, only slower.
 */
struct pool *
pool_new(unsigned threads)
{
	struct pool *p = calloc(1, sizeof(*p) + threads * sizeof(p->thread[0]));
	sigset_t all, old;

	if (p == NULL)
		abort();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	p->tail = &p->head;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (p->n < threads &&
	    pthread_create(&p->thread[p->n], NULL, pool_worker, p) == 0)
		p->n++;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return p;
}

void
pool_free(struct pool *p)
{
	unsigned i;

	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (i = 0; i < p->n; i++)
		pthread_join(p->thread[i], NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void
pool_add(struct pool *p, struct pool_job *job)
{
	job->done = 0;
	job->next = NULL;
	if (p->n == 0) {
		job->run(job->arg);
		job->done = 1;
		return;
	}
	pthread_mutex_lock(&p->lock);
	*p->tail = job;
	p->tail = &job->next;
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

void
pool_wait(struct pool *p, struct pool_job *job)
{
	pthread_mutex_lock(&p->lock);
	while (!job->done)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}
