/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/announced.h"

#include <string.h>

#include "tests/tap.h"

static struct announced a;

static void
add(enum record_kind kind, const char *body)
{
	struct record r = { .kind = kind, .body = span_str(body) };

	announced_add(&a, &r);
}

/* What is said of the first of them, as far as it goes. */
static const char *
said(const char *origin, uint64_t first, uint64_t last, uint64_t *end)
{
	const struct announced_range *r =
	    announced_find(&a, origin, first, last, end);

	return r == NULL ? "nothing" : r->why;
}

#define WORDS(first, last, why)                                                \
	"uid=0 action=not-forwarded target=second origin=a/b first=" first     \
	" last=" last " count=1 bytes=1 from=1 until=1 why=" why

int
main(void)
{
	unsigned i;
	uint64_t end;

	announced_init(&a);
	add(RECORD_OPERATOR, WORDS("10", "12", "too-big"));
	add(RECORD_OPERATOR, WORDS("90", "-", "gone"));
	add(RECORD_GAP, WORDS("0", "99", "gone"));
	add(RECORD_OPERATOR, "uid=0 action=view what=show log=evidence");
	add(RECORD_OPERATOR, WORDS("8", "7", "gone"));
	add(RECORD_OPERATOR, WORDS("1", "x", "gone"));
	add(RECORD_OPERATOR, WORDS("1", "1", "%1B[31m"));
	ok(a.n == 2, "only what says so well is an announcement");
	ok(strcmp(said("a/b", 5, 20, &end), "nothing") == 0 && end == 9,
	    "what was not announced ends where something was");
	ok(strcmp(said("a/b", 10, 20, &end), "too-big") == 0 && end == 12,
	    "which has its reason");
	ok(strcmp(said("a/b", 13, 20, &end), "nothing") == 0 && end == 20,
	    "behind it again nothing");
	ok(strcmp(said("a/b", 91, UINT64_MAX, &end), "gone") == 0 &&
		end == UINT64_MAX,
	    "all to the end of a log");
	ok(strcmp(said("a/c", 10, 20, &end), "nothing") == 0 && end == 20,
	    "it is said of one log only");
	for (i = 0; i < ANNOUNCED_MAX; i++)
		add(RECORD_OPERATOR, WORDS("1", "1", "gone"));
	ok(a.n == ANNOUNCED_MAX && a.beyond == 2, "there is a limit");
	announced_fini(&a);
	return done();
}
