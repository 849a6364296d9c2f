/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/lend.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

enum { FILES = 4, PARTS = 25 }; /* more than are lent at a time */

#define PATIENCE 60 /* seconds, until a test that waits has failed */

static uint8_t
byte_of(uint64_t inode, uint64_t offset)
{
	return (uint8_t)(inode * 37 + offset);
}

static bool
give(struct lend *l, uint64_t inode, uint64_t offset)
{
	struct lent *p = lend_room(l);

	if (p == NULL)
		return false;
	p->device = 1;
	p->inode = inode;
	p->offset = offset;
	p->packed = 10;
	p->first = offset;
	p->len = 1000;
	memset(p->data, byte_of(inode, offset), p->len);
	p->n = 1;
	memset(p->leaf[0], byte_of(inode, offset), SHA256_LEN);
	lend_give(l);
	return true;
}

/* All parts of all files; the exit status says whether somebody took them. */
static void
lender(struct lend *l)
{
	bool taken = true;

	lend_be_lender(l);
	for (uint64_t i = 1; i <= FILES && taken; i++)
		for (uint64_t k = 0; k < PARTS && taken; k++)
			taken = give(l, i, k * 10);
	_exit(taken ? 0 : 1);
}

static bool
is_right(const struct lent *p, uint64_t inode, uint64_t offset)
{
	uint8_t want = byte_of(inode, offset);

	return p->inode == inode && p->offset == offset && p->len == 1000 &&
	    p->data[0] == want && p->data[999] == want &&
	    p->leaf[0][SHA256_LEN - 1] == want;
}

/* Ask for every step-th part until it is there. */
static unsigned
borrow(struct lend *l, uint64_t step, bool *right)
{
	const struct lent *p;
	unsigned n = 0;

	for (uint64_t i = 1; i <= FILES; i++)
		for (uint64_t k = 0; k < PARTS; k += step) {
			while ((p = lend_find(l, 1, i, k * 10)) == NULL)
				;
			*right &= is_right(p, i, k * 10);
			n++;
		}
	return n;
}

static void
test_two(uint64_t step, const char *what)
{
	struct lend *l = lend_new();
	bool right = true;
	int status = 0;
	unsigned n;
	pid_t pid;

	if ((pid = fork()) == 0)
		lender(l);
	lend_be_borrower(l);
	n = borrow(l, step, &right);
	ok(right && n == FILES * ((PARTS + step - 1) / step), "%s", what);
	lend_end(l);
	ok(lend_find(l, 1, 1, 0) == NULL, "nothing is lent behind the end");
	waitpid(pid, &status, 0);
	lend_free(l);
}

/* Who waits for room is let go when nobody borrows any more. */
static void
test_end(void)
{
	struct lend *l = lend_new();
	int status = 0;
	pid_t pid;

	if ((pid = fork()) == 0)
		lender(l);
	while (lend_find(l, 1, 1, 20) == NULL)
		;
	lend_end(l);
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "the lender does not wait for who has ended");
	lend_free(l);
	l = lend_new();
	if ((pid = fork()) == 0)
		_exit(0); /* a borrower that dies at once */
	lend_be_lender(l);
	waitpid(pid, &status, 0);
	for (status = 0; status < 100 && give(l, 1, (uint64_t)status * 10);)
		status++;
	ok(status == LEND_PARTS, "nor for who died: %d", status);
	lend_free(l);
}

/* What the borrower was told he cannot change, even if he tries to. */
static void
test_borrower(void)
{
	struct lend *l = lend_new();
	struct lent *room = lend_room(l);
	const struct lent *p;
	int status = 0;
	pid_t pid;

	give(l, 1, 0);
	if ((pid = fork()) == 0) {
		lend_be_borrower(l);
		p = lend_find(l, 1, 1, 0);
		if (p == NULL || !is_right(p, 1, 0) ||
		    mprotect(room, 1, PROT_READ | PROT_WRITE) == 0)
			_exit(1);
		signal(SIGSEGV, SIG_DFL); /* sanitizers have their own */
		room->n = 2;
		_exit(2);
	}
	lend_be_lender(l);
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
	    "who borrows reads, and cannot write");
	ok(room->n == 1 && lend_room(l) != NULL, "the lender can");
	lend_free(l);
}

/* Files more than are remembered, of which nothing was lent in time. */
static void
test_far_ahead(void)
{
	struct lend *l = lend_new();
	uint64_t inode = 100; /* of files that are never lent */
	int status = 0;
	pid_t pid;

	if ((pid = fork()) == 0)
		lender(l);
	while (waitpid(pid, &status, WNOHANG) == 0)
		(void)lend_find(l, 1, inode++, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "nor for who is far ahead of it");
	lend_free(l);
}

/* In one process: what is there, and what is asked for. */
static void
test_order(void)
{
	struct lend *l = lend_new();
	const struct lent *p;

	ok(lend_find(l, 1, 1, 0) == NULL, "nothing is there at first");
	for (uint64_t k = 0; k < LEND_PARTS; k++)
		give(l, 1, k * 10);
	p = lend_find(l, 1, 1, 10);
	ok(p != NULL && is_right(p, 1, 10), "one is passed over");
	ok(lend_find(l, 1, 1, 15) == NULL, "none begins there");
	give(l, 1, 30);
	p = lend_find(l, 1, 1, 20);
	ok(p != NULL && is_right(p, 1, 20), "what is later was kept for it");
	give(l, 2, 0);
	ok(lend_find(l, 1, 1, 40) == NULL, "the end of a file is not lent");
	p = lend_find(l, 1, 2, 0);
	ok(p != NULL && is_right(p, 2, 0), "and the next file was kept");
	give(l, 1, 50);
	give(l, 2, 10);
	p = lend_find(l, 1, 2, 10);
	ok(p != NULL && is_right(p, 2, 10),
	    "of a file that lies behind nothing is kept");
	give(l, 3, 0);
	ok(lend_find(l, 2, 3, 0) == NULL, "another device's file is another");
	ok(lend_find(l, 1, 3, 0) != NULL, "whose turn comes");
	lend_free(l);
}

/* From part to part of a file. */
static void
test_next(void)
{
	struct lend *l = lend_new();
	struct lent *first, *next;
	const struct lent *p;
	FILE *f = tmpfile();
	struct stat st;

	fstat(fileno(f), &st);
	first = lend_next(l, NULL, fileno(f), 7, 0);
	first->n = 2;
	ok(lend_next(l, NULL, fileno(f), 5, 0) == first && first->n == 0,
	    "a part that is not whole is filled anew");
	first->first = 3;
	first->n = 1;
	next = lend_next(l, first, fileno(f), 20, 1000);
	p = lend_find(l, st.st_dev, st.st_ino, 5);
	ok(p == first && p->packed == 15 && p->len == 1000 && p->first == 3 &&
		p->n == 1,
	    "a whole one is lent as one of its file");
	ok(next != first && next->offset == 20 && next->n == 0 &&
		lend_find(l, st.st_dev, st.st_ino, 20) == NULL,
	    "the next begins where it ends, and is not yet lent");
	ok(lend_next(l, NULL, -1, 0, 0) == NULL, "none of no file");
	fclose(f);
	lend_free(l);
}

int
main(void)
{
	alarm(PATIENCE);
	test_order();
	test_next();
	test_two(1, "every part, in order");
	test_two(3, "every third");
	test_end();
	test_far_ahead();
	test_borrower();
	return done();
}
