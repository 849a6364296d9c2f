/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
io_write_all(int fd, const void *p, size_t len)
{
	const uint8_t *at = p;
	ssize_t n;

	while (len > 0) {
		if ((n = write(fd, at, len)) < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int
io_pwrite_all(int fd, const void *p, size_t len, off_t pos)
{
	const uint8_t *at = p;
	ssize_t n;

	while (len > 0) {
		if ((n = pwrite(fd, at, len, pos)) < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += n;
		pos += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t
io_read_up_to(int fd, void *p, size_t len)
{
	uint8_t *at = p;
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		if ((n = read(fd, at + got, len - got)) < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/* Close without losing the errno that the caller is to see. */
static void
close_quietly(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/*
 * A file may grow while it is read: one byte more than allowed is asked for,
 * and only what comes is believed.
 */
static int
read_regular(int fd, size_t max, struct buf *out)
{
	size_t start = out->len, want;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	if ((uintmax_t)st.st_size > max) {
		errno = EFBIG;
		return -1;
	}
	want = (size_t)st.st_size + 1;
	while ((n = io_read_up_to(fd, buf_reserve(out, want), want)) > 0) {
		out->len += (size_t)n;
		if (out->len - start > max) {
			out->len = start;
			errno = EFBIG;
			return -1;
		}
		if ((size_t)n < want)
			break;
		want = 4096;
	}
	if (n < 0)
		out->len = start;
	return n < 0 ? -1 : 0;
}

/* O_NONBLOCK: opening a FIFO that somebody put there must not hang. */
static int
read_file(int dirfd, const char *name, int flags, size_t max, struct buf *out)
{
	int fd, rc;

	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	if (fd < 0)
		return -1;
	rc = read_regular(fd, max, out);
	close_quietly(fd);
	return rc;
}

int
io_read_file(const char *path, size_t max, struct buf *out)
{
	return read_file(AT_FDCWD, path, 0, max, out);
}

int
io_read_file_at(int dirfd, const char *name, size_t max, struct buf *out)
{
	return read_file(dirfd, name, O_NOFOLLOW, max, out);
}

/* Write and fsync a new file; no half of it is left behind on failure. */
static int
write_new(int dirfd, const char *name, mode_t mode, struct span bytes)
{
	int fd, saved;

	if (unlinkat(dirfd, name, 0) != 0 && errno != ENOENT)
		return -1;
	fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -1;
	if (fchmod(fd, mode) != 0 ||
	    io_write_all(fd, bytes.p, bytes.len) != 0 || fsync(fd) != 0) {
		close_quietly(fd);
		goto unlink;
	}
	if (close(fd) != 0)
		goto unlink;
	return 0;
unlink:
	saved = errno;
	unlinkat(dirfd, name, 0);
	errno = saved;
	return -1;
}

int
io_swap_at(int dirfd, const char *name, mode_t mode, struct span bytes)
{
	char tmp[NAME_MAX + 1];
	int n, saved;

	n = snprintf(tmp, sizeof(tmp), "%s.tmp", name);
	if (n < 0 || (size_t)n >= sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (write_new(dirfd, tmp, mode, bytes) != 0)
		return -1;
	if (renameat(dirfd, tmp, dirfd, name) != 0) {
		saved = errno;
		unlinkat(dirfd, tmp, 0);
		errno = saved;
		return -1;
	}
	return 0;
}

static int
replace_in(int dirfd, const char *name, mode_t mode, struct span bytes)
{
	return io_swap_at(dirfd, name, mode, bytes) == 0 ? fsync(dirfd) : -1;
}

/* The folder that holds name, as seen from dirfd. */
static int
open_parent(int dirfd, const char *name, const char **base)
{
	const char *slash = strrchr(name, '/');
	char dir[PATH_MAX] = ".";
	size_t len;

	*base = name;
	if (slash != NULL) {
		*base = slash + 1;
		len = slash == name ? 1 : (size_t)(slash - name);
		if (len >= sizeof(dir)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(dir, name, len);
		dir[len] = '\0';
	}
	return openat(dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
io_replace_at(int dirfd, const char *name, mode_t mode, struct span bytes)
{
	const char *base;
	int fd, rc;

	/* A confined process has its folder open and may open no other. */
	if (dirfd != AT_FDCWD && strchr(name, '/') == NULL)
		return replace_in(dirfd, name, mode, bytes);
	if ((fd = open_parent(dirfd, name, &base)) < 0)
		return -1;
	rc = replace_in(fd, base, mode, bytes);
	close_quietly(fd);
	return rc;
}

int
io_sync_dir(const char *path)
{
	int fd, rc;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close_quietly(fd);
	return rc;
}

int
io_mkdirs(const char *path, mode_t mode)
{
	char dir[PATH_MAX];
	size_t i, len = strlen(path);
	struct stat st;

	if (len == 0 || len >= sizeof(dir)) {
		errno = len == 0 ? ENOENT : ENAMETOOLONG;
		return -1;
	}
	memcpy(dir, path, len + 1);
	for (i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		dir[i] = '\0';
		if (mkdir(dir, mode) != 0 && errno != EEXIST)
			return -1;
		dir[i] = path[i];
	}
	if (stat(path, &st) != 0)
		return -1;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	return 0;
}

int
io_join(char *out, size_t size, const char *dir, const char *name)
{
	size_t len = dir == NULL ? 0 : strlen(dir);
	const char *slash = len == 0 || dir[len - 1] == '/' ? "" : "/";
	int n;

	if (name[0] == '/' || len == 0)
		n = snprintf(out, size, "%s", name);
	else
		n = snprintf(out, size, "%s%s%s", dir, slash, name);
	if (n >= 0 && (size_t)n < size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

int
io_rename_new(const char *from, const char *to)
{
	struct stat st;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (lstat(to, &st) == 0)
		errno = EEXIST;
	return errno == ENOENT ? rename(from, to) : -1;
}
