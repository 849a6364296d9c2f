/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/evlog_priv.h"

/*
 * The files `checkpoint` and `epochs` against what the signer signed last. They
 * hold no records, but without them nobody could prove any: what no crash
 * leaves is a break, and is not written over.
 */
#define EPOCHS_LINE_MAX 4096u /* a line of `epochs` is shorter */

/* Whether a checkpoint of an epoch that ended was kept. */
static bool
recover_kept(const struct evlog *log)
{
	struct dirent *de;
	bool kept = false;
	DIR *d;
	int fd;

	fd = openat(log->checkpoints, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (d = fdopendir(fd)) == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!kept && (de = readdir(d)) != NULL)
		kept = de->d_name[0] != '.';
	closedir(d);
	return kept;
}

/*
 * No crash leaves a checkpoint that we did not sign, or none once one was kept:
 * it is replaced by rename.  One that is ahead of the signer shows that the
 * signer was set back, and would sign a second history.
 */
static enum evlog_err
recover_checkpoint_read(struct evlog_recovery *r, struct span text)
{
	struct note *n = malloc(sizeof(*n));
	const char *what = NULL;
	struct checkpoint c;

	if (n == NULL)
		abort();
	if (checkpoint_read(text, n, &c) != NOTE_OK ||
	    checkpoint_verify_log(n, &r->log->file.key) != NOTE_OK)
		what = tr("not one that this log signed",
		    "このログが署名したものではありません");
	else if (c.size > r->size)
		what = tr("ahead of the signer, whose state was set back",
		    "署名プロセスの状態が巻き戻されています");
	else
		r->found->publish = c.size < r->size;
	free(n);
	return what == NULL
	    ? EVLOG_OK
	    : evlog_recover_fail(r, EVLOG_BREAK, "checkpoint", what);
}

static enum evlog_err
recover_checkpoint(struct evlog_recovery *r)
{
	enum evlog_err err = EVLOG_OK;
	struct buf text;

	buf_init(&text);
	r->found->publish = r->size > 0;
	if (io_read_file_at(r->log->dir, "checkpoint", NOTE_MAX, &text) == 0)
		err = recover_checkpoint_read(r, buf_view(&text));
	else if (errno != ENOENT)
		err = evlog_recover_fail(r,
		    errno == EFBIG ? EVLOG_BREAK : EVLOG_SYSTEM, "checkpoint",
		    strerror(errno));
	else if (recover_kept(r->log))
		err = evlog_recover_fail(r, EVLOG_BREAK, "checkpoint",
		    tr("missing, but older ones are there",
			"ありません。古いものは残っています"));
	buf_fini(&text);
	return err;
}

/*
 * The line of an epoch is durable before anything is signed in it, so the last
 * whole one is that of the signer's epoch or, if it died between, of the one
 * before.  Without it nothing that we signed could be proved.
 */
static enum evlog_err
recover_epochs_line(struct evlog_recovery *r, struct span line)
{
	const struct logfile *file = &r->log->file;
	uint64_t open = r->found->state.epoch;
	struct epoch e;

	if (epoch_parse(line, &e) == 0 &&
	    epoch_verify(&e, file->height, file->r) == 0 &&
	    (e.number == open || e.number + UINT64_C(1) == open))
		r->found->listed = e.number == open;
	else if (r->size > 0)
		return evlog_recover_fail(r, EVLOG_BREAK, "epochs",
		    tr("its last line is not that of the epoch signed last",
			"最後の行が、最後に署名した鍵期間のものではありませ"
			"ん"));
	return EVLOG_OK;
}

static enum evlog_err
recover_epochs_tail(struct evlog_recovery *r, int fd, uint64_t len)
{
	uint8_t tail[EPOCHS_LINE_MAX];
	size_t n = len < sizeof(tail) ? (size_t)len : sizeof(tail);
	const uint8_t *lf, *start;
	uint64_t whole;

	if (pread(fd, tail, n, (off_t)(len - n)) != (ssize_t)n)
		return evlog_recover_fail(r, EVLOG_SYSTEM, "epochs",
		    strerror(errno));
	lf = n > 0 ? memrchr(tail, '\n', n) : NULL;
	if (lf == NULL && len > n)
		return evlog_recover_fail(r, EVLOG_BAD_LOG, "epochs",
		    tr("the last line is too long", "最後の行が長すぎます"));
	whole = lf == NULL ? 0 : len - n + (uint64_t)(lf - tail) + 1;
	r->log->com.epochs_len = whole;
	r->epochs_len = len;
	if (lf == NULL)
		return recover_epochs_line(r, span_make(tail, 0));
	start = memrchr(tail, '\n', (size_t)(lf - tail));
	start = start == NULL ? tail : start + 1;
	return recover_epochs_line(r,
	    span_make(start, (size_t)(lf + 1 - start)));
}

static enum evlog_err
recover_epochs(struct evlog_recovery *r)
{
	enum evlog_err err = EVLOG_SYSTEM;
	struct stat st;
	int fd;

	fd = openat(r->log->dir, "epochs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return recover_epochs_line(r, span_make("", 0));
	if (fd < 0)
		return evlog_recover_fail(r, EVLOG_SYSTEM, "epochs",
		    strerror(errno));
	if (fstat(fd, &st) == 0)
		err = recover_epochs_tail(r, fd, (uint64_t)st.st_size);
	close(fd);
	return err;
}

enum evlog_err
evlog_recover_files(struct evlog_recovery *r)
{
	enum evlog_err err = recover_checkpoint(r);

	return err == EVLOG_OK ? recover_epochs(r) : err;
}
