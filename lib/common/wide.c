/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/wide.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

static size_t
whole(size_t len)
{
	return (len + WIDE_PAGE - 1) & ~(WIDE_PAGE - 1);
}

/* Where a large page begins: what is before it and behind goes back. */
static void *
map(size_t len)
{
	uint8_t *p = mmap(NULL, len + WIDE_PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t head;

	if (p == MAP_FAILED)
		abort();
	head = whole((uintptr_t)p) - (uintptr_t)p;
	if (head > 0)
		(void)munmap(p, head);
	(void)munmap(p + head + len, WIDE_PAGE - head);
	(void)madvise(p + head, len, MADV_HUGEPAGE); /* or as they are */
	return p + head;
}

void *
wide_new(size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / 4 / size)
		abort();
	if (n * size >= WIDE_FROM)
		return map(whole(n * size));
	if ((p = calloc(n, size)) == NULL)
		abort();
	return p;
}

void
wide_free(void *p, size_t n, size_t size)
{
	if (p != NULL && n * size >= WIDE_FROM)
		(void)munmap(p, whole(n * size));
	else
		free(p);
}
