/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/tar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"

#define TAR_NAME 100u
#define TAR_PREFIX 155u
#define TAR_SIZE_MAX ((UINT64_C(1) << 33) - 1) /* eleven octal digits */

struct tar_header {
	char name[TAR_NAME];
	char mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
	char type, link[100], magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[TAR_PREFIX];
	char rest[12];
};

/* Where a long path may be cut in two, or NULL. */
static const char *
split(const char *path, size_t len)
{
	const char *slash;

	if (len <= TAR_NAME)
		return path;
	slash = strchr(path + (len - TAR_NAME - 1), '/');
	if (slash == NULL || slash[1] == '\0' ||
	    (size_t)(slash - path) > TAR_PREFIX)
		return NULL;
	return slash + 1;
}

int
tar_print_header(const char *path, unsigned mode, uint64_t size, uint64_t time,
    struct buf *out)
{
	size_t len = strlen(path), i;
	const char *name = split(path, len);
	struct tar_header h;
	unsigned sum = 0;

	if (name == NULL || len == 0 || size > TAR_SIZE_MAX ||
	    time > TAR_SIZE_MAX)
		return -1;
	memset(&h, 0, sizeof(h));
	memcpy(h.name, name, strlen(name));
	if (name > path)
		memcpy(h.prefix, path, (size_t)(name - path) - 1);
	snprintf(h.mode, sizeof(h.mode), "%07o", mode & 0777);
	memcpy(h.uid, "0000000", 8);
	memcpy(h.gid, "0000000", 8);
	snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)size);
	snprintf(h.mtime, sizeof(h.mtime), "%011llo", (unsigned long long)time);
	h.type = path[len - 1] == '/' ? '5' : '0';
	memcpy(h.magic, "ustar", 6);
	memcpy(h.version, "00", 2);
	memset(h.checksum, ' ', sizeof(h.checksum));
	for (i = 0; i < sizeof(h); i++)
		sum += ((const uint8_t *)&h)[i];
	snprintf(h.checksum, sizeof(h.checksum), "%06o", sum);
	buf_append(out, &h, sizeof(h));
	return 0;
}

struct tar {
	int fd; /* the archive */
	const char *parent;
	struct buf block;
	struct buf *why;
};

static int
fail(struct tar *t, const char *path, int error)
{
	buf_printf(t->why, "%s: %s", path, strerror(error));
	return -1;
}

static int
flush(struct tar *t, const char *path)
{
	int rc = io_write_all(t->fd, t->block.p, t->block.len);

	t->block.len = 0;
	return rc == 0 ? 0 : fail(t, path, errno);
}

static int
bytes_write(struct tar *t, const char *path, int in, uint64_t size)
{
	const size_t block = TAR_BLOCK * 128;
	ssize_t n;

	for (; size > 0; size -= (uint64_t)n) {
		t->block.len = 0;
		n = io_read_up_to(in, buf_reserve(&t->block, block),
		    size < block ? (size_t)size : block);
		if (n <= 0)
			return fail(t, path, n < 0 ? errno : EIO);
		t->block.len = (size_t)n;
		while (t->block.len % TAR_BLOCK != 0)
			buf_byte(&t->block, 0);
		if (flush(t, path) != 0)
			return -1;
	}
	return 0;
}

static int
file_write(struct tar *t, const char *path, const char *whole)
{
	int in = open(whole, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), rc = -1;
	struct stat st;

	if (in < 0)
		return fail(t, path, errno);
	if (fstat(in, &st) != 0)
		rc = fail(t, path, errno);
	else if (tar_print_header(path, st.st_mode, (uint64_t)st.st_size,
		     (uint64_t)st.st_mtime, &t->block) != 0)
		rc = fail(t, path, EFBIG);
	else if (flush(t, path) == 0)
		rc = bytes_write(t, path, in, (uint64_t)st.st_size);
	close(in);
	return rc;
}

static int
no_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

/* By bytes, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A folder's entries, one level at a time: bags are five deep. */
static int
entry_write(struct tar *t, const char *path)
{
	char whole[4096], below[4096];
	struct dirent **names;
	struct stat st;
	int n, i, rc;

	if (io_join(whole, sizeof(whole), t->parent, path) != 0 ||
	    lstat(whole, &st) != 0)
		return fail(t, path, errno);
	if (!S_ISDIR(st.st_mode))
		return file_write(t, path, whole);
	snprintf(below, sizeof(below), "%s/", path);
	if (tar_print_header(below, st.st_mode, 0, (uint64_t)st.st_mtime,
		&t->block) != 0)
		return fail(t, path, ENAMETOOLONG);
	if ((n = scandir(whole, &names, no_dots, by_name)) < 0)
		return fail(t, path, errno);
	rc = flush(t, path);
	for (i = 0; i < n; i++) {
		if (rc == 0 &&
		    io_join(below, sizeof(below), path, names[i]->d_name) == 0)
			rc = entry_write(t, below);
		free(names[i]);
	}
	free(names);
	return rc;
}

int
tar_write(int fd, const char *parent, const char *name, struct buf *why)
{
	struct tar t = { .fd = fd, .parent = parent, .why = why };
	int rc;

	buf_init(&t.block);
	rc = entry_write(&t, name);
	if (rc == 0) {
		memset(buf_reserve(&t.block, 2 * TAR_BLOCK), 0, 2 * TAR_BLOCK);
		t.block.len = 2 * TAR_BLOCK;
		rc = flush(&t, name);
	}
	buf_fini(&t.block);
	return rc;
}
