/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "tests/tap.h"

enum { JOBS = 2000 };

static atomic_uint clock_now, running, most;

struct work {
	struct pool_job job;
	unsigned n, started;
	unsigned long square;
	bool signals_blocked;
};

static void
square(void *arg)
{
	struct work *w = arg;
	unsigned now = atomic_fetch_add(&running, 1) + 1, seen = most;
	sigset_t set;

	while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now))
		;
	w->started = atomic_fetch_add(&clock_now, 1);
	w->square = (unsigned long)w->n * w->n;
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	w->signals_blocked = sigismember(&set, SIGTERM) == 1;
	atomic_fetch_sub(&running, 1);
}

static void
check(unsigned threads)
{
	static struct work work[JOBS];
	struct pool *p = pool_new(threads);
	bool right = true, ordered = true, masked = true;
	unsigned i;

	most = clock_now = 0;
	for (i = 0; i < JOBS; i++) {
		work[i] = (struct work){ .n = i,
			.job = { .run = square, .arg = &work[i] } };
		pool_add(p, &work[i].job);
	}
	for (i = 0; i < JOBS; i++) {
		pool_wait(p, &work[i].job);
		right &= work[i].square == (unsigned long)i * i;
		masked &= work[i].signals_blocked;
		ordered &= work[i].started == i;
	}
	ok(right, "%u threads: each job has run when it was waited for",
	    threads);
	ok(most <= (threads == 0 ? 1 : threads), "no more than %u at once",
	    threads);
	if (threads < 2)
		ok(ordered, "in the order given");
	if (threads > 0)
		ok(masked, "signals go elsewhere");
	pool_free(p);
}

/* A job that waits for another proves that two run at the same time. */
struct meeting {
	pthread_barrier_t *both;
};

static void
meet(void *arg)
{
	const struct meeting *m = arg;

	pthread_barrier_wait(m->both);
}

static void
check_parallel(void)
{
	pthread_barrier_t both;
	struct meeting m = { &both };
	struct pool_job a = { .run = meet, .arg = &m }, b = a;
	struct pool *p = pool_new(2);

	pthread_barrier_init(&both, NULL, 2);
	pool_add(p, &a);
	pool_add(p, &b);
	pool_wait(p, &b);
	pool_wait(p, &a);
	ok(a.done && b.done, "two threads run two jobs at once");
	pool_free(p);
	pthread_barrier_destroy(&both);
}

int
main(void)
{
	static struct work late[50];
	struct pool *p;
	unsigned i, n = 0;

	check(0);
	check(1);
	check(4);
	check_parallel();
	p = pool_new(2);
	for (i = 0; i < 50; i++) {
		late[i] = (struct work){ .n = i + 1,
			.job = { .run = square, .arg = &late[i] } };
		pool_add(p, &late[i].job);
	}
	pool_free(p);
	for (i = 0; i < 50; i++)
		n += late[i].square != 0;
	ok(n == 50, "free waits for what was added");
	pool_free(NULL);
	return done();
}
