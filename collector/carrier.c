/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/carrier.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/tsa.h"

#define SLACK_S 2 /* file times and ours may differ */

uint64_t
carrier_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000u;
}

static int
unreadable(const struct carrier *c, const char *path)
{
	if (!c->outlet->quiet)
		log_errno("%s/%s", c->log->conf->dir, path);
	return -1;
}

/* A file of the log's folder; one that is not there (yet) is none. */
static int
carry_file(struct carrier *c, const char *path, size_t max, enum carry_how how)
{
	struct buf bytes;
	int rc = 0;

	buf_init(&bytes);
	if (io_read_file_at(c->log->dir, path, max, &bytes) == 0)
		rc = c->outlet->file(c->outlet, c->log, path, buf_view(&bytes),
		    how);
	else if (errno != ENOENT)
		rc = unreadable(c, path);
	buf_fini(&bytes);
	return rc;
}

static int
carry_growing(struct carrier *c, const char *path)
{
	int rc = 0,
	    fd = openat(c->log->dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? 0 : unreadable(c, path);
	if (fstat(fd, &st) != 0)
		rc = unreadable(c, path);
	else
		rc = c->outlet->append(c->outlet, c->log, path, fd,
		    (uint64_t)st.st_size);
	close(fd);
	return rc;
}

/* A segment that is gone was deleted at the end of its time. */
static int
carry_segment(struct carrier *c, const struct manifest *m)
{
	int fd =
	    openat(c->log->dir, m->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int rc;

	if (fd < 0)
		return errno == ENOENT ? 0 : unreadable(c, m->file);
	rc = c->outlet->segment(c->outlet, c->log, m, fd);
	close(fd);
	return rc;
}

/* 1: carried; 0: there is no next manifest; -1 */
static int
carry_manifest(struct carrier *c)
{
	struct manifest m;
	unsigned line = 0;
	char path[32];
	struct buf text;
	int rc = -1;

	snprintf(path, sizeof(path), "manifests/%012" PRIu64, c->manifest);
	buf_init(&text);
	if (io_read_file_at(c->log->dir, path, MANIFEST_MAX, &text) != 0)
		rc = errno == ENOENT ? 0 : unreadable(c, path);
	else if (manifest_parse(buf_view(&text), &m, &line) != 0 ||
	    strcmp(m.origin, c->log->desc.key.name) != 0 ||
	    m.segment != c->manifest) {
		errno = EBADMSG;
		rc = unreadable(c, path);
	} else if (c->outlet->file(c->outlet, c->log, path, buf_view(&text),
		       CARRY_ONCE) == 0 &&
	    carry_segment(c, &m) == 0)
		rc = 1;
	buf_fini(&text);
	return rc;
}

static int
carry_segments(struct carrier *c, uint64_t until)
{
	int rc;

	while ((rc = carry_manifest(c)) == 1) {
		c->manifest++;
		if (carrier_now() >= until)
			return 0;
	}
	return rc;
}

static bool
is_older(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec - SLACK_S;
}

/* The files of a folder that changed since the last round. */
static int
carry_folder(struct carrier *c, const char *folder, enum carry_how how)
{
	int rc = 0,
	    fd = openat(c->log->dir, folder,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	char path[128];
	struct dirent *e;
	struct stat st;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return errno == ENOENT ? 0 : unreadable(c, folder);
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] < '0' || e->d_name[0] > '9' ||
		    strstr(e->d_name, ".tmp") != NULL ||
		    snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) >=
			(int)sizeof(path) ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) !=
			0 ||
		    is_older(st.st_mtim, c->since))
			continue;
		if (carry_file(c, path, TSA_RESPONSE_MAX, how) != 0)
			rc = -1;
	}
	closedir(d);
	return rc;
}

int
carrier_run(struct carrier *c, uint64_t until)
{
	struct timespec begun;
	int rc = 0;

	if (c->log->rolled || anchored_open(c->log) != 0)
		return -1; /* it was said */
	clock_gettime(CLOCK_REALTIME, &begun);
	c->outlet->quiet = c->failed;
	if (carry_file(c, "log", LOGFILE_MAX, CARRY_ONCE) != 0 ||
	    carry_growing(c, "epochs") != 0)
		rc = -1;
	if (rc == 0 && carry_folder(c, "checkpoints", CARRY_GROWS) != 0)
		rc = -1;
	if (rc == 0 && carry_folder(c, "tokens", CARRY_ONCE) != 0)
		rc = -1;
	/* The newest checkpoint tells of a rollback: it goes in any case. */
	if (carry_file(c, "checkpoint", NOTE_MAX, CARRY_NEWEST) != 0)
		rc = -1;
	if (rc == 0)
		c->since = begun;
	if (rc == 0 && carry_segments(c, until) != 0)
		rc = -1;
	if (rc == 0 && c->failed)
		log_info(tr("log '%s': copied to '%s' again",
			     "ログ「%s」: 「%s」への複写を再開しました"),
		    c->log->conf->name, c->outlet->where);
	c->failed = rc != 0;
	return rc;
}
