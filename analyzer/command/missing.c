/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/missing.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/log.h"

#define LINES_MAX 1000u /* of one log; then it is said how many more */

struct missing {
	const struct announced *said;
	const char *origin;
	uint64_t lines, more;
};

static void
print(struct missing *m, uint64_t first, uint64_t last,
    const struct announced_range *by)
{
	if (m->lines == LINES_MAX) {
		m->more++;
		return;
	}
	m->lines++;
	printf(tr("  missing: %" PRIu64 " to ", "  欠落: %" PRIu64 "〜"),
	    first);
	if (last == UINT64_MAX)
		fputs(tr("the log's end", "ログの末尾"), stdout);
	else
		printf("%" PRIu64, last);
	if (by == NULL)
		puts(tr(": NOT announced", ": 転送元の申告なし"));
	else
		printf(tr(": announced as not forwarded to '%s' (%s)\n",
			   ": 転送元が「%s」へ転送しないと申告済み（%s）\n"),
		    by->target, by->why);
}

/* Records first to last; unannounced: those that were not, too. */
static void
range(struct missing *m, uint64_t first, uint64_t last, bool unannounced)
{
	const struct announced_range *by;
	uint64_t end;

	for (;; first = end + 1) {
		by = announced_find(m->said, m->origin, first, last, &end);
		if (by != NULL || unannounced)
			print(m, first, end, by);
		if (end == last)
			return;
	}
}

void
missing_print(const struct arrivals *a, const struct announced *said,
    const char *origin)
{
	struct missing m = { .said = said, .origin = origin };
	uint64_t first = 0, last;

	if (a->any && a->first > 0)
		range(&m, 0, a->first - 1, false);
	for (; arrivals_hole(a, &first, &last); first = last + 1)
		range(&m, first, last, true);
	range(&m, a->any ? a->last + 1 : 0, UINT64_MAX, false);
	if (m.more > 0)
		printf(tr("  missing: %" PRIu64 " more ranges\n",
			   "  欠落: ほか%" PRIu64 "範囲\n"),
		    m.more);
}
