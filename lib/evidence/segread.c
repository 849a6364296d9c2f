/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/segread.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"

/*
 * Read, not mapped: a file that is cut while we look at it must not end the
 * program.  A piece is less than what a member inflates to, and stays in the
 * cache until it is inflated and hashed.
 */
#define SEGREAD_PIECE (128u << 10)

struct segread {
	int fd;
	uint64_t left; /* bytes that may still be read */
	struct sha256 *file;
	struct segment *segment;
	struct lend *lend; /* or NULL */
	struct segment_lender lender;
	struct stat st;		 /* of the file, if lend is there */
	const struct lent *lent; /* the member being read, or NULL */
	uint8_t piece[SEGREAD_PIECE];
};

struct segread *
segread_new(void)
{
	struct segread *r = malloc(sizeof(*r));

	if (r == NULL)
		abort();
	r->fd = -1;
	r->segment = segment_new();
	r->lend = NULL;
	r->lent = NULL;
	return r;
}

void
segread_free(struct segread *r)
{
	if (r == NULL)
		return;
	segread_end(r);
	segment_free(r->segment);
	free(r);
}

static bool
borrow(void *arg, uint64_t offset, struct span *data, uint64_t *packed)
{
	struct segread *r = arg;

	r->lent = lend_find(r->lend, r->st.st_dev, r->st.st_ino, offset);
	if (r->lent == NULL)
		return false;
	if (r->lent->packed > r->left || r->lent->len > LEND_ROOM ||
	    r->lent->n > LEND_LEAVES) {
		r->lent = NULL;
		return false;
	}
	*data = span_make(r->lent->data, r->lent->len);
	*packed = r->lent->packed;
	return true;
}

/* What was borrowed need not be read. */
static int
pass(struct segread *r)
{
	uint64_t n = segment_passed(r->segment);

	r->left -= n;
	return n == 0 || lseek(r->fd, (off_t)n, SEEK_CUR) >= 0 ? 0 : -1;
}

void
segread_begin(struct segread *r, int fd, uint64_t max, struct sha256 *file)
{
	segread_end(r);
	r->fd = fd;
	r->left = max;
	r->file = file;
	segment_reset(r->segment);
	r->lent = NULL;
	if (r->lend == NULL || file != NULL || fstat(fd, &r->st) != 0)
		return;
	r->lender = (struct segment_lender){ borrow, r };
	segment_borrow(r->segment, &r->lender);
}

void
segread_borrow(struct segread *r, struct lend *from)
{
	r->lend = from;
}

const uint8_t *
segread_leaf(const struct segread *r, uint64_t index)
{
	return r->lent != NULL && index - r->lent->first < r->lent->n
	    ? r->lent->leaf[index - r->lent->first]
	    : NULL;
}

void
segread_end(struct segread *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

/* What was fed is taken, or the segment has ended. */
static enum segment_step
segread_more(struct segread *r, enum segment_step step,
    struct segment_record *rec)
{
	bool closed;
	ssize_t n;

	for (;; step = segment_next(r->segment, rec)) {
		if (step != SEGMENT_MORE && step != SEGMENT_END)
			return step;
		/* At the end too: nothing may stand behind it. */
		closed = step == SEGMENT_END;
		if (pass(r) != 0)
			return SEGMENT_UNREADABLE;
		n = io_read_up_to(r->fd, r->piece,
		    r->left < SEGREAD_PIECE ? (size_t)r->left : SEGREAD_PIECE);
		if (n < 0)
			return SEGMENT_UNREADABLE;
		if (n == 0)
			return closed ? SEGMENT_END : SEGMENT_MORE;
		r->left -= (uint64_t)n;
		if (r->file != NULL)
			sha256_update(r->file, r->piece, (size_t)n);
		segment_feed(r->segment, span_make(r->piece, (size_t)n));
	}
}

enum segment_step
segread_next(struct segread *r, struct segment_record *rec)
{
	enum segment_step step = segment_next(r->segment, rec);

	return step == SEGMENT_RECORD ? step : segread_more(r, step, rec);
}

struct segment *
segread_segment(struct segread *r)
{
	return r->segment;
}
