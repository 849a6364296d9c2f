/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/loss.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/record.h"

#define EXTRA_MAX 2048u /* bytes of words about the last one */

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

static void
apart_free(struct loss_apart *a)
{
	size_t i;

	for (i = 0; a != NULL && i < LOSS_APART; i++) {
		buf_fini(&a->one[i].key);
		buf_fini(&a->one[i].sum.extra);
	}
	free(a);
}

void
loss_fini(struct loss *l)
{
	size_t i;

	for (i = 0; i < GAP_COUNT; i++)
		buf_fini(&l->sums[i].extra);
	apart_free(l->apart);
	l->apart = NULL;
}

static void
sum_add(struct loss_sum *s, uint64_t count, uint64_t bytes, uint64_t from,
    uint64_t until)
{
	if (s->count == 0 || from < s->from)
		s->from = from;
	if (until > s->until)
		s->until = until;
	s->count += count;
	s->bytes = gap_sum(s->bytes, bytes);
	s->extra.len = 0;
}

void
loss_add(struct loss *l, enum gap_kind kind, uint64_t count, uint64_t bytes,
    uint64_t from, uint64_t until, struct span extra)
{
	struct loss_sum *s = &l->sums[kind];

	sum_add(s, count, bytes, from, until);
	l->total[kind] += count;
	if (extra.len <= EXTRA_MAX)
		buf_span(&s->extra, extra);
}

/* --- single senders ----------------------------------------------------------
 */

static struct loss_apart *
apart_new(void)
{
	struct loss_apart *a = calloc(1, sizeof(*a));
	size_t i;

	for (i = 0; a != NULL && i < LOSS_APART; i++) {
		buf_init(&a->one[i].key);
		buf_init(&a->one[i].sum.extra);
	}
	return a;
}

/* The sum that is his own, or NULL: there is none left. */
static struct loss_sum *
find(struct loss *l, enum gap_kind kind, const struct loss_who *who)
{
	struct loss_one *o;
	struct buf key;
	size_t i;

	if (l->apart == NULL && (l->apart = apart_new()) == NULL)
		return NULL;
	buf_init(&key);
	buf_append(&key, who->address, strlen(who->address) + 1);
	buf_span(&key, who->words);
	for (i = 0; i < l->apart->n; i++) {
		o = &l->apart->one[i];
		if (o->kind == kind &&
		    span_eq(buf_view(&o->key), buf_view(&key)))
			break;
	}
	if (i == l->apart->n && i < LOSS_APART) {
		l->apart->n++;
		l->apart->one[i].kind = kind;
		l->apart->one[i].key.len = 0;
		buf_span(&l->apart->one[i].key, buf_view(&key));
	}
	buf_fini(&key);
	return i == LOSS_APART ? NULL : &l->apart->one[i].sum;
}

/* Whether no other address had that bit since the last g1: FNV-1a, folded. */
static bool
is_new(struct loss *l, enum gap_kind kind, const char *address)
{
	uint32_t h = UINT32_C(2166136261) ^ (uint32_t)kind;
	uint8_t *byte, bit;

	if (l->apart == NULL)
		return false;
	for (; *address != '\0'; address++)
		h = (h ^ (uint8_t)*address) * UINT32_C(16777619);
	h = (h ^ h >> 16) % LOSS_SENDERS;
	byte = &l->apart->others[h / 8];
	bit = (uint8_t)(1u << h % 8);
	if ((*byte & bit) != 0)
		return false;
	*byte |= bit;
	return true;
}

void
loss_add_one(struct loss *l, enum gap_kind kind, const struct loss_who *who,
    uint64_t bytes, uint64_t from, uint64_t until)
{
	struct loss_sum *s = find(l, kind, who);

	if (s == NULL) {
		s = &l->sums[kind];
		s->senders += is_new(l, kind, who->address);
	}
	sum_add(s, 1, bytes, from, until);
	l->total[kind]++;
	record_word(&s->extra, "peer", span_str(who->address));
	if (who->port != 0)
		record_word_u64(&s->extra, "port", who->port);
	if (who->words.len > 0 && who->words.len <= EXTRA_MAX) {
		buf_byte(&s->extra, ' ');
		buf_span(&s->extra, who->words);
	}
}

/* --- to tell -----------------------------------------------------------------
 */

static void
sum_tell(const struct loss *l, enum gap_kind kind, struct loss_sum *s,
    struct intake *in, uint64_t now)
{
	struct buf words;

	buf_init(&words);
	record_word(&words, "listener", span_str(l->listener));
	record_word_u64(&words, "count", s->count);
	gap_word(&words, "bytes", s->bytes);
	record_word_u64(&words, "from", s->from);
	record_word_u64(&words, "until", s->until);
	if (s->extra.len > 0)
		buf_byte(&words, ' ');
	buf_span(&words, buf_view(&s->extra));
	if (s->senders > 0)
		record_word_u64(&words, "senders", s->senders);
	intake_gap(in, kind, l->log, RINGMSG_NO_STREAM, now, buf_view(&words));
	s->count = s->bytes = s->from = s->until = s->senders = 0;
	s->extra.len = 0;
	buf_fini(&words);
}

bool
loss_told(const struct loss *l)
{
	size_t i;

	for (i = 0; i < GAP_COUNT; i++)
		if (l->sums[i].count != 0)
			return false;
	return l->apart == NULL || l->apart->n == 0;
}

/* All of them or none, or one would be apart here and there among others. */
static void
tell(struct loss *l, struct intake *in, uint64_t now, bool end)
{
	size_t i;

	if (loss_told(l) || (!end && !intake_drained(in)))
		return;
	for (i = 0; l->apart != NULL && i < l->apart->n; i++)
		sum_tell(l, l->apart->one[i].kind, &l->apart->one[i].sum, in,
		    now);
	for (i = 0; i < GAP_COUNT; i++)
		if (l->sums[i].count != 0)
			sum_tell(l, (enum gap_kind)i, &l->sums[i], in, now);
	if (l->apart != NULL) {
		l->apart->n = 0;
		memset(l->apart->others, 0, sizeof(l->apart->others));
	}
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
