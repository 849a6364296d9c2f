/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A sequence lock: the number is odd while rows are written, and whoever finds
 * it changed after reading reads again.  A writer that died in between leaves
 * it odd, until its successor has written.
 */
#include "collector/roster.h"

#include <string.h>

#define TRIES 1000

static void
put(_Atomic uint64_t out[ROSTER_WORDS], const struct roster_row *row)
{
	uint64_t word[ROSTER_WORDS];
	size_t i;

	memcpy(word, row, sizeof(word));
	for (i = 0; i < ROSTER_WORDS; i++)
		atomic_store_explicit(&out[i], word[i], memory_order_relaxed);
}

static void
row_make(struct roster_row *r, const struct talker *t, const struct site *site,
    uint64_t at)
{
	size_t i;

	memset(r, 0, sizeof(*r));
	memcpy(r->log, t->log, sizeof(t->log));
	memcpy(r->listener, t->listener, sizeof(t->listener));
	memcpy(r->transport, t->transport, sizeof(t->transport));
	memcpy(r->peer, t->peer, sizeof(t->peer));
	memcpy(r->name, t->name, sizeof(t->name));
	memcpy(r->why, t->why, sizeof(t->why));
	r->records = t->records;
	r->bytes = t->bytes;
	r->last = t->last;
	r->silent = talker_is_silent(t, site, at);
	for (i = 0; i < TALKER_LOSSES; i++)
		r->lost[i] = t->lost[i];
}

size_t
roster_show(struct roster *r, const struct talker *row, size_t n,
    const struct site *site, uint64_t at)
{
	uint64_t turn =
	    atomic_load_explicit(&r->turn, memory_order_relaxed) | 1;
	struct roster_row one;
	size_t i, shown = 0;
	int refused;

	atomic_store_explicit(&r->turn, turn, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	for (refused = 0; refused < 2; refused++)
		for (i = 0; i < n && shown < ROSTER_MAX; i++) {
			if (talker_is_refused(&row[i]) != (refused == 1))
				continue;
			row_make(&one, &row[i], site, at);
			put(r->row[shown++], &one);
		}
	atomic_store_explicit(&r->n, shown, memory_order_relaxed);
	atomic_store_explicit(&r->turn, turn + 1, memory_order_release);
	return shown;
}

/* 0, or -1: it was being written. */
static int
take(const struct roster *r, struct roster_copy *copy)
{
	uint64_t turn = atomic_load_explicit(&r->turn, memory_order_acquire);
	uint64_t n = atomic_load_explicit(&r->n, memory_order_relaxed);
	uint64_t word[ROSTER_WORDS];
	size_t i, k;

	if ((turn & 1) != 0)
		return -1;
	copy->n = n < ROSTER_MAX ? (size_t)n : ROSTER_MAX;
	for (i = 0; i < copy->n; i++) {
		for (k = 0; k < ROSTER_WORDS; k++)
			word[k] = atomic_load_explicit(&r->row[i][k],
			    memory_order_relaxed);
		memcpy(&copy->row[i], word, sizeof(word));
	}
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&r->turn, memory_order_relaxed) == turn
	    ? 0
	    : -1;
}

void
roster_read(const struct roster *r, struct roster_copy *copy)
{
	struct roster_row *row;
	int i;

	for (i = 0; i < TRIES && take(r, copy) != 0; i++)
		;
	if (i == TRIES)
		copy->n = 0;
	for (row = copy->row; row < copy->row + copy->n; row++) {
		row->log[sizeof(row->log) - 1] = '\0';
		row->listener[sizeof(row->listener) - 1] = '\0';
		row->transport[sizeof(row->transport) - 1] = '\0';
		row->peer[sizeof(row->peer) - 1] = '\0';
		row->name[sizeof(row->name) - 1] = '\0';
		row->why[sizeof(row->why) - 1] = '\0';
	}
}
