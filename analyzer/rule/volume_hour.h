/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_VOLUME_HOUR_H
#define RULE_VOLUME_HOUR_H

#include "analyzer/rule/volume.h"

/* One hour of one host: sums, and the largest of the records behind them. */
struct volume_share {
	const struct volume_flow *flow;
	uint64_t bytes; /* of this hour */
	bool first;	/* the flow begins in this hour */
	bool take_back;
};

void volume_hour_add(struct volume_hour *b, const struct volume_share *s);

/* Give up the citations of an hour; its sums stay. */
void volume_hour_trim(struct volume_hour *b);

/* Free what the hours of a day hold. */
void volume_day_fini(struct volume_day *d);

/* Position of a day among a host's, or where it would go. */
size_t volume_day_search(const struct volume_host *h, int64_t day);

/* Order of citations: by bytes, then by origin and index. */
bool volume_cite_before(const struct volume_cite *a,
    const struct volume_cite *b);

#endif
