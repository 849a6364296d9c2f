/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/gaps.h"

#include <inttypes.h>

#include "common/log.h"

size_t
gaps_say(const char *dir, const struct evread_gaps *gaps, size_t n)
{
	const struct evread_gap *g;
	uint64_t first;

	for (; n < gaps->n; n++) {
		g = &gaps->v[n];
		first = g->first;
		while (n + 1 < gaps->n && g[1].first == g->last + 1 &&
		    (g[1].deleted == 0) == (g->deleted == 0)) {
			n++;
			g++;
		}
		log_warn(g->deleted != 0
			? tr("%s: records %" PRIu64 " to %" PRIu64
			     " are not here: deleted at the end of their "
			     "retention",
			      "%s: 記録%" PRIu64 "〜%" PRIu64
			      "は保存期間満了により削除済みです")
			: tr("%s: records %" PRIu64 " to %" PRIu64
			     " are not here",
			      "%s: 記録%" PRIu64 "〜%" PRIu64
			      "はここにありません"),
		    dir, first, g->last);
	}
	return n;
}
