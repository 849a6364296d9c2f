/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * How far a file came is noted only behind a seal, so that after a crash the
 * lines that were not sealed are read again; a line without its end is left in
 * the file until it has one, or the file is done with.
 *
 * A file is known by what was read of it (mark.h).  Where a rotation took it
 * to while nobody looked, its rest is read from there: after a start from the
 * file that was renamed, copied or packed, and those that came after it; and
 * after the file was cut short from the copy that was made before that.
 */
#include "collector/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/filegap.h"
#include "collector/heir.h"
#include "collector/mark.h"
#include "collector/note.h"
#include "common/io.h"
#include "common/log.h"
#include "common/split.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "site/client.h"

#define STEP 65536		    /* bytes read at once */
#define TURN (STEP * 64)	    /* bytes before other files have a turn */
#define SEAL_EVERY (5 * UTC_SECOND) /* while the file grows */

struct follow {
	const struct site_watch *conf;
	const char *log, *cache;
	struct client *client;
	char note[64]; /* name of the note in the cache folder */
	int fd;	       /* of the file; -1: not open */
	uint64_t dev, ino;
	struct heir *heir;	/* read in its place; NULL: none */
	struct heir_place at;	/* of heir */
	bool later;		/* those that came after it are read too */
	uint64_t since;		/* utc usec: what is lost is younger; 0: - */
	int broken;		/* errno of the last read; 0: it was fine */
	bool started;		/* what the note names was looked for */
	bool begun;		/* its stream: not before its first bytes */
	const char *why;	/* how the stream will end: heir */
	struct mark mark;	/* what was handed to the writer */
	uint64_t sealed;	/* bytes of it, as the note says */
	int64_t seal_at;	/* when to seal what was taken */
	struct timespec looked; /* the file's last change that was looked at */
	struct split split;
	struct buf line; /* read and not yet handed over */
	bool absent;	 /* it was said that the file is not there */
};

struct follow *
follow_new(const struct site *site, const struct site_watch *w, int socket)
{
	struct follow *f = calloc(1, sizeof(*f));
	enum client_err err;

	if (f == NULL)
		return NULL;
	f->conf = w;
	f->log = site->logs[w->log].name;
	f->cache = site->cache;
	f->fd = -1;
	buf_init(&f->line);
	snprintf(f->note, sizeof(f->note), "watch-%s", w->name);
	if ((err = client_adopt(&f->client, socket)) == CLIENT_OK)
		return f;
	log_error("%s: %s", w->path, client_strerror(err));
	free(f);
	return NULL;
}

void
follow_free(struct follow *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	heir_close(f->heir);
	client_close(f->client);
	buf_fini(&f->line);
	free(f);
}

static int
fail(struct follow *f, enum client_err err)
{
	log_error("%s: %s%s%s", f->conf->path, client_strerror(err),
	    *client_detail(f->client) != '\0' ? ": " : "",
	    client_detail(f->client));
	return -1;
}

/* The note as it would be now; what is read in its place has no number. */
static struct mark_note
note_now(const struct follow *f)
{
	struct mark_note n = { .taken = f->mark.taken,
		.at = (uint64_t)utc_now(),
		.marked = true };

	if (f->heir == NULL && f->fd >= 0) {
		n.dev = f->dev;
		n.ino = f->ino;
	}
	n.ends = mark_ends(&f->mark);
	return n;
}

/* It can be done without; then more is read again after a crash. */
static void
note_write(struct follow *f)
{
	struct mark_note n = note_now(f);

	if (note_replace(f->cache, f->note, &n) != 0)
		log_errno("%s/%s", f->cache, f->note);
}

int
follow_seal(struct follow *f)
{
	struct client_sealed sealed;
	enum client_err err;

	if (f->mark.taken == f->sealed)
		return 0;
	if ((err = client_seal(f->client, f->log, &sealed)) != CLIENT_OK)
		return fail(f, err);
	note_write(f);
	f->sealed = f->mark.taken;
	return 0;
}

static bool
is_utf16(const struct follow *f)
{
	return f->split.encoding == TEXT_UTF16LE ||
	    f->split.encoding == TEXT_UTF16BE;
}

/* How the file is cut into lines, from its first bytes. */
static void
split_begin(struct follow *f, struct span head)
{
	f->split = (struct split){ .unit = SPLIT_LINE,
		.encoding = TEXT_UTF8,
		.max = RECORD_BODY_MAX };
	if (f->conf->encoding > 0)
		f->split.encoding = (enum text_encoding)(f->conf->encoding - 1);
	else if (span_starts(head, SPAN("\xFF\xFE")))
		f->split.encoding = TEXT_UTF16LE;
	else if (span_starts(head, SPAN("\xFE\xFF")))
		f->split.encoding = TEXT_UTF16BE;
}

/* Begin the file that is open now as a stream of its own. */
static int
stream_begin(struct follow *f, struct span head)
{
	struct buf words;
	enum client_err err;

	split_begin(f, head);
	f->begun = true;
	buf_init(&words);
	record_word(&words, "listener", span_str(f->conf->name));
	record_word(&words, "transport", SPAN("file"));
	record_word(&words, "framing", is_utf16(f) ? SPAN("none") : SPAN("lf"));
	record_word(&words, "file", span_str(f->conf->path));
	if (is_utf16(f) || f->conf->encoding > 0)
		record_word(&words, "encoding",
		    span_str(text_encoding_name(f->split.encoding)));
	err = client_stream(f->client, f->log, buf_view(&words), NULL);
	buf_fini(&words);
	return err == CLIENT_OK ? 0 : fail(f, err);
}

/* Begin to read at a place, known or 0. */
static void
begin_at(struct follow *f, const struct mark *m)
{
	f->mark = *m;
	f->sealed = m->taken;
	f->line.len = 0;
	f->begun = false;
	f->broken = 0;
}

/* Read the marks of the open file as of that place.  Whether they are there. */
static bool
mark_load(const struct follow *f, uint64_t taken, struct mark *m)
{
	size_t len;

	*m = (struct mark){ .taken = taken };
	len = mark_len(m);
	return pread(f->fd, m->head, len, 0) == (ssize_t)len &&
	    pread(f->fd, m->tail, len, (off_t)mark_tail_at(m)) == (ssize_t)len;
}

/* Whether the open file is the one that the note is about. */
static bool
is_noted(const struct follow *f, const struct mark_note *note, struct mark *m)
{
	struct mark_ends ends;
	struct stat st;

	if (note->dev != f->dev || note->ino != f->ino ||
	    fstat(f->fd, &st) != 0 || note->taken > (uint64_t)st.st_size ||
	    !mark_load(f, note->taken, m))
		return false;
	ends = mark_ends(m);
	return !note->marked || mark_same(&ends, &note->ends);
}

/*
 * What is behind that byte of a file may be lost: error says why it cannot be
 * read; 0: the file is gone.
 */
static int
lost(struct follow *f, const char *file, uint64_t taken, int error)
{
	struct filegap g = { .listener = f->conf->name,
		.file = file,
		.taken = taken,
		.from = f->since,
		.error = error };
	enum client_err err = filegap_record(&g, f->client, f->log);

	return err == CLIENT_OK ? 0 : fail(f, err);
}

/* Go on in a file that stands beside the path, from where it was left. */
static void
heir_begin(struct follow *f, struct heir *h, const char *why)
{
	f->heir = h;
	f->why = why;
	log_info(tr("%s: going on in %s, which it was rotated to",
		     "%s: ローテーション後の%sから続きを読みます"),
	    f->conf->path, f->at.path);
}

/* The file that goes on as noted, wherever a rotation took it to. */
static struct heir *
heir_noted(struct follow *f, const struct mark_note *note, struct mark *m)
{
	struct heir *h = heir_find(f->conf->path, note, m, &f->at);

	if (h == NULL && errno != 0)
		log_errno("%s.*", f->conf->path);
	return h;
}

/*
 * After a start: the noted file may have been rotated away, perhaps more than
 * once.  True if it is read where it is now.
 */
static bool
noted_find(struct follow *f, const struct mark_note *note)
{
	struct heir *h;
	struct mark m;

	if (!note->marked || note->taken == 0 ||
	    (h = heir_noted(f, note, &m)) == NULL)
		return false;
	f->later = true;
	f->since = note->at;
	begin_at(f, &m);
	heir_begin(f, h, "rotated");
	return true;
}

/* The next of the files that came after the noted one, if there is one. */
static int
later_begin(struct follow *f)
{
	struct heir *h;
	int rc;

	while ((rc = heir_next(f->conf->path, &f->at)) == 1) {
		if ((h = heir_open(f->at.path)) != NULL) {
			heir_begin(f, h, "rotated");
			return 0;
		}
		if (lost(f, f->at.path, 0, errno) != 0)
			return -1;
	}
	f->later = false;
	return rc == 0 ? 0 : lost(f, f->conf->path, 0, errno);
}

static void
say_absent(struct follow *f)
{
	if (!f->absent)
		log_warn(tr("cannot follow '%s' yet: %s",
			     "「%s」をまだ追跡できません: %s"),
		    f->conf->path,
		    f->fd < 0 ? strerror(errno)
			      : tr("not a regular file",
				    "通常のファイルではありません"));
	f->absent = true;
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* Where to begin, once it is open: 1, at *m; 0, in another file first; -1. */
static int
place_find(struct follow *f, struct mark *m)
{
	struct mark_note note;

	*m = (struct mark){ 0 };
	if (f->started || note_load(f->cache, f->note, &note) != 0) {
		f->started = true;
		return 1;
	}
	f->started = true;
	if (is_noted(f, &note, m))
		return 1;
	*m = (struct mark){ 0 };
	if (noted_find(f, &note))
		return 0;
	if (note.taken == 0)
		return 1;
	f->since = note.at;
	return lost(f, f->conf->path, note.taken, 0) == 0 ? 1 : -1;
}

/* Open what stands at the path: 1, 0 if nothing is to be read there, -1. */
static int
file_open(struct follow *f)
{
	struct stat st;
	struct mark m;
	int rc;

	f->fd = open(f->conf->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		say_absent(f);
		return 0;
	}
	f->absent = false;
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->looked = st.st_mtim;
	if ((rc = place_find(f, &m)) == 1) {
		begin_at(f, &m);
		return 1;
	}
	close(f->fd);
	f->fd = -1;
	return rc;
}

/* The first bytes of what is read, as far as they were seen. */
static struct span
head_of(const struct follow *f)
{
	return f->mark.taken > 0 ? span_make(f->mark.head, mark_len(&f->mark))
				 : buf_view(&f->line);
}

/* Hand over the whole lines read so far; rest: what is no line as well. */
static int
lines_take(struct follow *f, bool rest)
{
	static const unsigned flag[] = { [SPLIT_WHOLE] = 0,
		[SPLIT_CUT] = RECORD_CUT,
		[SPLIT_PARTIAL] = RECORD_PARTIAL };
	struct span in = buf_view(&f->line), line;
	enum client_err err = CLIENT_OK;
	enum split_end end;
	size_t n;

	if (in.len == 0 || (!f->begun && head_of(f).len < 2 && !rest))
		return 0;
	if (!f->begun && stream_begin(f, head_of(f)) != 0)
		return -1;
	if (f->mark.taken == f->sealed)
		f->seal_at = utc_now() + SEAL_EVERY;
	while (err == CLIENT_OK &&
	    (n = split_next(&f->split, in, rest, &end)) > 0) {
		line = span_sub(in, 0, n);
		err = client_append(f->client, line, flag[end]);
		mark_add(&f->mark, line);
		in = span_sub(in, n, in.len);
	}
	if (in.len > 0)
		memmove(f->line.p, in.p, in.len);
	f->line.len = in.len;
	return err == CLIENT_OK ? 0 : fail(f, err);
}

/* The next bytes of what is open; 0 at its end, -1 and errno. */
static ssize_t
bytes_read(struct follow *f)
{
	uint8_t *to = buf_reserve(&f->line, STEP);
	ssize_t n;

	if (f->heir != NULL)
		return heir_read(f->heir, to, STEP);
	do
		n = pread(f->fd, to, STEP,
		    (off_t)(f->mark.taken + f->line.len));
	while (n < 0 && errno == EINTR);
	return n;
}

/*
 * Take what it has grown by, a turn at most: 1 if there may be more, 0 at its
 * end or where it cannot be read (broken), -1.  The writer has it then: a
 * record's time is when it came there.
 */
static int
file_take(struct follow *f)
{
	enum client_err err;
	size_t turn = 0;
	int broken;
	ssize_t n;

	for (; turn < TURN; turn += (size_t)n) {
		n = bytes_read(f);
		broken = n < 0 ? errno : 0;
		if (broken != 0 && f->broken != broken && f->heir == NULL)
			log_errno("%s", f->conf->path);
		f->broken = broken;
		if (n <= 0) {
			err = client_flush(f->client);
			return err == CLIENT_OK ? 0 : fail(f, err);
		}
		f->line.len += (size_t)n;
		if (lines_take(f, false) != 0)
			return -1;
	}
	return 1;
}

/* Whether what was taken is still there: else the file was written anew. */
static bool
is_there(struct follow *f, const struct stat *now)
{
	struct mark m;

	if (f->looked.tv_sec == now->st_mtim.tv_sec &&
	    f->looked.tv_nsec == now->st_mtim.tv_nsec)
		return true;
	f->looked = now->st_mtim;
	return mark_load(f, f->mark.taken, &m) &&
	    memcmp(m.head, f->mark.head, mark_len(&m)) == 0 &&
	    memcmp(m.tail, f->mark.tail, mark_len(&m)) == 0;
}

/* Why the open file is read no further, or NULL if it may be. */
static const char *
file_gone(struct follow *f)
{
	struct stat now;

	if (fstat(f->fd, &now) != 0)
		return NULL;
	if ((uint64_t)now.st_size < f->mark.taken + f->line.len)
		return "truncated";
	return is_there(f, &now) ? NULL : "replaced";
}

/* Whether another file stands at the path and no more of this one is read. */
static bool
file_done(const struct follow *f)
{
	struct stat now, here;

	return fstat(f->fd, &now) == 0 && stat(f->conf->path, &here) == 0 &&
	    (here.st_dev != now.st_dev || here.st_ino != now.st_ino) &&
	    (f->broken != 0 ||
		(uint64_t)now.st_size <= f->mark.taken + f->line.len);
}

/* The stream ends; what is behind the last line end is a record too. */
static int
stream_end(struct follow *f, const char *why)
{
	enum client_err err;

	if (lines_take(f, true) != 0)
		return -1;
	if (f->begun && (err = client_end(f->client, why)) != CLIENT_OK)
		return fail(f, err);
	f->begun = false;
	return follow_seal(f);
}

/* Likewise of a file that is done with, unless it could not be read whole. */
static int
file_finish(struct follow *f, const char *file, const char *why)
{
	if (f->broken == 0)
		return stream_end(f, why);
	if (stream_end(f, "read-error") != 0)
		return -1;
	return lost(f, file, f->mark.taken, f->broken);
}

static int
file_end(struct follow *f, const char *why)
{
	struct mark none = { 0 };
	bool anew = strcmp(why, "rotated") != 0; /* the same, from its start */

	if (file_finish(f, f->conf->path, why) != 0)
		return -1;
	if (anew) {
		begin_at(f, &none);
		note_write(f);
	}
	close(f->fd);
	f->fd = -1;
	return 0;
}

/*
 * The file was cut short or written anew: if it was copied before, as
 * logrotate's copytruncate does, the copy has what was not read yet.
 */
static int
copy_find(struct follow *f, const char *why)
{
	struct mark_note note = note_now(f);
	struct heir *h;
	struct mark m;

	note.dev = note.ino = 0; /* the copy has another number */
	h = f->mark.taken == 0 ? NULL : heir_noted(f, &note, &m);
	if (h == NULL)
		return file_end(f, why);
	f->line.len = 0; /* it is in the copy */
	close(f->fd);
	f->fd = -1;
	heir_begin(f, h, why);
	return 0;
}

/* A file beside the path: read to its end, then the next. */
static int
heir_run(struct follow *f)
{
	struct mark none = { 0 };
	int rc = file_take(f);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (file_finish(f, f->at.path, f->why) != 0)
		return -1;
	heir_close(f->heir);
	f->heir = NULL;
	begin_at(f, &none);
	return f->later ? later_begin(f) : 0;
}

int
follow_run(struct follow *f)
{
	const char *why;
	int rc;

	if (f->heir != NULL)
		return heir_run(f);
	if (f->fd < 0 && (rc = file_open(f)) <= 0)
		return rc;
	if ((why = file_gone(f)) != NULL)
		return copy_find(f, why);
	if (file_take(f) < 0)
		return -1;
	if (file_done(f))
		return file_end(f, "rotated");
	if (f->mark.taken != f->sealed && utc_now() >= f->seal_at)
		return follow_seal(f);
	return 0;
}
