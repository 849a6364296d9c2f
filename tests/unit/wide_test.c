/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/wide.h"
#include "tests/tap.h"

#define PAGE 4096u

static size_t mapped; /* bytes that were not given back */

/* A kernel that maps where no large page begins, as many do. */
void *
mmap(void *hint, size_t len, int prot, int flags, int fd, off_t offset)
{
	uint8_t *p = (uint8_t *)syscall(SYS_mmap, hint, len + PAGE, prot,
	    flags, fd, offset);
	size_t skip = (uintptr_t)p % WIDE_PAGE == 0 ? PAGE : 0;

	if (p == MAP_FAILED)
		return p;
	syscall(SYS_munmap, skip > 0 ? p : p + len, PAGE);
	mapped += len;
	return p + skip;
}

int
munmap(void *p, size_t len)
{
	mapped -= len;
	return (int)syscall(SYS_munmap, p, len);
}

/* All of it is zero, and may be written to. */
static bool
is_whole(size_t n, size_t size)
{
	uint8_t *p = wide_new(n, size);
	bool zero = true;
	size_t i;

	for (i = 0; i < n * size; i++)
		zero &= p[i] == 0;
	memset(p, 0xff, n * size);
	wide_free(p, n, size);
	return zero;
}

int
main(void)
{
	void *p = wide_new(3, WIDE_FROM);

	ok((uintptr_t)p % WIDE_PAGE == 0, "a table begins with a large page");
	wide_free(p, 3, WIDE_FROM);
	wide_free(NULL, 3, WIDE_FROM); /* no more than free() */
	ok(is_whole(0, 8) && is_whole(1, 8), "a small one is zero");
	ok(is_whole(WIDE_FROM / 8 - 1, 8) && is_whole(WIDE_FROM / 8, 8),
	    "so is one about where mappings begin");
	ok(is_whole(WIDE_PAGE / 8, 8) && is_whole(WIDE_PAGE / 8 + 1, 8),
	    "and one of a large page, and more");
	/* Twice as one: what was written before is gone. */
	ok(is_whole(5 * WIDE_PAGE, 1) && is_whole(5 * WIDE_PAGE, 1),
	    "a table in the place of another is zero, too");
	ok(mapped == 0, "all is given back");
	return done();
}
