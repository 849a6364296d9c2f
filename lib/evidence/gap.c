/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/gap.h"

#include "common/log.h"
#include "evidence/record.h"

static const struct {
	const char *name, *en, *ja;
	enum { RECEIVER, WRITER } by;
} gaps[] = {
#define GAP(id, name, by, en, ja) { name, en, ja, by },
#include "evidence/gap_tbl.h"
#undef GAP
};

const char *
gap_name(enum gap_kind kind)
{
	return gaps[kind].name;
}

const char *
gap_text(enum gap_kind kind)
{
	return tr(gaps[kind].en, gaps[kind].ja);
}

int
gap_parse(struct span name, enum gap_kind *kind)
{
	size_t i;

	for (i = 0; i < GAP_COUNT; i++)
		if (span_is(name, gaps[i].name)) {
			*kind = (enum gap_kind)i;
			return 0;
		}
	return -1;
}

bool
gap_is_receivers(enum gap_kind kind)
{
	return gaps[kind].by == RECEIVER;
}

void
gap_word(struct buf *out, const char *key, uint64_t n)
{
	if (n == GAP_UNKNOWN)
		record_word(out, key, SPAN("-"));
	else
		record_word_u64(out, key, n);
}

void
gap_print(const struct gap *g, struct buf *out)
{
	record_word(out, "kind", span_str(gap_name(g->kind)));
	record_word(out, "stream", SPAN("-"));
	record_word(out, "listener", SPAN("-"));
	gap_word(out, "count", g->count);
	gap_word(out, "bytes", g->bytes);
	gap_word(out, "from", g->from);
	gap_word(out, "until", g->until);
}
