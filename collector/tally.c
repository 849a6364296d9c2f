/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utc.h"
#include "evidence/record.h"

#define AGAIN (TALLY_AGAIN * (uint64_t)UTC_SECOND)

void
tally_init(struct tally *t, const char *listener, size_t log)
{
	memset(t, 0, sizeof(*t));
	t->listener = listener;
	t->log = log;
}

void
tally_fini(struct tally *t)
{
	free(t->rows);
	t->rows = NULL;
	t->n = 0;
}

/* FNV-1a: only to pass over other rows quickly. */
static uint32_t
hash(const char *s)
{
	uint32_t h = UINT32_C(2166136261);

	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * UINT32_C(16777619);
	return h;
}

static bool
row_is(const struct tally_row *r, enum gap_kind kind, const char *peer,
    uint32_t h)
{
	return r->hash == h && r->kind == kind && strcmp(r->peer, peer) == 0;
}

/* A row for a new address: a fresh one, or one that had its say. */
static struct tally_row *
row_new(struct tally *t, enum gap_kind kind, uint64_t now)
{
	size_t i;

	if (t->rows == NULL)
		t->rows = calloc(TALLY_MAX, sizeof(*t->rows));
	if (t->rows == NULL)
		return &t->others[kind];
	if (t->n < TALLY_MAX)
		return &t->rows[t->n++];
	for (i = 0; i < TALLY_MAX; i++)
		if (t->rows[i].count == 0 && now >= t->rows[i].told + AGAIN)
			return &t->rows[i];
	return &t->others[kind];
}

static struct tally_row *
row_find(struct tally *t, enum gap_kind kind, const char *peer, uint64_t now)
{
	uint32_t h = hash(peer);
	struct tally_row *r;
	size_t i;

	if (t->last < t->n && row_is(&t->rows[t->last], kind, peer, h))
		return &t->rows[t->last];
	for (i = 0; i < t->n; i++)
		if (row_is(&t->rows[i], kind, peer, h)) {
			t->last = i;
			return &t->rows[i];
		}
	r = row_new(t, kind, now);
	if (r == &t->others[kind]) {
		r->kind = kind;
		return r;
	}
	*r = (struct tally_row){ .hash = h, .kind = kind };
	snprintf(r->peer, sizeof(r->peer), "%s", peer);
	t->last = (size_t)(r - t->rows);
	return r;
}

void
tally_add(struct tally *t, enum gap_kind kind, const char *peer, uint64_t bytes,
    uint64_t now)
{
	struct tally_row *r = row_find(t, kind, peer, now);

	t->total[kind]++;
	if (r->count++ == 0)
		r->from = now;
	r->until = now;
	r->bytes = gap_sum(r->bytes, bytes);
}

static void
row_tell(const struct tally *t, struct tally_row *r, struct intake *in,
    uint64_t now, bool end)
{
	struct buf words;

	if (r->count == 0 || (!end && !intake_drained(in)) ||
	    (!end && r->told != 0 && now >= r->told && now < r->told + AGAIN))
		return;
	buf_init(&words);
	record_word(&words, "listener", span_str(t->listener));
	record_word_u64(&words, "count", r->count);
	gap_word(&words, "bytes", r->bytes);
	record_word_u64(&words, "from", r->from);
	record_word_u64(&words, "until", r->until);
	record_word(&words, "peer",
	    r->peer[0] == '\0' ? SPAN("-") : span_str(r->peer));
	intake_gap(in, r->kind, t->log, RINGMSG_NO_STREAM, now,
	    buf_view(&words));
	buf_fini(&words);
	r->count = r->bytes = 0;
	r->told = now;
}

void
tally_tell(struct tally *t, struct intake *in, uint64_t now, bool end)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		row_tell(t, &t->rows[i], in, now, end);
	for (i = 0; i < GAP_COUNT; i++)
		row_tell(t, &t->others[i], in, now, end);
}
