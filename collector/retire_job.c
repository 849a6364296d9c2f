/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/retire_job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/logdir.h"

#define PIECE (256u << 10)

void
retire_item_fill(struct retire_item *i, const struct manifest *m)
{
	i->segment = m->segment;
	i->first = m->first;
	i->last = m->last;
	i->time_high = m->time_high;
	i->gzip_len = m->gzip_len;
	memcpy(i->gzip_hash, m->gzip_hash, SHA256_LEN);
	memcpy(i->file, m->file, sizeof(i->file));
	i->done = false;
}

/* The file as it is on the disk, not as it was when it was written. */
static bool
read_back(const struct logdir *d, const struct retire_item *item,
    uint8_t *piece)
{
	uint8_t hash[SHA256_LEN];
	struct sha256 sum;
	uint64_t len = 0;
	ssize_t n = -1;
	int fd = logdir_open_file(d, item->file);

	if (fd < 0)
		return false;
	(void)posix_fadvise(fd, 0, 0,
	    POSIX_FADV_DONTNEED); /* a file system that cannot reads all the
				     same */
	sha256_init(&sum);
	while ((n = io_read_up_to(fd, piece, PIECE)) > 0) {
		sha256_update(&sum, piece, (size_t)n);
		len += (uint64_t)n;
	}
	close(fd);
	sha256_final(&sum, hash);
	return n == 0 && len == item->gzip_len &&
	    memcmp(hash, item->gzip_hash, SHA256_LEN) == 0;
}

bool
retire_job_read_back(const struct logdir *d, const struct retire_item *i)
{
	uint8_t *piece = malloc(PIECE);
	bool good;

	if (piece == NULL)
		abort();
	good = read_back(d, i, piece);
	free(piece);
	return good;
}

static void
work_read(struct retire_job *job, const struct logdir *d)
{
	size_t i;

	for (i = 0; i < job->n; i++)
		job->items[i].done = retire_job_read_back(d, &job->items[i]);
}

/* Unlink a segment's file for good.  Return 0, or -1 and errno. */
static int
remove_file(const struct logdir *d, const char *file)
{
	const char *name = strrchr(file, '/') + 1;
	char day[MANIFEST_FILE];
	int dir, rc, saved;

	snprintf(day, sizeof(day), "%.*s", (int)(name - file - 1), file);
	dir =
	    openat(d->fd, day, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir < 0)
		return -1;
	rc = unlinkat(dir, name, 0);
	if (rc != 0 && errno == ENOENT)
		rc = 0;
	if (rc == 0)
		rc = fsync(dir);
	saved = errno;
	close(dir);
	errno = saved;
	return rc;
}

static void
save(struct retire_job *job, struct span lines)
{
	if (job->file.cache != NULL &&
	    retention_save(lines, &job->file, job->origin) != 0)
		log_errno("%s", job->file.cache);
}

static void
work_remove(struct retire_job *job, const struct logdir *d)
{
	size_t i;

	for (i = 0; i < job->n; i++) {
		job->items[i].done = remove_file(d, job->items[i].file) == 0;
		if (!job->items[i].done)
			log_errno(tr("%s/%s: cannot be deleted; it is tried "
				     "again at the next start",
				      "%s/%s: 削除できません。次の起動時に再試"
				      "行します"),
			    job->dir, job->items[i].file);
	}
	save(job, buf_view(&job->lines));
}

/* A sealed x1 without its end: the writer was stopped between the two. */
static void
finish(struct retire_job *job, const struct logdir *d,
    const struct retention_deletion *x)
{
	uint8_t hash[SHA256_LEN];
	struct manifest m;

	if (logdir_manifest(d, x->gone.segment, &m, hash) != 0 ||
	    memcmp(hash, x->gone.manifest, SHA256_LEN) != 0 ||
	    faccessat(d->fd, m.file, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (remove_file(d, m.file) == 0)
		log_warn(tr("%s/%s: its deletion was recorded before the stop "
			    "and is now done",
			     "%s/%s: 停止前に記録された削除を実行しました"),
		    job->dir, m.file);
	else
		log_errno("%s/%s", job->dir, m.file);
}

static void
work_load(struct retire_job *job, const struct logdir *d)
{
	size_t i;

	job->file.dir = job->dir;
	job->rc = retention_load(job->state, &job->file, &job->why);
	if (job->rc != 0)
		return;
	for (i = 0; i < job->state->n_gone; i++)
		finish(job, d, &job->state->gone[i]);
	retire_log_job_load(job);
	save(job, buf_view(&job->state->lines));
}

/* No file goes before the checkpoint over the record that says so stays. */
static int
open_log(struct logdir *d, const char *dir)
{
	if (logdir_open(d, dir) != 0)
		return -1;
	if (fsync(d->fd) == 0)
		return 0;
	logdir_close(d);
	return -1;
}

static void *
job_thread(void *arg)
{
	struct retire_job *job = arg;
	struct logdir d;

	job->rc = 0;
	if (open_log(&d, job->dir) != 0) {
		buf_printf(&job->why, "%s: %s", job->dir, strerror(errno));
		job->rc = -1;
	} else {
		switch (job->work) {
		case RETIRE_LOAD:
			work_load(job, &d);
			break;
		case RETIRE_READ:
			work_read(job, &d);
			break;
		case RETIRE_REMOVE:
			work_remove(job, &d);
			break;
		case RETIRE_READ_LOG:
			retire_log_job_read(job);
			break;
		case RETIRE_REMOVE_LOG:
			retire_log_job_remove(job);
			save(job, buf_view(&job->lines));
			break;
		}
		logdir_close(&d);
	}
	job->ended = true;
	job->wake(job->cookie);
	return NULL;
}

int
retire_job_start(struct retire_job *job)
{
	sigset_t all, old;
	int rc;

	job->ended = false;
	job->why.len = 0;
	/* Signals belong to the loop's thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&job->thread, NULL, job_thread, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	job->running = rc == 0;
	errno = rc;
	return rc == 0 ? 0 : -1;
}

void
retire_job_wait(struct retire_job *job)
{
	if (job->running)
		pthread_join(job->thread, NULL);
	job->running = false;
}

bool
retire_job_over(struct retire_job *job)
{
	if (job->running && job->ended)
		retire_job_wait(job);
	return !job->running;
}
