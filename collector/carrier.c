/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/carrier.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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
	} else if ((rc = c->outlet->file(c->outlet, c->log, path,
			buf_view(&text), CARRY_ONCE)) == 0)
		rc = carry_segment(c, &m) < 0 ? -1 : 1;
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

static int
is_name(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] >= '0' && e->d_name[0] <= '9' &&
	    (len < 4 || strcmp(e->d_name + len - 4, ".tmp") != 0);
}

/* One file of a folder, unless it is as it was when it was carried. */
static int
carry_changed(struct carrier *c, const struct carrier_folder *f,
    const char *path, enum carry_how how)
{
	struct stat st;

	if (fstatat(c->log->dir, path, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    is_older(st.st_mtim, f->since))
		return 0;
	return carry_file(c, path, TSA_RESPONSE_MAX, how);
}

/* At least one file, and on until there is no more time. */
static int
carry_names(struct carrier *c, struct carrier_folder *f, const char *folder,
    enum carry_how how, struct dirent **list, int n, uint64_t until)
{
	char path[sizeof(f->next) + 32];
	int i, rc = 0;

	for (i = 0; i < n && strcmp(list[i]->d_name, f->next) < 0; i++)
		continue;
	for (; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
		if (carry_changed(c, f, path, how) < 0) {
			f->missed = true;
			rc = -1;
		}
		if (carrier_now() >= until && i + 1 < n) {
			snprintf(f->next, sizeof(f->next), "%s",
			    list[i + 1]->d_name);
			return rc;
		}
	}
	f->next[0] = '\0';
	if (!f->missed)
		f->since = f->begun;
	return rc;
}

/* The files of a folder that changed since the last pass, in their order. */
static int
carry_folder(struct carrier *c, struct carrier_folder *f, const char *folder,
    enum carry_how how, uint64_t until)
{
	struct dirent **list;
	int i, rc, n;

	if (f->next[0] == '\0') {
		clock_gettime(CLOCK_REALTIME, &f->begun);
		f->missed = false;
	}
	n = scandirat(c->log->dir, folder, &list, is_name, alphasort);
	if (n < 0)
		return errno == ENOENT ? 0 : unreadable(c, folder);
	rc = carry_names(c, f, folder, how, list, n, until);
	for (i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return rc;
}

/*
 * What says whose folder it is: description, epochs and, before any other of
 * them, the newest checkpoint, which tells of a rollback in any case.
 */
static int
carry_head(struct carrier *c)
{
	int newest = carry_file(c, "checkpoint", NOTE_MAX, CARRY_NEWEST);
	int log = carry_file(c, "log", LOGFILE_MAX, CARRY_ONCE);
	int epochs = log == 0 ? carry_growing(c, "epochs") : 0;

	c->ended = newest > 0 || log > 0 || epochs > 0;
	return newest == 0 && log == 0 && epochs == 0 ? 0 : -1;
}

int
carrier_run(struct carrier *c, uint64_t until)
{
	int rc;

	if (c->ended || c->log->rolled || anchored_open(c->log) != 0)
		return -1; /* it was said */
	c->outlet->quiet = c->failed;
	rc = carry_head(c);
	if (rc == 0)
		rc = carry_folder(c, &c->checkpoints, "checkpoints",
		    CARRY_GROWS, until);
	if (rc == 0)
		rc = carry_folder(c, &c->tokens, "tokens", CARRY_ONCE, until);
	if (rc == 0)
		rc = carry_segments(c, until);
	if (rc == 0 && c->failed)
		log_info(tr("log '%s': copied to '%s' again",
			     "ログ「%s」: 「%s」への複写を再開しました"),
		    c->log->conf->name, c->outlet->where);
	c->failed = rc != 0;
	return rc;
}
