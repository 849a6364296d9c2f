/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_POOL_H
#define COMMON_POOL_H

/*
 * A bounded pool of worker threads for pure work.  A job is a function and
 * its argument; jobs start in the order given, and pool_wait() gives their
 * results back in that same order.
 */
struct pool;

struct pool_job {
	void (*run)(void *arg); /* called in a worker */
	void *arg;
	int done; /* owned by the pool until pool_wait() returns it */
	struct pool_job *next;
};

/*
 * threads 0, or none to be had: jobs run inside pool_add(), for small
 * machines and tests.  The threads leave all signals to the others.
 */
struct pool *pool_new(unsigned threads);

/* Waits for what was added, then ends the threads.  NULL is fine. */
void pool_free(struct pool *p);

/* Queue a job; its memory stays the caller's and must live until waited. */
void pool_add(struct pool *p, struct pool_job *job);

/* Block until that job has run. */
void pool_wait(struct pool *p, struct pool_job *job);

#endif
