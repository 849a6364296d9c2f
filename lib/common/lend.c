/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/lend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A ring in memory that both have: the lender alone moves given, the borrower
 * alone back.  The lender waits for room in a read of a pipe that ends with the
 * borrower, who has the other end of it, too: so it never writes to none.
 */
struct turns {
	_Atomic uint64_t given, back; /* parts, of all that ever were */
	atomic_bool waits;	      /* the lender, for room */
};

#define PARTS (LEND_PARTS * sizeof(struct lent)) /* bytes */

#define FILES 16u /* that the borrower has behind him; the last */

struct file {
	uint64_t device, inode;
};

struct lend {
	struct turns *s;
	struct lent *part;
	int memory; /* that the parts lie in; -1: closed */
	int fd[2];  /* of the pipe; -1: closed */
	bool over;
	uint64_t held; /* of the borrower: parts up to the one in use */
	/* And the part that is later, and n_file when it was met. */
	uint64_t later, later_from;
	struct file file[FILES], now; /* its files, and the one it is in */
	uint64_t n_file;
};

static void
leave(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void *
map(size_t len, int flags, int fd)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | flags,
	    fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Who maps it from now on cannot write to it, nor come to. */
static struct lent *
map_parts(int memory)
{
	struct lent *p;

	if (memory < 0 || ftruncate(memory, (off_t)PARTS) != 0)
		return NULL;
	p = map(PARTS, 0, memory);
	if (p == NULL ||
	    fcntl(memory, F_ADD_SEALS,
		F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW |
		    F_SEAL_SEAL) == 0)
		return p;
	munmap(p, PARTS);
	return NULL;
}

struct lend *
lend_new(void)
{
	struct lend *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->fd[0] = l->fd[1] = -1;
	l->later = UINT64_MAX;
	l->memory =
	    memfd_create("konseki-lend", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	l->part = map_parts(l->memory);
	l->s = map(sizeof(*l->s), MAP_ANONYMOUS, -1);
	if (l->part != NULL && l->s != NULL &&
	    pipe2(l->fd, O_CLOEXEC | O_NONBLOCK) == 0)
		return l;
	lend_free(l);
	return NULL;
}

void
lend_free(struct lend *l)
{
	if (l == NULL)
		return;
	leave(&l->memory);
	leave(&l->fd[0]);
	leave(&l->fd[1]);
	if (l->s != NULL)
		munmap(l->s, sizeof(*l->s));
	if (l->part != NULL)
		munmap(l->part, PARTS);
	free(l);
}

void
lend_be_lender(struct lend *l)
{
	leave(&l->memory);
	leave(&l->fd[1]);
}

void
lend_be_borrower(struct lend *l)
{
	if (l->memory < 0 ||
	    mmap(l->part, PARTS, PROT_READ, MAP_SHARED | MAP_FIXED, l->memory,
		0) == MAP_FAILED)
		lend_end(l);
	leave(&l->memory);
}

static bool
is_full(const struct lend *l)
{
	return l->s->given - l->s->back == LEND_PARTS;
}

/* False: there is no borrower any more. */
static bool
wait_for_room(struct lend *l)
{
	struct pollfd p = { .fd = l->fd[0], .events = POLLIN };
	uint8_t told[64];
	ssize_t n;

	while (is_full(l)) {
		l->s->waits = true;
		if (!is_full(l)) /* meanwhile */
			break;
		if (poll(&p, 1, -1) == -1 && errno != EINTR)
			return false;
		n = read(l->fd[0], told, sizeof(told));
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return false;
	}
	l->s->waits = false;
	return true;
}

struct lent *
lend_room(struct lend *l)
{
	if (!l->over && !wait_for_room(l))
		l->over = true;
	return l->over ? NULL : &l->part[l->s->given % LEND_PARTS];
}

void
lend_give(struct lend *l)
{
	l->s->given++;
}

struct lent *
lend_next(struct lend *l, struct lent *whole, int fd, uint64_t offset,
    size_t len)
{
	struct lent *next;
	struct stat st;

	if (whole != NULL) {
		whole->packed = offset - whole->offset;
		whole->len = len;
		lend_give(l);
	}
	if (fstat(fd, &st) != 0 || (next = lend_room(l)) == NULL)
		return NULL;
	next->device = st.st_dev;
	next->inode = st.st_ino;
	next->offset = offset;
	next->n = 0;
	return next;
}

static void
give_back(struct lend *l, uint64_t up_to)
{
	if (up_to == l->s->back)
		return;
	l->s->back = up_to;
	if (atomic_exchange(&l->s->waits, false))
		(void)!write(l->fd[1], "", 1);
}

static void
enter(struct lend *l, uint64_t device, uint64_t inode)
{
	if (l->now.device == device && l->now.inode == inode)
		return;
	l->file[l->n_file++ % FILES] = l->now;
	l->now = (struct file){ device, inode };
}

static bool
is_of(const struct lent *p, const struct file *f)
{
	return p->device == f->device && p->inode == f->inode;
}

/*
 * Whether the lender is further than the borrower: later in this file, or in
 * one whose turn has not come.
 */
static bool
is_later(const struct lend *l, const struct lent *p, uint64_t offset)
{
	size_t i;

	if (is_of(p, &l->now))
		return p->offset > offset;
	for (i = 0; i < FILES && !is_of(p, &l->file[i]); i++)
		;
	return i == FILES;
}

/*
 * A lender is never more files ahead than it may lend parts: what does not
 * come in so many is of a file so far behind that it is not known any more.
 * Who is that much faster needs nobody, and must not keep the lender waiting.
 */
static void
await(struct lend *l, uint64_t at)
{
	if (l->later != at) {
		l->later = at;
		l->later_from = l->n_file;
	}
	if (l->n_file - l->later_from > FILES)
		lend_end(l);
}

const struct lent *
lend_find(struct lend *l, uint64_t device, uint64_t inode, uint64_t offset)
{
	const struct lent *found = NULL, *p;
	uint64_t at = l->held, given;

	if (l->over)
		return NULL;
	enter(l, device, inode);
	for (given = l->s->given; at < given && found == NULL; at++) {
		p = &l->part[at % LEND_PARTS];
		if (is_later(l, p, offset)) {
			await(l, at);
			break;
		}
		if (is_of(p, &l->now) && p->offset == offset)
			found = p;
	}
	/* What is found is in use; all before it is not any more. */
	give_back(l, found != NULL ? at - 1 : at);
	l->held = at;
	return found;
}

void
lend_end(struct lend *l)
{
	if (l == NULL)
		return;
	l->over = true;
	leave(&l->fd[1]);
}
