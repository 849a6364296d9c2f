/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/import/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "analyzer/import/zip.h"
#include "common/log.h"

#define BLOCK 65536u /* packed bytes read at once */

struct unpack {
	int fd;
	uint64_t size;
	enum unpack_kind kind;
	char *name;	   /* last part of the path */
	struct buf dir;	   /* ZIP: the directory; gzip: the first bytes */
	struct span inner; /* gzip: the name in its header */
	struct zip_end end;
	struct zip_entry *entries;
	size_t n;

	/* The original that is being read. */
	const struct zip_entry *entry; /* of ZIP */
	uint64_t at, until;	       /* in the file: packed bytes left */
	z_stream z;
	bool inflating, ended;
	bool again;   /* gzip: not its first member */
	uint64_t out; /* bytes given */
	uint32_t crc;
	enum unpack_damage damage;
	uint8_t block[BLOCK];
};

static const struct {
	const char *name, *en, *ja;
} damages[] = {
#define DAMAGE(id, name, en, ja) { name, en, ja },
#include "analyzer/import/damage_tbl.h"
#undef DAMAGE
};

const char *
unpack_damage_name(enum unpack_damage d)
{
	return damages[d].name;
}

const char *
unpack_strerror(enum unpack_damage d)
{
	return tr(damages[d].en, damages[d].ja);
}

ssize_t
unpack_read_raw(struct unpack *u, void *p, size_t len, uint64_t at)
{
	size_t have = 0;
	ssize_t n;

	while (have < len) {
		n = pread(u->fd, (uint8_t *)p + have, len - have,
		    (off_t)(at + have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

/* Exactly len bytes at that place behind *out; -1 if they are not there. */
static int
take(struct unpack *u, uint64_t at, size_t len, struct buf *out)
{
	ssize_t n = unpack_read_raw(u, buf_reserve(out, len), len, at);

	if (n < 0 || (size_t)n < len)
		return -1;
	out->len += len;
	return 0;
}

static int
zip_fail(struct buf *why, enum zip_err err, const struct zip_entry *entry)
{
	if (entry != NULL && entry->name.len > 0) {
		zip_name(entry, why);
		buf_str(why, ": ");
	}
	buf_str(why, zip_strerror(err));
	return -1;
}

static enum zip_err
zip_find(struct unpack *u)
{
	size_t len = ZIP_TAIL + ZIP_LOCATOR;
	enum zip_err err;

	if (len > u->size)
		len = (size_t)u->size;
	if (take(u, u->size - len, len, &u->dir) != 0)
		return ZIP_NO_END;
	err = zip_end(buf_view(&u->dir), u->size, &u->end);
	u->dir.len = 0;
	if (err != ZIP_OK || !u->end.is64)
		return err;
	if (take(u, u->end.at64, ZIP_END64, &u->dir) != 0)
		return ZIP_BAD_END;
	err = zip_end64(buf_view(&u->dir), &u->end);
	u->dir.len = 0;
	return err;
}

static int
zip_open(struct unpack *u, struct buf *why)
{
	struct zip_entry entry;
	struct cursor c;
	enum zip_err err = zip_find(u);
	uint64_t i;
	size_t all = 0;

	if (err != ZIP_OK)
		return zip_fail(why, err, NULL);
	if (take(u, u->end.at, (size_t)u->end.len, &u->dir) != 0)
		return zip_fail(why, ZIP_BAD_END, NULL);
	u->entries = calloc((size_t)u->end.n + 1, sizeof(*u->entries));
	if (u->entries == NULL)
		return zip_fail(why, ZIP_MANY, NULL);
	c = cursor_make(buf_view(&u->dir));
	for (i = 0; i < u->end.n; i++) {
		if ((err = zip_entry(&c, &u->end, &entry)) != ZIP_OK)
			return zip_fail(why, err, &entry);
		u->entries[all++] = entry;
	}
	if (!cursor_done(&c))
		return zip_fail(why, ZIP_BAD_ENTRY, NULL);
	if ((err = zip_overlap(u->entries, all, &u->end)) != ZIP_OK)
		return zip_fail(why, err, NULL);
	for (i = 0; i < all; i++)
		if (!u->entries[i].folder)
			u->entries[u->n++] = u->entries[i];
	return 0;
}

/* The name in a gzip header (RFC 1952), or none. */
static struct span
gzip_name(struct span head)
{
	struct cursor c = cursor_make(head);
	struct span flags, extra;

	cursor_take(&c, 3);
	flags = cursor_take(&c, 1);
	cursor_take(&c, 6);
	if (!c.bad && (flags.p[0] & 4) != 0) {
		extra = cursor_take(&c, 2);
		if (!c.bad)
			cursor_take(&c,
			    (size_t)extra.p[0] | (size_t)extra.p[1] << 8);
	}
	if (c.bad || (flags.p[0] & 8) == 0)
		return span_make(NULL, 0);
	return cursor_until(&c, '\0');
}

static int
kind_find(struct unpack *u, bool as_is, struct buf *why)
{
	size_t len = u->size < 1024 ? (size_t)u->size : 1024;
	struct span head;

	u->n = 1;
	if (as_is)
		return 0;
	if (take(u, 0, len, &u->dir) != 0) {
		buf_str(why, strerror(errno));
		return -1;
	}
	head = buf_view(&u->dir);
	if (span_starts(head, SPAN("\x1F\x8B\x08"))) {
		u->kind = UNPACK_GZIP;
		u->inner = gzip_name(head);
		return 0;
	}
	if (!span_starts(head, SPAN("PK\3\4")) &&
	    !(span_starts(head, SPAN("PK\5\6")) && u->size >= 22))
		return 0;
	u->kind = UNPACK_ZIP;
	u->n = 0;
	u->dir.len = 0;
	return zip_open(u, why);
}

/* A folder may not be opened where only files are (import_cell.h); and what
 * was there is looked at again when it is open. */
static int
open_regular(const char *path, struct stat *st, struct buf *why)
{
	int fd = -1;

	if (stat(path, st) != 0 ||
	    (S_ISREG(st->st_mode) &&
		((fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) < 0 ||
		    fstat(fd, st) != 0)))
		buf_str(why, strerror(errno));
	else if (!S_ISREG(st->st_mode))
		buf_str(why,
		    tr("not a regular file", "通常のファイルではありません"));
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

struct unpack *
unpack_open(const char *path, bool as_is, struct buf *why)
{
	struct unpack *u = calloc(1, sizeof(*u));
	const char *name = strrchr(path, '/');
	struct stat st;

	if (u == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	buf_init(&u->dir);
	u->name = strdup(name == NULL ? path : name + 1);
	if (u->name == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	u->fd = open_regular(path, &st, why);
	if (u->fd < 0)
		goto close;
	u->size = (uint64_t)st.st_size;
	if (kind_find(u, as_is, why) == 0)
		return u;
close:
	unpack_close(u);
	return NULL;
}

static void
stop(struct unpack *u)
{
	if (u->inflating)
		inflateEnd(&u->z);
	u->inflating = false;
}

void
unpack_close(struct unpack *u)
{
	if (u == NULL)
		return;
	stop(u);
	if (u->fd >= 0)
		close(u->fd);
	buf_fini(&u->dir);
	free(u->entries);
	free(u->name);
	free(u);
}

enum unpack_kind
unpack_kind(const struct unpack *u)
{
	return u->kind;
}

const char *
unpack_kind_name(const struct unpack *u)
{
	static const char *const names[] = { "plain", "gzip", "zip" };

	return names[u->kind];
}

uint64_t
unpack_size(const struct unpack *u)
{
	return u->size;
}

size_t
unpack_members(const struct unpack *u)
{
	return u->n;
}

struct span
unpack_raw_name(const struct unpack *u, size_t i)
{
	return u->kind == UNPACK_ZIP ? u->entries[i].name : u->inner;
}

void
unpack_name(const struct unpack *u, size_t i, struct buf *out)
{
	size_t len = strlen(u->name);

	if (u->kind == UNPACK_ZIP) {
		zip_name(&u->entries[i], out);
		return;
	}
	if (u->kind == UNPACK_GZIP && len > 3 &&
	    strcasecmp(u->name + len - 3, ".gz") == 0)
		len -= 3;
	buf_append(out, u->name, len);
}

/* Inflate: raw, or with gzip's headers. */
static void
inflate_begin(struct unpack *u)
{
	int bits = u->kind == UNPACK_GZIP ? 16 + MAX_WBITS : -MAX_WBITS;

	u->z = (z_stream){ 0 };
	if (inflateInit2(&u->z, bits) != Z_OK)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	u->inflating = true;
}

int
unpack_start(struct unpack *u, size_t i, struct buf *why)
{
	struct buf head;
	enum zip_err err = ZIP_BAD_LOCAL;

	stop(u);
	u->at = u->out = 0;
	u->until = u->size;
	u->crc = 0;
	u->damage = UNPACK_NONE;
	u->ended = u->again = false;
	u->entry = NULL;
	if (u->kind == UNPACK_ZIP) {
		u->entry = &u->entries[i];
		buf_init(&head);
		if (take(u, u->entry->at, ZIP_LOCAL + u->entry->name.len,
			&head) == 0)
			err = zip_local(buf_view(&head), &u->end, u->entry,
			    &u->at);
		buf_fini(&head);
		if (err != ZIP_OK)
			return zip_fail(why, err, u->entry);
		u->until = u->at + u->entry->packed;
	}
	if (u->kind == UNPACK_GZIP ||
	    (u->entry != NULL && u->entry->method == ZIP_DEFLATED))
		inflate_begin(u);
	return 0;
}

static ssize_t
finish(struct unpack *u, enum unpack_damage damage)
{
	u->ended = true;
	u->damage = damage;
	return 0;
}

/* More packed bytes if there are none in hand: 1, 0 at the end, -1. */
static int
fill(struct unpack *u)
{
	size_t want =
	    u->until - u->at < BLOCK ? (size_t)(u->until - u->at) : BLOCK;
	ssize_t n;

	if (u->z.avail_in > 0)
		return 1;
	if (want == 0)
		return 0;
	n = unpack_read_raw(u, u->block, want, u->at);
	if (n <= 0)
		return (int)n;
	u->at += (uint64_t)n;
	u->z.next_in = u->block;
	u->z.avail_in = (uInt)n;
	return 1;
}

/* Behind a gzip member: another, zeros up to the end, or what is wrong. */
static int
gzip_next(struct unpack *u)
{
	bool zeros = false;
	int rc;

	while ((rc = fill(u)) == 1) {
		if (*u->z.next_in != 0)
			break;
		zeros = true;
		u->z.next_in++;
		u->z.avail_in--;
	}
	if (rc < 0)
		return -1;
	if (rc == 0)
		return (int)finish(u, UNPACK_NONE);
	if (zeros || *u->z.next_in != 0x1F || inflateReset(&u->z) != Z_OK)
		return (int)finish(u, UNPACK_TRAILING);
	u->again = true;
	return 0;
}

/* What zlib stopped at. */
static enum unpack_damage
fault(const struct unpack *u)
{
	if (u->again && u->z.total_in < 10)
		return UNPACK_TRAILING;
	return u->z.msg != NULL && strstr(u->z.msg, "check") != NULL
	    ? UNPACK_CHECKSUM
	    : UNPACK_CORRUPT;
}

/* Inflate into p: how many bytes, or -1. */
static ssize_t
inflate_some(struct unpack *u, uint8_t *p, size_t len)
{
	int rc;

	u->z.next_out = p;
	u->z.avail_out = (uInt)len;
	while (u->z.avail_out > 0 && !u->ended) {
		if (fill(u) < 0)
			return -1;
		/* Without more bytes it may still have some to give. */
		rc = inflate(&u->z, Z_NO_FLUSH);
		if (rc == Z_BUF_ERROR)
			finish(u, UNPACK_TRUNCATED);
		else if (rc == Z_STREAM_END && u->kind == UNPACK_ZIP)
			finish(u,
			    u->z.avail_in > 0 || u->at < u->until
				? UNPACK_CHECKSUM
				: UNPACK_NONE);
		else if (rc == Z_STREAM_END && gzip_next(u) != 0)
			return -1;
		else if (rc != Z_OK && rc != Z_STREAM_END)
			finish(u, fault(u));
	}
	return (ssize_t)(len - u->z.avail_out);
}

static ssize_t
plain_some(struct unpack *u, uint8_t *p, size_t len)
{
	ssize_t n;

	if (len > u->until - u->at)
		len = (size_t)(u->until - u->at);
	n = unpack_read_raw(u, p, len, u->at);
	if (n > 0)
		u->at += (uint64_t)n;
	if (n >= 0 && u->at == u->until)
		finish(u, UNPACK_NONE);
	else if (n >= 0 && (size_t)n < len)
		finish(u,
		    u->kind == UNPACK_ZIP ? UNPACK_TRUNCATED : UNPACK_NONE);
	return n;
}

/* Of a ZIP member that ended: whether it is what the directory says. */
static void
zip_check(struct unpack *u)
{
	if (u->entry != NULL && u->ended && u->damage == UNPACK_NONE &&
	    (u->crc != u->entry->crc || u->out != u->entry->size))
		u->damage = UNPACK_CHECKSUM;
}

ssize_t
unpack_read(struct unpack *u, void *p, size_t len, bool any)
{
	uint64_t packed = u->entry != NULL ? u->entry->packed : u->size;
	ssize_t n = 0;

	if (u->ended)
		return 0;
	n = u->inflating ? inflate_some(u, p, len) : plain_some(u, p, len);
	if (n < 0)
		return -1;
	u->out += (uint64_t)n;
	if (u->entry != NULL)
		u->crc = (uint32_t)crc32_z(u->crc, p, (size_t)n);
	zip_check(u);
	if (!any && u->inflating && u->out > UNPACK_FREE &&
	    u->out / UNPACK_RATIO > packed)
		finish(u, UNPACK_BOMB);
	return n;
}

enum unpack_damage
unpack_damaged(const struct unpack *u)
{
	return u->damage;
}
