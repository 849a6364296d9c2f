/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <poll.h>

#include "collector/marks.h"
#include "collector/receipt.h"
#include "tests/tap.h"

static bool
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void
given(void)
{
	struct receipt *r = receipt_new();
	uint64_t writer, upto = 7;

	receipt_begin(r);
	ok(readable(receipt_fd(r)), "a writer that begins is heard of");
	receipt_woken(r);
	writer = receipt_writer(r);
	ok(receipt_get(r, 2, &upto, &writer) && upto == 0,
	    "nothing is durable at first");
	receipt_give(r, 2, 500);
	ok(!readable(receipt_fd(r)), "to give wakes nobody yet");
	receipt_wake(r);
	ok(readable(receipt_fd(r)) && receipt_get(r, 2, &upto, &writer) &&
		upto == 500,
	    "what was given is there");
	ok(receipt_get(r, 1, &upto, &writer) && upto == 0,
	    "other logs are other logs");
	receipt_begin(r);
	receipt_give(r, 2, 900);
	ok(!receipt_get(r, 2, &upto, &writer),
	    "what another writer gives is no receipt for what was before it");
	ok(receipt_get(r, 2, &upto, &writer) && upto == 900,
	    "but for what comes then");
	receipt_free(r);
	receipt_free(NULL);
}

static void
marks(void)
{
	struct marks m = { 0 };
	uint64_t at = 0, i;

	marks_add(&m, 10, 100);
	ok(!marks_take(&m, 1000, &at), "nobody waits: nothing is kept");
	marks_want(&m, 20);
	marks_add(&m, 20, 200);
	marks_add(&m, 30, 300);
	ok(marks_wanted(&m) == 20, "what is waited for is known");
	ok(!marks_take(&m, 19, &at), "one record less is not enough");
	ok(marks_take(&m, 29, &at) && at == 200, "up to the last whole mark");
	ok(!marks_take(&m, 29, &at), "and that once");
	ok(marks_take(&m, 30, &at) && at == 300, "then the next");
	for (i = 1; i <= 3 * MARKS; i++)
		marks_add(&m, 30 + i, 300 + i);
	ok(marks_take(&m, 30 + MARKS + 5, &at) && at < 300 + MARKS,
	    "with too many, what was not kept is not claimed");
	ok(marks_take(&m, 30 + 3 * MARKS, &at) && at == 300 + 3 * MARKS,
	    "but the last one is");
	marks_add(&m, 1000, 1000);
	marks_stop(&m);
	marks_want(&m, 2000);
	marks_add(&m, 2000, 2000);
	ok(!marks_take(&m, UINT64_MAX, &at) && marks_wanted(&m) == 0,
	    "after something was lost there are no more");
}

int
main(void)
{
	given();
	marks();
	return done();
}
