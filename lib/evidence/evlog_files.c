/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "evidence/checkpoint.h"
#include "evidence/evlog_priv.h"

#define HASTEN (UINT64_C(2) << 20) /* bytes of a segment */

/* A segment's file in the folder of its day, which is made if absent. */
static int
segment_open(struct evlog *log, const char *file)
{
	const char *name = strrchr(file, '/') + 1;
	char day[16];
	int dir, fd, saved;

	snprintf(day, sizeof(day), "%.10s", file + sizeof("segments/") - 1);
	if (mkdirat(log->segments, day, 0750) != 0 && errno != EEXIST)
		return -1;
	dir = openat(log->segments, day, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	fd = openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd >= 0 && (fsync(dir) != 0 || fsync(log->segments) != 0)) {
		saved = errno;
		close(fd);
		errno = saved;
		fd = -1;
	}
	saved = errno;
	close(dir);
	errno = saved;
	return fd;
}

/* A file with bytes in it is evidence, not ours to write over. */
int
evlog_files_segment(struct evlog *log, const struct evlog_chunk *c)
{
	struct evlog_committer *com = &log->com;
	struct manifest *m = &com->segment;
	struct stat st;

	if (com->fd >= 0)
		close(com->fd);
	com->hastened = 0;
	if ((com->fd = segment_open(log, c->file)) < 0 ||
	    fstat(com->fd, &st) != 0)
		return -1;
	if (st.st_size != 0) {
		errno = EEXIST;
		return -1;
	}
	memset(m, 0, sizeof(*m));
	memcpy(m->origin, log->file.key.name, sizeof(m->origin) - 1);
	m->segment = c->segment;
	memcpy(m->file, c->file, sizeof(m->file));
	m->first = c->first;
	m->time_low = UINT64_MAX;
	memcpy(m->previous, com->previous, SHA256_LEN);
	tree_range_init(&m->range, c->first);
	sha256_init(&com->gzip);
	return 0;
}

/* A wrong tree is worse than none. */
static void
range_merge(struct tree_range *left, const struct tree_range *right)
{
	if (tree_range_merge(left, right) != 0)
		abort();
}

/*
 * What was written begins its way to the disk, so that the next seal's sync
 * waits for little.  Where it cannot the sync does all, and says what fails.
 */
static void
files_hasten(struct evlog_committer *com)
{
	uint64_t len = com->segment.gzip_len;

	if (len - com->hastened < HASTEN)
		return;
	(void)sync_file_range(com->fd, (off_t)com->hastened,
	    (off_t)(len - com->hastened), SYNC_FILE_RANGE_WRITE);
	com->hastened = len;
}

int
evlog_files_write(struct evlog *log, struct evlog_chunk *c)
{
	struct evlog_committer *com = &log->com;
	struct manifest *m = &com->segment;

	c->offset = m->gzip_len;
	if (c->out.len == 0)
		return 0;
	if (io_pwrite_all(com->fd, c->out.p, c->out.len, (off_t)m->gzip_len) !=
	    0)
		return -1;
	sha256_update(&com->gzip, c->out.p, c->out.len);
	com->stream = c->stream;
	m->gzip_len += c->out.len;
	files_hasten(com);
	m->stream_len += c->bytes.len;
	m->members += c->ends;
	if (c->n == 0)
		return 0;
	m->last = c->first + c->n - 1;
	if (c->low < m->time_low)
		m->time_low = c->low;
	if (c->high > m->time_high)
		m->time_high = c->high;
	range_merge(&m->range, &c->range);
	range_merge(com->tried ? &com->since_tried : &com->added, &c->range);
	return 0;
}

/*
 * Seen from now on, and whole whatever happens; the folder's sync, which costs
 * as much as all the rest, is left to what comes.  A power cut before it leaves
 * the checkpoint before, and the next start makes this one from what the signer
 * knows.
 */
int
evlog_files_checkpoint(struct evlog *log)
{
	const struct sign_reply *reply = &log->com.reply;
	struct checkpoint c = { .origin = span_str(log->file.key.name),
		.size = reply->size };
	struct buf note;
	int rc;

	memcpy(c.root, reply->root, SHA256_LEN);
	buf_init(&note);
	checkpoint_join(&c, span_str(reply->lines), &note);
	rc = io_swap_at(log->dir, "checkpoint", 0640, buf_view(&note));
	buf_fini(&note);
	return rc;
}

int
evlog_files_sync(struct evlog *log)
{
	return fsync(log->dir);
}

/* Whether it is kept already, perhaps with cosignatures behind it. */
static bool
is_kept(struct evlog *log, const char *name, struct span note)
{
	struct buf kept;
	bool same;

	buf_init(&kept);
	same = io_read_file_at(log->checkpoints, name, NOTE_MAX, &kept) == 0 &&
	    span_starts(buf_view(&kept), note);
	buf_fini(&kept);
	return same;
}

/* The note just published, once more under its size. */
int
evlog_files_keep(struct evlog *log)
{
	char name[32];
	struct buf note;
	int rc;

	snprintf(name, sizeof(name), "%012llu",
	    (unsigned long long)log->com.result.size);
	buf_init(&note);
	rc = io_read_file_at(log->dir, "checkpoint", NOTE_MAX, &note);
	if (rc == 0 && !is_kept(log, name, buf_view(&note)))
		rc = io_replace_at(log->checkpoints, name, 0640,
		    buf_view(&note));
	buf_fini(&note);
	return rc;
}

/* Logs made before there were tokens have no folder for them. */
int
evlog_files_attached(struct evlog *log, const struct evlog_chunk *c)
{
	const struct evlog_attached *a;

	for (a = c->files; a != NULL; a = a->next) {
		if (strncmp(a->name, "tokens/", 7) == 0 &&
		    mkdirat(log->dir, "tokens", 0750) != 0 && errno != EEXIST)
			return -1;
		if (io_replace_at(log->dir, a->name, 0640,
			buf_view(&a->bytes)) != 0)
			return -1;
	}
	return fsync(log->dir);
}

int
evlog_files_epoch(struct evlog *log, const struct epoch *e)
{
	struct buf line;
	int fd, rc = -1, saved;

	fd = openat(log->dir, "epochs",
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return -1;
	buf_init(&line);
	epoch_print(e, &line);
	if (io_pwrite_all(fd, line.p, line.len, (off_t)log->com.epochs_len) ==
		0 &&
	    fsync(fd) == 0 && fsync(log->dir) == 0) {
		log->com.epochs_len += line.len;
		rc = 0;
	}
	saved = errno;
	close(fd);
	buf_fini(&line);
	errno = saved;
	return rc;
}

int
evlog_files_close(struct evlog *log)
{
	return io_pwrite_all(log->com.fd, member_empty, MEMBER_EMPTY_LEN,
	    (off_t)log->com.segment.gzip_len);
}

int
evlog_files_manifest(struct evlog *log)
{
	struct evlog_committer *com = &log->com;
	struct manifest *m = &com->segment;
	struct sha256 gzip = com->gzip;
	struct sha256x2_hash stream = com->stream;
	struct sha256x2_job job;
	uint64_t gzip_len = m->gzip_len;
	char name[32];
	struct buf text;
	int rc;

	sha256_update(&gzip, member_empty, MEMBER_EMPTY_LEN);
	sha256_final(&gzip, m->gzip_hash);
	sha256x2_final(&job, &stream, m->stream_hash);
	sha256x2_run(&job, 1);
	m->gzip_len = gzip_len + MEMBER_EMPTY_LEN;
	buf_init(&text);
	manifest_print(m, &text);
	m->gzip_len = gzip_len; /* until it is done: it may be done again */
	snprintf(name, sizeof(name), "%012llu", (unsigned long long)m->segment);
	rc = io_replace_at(log->manifests, name, 0640, buf_view(&text));
	if (rc == 0) {
		sha256(buf_view(&text), com->previous);
		close(com->fd);
		com->fd = -1;
	}
	buf_fini(&text);
	return rc;
}
