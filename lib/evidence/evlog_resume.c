/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/evlog_priv.h"

/*
 * After recovery proved what is there: torn tails go into quarantine, the open
 * member is finished, what was closed gets its manifest.  Only what no
 * signature covers is touched, and nothing of it is thrown away.
 */
/* Copy the bytes from `from` on into quarantine/, then cut them off. */
static enum evlog_err
resume_quarantine(struct evlog_recovery *r, int fd, uint64_t from, uint64_t len,
    struct evlog_torn *torn)
{
	uint8_t *bytes = malloc((size_t)(len - from));
	char hex[17];
	int rc = -1;

	if (bytes == NULL)
		abort();
	if (pread(fd, bytes, (size_t)(len - from), (off_t)from) ==
	    (ssize_t)(len - from)) {
		torn->len = len - from;
		sha256(span_make(bytes, (size_t)torn->len), torn->hash);
		hex_print(torn->hash, 8, hex);
		hex[16] = '\0';
		snprintf(torn->name, sizeof(torn->name), "%012llu-%s",
		    (unsigned long long)r->next, hex);
		rc = io_replace_at(r->log->quarantine, torn->name, 0640,
		    span_make(bytes, (size_t)torn->len));
	}
	free(bytes);
	if (rc == 0 && ftruncate(fd, (off_t)from) == 0 && fsync(fd) == 0)
		return EVLOG_OK;
	return evlog_recover_fail(r, EVLOG_SYSTEM, "quarantine",
	    strerror(errno));
}

/* The segment goes on where it is whole; its open member is finished. */
static enum evlog_err
resume_segment(struct evlog_recovery *r)
{
	struct evlog_committer *com = &r->log->com;
	struct evlog_owner *o = &r->log->own;
	struct evlog_scan *s = &r->scan;
	struct buf end;
	int rc = 0;

	buf_init(&end);
	if (s->inside) {
		buf_append(&end, member_finish, MEMBER_FINISH_LEN);
		member_sum_print(&s->sum, &end);
		rc = io_pwrite_all(r->fd, end.p, end.len, (off_t)s->whole);
		if (rc == 0)
			rc = fsync(r->fd);
		sha256_update(&s->gzip, end.p, end.len);
		s->m.gzip_len += end.len;
		s->m.members++;
	}
	buf_fini(&end);
	if (rc != 0)
		return evlog_recover_fail(r, EVLOG_SYSTEM, r->file,
		    strerror(errno));
	com->fd = r->fd;
	com->stream = r->log->stream = s->stream;
	com->gzip = s->gzip;
	com->segment = s->m;
	memcpy(com->segment.file, r->file, sizeof(r->file));
	memcpy(com->segment.previous, com->previous, SHA256_LEN);
	memcpy(o->salt, s->salt, RECORD_SALT);
	o->segment_len = s->m.stream_len;
	o->day = manifest_file_day(r->file);
	o->opens = false;
	return EVLOG_OK;
}

/* The empty member is there, the manifest is not. */
static enum evlog_err
resume_close(struct evlog_recovery *r)
{
	struct evlog_committer *com = &r->log->com;
	struct evlog_scan *s = &r->scan;

	com->fd = r->fd;
	com->segment = s->m;
	com->stream = s->stream;
	com->gzip = s->gzip;
	memcpy(com->segment.file, r->file, sizeof(r->file));
	memcpy(com->segment.previous, com->previous, SHA256_LEN);
	if (fsync(r->fd) != 0 || evlog_files_manifest(r->log) != 0)
		return evlog_recover_fail(r, EVLOG_SYSTEM, "manifests",
		    strerror(errno));
	r->segment++;
	return EVLOG_OK;
}

/* What the file of the open segment is good for. */
static enum evlog_err
resume_open_segment(struct evlog_recovery *r)
{
	struct evlog_scan *s = &r->scan;
	enum evlog_err err;

	r->log->own.opens = true;
	if (r->fd < 0)
		return EVLOG_OK;
	if (s->len > s->whole &&
	    (err = resume_quarantine(r, r->fd, s->whole, s->len,
		 &r->found->segment)) != EVLOG_OK)
		return err;
	if (s->whole > 0)
		return s->ended ? resume_close(r) : resume_segment(r);
	memcpy(r->log->own.file, r->file, sizeof(r->file));
	close(r->fd);
	r->fd = -1;
	return EVLOG_OK;
}

/* The torn line of an epoch in which nothing was signed yet. */
static enum evlog_err
resume_epochs(struct evlog_recovery *r)
{
	uint64_t whole = r->log->com.epochs_len;
	enum evlog_err err;
	int fd;

	if (whole == r->epochs_len)
		return EVLOG_OK;
	fd = openat(r->log->dir, "epochs", O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return evlog_recover_fail(r, EVLOG_SYSTEM, "epochs",
		    strerror(errno));
	err = resume_quarantine(r, fd, whole, r->epochs_len, &r->found->epochs);
	close(fd);
	return err;
}

/* What io_replace_at() had not yet given its name when the writer died. */
static void
resume_clean(const struct evlog *log, const char *folder)
{
	struct dirent *de;
	size_t len;
	DIR *d;
	int fd;

	fd = openat(log->dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (d = fdopendir(fd)) == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((de = readdir(d)) != NULL) {
		len = strlen(de->d_name);
		if (len > 4 && strcmp(de->d_name + len - 4, ".tmp") == 0)
			unlinkat(dirfd(d), de->d_name, 0);
	}
	closedir(d);
}

static void
resume_report(struct evlog_recovery *r)
{
	const struct evlog_torn *t = &r->found->segment;

	if (t->len > 0)
		buf_printf(r->detail,
		    tr("%s: a torn tail of %llu bytes is now quarantine/%s",
			"%s: 末尾の不完全な%lluバイトをquarantine/%sへ移しまし"
			"た"),
		    r->file, (unsigned long long)t->len, t->name);
	if (r->next > r->size && r->size > 0)
		buf_printf(r->detail,
		    tr("%s%llu records were not sealed before the stop",
			"%s停止前に封印されていない記録が%llu件ありました"),
		    r->detail->len > 0 ? "; " : "",
		    (unsigned long long)(r->next - r->size));
}

enum evlog_err
evlog_resume(struct evlog *log, struct evlog_found *found, struct buf *detail)
{
	struct evlog_recovery *r = calloc(1, sizeof(*r));
	enum evlog_err err;

	if (r == NULL)
		abort();
	r->log = log;
	r->found = found;
	r->detail = detail;
	r->size = found->state.size;
	r->fd = -1;
	if ((err = evlog_recover(r)) == EVLOG_OK &&
	    (err = resume_open_segment(r)) == EVLOG_OK)
		err = resume_epochs(r);
	if (err == EVLOG_OK) {
		resume_clean(log, ".");
		resume_clean(log, "checkpoints");
		resume_clean(log, "manifests");
		resume_clean(log, "quarantine");
		resume_clean(log, "tokens");
		resume_report(r);
		evlog_tile_begin(log, &r->before,
		    r->scan.whole > 0 && r->file[0] != '\0' ? &r->scan.run
							    : NULL);
	} else if (r->fd >= 0 && r->fd != log->com.fd)
		close(r->fd);
	log->recovered = log->own.next = r->next;
	log->own.segment = r->segment;
	buf_fini(&r->why);
	tile_run_fini(&r->scan.run);
	free(r);
	return err;
}
