/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "verify/walk.h"

/*
 * Each worker scans one segment after another, whichever is next, and hands its
 * facts to the walk when it is that segment's turn.  Until then it gathers
 * them; when its memory is full it waits.  So memory does not depend on the
 * log, and one job is the same as many.
 */
#define TURNS_FACTS (1u << 20) /* bytes that a worker gathers */
#define TURNS_ALIGN 16u

struct turns {
	struct walk *walk;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	size_t next; /* segment to scan */
	size_t now;  /* whose turn it is */
};

struct worker {
	struct turns *turns;
	pthread_t thread;
	size_t segment;
	bool mine; /* it is this segment's turn */
	struct scan_fact fact;
	size_t len;
	uint8_t facts[TURNS_FACTS]; /* fact as far as it goes, then body */
};

/* Bytes of a fact without the hashes that are not there, and of its body. */
static size_t
fact_size(const struct scan_fact *f)
{
	size_t size = offsetof(struct scan_fact, added.hash) +
	    f->added.n * SHA256_LEN + f->body.len;

	return (size + TURNS_ALIGN - 1) / TURNS_ALIGN * TURNS_ALIGN;
}

/* Wait for the turn, and walk what was gathered. */
static int
take_turn(struct worker *w)
{
	struct turns *t = w->turns;
	size_t at = 0, head;
	int rc;

	pthread_mutex_lock(&t->lock);
	while (t->now != w->segment && !t->walk->stop)
		pthread_cond_wait(&t->turned, &t->lock);
	w->mine = t->now == w->segment;
	rc = t->walk->stop ? -1 : 0;
	pthread_mutex_unlock(&t->lock);
	while (rc == 0 && at < w->len) {
		head = offsetof(struct scan_fact, added.hash);
		memcpy(&w->fact, w->facts + at, head);
		memcpy(w->fact.added.hash, w->facts + at + head,
		    w->fact.added.n * SHA256_LEN);
		w->fact.body.p =
		    w->facts + at + head + w->fact.added.n * SHA256_LEN;
		at += fact_size(&w->fact);
		rc = walk_take(t->walk, &w->fact);
	}
	w->len = 0;
	return rc;
}

static int
put(void *cookie, const struct scan_fact *f)
{
	struct worker *w = cookie;
	size_t size = fact_size(f), head;

	if (!w->mine && w->len + size > TURNS_FACTS && take_turn(w) != 0)
		return -1;
	if (w->mine)
		return walk_take(w->turns->walk, f);
	head = offsetof(struct scan_fact, added.hash) + f->added.n * SHA256_LEN;
	memcpy(w->facts + w->len, f, head);
	if (f->body.len > 0)
		memcpy(w->facts + w->len + head, f->body.p, f->body.len);
	w->len += size;
	return 0;
}

static void
make_job(struct walk *w, size_t segment, char path[FOLDER_PATH],
    struct scan_job *job)
{
	uint64_t size = w->newest.size;
	size_t n = 0;

	folder_path(folder_first(&w->dir, segment),
	    folder_day(&w->dir, segment), path);
	*job = (struct scan_job){ .dir = &w->dir,
		.path = path,
		.sealed = size,
		.done = &w->done,
		.put = put };
	if (size > 0)
		job->points[n++] = size;
	for (size_t i = 0; i < w->n_anchors; i++) {
		size_t at = n;

		if ((size = w->anchor[i].head.size) == 0)
			continue; /* a token */
		n++;
		for (; at > 0 && job->points[at - 1] > size; at--)
			job->points[at] = job->points[at - 1];
		job->points[at] = size;
	}
	job->n_points = n;
}

/* Whose turn was it: next. */
static bool
end_turn(struct worker *w, struct turns *t)
{
	bool stop;

	pthread_mutex_lock(&t->lock);
	if (w->mine)
		t->now++;
	w->mine = false;
	w->segment = t->next++;
	stop = t->walk->stop || w->segment >= t->walk->dir.segments.n;
	pthread_cond_broadcast(&t->turned);
	pthread_mutex_unlock(&t->lock);
	return stop;
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct scan *scan = scan_new();
	char path[FOLDER_PATH];
	struct scan_job job;

	while (!end_turn(w, w->turns)) {
		make_job(w->turns->walk, w->segment, path, &job);
		job.cookie = w;
		scan_run(scan, &job);
		if (!w->mine)
			take_turn(w);
	}
	scan_free(scan);
	return NULL;
}

void
turns_run(struct walk *walk)
{
	struct turns t = { .walk = walk,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.turned = PTHREAD_COND_INITIALIZER };
	unsigned n = walk->opt->jobs;
	struct worker *w;

	if (n > VERIFY_JOBS_MAX)
		n = VERIFY_JOBS_MAX;
	if (n > walk->dir.segments.n)
		n = (unsigned)walk->dir.segments.n;
	n += n == 0;
	if ((w = calloc(n, sizeof(*w))) == NULL)
		abort();
	for (unsigned i = 0; i < n; i++) {
		w[i].turns = &t;
		if (i > 0 &&
		    pthread_create(&w[i].thread, NULL, work, &w[i]) != 0)
			abort();
	}
	work(&w[0]);
	for (unsigned i = 1; i < n; i++)
		pthread_join(w[i].thread, NULL);
	free(w);
}
