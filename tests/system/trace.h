/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/*
 * What a program does to the files below a folder, in order, recorded where it
 * calls the C library (the linker's --wrap leads the calls here), so that the
 * disk can be shown as a power cut at any moment might have left it.
 */
enum trace_what {
	TRACE_CREATE,
	TRACE_WRITE,
	TRACE_CUT,    /* ftruncate to `at` */
	TRACE_SYNC,   /* of a file: its bytes; of a folder: its names */
	TRACE_RENAME, /* path to other */
	TRACE_UNLINK,
	TRACE_MKDIR,
	TRACE_MARK, /* not of a file: `at` is what trace_mark() was told */
};

struct trace_op {
	enum trace_what what;
	char path[160], other[160]; /* below the folder */
	uint64_t at;
	struct buf bytes;
};

extern struct trace_op *trace_op;
extern size_t trace_n;

/*
 * From now on record what is done below base; end: no longer, and from then
 * on no fsync of this program takes time: nothing that it makes must last.
 */
void trace_begin(const char *base);
void trace_end(void);
void trace_mark(uint64_t value);

/* What of the trace the disk shows: operations [0, n), without some. */
struct trace_view {
	size_t n;
	size_t drop;   /* this one never came: n or more for none */
	uint64_t last; /* so many bytes of operation n - 1, if it writes */
	bool zeros;    /* and zeros where the rest of it would be */
};
#define TRACE_WHOLE UINT64_MAX

/* Do again below base what is in view. */
void trace_replay(const char *base, const struct trace_view *v);

/*
 * Whether operation i < n may be missing after a power cut behind the n-th:
 * nothing between asked for it to be durable.
 */
bool trace_loose(size_t i, size_t n);

#endif
