/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/retire_job.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/evread.h"
#include "evidence/logdir.h"
#include "evidence/predecessor.h"

/* Logs that are over, on the disk. */
#define DEPTH_MAX 8 /* folders below a log; it has four */

static struct retention *
load(const struct retire_over *o, struct buf *why)
{
	struct retention_file file = { .dir = o->dir, .cache = o->cache };
	struct retention *r = retention_new();

	if (retention_load(r, &file, why) != 0) {
		retention_free(r);
		return NULL;
	}
	/* It says no more from now on: nobody need read it again. */
	if (retention_save(buf_view(&r->lines), &file, o->origin) != 0)
		log_errno("%s", file.cache);
	return r;
}

/*
 * What goes with a log that is removed.  Its pin, what it followed, and what is
 * none of a log's names stay: another log's folder may lie there.
 */
static const char *const names[] = { "segments", "manifests", "checkpoints",
	"tokens", "tile", "quarantine", "checkpoint", "epochs", "reserve",
	"lock" };
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static int clear(int fd, unsigned depth);

/* Remove a file, or a folder with all that is in it; it need not be there. */
static int
remove_at(int fd, const char *name, unsigned depth)
{
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISDIR(st.st_mode))
		return unlinkat(fd, name, 0);
	if (depth == DEPTH_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (clear(openat(fd, name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
		depth + 1) != 0)
		return -1;
	return unlinkat(fd, name, AT_REMOVEDIR);
}

/* Empty a folder; fd is closed.  Return 0, or -1 and errno. */
static int
clear(int fd, unsigned depth)
{
	const struct dirent *e;
	int rc = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (rc == 0 && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = remove_at(fd, e->d_name, depth);
	closedir(dir);
	return rc;
}

static int
clear_log(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t i;
	int rc = fd < 0 ? -1 : 0;

	for (i = 0; rc == 0 && i < N_NAMES; i++)
		rc = remove_at(fd, names[i], 0);
	if (rc == 0)
		rc = fsync(fd);
	if (fd >= 0)
		close(fd);
	return rc;
}

static bool
has_more(const char *dir)
{
	char path[4096];
	struct stat st;
	size_t i;

	for (i = 0; i < N_NAMES; i++)
		if (io_join(path, sizeof(path), dir, names[i]) == 0 &&
		    lstat(path, &st) == 0)
			return true;
	return false;
}

/* A sealed removal without its end: the writer was stopped between the two. */
static void
finish(const struct retire_over *o)
{
	if (!has_more(o->dir))
		return;
	if (clear_log(o->dir) == 0)
		log_warn(tr("%s: its removal was recorded before the stop and "
			    "is now done",
			     "%s: 停止前に記録された世代の削除を実行しました"),
		    o->dir);
	else
		log_errno("%s", o->dir);
}

void
retire_log_job_load(struct retire_job *job)
{
	const struct retire_over *o;
	struct buf why;
	size_t i;

	for (i = 0; i < job->n_over; i++)
		if (retention_removal(job->state, job->over[i].origin) != NULL)
			finish(&job->over[i]);
	if (job->n_over == 0)
		return;
	o = &job->over[job->n_over - 1];
	if (retention_removal(job->state, o->origin) != NULL)
		return;
	buf_init(&why);
	job->before = load(o, &why);
	if (job->before == NULL)
		log_warn(tr("%s: what it says of holds cannot be read, and it "
			    "cannot be removed: %s",
			     "%s: 保全の記録を読めません。この世代は削除できま"
			     "せん: %s"),
		    o->dir, buf_cstr(&why));
	buf_fini(&why);
}

/* All records that are sealed, and what they say of holds. */
static int
read_records(struct retire_job *job, const char *dir)
{
	struct evread_record rec;
	struct evread *in;
	int rc;

	if (evread_open(&in, dir, false, &job->why) != 0)
		return -1;
	while ((rc = evread_next(in, &rec, &job->why)) == 1) {
		(void)retention_take(job->before, rec.index, &rec.r);
		if (rec.r.rx > job->target_high)
			job->target_high = rec.r.rx;
	}
	job->target_size = evread_size(in);
	memcpy(job->target_root, evread_root(in), SHA256_LEN);
	evread_close(in);
	return rc;
}

/* Each closed segment is what its manifest says, or was deleted. */
static int
read_segments(struct retire_job *job, const char *dir)
{
	struct retire_item item;
	struct manifest m;
	struct logdir d;
	uint64_t n;
	int rc = 0;

	if (logdir_open(&d, dir) != 0)
		return -1;
	for (n = 0; rc == 0; n++) {
		if (logdir_manifest(&d, n, &m, item.hash) != 0) {
			rc = errno == ENOENT ? 0 : -1;
			break;
		}
		retire_item_fill(&item, &m);
		memcpy(job->target_manifest, item.hash, SHA256_LEN);
		if (m.time_high > job->target_high)
			job->target_high = m.time_high;
		if (retention_deletion(job->before, n) == NULL &&
		    !retire_job_read_back(&d, &item)) {
			buf_str(&job->why, item.file);
			rc = -1;
		}
	}
	logdir_close(&d);
	return rc;
}

/*
 * When it ended: what was written to it behind its newest checkpoint is no
 * younger.  And what was signed of it: what is lost may have been a hold.
 */
static int
read_end(struct retire_job *job)
{
	const char *next = job->target + 1 < job->n_over
	    ? job->over[job->target + 1].dir
	    : job->dir;
	char path[4096];
	struct predecessor p;
	struct buf text;
	int rc = -1;

	buf_init(&text);
	if (io_join(path, sizeof(path), next, "predecessor") == 0 &&
	    io_read_file(path, PREDECESSOR_MAX, &text) == 0)
		rc = predecessor_parse(buf_view(&text), &p);
	buf_fini(&text);
	if (rc == 0 && p.at > job->target_high)
		job->target_high = p.at;
	if (rc == 0 && p.size <= job->target_size &&
	    (p.size != job->target_size ||
		memcmp(p.root, job->target_root, SHA256_LEN) == 0))
		return 0;
	buf_printf(&job->why, "%s/predecessor", next);
	return -1;
}

/* Holds of the target that a log between it and this one released. */
static int
read_releases(struct retire_job *job)
{
	const struct retention_hold *v;
	struct retention_hold *h;
	struct retention *later;
	size_t i;

	for (i = job->target + 1; i < job->n_over; i++) {
		if (retention_removal(job->state, job->over[i].origin) != NULL)
			continue; /* what it released stays held: safe */
		if ((later = load(&job->over[i], &job->why)) == NULL)
			return -1;
		for (h = job->before->holds;
		     h < job->before->holds + job->before->n_holds; h++) {
			v = retention_any_hold(later, h->act.id);
			if (v != NULL && v->released)
				h->released = true;
		}
		retention_free(later);
	}
	return 0;
}

void
retire_log_job_read(struct retire_job *job)
{
	const char *dir = job->over[job->target].dir;

	retention_free(job->before);
	job->before = retention_new();
	job->target_high = 0;
	memset(job->target_manifest, 0, SHA256_LEN);
	job->rc = read_records(job, dir) == 0 && read_segments(job, dir) == 0 &&
		read_end(job) == 0 && read_releases(job) == 0
	    ? 0
	    : -1;
}

void
retire_log_job_remove(struct retire_job *job)
{
	const char *dir = job->over[job->target].dir;

	job->rc = clear_log(dir);
	if (job->rc == 0)
		(void)unlink(job->over[job->target].cache); /* or it is stale */
	else
		log_errno(tr("%s: cannot be removed; it is tried again at the "
			     "next start",
			      "%s: 削除できません。次の起動時に再試行します"),
		    dir);
}
