/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/bundle.h"

#include <errno.h>
#include <unistd.h>

#include "tests/tap.h"

/* The next part is that text. */
static bool
next_is(int fd, off_t *at, const char *text)
{
	struct buf b;
	bool same;

	buf_init(&b);
	same = bundle_get(fd, at, &b) == 0 && span_is(buf_view(&b), text);
	buf_fini(&b);
	return same;
}

int
main(void)
{
	int fd = bundle_new(), first;
	struct buf b;
	off_t at = 0;

	buf_init(&b);
	ok(fd >= 0 && bundle_put(fd, SPAN("text")) == 0 &&
		bundle_put(fd, SPAN("")) == 0 &&
		bundle_put(fd, SPAN("private")) == 0,
	    "three parts");
	ok(bundle_get(fd, &at, &b) != 0 && errno == EPERM &&
		bundle_first(fd, 1) == -1 && errno == EPERM,
	    "nothing is taken from one that can still be changed");
	ok(bundle_seal(fd) == 0 && next_is(fd, &at, "text") &&
		next_is(fd, &at, "") && next_is(fd, &at, "private"),
	    "sealed they come in their order");
	ok(bundle_get(fd, &at, &b) != 0 && errno == ENODATA, "and no more");
	ok(bundle_put(fd, SPAN("late")) != 0, "nor can one be added");

	at = 0;
	first = bundle_first(fd, 2);
	ok(first >= 0 && next_is(first, &at, "text") && next_is(first, &at, ""),
	    "the first two");
	ok(bundle_get(first, &at, &b) != 0 && errno == ENODATA &&
		lseek(first, 0, SEEK_END) == at,
	    "without what is behind them");
	ok(bundle_first(fd, 4) == -1 && errno == ENODATA, "not more than are");
	close(first);
	close(fd);
	buf_fini(&b);
	return done();
}
