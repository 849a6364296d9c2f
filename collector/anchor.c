/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/anchor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "evidence/checkpoint.h"
#include "evidence/note.h"

#define NOTE_BYTES 65536 /* of a note, at most (FORMAT.md, 6) */

/* Append the note at dir/name; *size = of its checkpoint.  0, or -1. */
static int
note_load(int dir, const char *name, struct buf *note, uint64_t *size)
{
	struct checkpoint c;
	struct note n;

	if (io_read_file_at(dir, name, NOTE_BYTES, note) != 0)
		return -1;
	if (checkpoint_read(buf_view(note), &n, &c) != NOTE_OK) {
		errno = EBADMSG;
		return -1;
	}
	*size = c.size;
	return 0;
}

static int
open_dir(int at, const char *name, bool make)
{
	if (make && mkdirat(at, name, 0755) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The newest checkpoint; the one outside only ever grows. */
static int
newest_copy(const struct site_log *log, int from, int to)
{
	struct buf ours, theirs;
	uint64_t size, copied = 0;
	int rc = -1;

	buf_init(&ours);
	buf_init(&theirs);
	if (note_load(from, "checkpoint", &ours, &size) != 0)
		log_errno("%s/checkpoint", log->dir);
	else if (note_load(to, "checkpoint", &theirs, &copied) != 0 &&
	    errno != ENOENT)
		log_errno(tr("log '%s': the copy of its checkpoint",
			      "ログ「%s」: チェックポイントの控え"),
		    log->name);
	else if (copied > size)
		log_error(tr("log '%s': ALARM: it has %llu records, but its "
			     "copied checkpoint %llu: it was rolled back; "
			     "the copy is kept",
			      "ログ「%s」: 警報: 記録は%llu件ですが、控えのチェ"
			      "ックポイントは%llu件です。巻き戻された疑いがあ"
			      "ります。控えはそのまま残します"),
		    log->name, (unsigned long long)size,
		    (unsigned long long)copied);
	else if (copied == size)
		rc = 0;
	else if (io_replace_at(to, "checkpoint", 0644, buf_view(&ours)) != 0)
		log_errno(tr("log '%s': cannot copy its checkpoint",
			      "ログ「%s」: チェックポイントを複写できません"),
		    log->name);
	else
		rc = 0;
	buf_fini(&theirs);
	buf_fini(&ours);
	return rc;
}

/* What the log keeps, as far as it is not outside yet. */
static int
kept_copy(const struct site_log *log, int from, int to)
{
	struct dirent *e;
	struct buf note;
	uint64_t size;
	DIR *d = fdopendir(from);
	int rc = 0;

	if (d == NULL) {
		close(from);
		return -1;
	}
	buf_init(&note);
	while ((e = readdir(d)) != NULL) {
		if (num_parse(span_str(e->d_name), CHECKPOINT_SIZE_MAX,
			&size) != 0 ||
		    faccessat(to, e->d_name, F_OK, 0) == 0)
			continue;
		note.len = 0;
		if (note_load(dirfd(d), e->d_name, &note, &size) != 0 ||
		    io_replace_at(to, e->d_name, 0644, buf_view(&note)) != 0) {
			log_errno("%s/checkpoints/%s", log->dir, e->d_name);
			rc = -1;
		}
	}
	buf_fini(&note);
	closedir(d);
	return rc;
}

static int
log_copy(const struct site_log *log, int copy)
{
	int from, to, kept_from = -1, kept_to = -1, rc = -1;

	from = open(log->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open_dir(copy, log->name, true);
	if (from >= 0 && to >= 0) {
		kept_from = open_dir(from, "checkpoints", false);
		kept_to = open_dir(to, "checkpoints", true);
		rc = newest_copy(log, from, to);
	} else
		log_errno(tr("log '%s': cannot copy its checkpoint",
			      "ログ「%s」: チェックポイントを複写できません"),
		    log->name);
	if (kept_from >= 0 && kept_to >= 0) {
		if (kept_copy(log, kept_from, kept_to) != 0)
			rc = -1;
	} else if (kept_from >= 0)
		close(kept_from);
	if (kept_to >= 0)
		close(kept_to);
	if (to >= 0)
		close(to);
	if (from >= 0)
		close(from);
	return rc;
}

static int
copy_all(const struct site *site)
{
	int rc = 0, copy;
	size_t i;

	copy = open(site->anchor.copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy < 0) {
		log_errno(tr("cannot copy checkpoints to '%s'",
			      "チェックポイントを「%s」へ複写できません"),
		    site->anchor.copy);
		return -1;
	}
	for (i = 0; i < site->n_logs; i++)
		if (log_copy(&site->logs[i], copy) != 0)
			rc = -1;
	close(copy);
	return rc;
}

int
anchor_run(const struct anchor_options *opt)
{
	struct pollfd control = { .fd = opt->control, .events = POLLIN };
	bool copies = *opt->site->anchor.copy != '\0';
	int rc = 0;

	do
		if (copies)
			rc = copy_all(opt->site);
	while (poll(&control, 1,
		   copies ? (int)opt->site->anchor.every_s * 1000 : -1) == 0);
	if (copies)
		rc = copy_all(opt->site);
	return rc == 0 ? 0 : 1;
}
