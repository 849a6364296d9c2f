/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * How far a file came is noted only behind a seal, so that after a crash the
 * lines that were not sealed are read again; a line without its end is left in
 * the file until it has one, or the file is done with.
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

#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
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
	uint64_t taken;	 /* bytes of it handed to the writer */
	uint64_t sealed; /* as the note says */
	int64_t seal_at; /* when to seal what was taken */
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

/* How far the file with that identity was sealed; 0 if nothing is known. */
static uint64_t
note_read(const struct follow *f)
{
	char path[4096];
	uint64_t dev, ino, taken;
	struct cursor c;
	struct buf in;
	bool same;

	buf_init(&in);
	if (io_join(path, sizeof(path), f->cache, f->note) == 0)
		(void)io_read_file(path, 128, &in); /* the first time: none */
	c = cursor_make(buf_view(&in));
	dev = cursor_decimal(&c, UINT64_MAX);
	cursor_expect(&c, SPAN(" "));
	ino = cursor_decimal(&c, UINT64_MAX);
	cursor_expect(&c, SPAN(" "));
	taken = cursor_decimal(&c, UINT64_MAX);
	cursor_expect(&c, SPAN("\n"));
	same = cursor_done(&c) && dev == f->dev && ino == f->ino;
	buf_fini(&in);
	return same ? taken : 0;
}

static int
note_write(struct follow *f)
{
	char text[80];
	int n, dir, rc;

	n = snprintf(text, sizeof(text),
	    "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", f->dev, f->ino, f->taken);
	dir = open(f->cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	rc = io_replace_at(dir, f->note, 0640, span_make(text, (size_t)n));
	close(dir);
	return rc;
}

int
follow_seal(struct follow *f)
{
	struct client_sealed sealed;
	enum client_err err;

	if (f->taken == f->sealed)
		return 0;
	if ((err = client_seal(f->client, f->log, &sealed)) != CLIENT_OK)
		return fail(f, err);
	if (note_write(f) != 0)
		log_errno("%s/%s", f->cache, f->note);
	f->sealed = f->taken;
	return 0;
}

/* Begin the file that is open now as a stream of its own. */
static int
stream_begin(struct follow *f)
{
	struct buf words;
	enum client_err err;

	buf_init(&words);
	record_word(&words, "listener", span_str(f->conf->name));
	record_word(&words, "transport", SPAN("file"));
	record_word(&words, "framing", SPAN("lf"));
	record_word(&words, "file", span_str(f->conf->path));
	err = client_stream(f->client, f->log, buf_view(&words), NULL);
	buf_fini(&words);
	return err == CLIENT_OK ? 0 : fail(f, err);
}

/* Open what stands at the path: 1, 0 if nothing does, -1. */
static int
file_open(struct follow *f)
{
	struct stat st;

	f->fd = open(f->conf->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
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
		return 0;
	}
	f->absent = false;
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->taken = note_read(f);
	if (f->taken > (uint64_t)st.st_size)
		f->taken = 0;
	f->sealed = f->taken;
	f->line.len = 0;
	return stream_begin(f) == 0 ? 1 : -1;
}

/* Hand over the whole lines read so far; rest: what is no line as well. */
static int
lines_take(struct follow *f, bool rest)
{
	struct span in = buf_view(&f->line), line;
	enum client_err err = CLIENT_OK;
	unsigned flags;
	const uint8_t *lf;

	if (f->taken == f->sealed)
		f->seal_at = utc_now() + SEAL_EVERY;
	while (in.len > 0 && err == CLIENT_OK) {
		flags = 0;
		if ((lf = memchr(in.p, '\n', in.len)) != NULL)
			line = span_sub(in, 0, (size_t)(lf - in.p) + 1);
		else if (in.len < RECORD_BODY_MAX && !rest)
			break;
		else {
			line = in;
			flags = RECORD_PARTIAL;
		}
		if (line.len > RECORD_BODY_MAX) {
			line = span_sub(line, 0, RECORD_BODY_MAX);
			flags = RECORD_CUT;
		}
		err = client_append(f->client, line, flags);
		in = span_sub(in, line.len, in.len);
		f->taken += line.len;
	}
	if (in.len > 0)
		memmove(f->line.p, in.p, in.len);
	f->line.len = in.len;
	return err == CLIENT_OK ? 0 : fail(f, err);
}

/* Take what the open file has grown by, a turn at most. */
static int
file_take(struct follow *f)
{
	size_t turn = 0;
	ssize_t n = 1;

	while (turn < TURN && n > 0) {
		n = pread(f->fd, buf_reserve(&f->line, STEP), STEP,
		    (off_t)(f->taken + f->line.len));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			log_errno("%s", f->conf->path);
		if (n <= 0)
			break;
		f->line.len += (size_t)n;
		turn += (size_t)n;
		if (lines_take(f, false) != 0)
			return -1;
	}
	return 0;
}

/* Why the open file is done with, or NULL if it is not. */
static const char *
file_done(const struct follow *f)
{
	struct stat now, here;

	if (fstat(f->fd, &now) != 0)
		return NULL;
	if ((uint64_t)now.st_size < f->taken + f->line.len)
		return "truncated";
	if (stat(f->conf->path, &here) != 0 ||
	    (here.st_dev == now.st_dev && here.st_ino == now.st_ino))
		return NULL;
	/* Another file stands there: this one ends when all of it is read. */
	return (uint64_t)now.st_size > f->taken + f->line.len ? NULL
							      : "rotated";
}

static int
file_end(struct follow *f, const char *why)
{
	enum client_err err;

	if (lines_take(f, true) != 0)
		return -1;
	if ((err = client_end(f->client, why)) != CLIENT_OK)
		return fail(f, err);
	if (follow_seal(f) != 0)
		return -1;
	if (strcmp(why, "truncated") == 0) { /* the same file, from its start */
		f->taken = 0;
		if (note_write(f) != 0)
			log_errno("%s/%s", f->cache, f->note);
	}
	close(f->fd);
	f->fd = -1;
	return 0;
}

int
follow_run(struct follow *f)
{
	const char *why;
	int rc;

	if (f->fd < 0 && (rc = file_open(f)) <= 0)
		return rc;
	if (file_take(f) != 0)
		return -1;
	if ((why = file_done(f)) != NULL)
		return file_end(f, why);
	if (f->taken != f->sealed && utc_now() >= f->seal_at)
		return follow_seal(f);
	return 0;
}
