/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/verify_priv.h"

#define NOTE_LIVE_S 3	/* a file changed so long ago may be in work */
#define NOTE_WAIT_MS 50 /* between looks at it */

static struct verify_place
note_place(const char *file)
{
	return (struct verify_place){ file, UINT64_MAX, UINT64_MAX, 0 };
}

/* A note with the log's origin and signature; *c borrows from it. */
static int
note_take(struct verify *v, const char *file, struct span in, struct note *n,
    struct checkpoint *c)
{
	enum note_err e = checkpoint_read(in, n, c);

	if (e == NOTE_OK && !span_is(c->origin, v->log.key.name))
		return verify_fail(v, VERIFY_TAMPERED, note_place(file),
		    tr("a checkpoint of another log",
			"別のログのチェックポイントです"));
	if (e == NOTE_OK)
		e = checkpoint_verify_log(n, &v->log.key);
	if (e != NOTE_OK)
		return verify_fail(v, VERIFY_TAMPERED, note_place(file), "%s",
		    note_strerror(e));
	return 0;
}

static int
note_load_newest(struct verify *v)
{
	struct note n;

	if (logdir_read(&v->dir, "checkpoint", NOTE_MAX, &v->note) != 0)
		return errno == ENOENT ? 0 : verify_unreadable(v, "checkpoint");
	if (note_take(v, "checkpoint", buf_view(&v->note), &n, &v->newest) != 0)
		return -1;
	v->newest.origin = span_make(NULL, 0);
	v->have_newest = true;
	return 0;
}

/*
 * A checkpoint is kept after it stood in `checkpoint`: one that is larger
 * shows that an older file was put back, unless a writer is at work.
 */
static int
note_check_kept(struct verify *v)
{
	size_t n = v->dir.n_checkpoints;
	char path[48];

	if (n == 0 || v->dir.checkpoints[n - 1] <= v->newest.size)
		return 0;
	if (verify_note_grew(v)) {
		while (n > 0 && v->dir.checkpoints[n - 1] > v->newest.size)
			n--;
		v->dir.n_checkpoints = n;
		return 0;
	}
	snprintf(path, sizeof(path), "checkpoints/%012" PRIu64,
	    v->dir.checkpoints[n - 1]);
	if (!v->have_newest)
		return verify_fail(v, VERIFY_TAMPERED, note_place("checkpoint"),
		    tr("missing, but %s was kept",
			"%sが保存されているのに、ありません"),
		    path);
	return verify_fail(v, VERIFY_TAMPERED, note_place("checkpoint"),
	    tr("older than %s: it was put back, or that one added",
		"%sより古い内容です。古いものに戻されたか、"
		"後から追加されています"),
	    path);
}

static int
note_load_pin(struct verify *v)
{
	struct buf pin, own;
	unsigned line = 0;
	int rc = 0;

	buf_init(&pin);
	buf_init(&own);
	if (v->opt->pin != NULL &&
	    io_read_file(v->opt->pin, LOGFILE_MAX, &pin) != 0)
		rc = verify_fail(v, VERIFY_IMPOSSIBLE, note_place(v->opt->pin),
		    "%s", strerror(errno));
	else if (logdir_read(&v->dir, "log", LOGFILE_MAX, &own) != 0)
		rc = v->opt->pin == NULL && errno == ENOENT
		    ? verify_fail(v, VERIFY_IMPOSSIBLE, note_place("log"),
			  tr("there is no log in this folder",
			      "このフォルダーにログはありません"))
		    : verify_unreadable(v, "log");
	else if (v->opt->pin == NULL)
		buf_span(&pin, buf_view(&own));
	if (rc == 0 && logfile_parse(buf_view(&pin), &v->log, &line) != 0)
		rc = verify_fail(v, VERIFY_IMPOSSIBLE,
		    note_place(v->opt->pin != NULL ? v->opt->pin : "log"),
		    tr("line %u is not as the description of a log must be",
			"%u行目がログの記述ファイルの形式ではありません"),
		    line);
	if (rc == 0 && !span_eq(buf_view(&pin), buf_view(&own)))
		rc = verify_fail(v, VERIFY_TAMPERED, note_place("log"),
		    tr("differs from the pinned file",
			"固定した(ピン留めした)ファイルと異なります"));
	buf_fini(&pin);
	buf_fini(&own);
	return rc;
}

/* The three lines of a checkpoint, or a whole note, by a way of its own. */
static int
note_load_anchor(struct verify *v)
{
	struct span text;
	struct buf file;
	size_t lf = 0;
	int rc = -1;

	if (v->opt->anchor == NULL)
		return 0;
	buf_init(&file);
	if (io_read_file(v->opt->anchor, NOTE_MAX, &file) != 0) {
		verify_fail(v, VERIFY_IMPOSSIBLE, note_place(v->opt->anchor),
		    "%s", strerror(errno));
		goto done;
	}
	for (text = buf_view(&file); lf < 3 && text.len > 0; text.len--)
		lf += *text.p++ == '\n';
	if (lf == 3)
		text = span_make(file.p, (size_t)(text.p - file.p));
	if (lf != 3 || checkpoint_parse(text, &v->anchor) != 0)
		verify_fail(v, VERIFY_IMPOSSIBLE, note_place(v->opt->anchor),
		    tr("does not begin with the three lines of a checkpoint",
			"チェックポイントの3行で始まっていません"));
	else if (!span_is(v->anchor.origin, v->log.key.name))
		verify_fail(v, VERIFY_IMPOSSIBLE, note_place(v->opt->anchor),
		    tr("a checkpoint of another log",
			"別のログのチェックポイントです"));
	else
		rc = 0;
	v->have_anchor = rc == 0;
	v->anchor.origin = span_make(NULL, 0);
done:
	buf_fini(&file);
	return rc;
}

static int
note_check_anchor(struct verify *v)
{
	if (!v->have_anchor || v->anchor.size <= v->newest.size ||
	    verify_note_grew(v))
		return 0;
	return verify_fail(v, VERIFY_TAMPERED, note_place("checkpoint"),
	    tr("the log ends at size %" PRIu64
	       " but the anchor is of size %" PRIu64
	       ": it was rolled back or cut",
		"ログはサイズ%" PRIu64 "で終わっていますが、アンカーはサイズ"
		"%" PRIu64 "です。ログが巻き戻されたか、切り詰められています"),
	    v->newest.size, v->anchor.size);
}

int
verify_note_open(struct verify *v)
{
	const char *folder;

	if (note_load_pin(v) != 0)
		return -1;
	snprintf(v->result->origin, sizeof(v->result->origin), "%.120s",
	    v->log.key.name);
	/* The checkpoint before the names: what it covers is listed then. */
	if (note_load_anchor(v) != 0 || note_load_newest(v) != 0)
		return -1;
	if (logdir_list(&v->dir, verify_strange, v, &folder) != 0)
		return verify_unreadable(v, folder);
	if (note_check_kept(v) != 0 || note_check_anchor(v) != 0)
		return -1;
	return verify_epochs_open(v);
}

/* The note is what was signed: it is the records, unless another note says
 * that these are right. */
static int
note_wrong_root(struct verify *v, const char *file, uint64_t size)
{
	struct verify_place at = note_place(file);
	struct verify_changed c;

	if (v->proved.size >= size)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("another checkpoint of size %" PRIu64
		       " gives another root",
			"同じサイズ%" PRIu64
			"の別のチェックポイントとルートが異なります"),
		    size);
	at = verify_changed(v, size - 1, &c);
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("the records do not give the root of %s: %s",
		"記録が%sのルートと一致しません。%s"),
	    file, c.what);
}

static int
note_check(struct verify *v, const char *file, struct span in, uint64_t size,
    const uint8_t root[SHA256_LEN])
{
	struct verify_place at = note_place(file);
	struct checkpoint c;
	struct note n;
	enum note_err e;

	if (note_take(v, file, in, &n, &c) != 0)
		return -1;
	at.index = size - 1;
	if (c.size != size)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("a checkpoint of size %" PRIu64
		       " under the name of another",
			"サイズ%" PRIu64
			"のチェックポイントが別の名前で置かれています"),
		    c.size);
	if (c.epoch != v->epoch.number)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("signed for epoch %" PRIu32 " where epoch %" PRIu32
		       " is open",
			"鍵期間%" PRIu32
			"の署名ですが、開いている期間は%" PRIu32 "です"),
		    c.epoch, v->epoch.number);
	if ((e = checkpoint_verify_epoch(&n, &c, v->epoch.key)) != NOTE_OK)
		return verify_fail(v, VERIFY_TAMPERED, at, "%s",
		    note_strerror(e));
	if (memcmp(c.root, root, SHA256_LEN) != 0)
		return note_wrong_root(v, file, size);
	verify_proved(v, (struct verify_edge){ size, UINT64_MAX, 0 });
	v->result->size = size;
	memcpy(v->result->root, root, SHA256_LEN);
	v->result->epoch = c.epoch;
	return 0;
}

int
verify_note_newest(struct verify *v, const uint8_t root[SHA256_LEN])
{
	return note_check(v, "checkpoint", buf_view(&v->note), v->newest.size,
	    root);
}

int
verify_note_check(struct verify *v, const struct verify_event *e, uint64_t size,
    const uint8_t root[SHA256_LEN], bool *kept)
{
	uint64_t next;
	char path[48];

	*kept = false;
	if (v->kept < v->dir.n_checkpoints) {
		next = v->dir.checkpoints[v->kept];
		snprintf(path, sizeof(path), "checkpoints/%012" PRIu64, next);
		if (next < size)
			return verify_fail(v, VERIFY_TAMPERED, note_place(path),
			    tr("no seal stands before this size",
				"このサイズの直前に封印記録がありません"));
		if (next == size) {
			v->kept++;
			v->text.len = 0;
			if (logdir_read(&v->dir, path, NOTE_MAX, &v->text) != 0)
				return verify_unreadable(v, path);
			if (note_check(v, path, buf_view(&v->text), size,
				root) != 0)
				return -1;
			*kept = true;
			v->result->sealed_time = e->u.seal.wall;
		}
	}
	if (!v->have_newest || v->newest.size != size)
		return 0;
	v->newest_seen = true;
	if (verify_note_newest(v, root) != 0)
		return -1;
	v->result->sealed_time = e->u.seal.wall;
	return 0;
}

int
verify_note_end(struct verify *v)
{
	struct verify_place at = note_place("checkpoint");

	v->tail = false;
	if (!v->have_newest) {
		if (v->signed_size > 0)
			return verify_fail(v, VERIFY_TAMPERED, at,
			    tr("missing, although the seals name one",
				"封印記録が示すチェックポイントがありません"));
		v->tail = true;
		return verify_fail(v, VERIFY_INCOMPLETE, at,
		    tr("nothing is sealed yet", "まだ何も封印されていません"));
	}
	if (v->newest_seen)
		return 0;
	at.index = v->index;
	at.time = v->last_time;
	at.file = v->path[0] == '\0' ? "segments" : v->path;
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("the log ends with record %" PRIu64
	       ", but its checkpoint is of size %" PRIu64,
		"ログは記録%" PRIu64
		"で終わっていますが、チェックポイントのサイズは%" PRIu64
		"です"),
	    v->index, v->newest.size);
}

static bool
note_grew_now(struct verify *v)
{
	struct checkpoint c;
	struct note n;

	v->text.len = 0;
	return logdir_read(&v->dir, "checkpoint", NOTE_MAX, &v->text) == 0 &&
	    checkpoint_read(buf_view(&v->text), &n, &c) == NOTE_OK &&
	    checkpoint_verify_log(&n, &v->log.key) == NOTE_OK &&
	    c.size > v->newest.size;
}

/* Whether the newest segment was written to just now. */
static bool
note_fresh(struct verify *v)
{
	char path[MANIFEST_FILE];
	struct timespec now;
	struct stat st;
	bool fresh;
	int fd;

	if (v->dir.n_segments == 0)
		return false;
	logdir_path(&v->dir, v->dir.n_segments - 1, path);
	if ((fd = logdir_open_file(&v->dir, path)) < 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	fresh = fstat(fd, &st) == 0 && st.st_mtime <= now.tv_sec &&
	    now.tv_sec - st.st_mtime <= NOTE_LIVE_S;
	close(fd);
	return fresh;
}

bool
verify_note_grew(struct verify *v)
{
	const struct timespec wait = { 0, NOTE_WAIT_MS * 1000000L };

	if (v->live || v->waited)
		return v->live;
	while (!(v->live = note_grew_now(v)) && note_fresh(v))
		nanosleep(&wait, NULL);
	v->waited = !v->live;
	v->result->live = v->live;
	return v->live;
}
