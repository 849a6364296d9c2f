/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RETIRE_JOB_H
#define COLLECTOR_RETIRE_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "evidence/manifest.h"
#include "evidence/retention_file.h"

/*
 * What retention does on the disk, in a thread of its own: the writer's loop
 * waits for no disk.  While a job runs, all that it points to is the thread's.
 */
enum retire_work {
	RETIRE_LOAD,	 /* state from cache and log; finish deletions */
	RETIRE_READ,	 /* each item's file from the disk, against its hash */
	RETIRE_REMOVE,	 /* each item's file; then save the cache */
	RETIRE_READ_LOG, /* all of a log that is over */
	RETIRE_REMOVE_LOG, /* its files; then save the cache */
};

struct retire_item { /* a closed segment */
	uint64_t segment, first, last, time_high;
	uint8_t hash[SHA256_LEN]; /* of its manifest */
	uint8_t gzip_hash[SHA256_LEN];
	uint64_t gzip_len;
	char file[MANIFEST_FILE];
	bool done; /* READ: it is whole; REMOVE: it is gone */
};

struct retire_over { /* a generation that is over */
	const char *dir, *origin, *cache;
};

struct retire_job {
	enum retire_work work;
	const char *dir, *origin;
	struct retire_item *items;
	size_t n;
	struct retention *state;    /* LOAD */
	struct retention_file file; /* LOAD, REMOVE */
	struct buf lines;	    /* REMOVE: what to save */
	struct retire_over *over;   /* from the first on */
	size_t n_over;
	size_t target; /* *_LOG: which */
	/* out, LOAD: what the log before says; READ_LOG: what the target says,
	 * holds that a later one released left out.  NULL: not readable */
	struct retention *before;
	uint64_t target_size, target_high; /* READ_LOG: records; usec */
	uint8_t target_root[SHA256_LEN], target_manifest[SHA256_LEN];
	int rc; /* out, LOAD: 0, or -1 and a sentence */
	struct buf why;
	void (*wake)(void *cookie); /* called in the thread at its end */
	void *cookie;
	pthread_t thread;
	bool running;
	_Atomic bool ended;
};

/*
 * Of retire_log_job.c, in the thread: load what the log before says and finish
 * removals; read a log whole; remove one.
 */
void retire_log_job_load(struct retire_job *job);
void retire_log_job_read(struct retire_job *job);
void retire_log_job_remove(struct retire_job *job);

/* Whether the file that the manifest of an item names is what it says. */
struct logdir;
bool retire_job_read_back(const struct logdir *d, const struct retire_item *i);
void retire_item_fill(struct retire_item *i, const struct manifest *m);

/* Begin.  Return 0, or -1 and errno. */
int retire_job_start(struct retire_job *job);

/* Whether it is not running any more. */
bool retire_job_over(struct retire_job *job);

/* Wait until it is over. */
void retire_job_wait(struct retire_job *job);

#endif
