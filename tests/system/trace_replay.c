/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "tests/system/trace.h"

/* ENOENT: its creation was left out. */
static void
replay_check(bool good, const struct trace_op *op)
{
	if (good || errno == ENOENT)
		return;
	perror(op->path);
	abort();
}

static void
replay_write(int fd, const struct trace_op *op, uint64_t last, bool zeros)
{
	size_t n = last < op->bytes.len ? (size_t)last : op->bytes.len;
	uint64_t end = op->at + op->bytes.len;
	struct stat st;

	replay_check(io_pwrite_all(fd, op->bytes.p, n, (off_t)op->at) == 0, op);
	if (zeros && fstat(fd, &st) == 0 && (uint64_t)st.st_size < end)
		replay_check(ftruncate(fd, (off_t)end) == 0, op);
}

static void
replay_file(const char *path, const struct trace_op *op, uint64_t last,
    bool zeros)
{
	int flags = op->what == TRACE_CREATE ? O_CREAT : 0;
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0640);

	replay_check(fd >= 0, op);
	if (fd < 0)
		return;
	if (op->what == TRACE_WRITE)
		replay_write(fd, op, last, zeros);
	else if (op->what == TRACE_CUT)
		replay_check(ftruncate(fd, (off_t)op->at) == 0, op);
	close(fd);
}

static void
replay_op(const char *base, const struct trace_op *op, uint64_t last,
    bool zeros)
{
	char path[320], other[320];

	snprintf(path, sizeof(path), "%s/%s", base, op->path);
	snprintf(other, sizeof(other), "%s/%s", base, op->other);
	switch (op->what) {
	case TRACE_CREATE:
	case TRACE_WRITE:
	case TRACE_CUT:
		replay_file(path, op, last, zeros);
		break;
	case TRACE_RENAME:
		replay_check(rename(path, other) == 0, op);
		break;
	case TRACE_UNLINK:
		replay_check(unlink(path) == 0, op);
		break;
	case TRACE_MKDIR:
		replay_check(mkdir(path, 0750) == 0, op);
		break;
	case TRACE_SYNC:
	case TRACE_MARK:
		break;
	}
}

void
trace_replay(const char *base, const struct trace_view *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (i != v->drop)
			replay_op(base, &trace_op[i],
			    i + 1 == v->n ? v->last : TRACE_WHOLE,
			    i + 1 == v->n && v->zeros);
}

/* Whether path is the folder that a name stands in. */
static bool
replay_holds(const char *path, const char *name)
{
	size_t len = strlen(path);

	return strncmp(path, name, len) == 0 && name[len] == '/' &&
	    strchr(name + len + 1, '/') == NULL;
}

bool
trace_loose(size_t i, size_t n)
{
	const struct trace_op *op = &trace_op[i];
	bool bytes = op->what == TRACE_WRITE || op->what == TRACE_CUT;

	if (op->what == TRACE_SYNC || op->what == TRACE_MARK)
		return false;
	for (size_t k = i + 1; k < n; k++) {
		if (trace_op[k].what != TRACE_SYNC)
			continue;
		if (bytes ? strcmp(trace_op[k].path, op->path) == 0
			  : replay_holds(trace_op[k].path, op->path))
			return false;
	}
	return true;
}
