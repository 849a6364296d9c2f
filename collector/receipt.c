/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A writer stores its number before it gives anything; the receiver loads what
 * was given before it loads the number (both in one order for all).  So if the
 * number is still the one of before, so is the giver.
 */
#include "collector/receipt.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/ringmsg.h"
#include "collector/wake.h"

struct board {
	_Alignas(64) _Atomic uint64_t writer;
	_Atomic uint64_t upto[RINGMSG_LOGS];
};

struct receipt {
	struct board *board;
	int fd;
};

struct receipt *
receipt_new(void)
{
	struct receipt *r = calloc(1, sizeof(*r));
	void *p;

	if (r == NULL)
		return NULL;
	p = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	r->fd = wake_open();
	if (p != MAP_FAILED)
		r->board = p;
	if (r->board != NULL && r->fd >= 0)
		return r;
	receipt_free(r);
	return NULL;
}

void
receipt_free(struct receipt *r)
{
	int saved = errno;

	if (r == NULL)
		return;
	if (r->board != NULL)
		munmap(r->board, sizeof(*r->board));
	if (r->fd >= 0)
		close(r->fd);
	free(r);
	errno = saved;
}

void
receipt_begin(struct receipt *r)
{
	atomic_fetch_add(&r->board->writer, 1);
	receipt_wake(r);
}

void
receipt_give(struct receipt *r, uint32_t log, uint64_t upto)
{
	assert(log < RINGMSG_LOGS);
	atomic_store(&r->board->upto[log], upto);
}

void
receipt_wake(struct receipt *r)
{
	wake_up(r->fd);
}

bool
receipt_get(const struct receipt *r, uint32_t log, uint64_t *upto,
    uint64_t *writer)
{
	uint64_t now;

	assert(log < RINGMSG_LOGS);
	*upto = atomic_load(&r->board->upto[log]);
	now = atomic_load(&r->board->writer);
	if (now == *writer)
		return true;
	*writer = now;
	return false;
}

uint64_t
receipt_writer(const struct receipt *r)
{
	return atomic_load(&r->board->writer);
}

int
receipt_fd(const struct receipt *r)
{
	return r->fd;
}

void
receipt_woken(struct receipt *r)
{
	wake_seen(r->fd);
}
