/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/loss.h"

#include <string.h>

#include "evidence/record.h"

#define EXTRA_MAX 1024u /* bytes of words about the last one */

void
loss_init(struct loss *l, const char *listener, size_t log)
{
	size_t i;

	memset(l, 0, sizeof(*l));
	l->listener = listener;
	l->log = log;
	for (i = 0; i < GAP_COUNT; i++)
		buf_init(&l->sums[i].extra);
}

void
loss_fini(struct loss *l)
{
	size_t i;

	for (i = 0; i < GAP_COUNT; i++)
		buf_fini(&l->sums[i].extra);
}

void
loss_add(struct loss *l, enum gap_kind kind, uint64_t count, uint64_t bytes,
    uint64_t from, uint64_t until, struct span extra)
{
	struct loss_sum *s = &l->sums[kind];

	if (s->count == 0 || from < s->from)
		s->from = from;
	if (until > s->until)
		s->until = until;
	s->count += count;
	l->total[kind] += count;
	s->bytes += bytes;
	s->extra.len = 0;
	if (extra.len <= EXTRA_MAX)
		buf_span(&s->extra, extra);
}

static void
tell(struct loss *l, struct intake *in, uint64_t now, bool end)
{
	struct loss_sum *s;
	struct buf words;
	size_t i;

	buf_init(&words);
	for (i = 0; i < GAP_COUNT; i++) {
		s = &l->sums[i];
		if (s->count == 0 || (!end && !intake_drained(in)))
			continue;
		words.len = 0;
		record_word(&words, "listener", span_str(l->listener));
		record_word_u64(&words, "count", s->count);
		record_word_u64(&words, "bytes", s->bytes);
		record_word_u64(&words, "from", s->from);
		record_word_u64(&words, "until", s->until);
		if (s->extra.len > 0)
			buf_byte(&words, ' ');
		buf_span(&words, buf_view(&s->extra));
		intake_gap(in, (enum gap_kind)i, l->log, RINGMSG_NO_STREAM, now,
		    buf_view(&words));
		s->count = s->bytes = s->from = s->until = 0;
		s->extra.len = 0;
	}
	buf_fini(&words);
}

void
loss_tell(struct loss *l, struct intake *in, uint64_t now)
{
	tell(l, in, now, false);
}

void
loss_finish(struct loss *l, struct intake *in, uint64_t now)
{
	tell(l, in, now, true);
}
