/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/shed.h"

#include "evidence/record.h"

void
shed_add(struct shed *s, size_t len, uint64_t rx, uint64_t pos)
{
	if (s->count++ == 0) {
		s->from = rx;
		s->offset = pos;
	}
	s->until = rx;
	s->end = pos + len;
	s->bytes += len;
}

void
shed_frames(struct shed *s, struct framer *fr, struct span *p, uint64_t rx,
    uint64_t *pos)
{
	struct frame f;

	while (framer_next(fr, p->p, p->len, &f)) {
		shed_add(s, f.len, rx, *pos);
		*pos += f.len;
		*p = span_sub(*p, f.len, p->len);
	}
}

void
shed_tell(struct shed *s, enum gap_kind kind, struct loss *loss,
    struct intake *in, uint32_t stream, const char *peer)
{
	struct buf words;

	if (s->count == 0)
		return;
	buf_init(&words);
	record_word(&words, "listener", span_str(loss->listener));
	record_word_u64(&words, "count", s->count);
	record_word_u64(&words, "bytes", s->bytes);
	record_word_u64(&words, "from", s->from);
	record_word_u64(&words, "until", s->until);
	record_word(&words, "peer", span_str(peer));
	record_word_u64(&words, "offset", s->offset);
	record_word_u64(&words, "end", s->end);
	intake_gap(in, kind, loss->log, stream, s->until, buf_view(&words));
	loss->total[kind] += s->count;
	buf_fini(&words);
	*s = (struct shed){ 0 };
}
