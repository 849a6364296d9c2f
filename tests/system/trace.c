/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/system/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trace_op *trace_op;
size_t trace_n;
static const char *base; /* of what is recorded; NULL: nothing is */
static bool quick;	 /* fsync does nothing */

ssize_t __real_write(int fd, const void *p, size_t len);
ssize_t __real_pwrite(int fd, const void *p, size_t len, off_t at);
int __real_fsync(int fd);
int __real_fdatasync(int fd);
int __real_ftruncate(int fd, off_t len);
int __real_openat(int dir, const char *name, int flags, ...);
int __real_open(const char *name, int flags, ...);
int __real_renameat(int a, const char *from, int b, const char *to);
int __real_unlinkat(int dir, const char *name, int flags);
int __real_mkdir(const char *name, mode_t mode);
int __real_mkdirat(int dir, const char *name, mode_t mode);

static void
trace_die(const char *what)
{
	perror(what);
	abort();
}

/* The path of a descriptor below base; false: it is none. */
static bool
trace_path(int fd, char out[160])
{
	char link[64], path[400];
	ssize_t n;
	size_t len;

	if (base == NULL)
		return false;
	len = strlen(base);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	if (strncmp(path, base, len) != 0 || path[len] != '/' ||
	    strstr(path, " (deleted)") != NULL)
		return false;
	snprintf(out, 160, "%.150s", path + len + 1);
	return true;
}

/* The same for a name in a folder. */
static bool
trace_name(int dir, const char *name, char out[160])
{
	char folder[160];
	size_t len;

	if (base == NULL)
		return false;
	len = strlen(base);
	if (name[0] == '/') {
		if (strncmp(name, base, len) != 0 || name[len] != '/')
			return false;
		snprintf(out, 160, "%.150s", name + len + 1);
		return true;
	}
	if (!trace_path(dir, folder))
		return false;
	snprintf(out, 160, "%.80s/%.70s", folder, name);
	return true;
}

static struct trace_op *
trace_add(enum trace_what what, const char *path)
{
	struct trace_op *op;

	trace_op = realloc(trace_op, (trace_n + 1) * sizeof(*trace_op));
	if (trace_op == NULL)
		trace_die("memory");
	op = &trace_op[trace_n++];
	memset(op, 0, sizeof(*op));
	op->what = what;
	snprintf(op->path, sizeof(op->path), "%s", path);
	return op;
}

void
trace_begin(const char *folder)
{
	base = folder;
}

void
trace_end(void)
{
	base = NULL;
	quick = true;
}

void
trace_mark(uint64_t value)
{
	trace_add(TRACE_MARK, "")->at = value;
}

static void
trace_write(int fd, const void *p, ssize_t n, off_t at)
{
	struct trace_op *op;
	char path[160];

	if (n <= 0 || !trace_path(fd, path))
		return;
	op = trace_add(TRACE_WRITE, path);
	op->at = (uint64_t)at;
	buf_append(&op->bytes, p, (size_t)n);
}

ssize_t __wrap_write(int fd, const void *p, size_t len);
ssize_t
__wrap_write(int fd, const void *p, size_t len)
{
	ssize_t n = __real_write(fd, p, len);

	trace_write(fd, p, n, lseek(fd, 0, SEEK_CUR) - n);
	return n;
}

ssize_t __wrap_pwrite(int fd, const void *p, size_t len, off_t at);
ssize_t
__wrap_pwrite(int fd, const void *p, size_t len, off_t at)
{
	ssize_t n = __real_pwrite(fd, p, len, at);

	trace_write(fd, p, n, at);
	return n;
}

int __wrap_fsync(int fd);
int
__wrap_fsync(int fd)
{
	char path[160];

	if (trace_path(fd, path))
		trace_add(TRACE_SYNC, path);
	return quick ? 0 : __real_fsync(fd);
}

int __wrap_fdatasync(int fd);
int
__wrap_fdatasync(int fd)
{
	char path[160];

	if (trace_path(fd, path))
		trace_add(TRACE_SYNC, path);
	return quick ? 0 : __real_fdatasync(fd);
}

int __wrap_ftruncate(int fd, off_t len);
int
__wrap_ftruncate(int fd, off_t len)
{
	int rc = __real_ftruncate(fd, len);
	char path[160];

	if (rc == 0 && trace_path(fd, path))
		trace_add(TRACE_CUT, path)->at = (uint64_t)len;
	return rc;
}

static int
trace_open(int dir, const char *name, int flags, mode_t mode)
{
	struct stat st;
	bool new = (flags & O_CREAT) != 0 &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0;
	int fd = __real_openat(dir, name, flags, mode);
	char path[160];

	if (fd >= 0 && new &&trace_path(fd, path))
		trace_add(TRACE_CREATE, path);
	else if (fd >= 0 && (flags & O_TRUNC) != 0 && trace_path(fd, path))
		trace_add(TRACE_CUT, path);
	return fd;
}

int __wrap_openat(int dir, const char *name, int flags, ...);
int
__wrap_openat(int dir, const char *name, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	return trace_open(dir, name, flags, mode);
}

int __wrap_open(const char *name, int flags, ...);
int
__wrap_open(const char *name, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	return trace_open(AT_FDCWD, name, flags, mode);
}

int __wrap_renameat(int a, const char *from, int b, const char *to);
int
__wrap_renameat(int a, const char *from, int b, const char *to)
{
	int rc = __real_renameat(a, from, b, to);
	char old[160], new[160];

	if (rc == 0 && trace_name(a, from, old) && trace_name(b, to, new))
		memcpy(trace_add(TRACE_RENAME, old)->other, new, sizeof(new));
	return rc;
}

int __wrap_unlinkat(int dir, const char *name, int flags);
int
__wrap_unlinkat(int dir, const char *name, int flags)
{
	int rc = __real_unlinkat(dir, name, flags);
	char path[160];

	if (rc == 0 && trace_name(dir, name, path))
		trace_add(TRACE_UNLINK, path);
	return rc;
}

int __wrap_mkdirat(int dir, const char *name, mode_t mode);
int
__wrap_mkdirat(int dir, const char *name, mode_t mode)
{
	int rc = __real_mkdirat(dir, name, mode);
	char path[160];

	if (rc == 0 && trace_name(dir, name, path))
		trace_add(TRACE_MKDIR, path);
	return rc;
}

int __wrap_mkdir(const char *name, mode_t mode);
int
__wrap_mkdir(const char *name, mode_t mode)
{
	return __wrap_mkdirat(AT_FDCWD, name, mode);
}
