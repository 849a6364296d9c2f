/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Copies that another collector hands in (relay.h).  What is there is never
 * replaced by something else; names come from relay_path_parse() and from
 * manifests alone, so that none can lead out of the log's folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/logfile.h"
#include "evidence/manifest.h"
#include "site/relay.h"
#include "witness/store_priv.h"

#define ROOM_MIN (UINT64_C(1) << 30) /* bytes that stay free */
#define PART 65536u		     /* bytes hashed at once */

enum { /* HTTP */
	OK = 200,
	FORBIDDEN = 403,
	UNKNOWN = 404,
	CONFLICT = 409,
	WRONG = 422,
	NO_ROOM = 507
};

struct copy { /* one request */
	const struct store_log *log;
	struct relay_path path;
	struct span body;
	int dir;       /* of the log's copies */
	bool parts;    /* a 409 says what is there */
	uint64_t size; /* that */
};

static bool
is_allowed(const struct store *s, struct span path, const char *auth,
    struct span body)
{
	char want[RELAY_AUTH_MAX];

	if (s->secret.len == 0)
		return false;
	relay_auth(buf_view(&s->secret), path, body, want);
	return strlen(auth) == strlen(want) &&
	    CRYPTO_memcmp(auth, want, strlen(want)) == 0;
}

static bool
has_room(int dir)
{
	struct statvfs v;

	return fstatvfs(dir, &v) == 0 &&
	    (uint64_t)v.f_bavail * v.f_frsize >= ROOM_MIN;
}

/* Make the folders that a name below the log's lies in. */
static int
folders_make(int dir, const char *name)
{
	const char *slash;
	char sub[MANIFEST_FILE];

	for (slash = strchr(name, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		snprintf(sub, sizeof(sub), "%.*s", (int)(slash - name), name);
		if (mkdirat(dir, sub, 0700) != 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

/* A whole file; grows: what is there may be its beginning. */
static unsigned
keep(const struct copy *c, const char *name, bool grows)
{
	struct buf there;
	unsigned status = 0;

	buf_init(&there);
	if (io_read_file_at(c->dir, name, RELAY_PART_MAX, &there) == 0) {
		if (span_eq(buf_view(&there), c->body))
			status = OK;
		else if (!grows || !span_starts(c->body, buf_view(&there)))
			status = CONFLICT;
	} else if (errno != ENOENT)
		status = CONFLICT;
	if (status == 0 && folders_make(c->dir, name) == 0 &&
	    io_replace_at(c->dir, name, 0600, c->body) == 0)
		status = OK;
	buf_fini(&there);
	return status;
}

static unsigned
keep_log(const struct copy *c)
{
	struct logfile l;
	unsigned line;

	if (logfile_parse(c->body, &l, &line) != 0 ||
	    strcmp(l.key.name, c->log->key.name) != 0 ||
	    memcmp(l.key.key, c->log->key.key, KEY_LEN) != 0)
		return WRONG;
	return keep(c, "log", false);
}

/* A note of the log with its signature. */
static int
note_take(const struct copy *c, struct span in, struct checkpoint *out)
{
	struct note n;

	return checkpoint_read(in, &n, out) == NOTE_OK &&
		span_is(out->origin, c->log->key.name) &&
		checkpoint_verify_log(&n, &c->log->key) == NOTE_OK
	    ? 0
	    : -1;
}

static unsigned
keep_note(const struct copy *c)
{
	struct checkpoint note;
	char name[32];

	if (note_take(c, c->body, &note) != 0 || note.size != c->path.number)
		return WRONG;
	snprintf(name, sizeof(name), "checkpoints/%012" PRIu64, note.size);
	return keep(c, name, true);
}

static unsigned
keep_newest(const struct copy *c)
{
	struct checkpoint ours, theirs;
	struct buf there;
	unsigned status = 0;

	if (note_take(c, c->body, &theirs) != 0)
		return WRONG;
	buf_init(&there);
	if (io_read_file_at(c->dir, "checkpoint", NOTE_MAX, &there) == 0) {
		if (span_eq(buf_view(&there), c->body))
			status = OK;
		else if (note_take(c, buf_view(&there), &ours) != 0 ||
		    ours.size >= theirs.size)
			status = CONFLICT;
	} else if (errno != ENOENT)
		status = CONFLICT;
	if (status == 0 &&
	    io_replace_at(c->dir, "checkpoint", 0600, c->body) == 0)
		status = OK;
	buf_fini(&there);
	return status;
}

static unsigned
keep_token(const struct copy *c)
{
	uint8_t hash[SHA256_LEN];
	char name[64];

	sha256(c->body, hash);
	if (memcmp(hash, c->path.hash, sizeof(c->path.hash)) != 0)
		return WRONG;
	snprintf(name, sizeof(name),
	    "tokens/%012" PRIu64 "-%02x%02x%02x%02x%02x%02x%02x%02x.tsr",
	    c->path.number, hash[0], hash[1], hash[2], hash[3], hash[4],
	    hash[5], hash[6], hash[7]);
	return keep(c, name, false);
}

static void
manifest_name(uint64_t number, char name[32])
{
	snprintf(name, 32, "manifests/%012" PRIu64, number);
}

/* Each names the one before, which is there. */
static unsigned
keep_manifest(const struct copy *c)
{
	uint8_t previous[SHA256_LEN] = { 0 };
	struct manifest m;
	unsigned line, status = 0;
	struct buf before;
	char name[32];

	if (manifest_parse(c->body, &m, &line) != 0 ||
	    strcmp(m.origin, c->log->key.name) != 0 ||
	    m.segment != c->path.number)
		return WRONG;
	buf_init(&before);
	if (m.segment > 0) {
		manifest_name(m.segment - 1, name);
		if (io_read_file_at(c->dir, name, MANIFEST_MAX, &before) != 0)
			status = WRONG;
		sha256(buf_view(&before), previous);
	}
	if (status == 0 && memcmp(previous, m.previous, SHA256_LEN) != 0)
		status = WRONG;
	manifest_name(m.segment, name);
	if (status == 0)
		status = keep(c, name, false);
	buf_fini(&before);
	return status;
}

/* Append a part where it belongs; 409 and the size if it belongs elsewhere. */
static unsigned
keep_part(struct copy *c, int fd, uint64_t max)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return 0;
	c->size = (uint64_t)st.st_size;
	if (c->size != c->path.offset) {
		c->parts = true;
		return CONFLICT;
	}
	if (c->body.len > max - (c->size < max ? c->size : max))
		return WRONG;
	if (io_pwrite_all(fd, c->body.p, c->body.len, st.st_size) != 0 ||
	    fsync(fd) != 0)
		return 0;
	c->size += c->body.len;
	return OK;
}

static unsigned
keep_epochs(struct copy *c)
{
	int fd = openat(c->dir, "epochs",
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	unsigned status;

	if (fd < 0)
		return 0;
	status = keep_part(c, fd, UINT64_MAX);
	close(fd);
	return status;
}

static int
hash_file(int fd, uint8_t hash[SHA256_LEN])
{
	uint8_t *part = malloc(PART);
	struct sha256 h;
	ssize_t n = -1;

	sha256_init(&h);
	if (part != NULL && lseek(fd, 0, SEEK_SET) == 0)
		while ((n = io_read_up_to(fd, part, PART)) > 0)
			sha256_update(&h, part, (size_t)n);
	sha256_final(&h, hash);
	free(part);
	return n == 0 ? 0 : -1;
}

/* All parts are there: it is the segment, or it goes and may come again. */
static unsigned
segment_end(const struct copy *c, const struct manifest *m, const char *part,
    int fd)
{
	uint8_t hash[SHA256_LEN];

	if (hash_file(fd, hash) != 0)
		return 0;
	if (memcmp(hash, m->gzip_hash, SHA256_LEN) != 0) {
		unlinkat(c->dir, part, 0);
		return WRONG;
	}
	return renameat(c->dir, part, c->dir, m->file) == 0 &&
		fsync(c->dir) == 0
	    ? OK
	    : 0;
}

static unsigned
segment_part(struct copy *c, const struct manifest *m)
{
	char part[MANIFEST_FILE + 5];
	unsigned status;
	int fd;

	snprintf(part, sizeof(part), "%s.part", m->file);
	if (folders_make(c->dir, m->file) != 0)
		return 0;
	fd = openat(c->dir, part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd < 0)
		return 0;
	status = keep_part(c, fd, m->gzip_len);
	if (c->size == m->gzip_len) /* or the end failed the last time */
		status = segment_end(c, m, part, fd);
	close(fd);
	return status;
}

static unsigned
keep_segment(struct copy *c)
{
	struct manifest m;
	unsigned line, status = WRONG;
	struct buf text;
	struct stat st;
	char name[32];

	buf_init(&text);
	manifest_name(c->path.number, name);
	if (io_read_file_at(c->dir, name, MANIFEST_MAX, &text) != 0 ||
	    manifest_parse(buf_view(&text), &m, &line) != 0)
		status = WRONG;
	else if (fstatat(c->dir, m.file, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		c->parts = true; /* it is all there */
		c->size = (uint64_t)st.st_size;
		status = CONFLICT;
	} else
		status = segment_part(c, &m);
	buf_fini(&text);
	return status;
}

static unsigned
keep_any(struct copy *c)
{
	switch (c->path.what) {
	case RELAY_LOG:
		return keep_log(c);
	case RELAY_EPOCHS:
		return keep_epochs(c);
	case RELAY_CHECKPOINT:
		return keep_newest(c);
	case RELAY_KEPT:
		return keep_note(c);
	case RELAY_TOKEN:
		return keep_token(c);
	case RELAY_MANIFEST:
		return keep_manifest(c);
	case RELAY_SEGMENT:
		return keep_segment(c);
	}
	return UNKNOWN;
}

unsigned
store_put(struct store *s, struct span path, const char *auth, struct span body,
    bool *parts, uint64_t *size)
{
	struct copy c = { .body = body };
	unsigned status;

	*parts = false;
	if (!is_allowed(s, path, auth, body))
		return FORBIDDEN;
	if (relay_path_parse(path, &c.path) != 0 ||
	    (c.log = store_log(s, c.path.origin)) == NULL)
		return UNKNOWN;
	errno = 0;
	if ((c.dir = store_folder(s, "store", c.path.origin, true)) < 0)
		status = 0;
	else {
		status = has_room(c.dir) ? keep_any(&c) : NO_ROOM;
		close(c.dir);
	}
	if (status == 0)
		log_errno(tr("'%s': cannot keep a copy",
			      "「%s」: 写しを保存できません"),
		    c.log->key.name);
	else if (status == CONFLICT && !c.parts)
		log_error(tr("ALARM: '%s': other bytes came for a file that is "
			     "here; it stays",
			      "警報: 「%s」: 保存済みのファイルに異なる内容が送"
			      "られました。元のまま残します"),
		    c.log->key.name);
	*parts = c.parts;
	*size = c.size;
	return status;
}
