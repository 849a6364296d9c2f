/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "evidence/evlog_priv.h"

/*
 * The queue between owner and committer, and the committer's thread.  Without
 * threads the owner plays the committer in evlog_commit_add() and, for what
 * was stuck, in evlog_commit_poll().
 */
#define COMMIT_AGAIN_MS 100
#define COMMIT_LACKS_MS 1000 /* the reserve is not whole */

/* The first chunk of a segment waits for the manifest that its m1 names. */
static void
commit_work(struct evlog *log, struct evlog_chunk *c)
{
	if (c->opens || !log->threaded)
		return;
	c->job.run = evlog_chunk_run;
	c->job.arg = c;
	pool_add(log->pool, &c->job);
}

static void
commit_done(struct evlog *log, struct evlog_chunk *c)
{
	size_t len = c->bytes.len;

	pthread_mutex_lock(&log->lock);
	if ((log->head = c->next) == NULL)
		log->tail = &log->head;
	pthread_mutex_unlock(&log->lock);
	evlog_chunk_put(c);
	log->in_flight -= len;
	pthread_mutex_lock(&log->lock);
	pthread_cond_broadcast(&log->done);
	pthread_mutex_unlock(&log->lock);
	if (log->wanted && evlog_takes(log, 0) &&
	    atomic_exchange(&log->wanted, false) && log->opt.writable != NULL)
		log->opt.writable(log->opt.cookie);
}

/* Take one chunk as far as it goes: true if it is through. */
static bool
commit_chunk(struct evlog *log, struct evlog_chunk *c)
{
	if (!c->opens && log->threaded)
		pool_wait(log->pool, &c->job);
	if (!evlog_step_run(log, c)) {
		if (!atomic_exchange(&log->stuck, true)) {
			pthread_mutex_lock(&log->lock);
			pthread_cond_broadcast(&log->done);
			pthread_mutex_unlock(&log->lock);
		}
		return false;
	}
	commit_done(log, c);
	return true;
}

static struct timespec
commit_soon(unsigned ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	return until;
}

/* Sleep until it makes sense to try again, or the end is asked for. */
static void
commit_pause(struct evlog *log)
{
	struct timespec until = commit_soon(COMMIT_AGAIN_MS);

	pthread_mutex_lock(&log->lock);
	while (!log->ending &&
	    pthread_cond_timedwait(&log->work, &log->lock, &until) != ETIMEDOUT)
		continue;
	pthread_mutex_unlock(&log->lock);
}

/* The next chunk, or NULL: nothing came, or *ending. */
static struct evlog_chunk *
commit_next(struct evlog *log, bool *ending)
{
	bool lacks = evlog_reserve_lacks(log);
	struct timespec until = commit_soon(COMMIT_LACKS_MS);
	struct evlog_chunk *c;
	int rc = 0;

	pthread_mutex_lock(&log->lock);
	while ((c = log->head) == NULL && !log->ending && rc == 0)
		rc = lacks
		    ? pthread_cond_timedwait(&log->work, &log->lock, &until)
		    : pthread_cond_wait(&log->work, &log->lock);
	*ending = log->ending;
	pthread_mutex_unlock(&log->lock);
	return c;
}

static void *
commit_thread(void *arg)
{
	struct evlog *log = arg;
	struct evlog_chunk *c;
	bool ending;

	for (;;) {
		c = commit_next(log, &ending);
		if (c == NULL && ending)
			return NULL;
		if (c == NULL || commit_chunk(log, c)) {
			evlog_reserve_tend(log);
			continue;
		}
		if (ending) /* it was tried once more; nobody waits for it */
			return NULL;
		commit_pause(log);
	}
}

static void
commit_conds(struct evlog *log)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&log->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&log->work, &attr);
	pthread_condattr_destroy(&attr);
	pthread_cond_init(&log->done, NULL);
	pthread_cond_init(&log->handed, NULL);
}

int
evlog_commit_start(struct evlog *log)
{
	struct evlog_chunk *c;
	sigset_t all, old;
	int rc = 0;

	commit_conds(log);
	log->tail = &log->head;
	for (c = log->chunks; c < log->chunks + EVLOG_CHUNKS; c++) {
		c->log = log;
		evlog_chunk_put(c);
	}
	if (log->opt.workers == 0)
		return 0;
	log->pool = pool_new(log->opt.workers);
	/* Signals belong to the owner's thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&log->thread, NULL, commit_thread, log);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	log->threaded = rc == 0;
	return rc == 0 ? 0 : -1;
}

void
evlog_commit_add(struct evlog *log, struct evlog_chunk *c)
{
	log->in_flight += c->bytes.len;
	commit_work(log, c);
	pthread_mutex_lock(&log->lock);
	c->next = NULL;
	*log->tail = c;
	log->tail = &c->next;
	pthread_cond_signal(&log->work);
	pthread_mutex_unlock(&log->lock);
	evlog_commit_poll(log);
}

void
evlog_commit_poll(struct evlog *log)
{
	if (log->threaded)
		return;
	while (log->head != NULL && commit_chunk(log, log->head))
		continue;
	if (log->head == NULL)
		evlog_reserve_tend(log);
}

uint64_t
evlog_commit_stop(struct evlog *log)
{
	struct evlog_chunk *c;
	uint64_t unwritten = 0;
	size_t i;

	if (log->threaded) {
		pthread_mutex_lock(&log->lock);
		log->ending = true;
		pthread_cond_signal(&log->work);
		pthread_mutex_unlock(&log->lock);
		pthread_join(log->thread, NULL);
	}
	/* What the disk did not take: workers may wait for its first chunk. */
	for (c = log->head; c != NULL; c = c->next) {
		if (log->threaded && c->opens && c->step == 0)
			evlog_chunk_run(c);
		unwritten += evlog_step_wrote(c) ? 0 : c->n;
	}
	pool_free(log->pool);
	for (i = 0; i < EVLOG_HANDED; i++)
		member_free(log->handed_on[i]);
	while (log->n_free_members > 0)
		member_free(log->free_member[--log->n_free_members]);
	for (c = log->chunks; c < log->chunks + EVLOG_CHUNKS; c++)
		evlog_chunk_free(c);
	pthread_cond_destroy(&log->work);
	pthread_cond_destroy(&log->done);
	pthread_cond_destroy(&log->handed);
	pthread_mutex_destroy(&log->lock);
	return unwritten;
}
