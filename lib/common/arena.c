/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ARENA_CHUNK ((size_t)64 << 10)
#define ARENA_PAGE ((size_t)2 << 20) /* the large ones of x86-64 and arm64 */

/* The current chunk is first in the list, the one that stays is last. */
struct arena_chunk {
	struct arena_chunk *next;
	size_t cap; /* bytes of data */
	alignas(max_align_t) unsigned char data[];
};

/* Of whole large pages; cap becomes what fits in. */
static struct arena_chunk *
pages_new(size_t *cap)
{
	size_t len = sizeof(struct arena_chunk) + *cap;
	struct arena_chunk *c;

	len = (len + ARENA_PAGE - 1) & ~(ARENA_PAGE - 1);
	if ((c = aligned_alloc(ARENA_PAGE, len)) == NULL)
		abort();
	(void)madvise(c, len, MADV_HUGEPAGE); /* or pages as they are */
	*cap = len - sizeof(*c);
	return c;
}

static struct arena_chunk *
chunk_new(const struct arena *a, size_t cap)
{
	struct arena_chunk *c;

	if (cap > SIZE_MAX / 2)
		abort();
	if (a->lasting)
		c = pages_new(&cap);
	else if ((c = malloc(sizeof(*c) + cap)) == NULL)
		abort();
	c->next = NULL;
	c->cap = cap;
	return c;
}

/* Go on in c, of which so many bytes are taken. */
static void
enter(struct arena *a, struct arena_chunk *c, size_t used)
{
	a->head = c;
	a->at = c->data + used;
	a->end = c->data + c->cap;
}

static struct arena *
make(bool lasting)
{
	struct arena *a = malloc(sizeof(*a));

	if (a == NULL)
		abort();
	a->lasting = lasting;
	enter(a, chunk_new(a, ARENA_CHUNK), 0);
	return a;
}

struct arena *
arena_new(void)
{
	return make(false);
}

struct arena *
arena_new_lasting(void)
{
	return make(true);
}

void
arena_reset(struct arena *a)
{
	struct arena_chunk *next;

	for (; (next = a->head->next) != NULL; a->head = next)
		free(a->head);
	enter(a, a->head, 0);
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->head, a->head->next, a->at };
}

/* Large pieces stand behind the chunk that was the current one. */
void
arena_back(struct arena *a, const struct arena_mark *m)
{
	struct arena_chunk *c;

	while ((c = a->head) != m->head) {
		a->head = c->next;
		free(c);
	}
	while ((c = a->head->next) != m->next) {
		a->head->next = c->next;
		free(c);
	}
	a->at = m->at;
	a->end = a->head->data + a->head->cap;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a->head);
	free(a);
}

/*
 * A large piece gets a chunk of its own behind the current one, so that the
 * rest of the current one is not given up for it.
 */
static void *
arena_large(struct arena *a, size_t len)
{
	struct arena_chunk *c = chunk_new(a, len), *head = a->head;

	if (head->next == NULL) {
		c->next = head;
		enter(a, c, len);
	} else {
		c->next = head->next;
		head->next = c;
	}
	return memset(c->data, 0, len);
}

void *
arena_alloc(struct arena *a, size_t len)
{
	struct arena_chunk *c;
	void *p;

	if (len > SIZE_MAX - ARENA_ALIGN)
		abort();
	len = (len + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	if (len == 0)
		len = ARENA_ALIGN;
	if (len > (size_t)(a->end - a->at)) {
		if (len > (a->lasting ? ARENA_PAGE : ARENA_CHUNK) / 4)
			return arena_large(a, len);
		c = chunk_new(a, ARENA_CHUNK);
		c->next = a->head;
		enter(a, c, 0);
	}
	p = a->at;
	a->at += len;
	if (len == ARENA_ALIGN) /* most are so small: without a call */
		return memset(p, 0, ARENA_ALIGN);
	return memset(p, 0, len);
}

char *
arena_str(struct arena *a, struct span s)
{
	char *p;

	if (s.len == SIZE_MAX)
		abort();
	p = arena_alloc(a, s.len + 1);
	if (s.len > 0)
		memcpy(p, s.p, s.len);
	return p;
}

struct span
arena_copy(struct arena *a, struct span s)
{
	return span_make(arena_str(a, s), s.len);
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	p = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}
