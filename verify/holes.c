/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify/walk.h"

bool
holes_take(struct walk *w)
{
	struct pin_manifest m;
	struct walk_hole *h;
	char path[48];
	struct span in;

	if (!folder_has(&w->dir.manifests, w->number))
		return false;
	snprintf(path, sizeof(path), "manifests/%012" PRIu64, w->number);
	in = walk_read(w, &w->dir, path, w->bytes, PIN_MANIFEST_MAX);
	if (pin_manifest_parse(in, &m) != 0 ||
	    strcmp(m.origin, w->pin.key.name) != 0 || m.segment != w->number ||
	    m.range.begin != w->index ||
	    memcmp(m.previous, w->manifest, SHA256_LEN) != 0 ||
	    merkle_merge(&w->tree, &m.range) != 0)
		walk_wrong_at(w, walk_file(path), say0(SAY_MANIFEST_BAD));
	if (w->n_holes == WALK_HOLES)
		walk_refuse(w, path, say0(SAY_BAG_MANY));
	if ((w->n_holes & (w->n_holes - 1)) == 0 && /* the array doubles */
	    (w->holes = realloc(w->holes,
		 2 * (w->n_holes + 1) * sizeof(*w->holes))) == NULL)
		abort();
	h = &w->holes[w->n_holes++];
	*h = (struct walk_hole){ .first = m.range.begin,
		.last = m.range.end - 1,
		.sealed_time = w->result->sealed_time,
		.segment = (uint32_t)w->number };
	sha256(in, w->manifest);
	memcpy(h->manifest, w->manifest, SHA256_LEN);
	w->index = m.range.end;
	w->last_time = m.time_high;
	seals_loose(w);
	heads_check(w, w->index, NULL);
	walk_chain(w, "segment %" PRIu64 " is not here\n", m.segment);
	package_proof(w, w->place);
	w->number++;
	return true;
}

static int
by_segment(const void *a, const void *b)
{
	uint32_t x = ((const struct walk_hole *)a)->segment;
	uint32_t y = ((const struct walk_hole *)b)->segment;

	return (x > y) - (x < y);
}

void
holes_deleted(struct walk *w)
{
	struct match_words words = walk_words(w);
	uint64_t segment = match_word_u64(&words, "segment", UINT32_MAX);
	uint64_t first = match_word_u64(&words, "first", UINT64_MAX);
	uint64_t last = match_word_u64(&words, "last", UINT64_MAX);
	struct span basis = match_word(&words, "basis");
	struct walk_hole key = { .segment = (uint32_t)segment }, *h;
	struct verify_deleted *why = w->reasons;
	char text[VERIFY_BASIS];
	uint64_t time = w->fact->time;
	uint8_t manifest[SHA256_LEN];

	match_word_hash(&words, "manifest", manifest);
	if (match_word_has(&words, "since")) /* said again, later */
		time = match_word_u64(&words, "since", SCAN_RX_MAX);
	if (words.bad || w->tail || w->n_holes == 0 ||
	    (h = bsearch(&key, w->holes, w->n_holes, sizeof(key),
		 by_segment)) == NULL ||
	    h->first != first || h->last != last || h->deleted ||
	    memcmp(h->manifest, manifest, SHA256_LEN) != 0)
		return;
	match_unescape(basis, text, sizeof(text));
	while (why < w->reasons + w->n_reasons &&
	    (why->time / WALK_DAY != time / WALK_DAY ||
		strcmp(why->basis, text) != 0))
		why++;
	h->deleted = true;
	h->reason = (uint8_t)(why - w->reasons);
	if (h->reason < w->n_reasons || h->reason == VERIFY_DELETED_MAX)
		return;
	w->n_reasons++;
	why->time = time;
	memcpy(why->basis, text, sizeof(text));
}

/* One run with the last, if it was deleted on the same day for the same reason.
 */
static void
report(struct verify_result *r, const struct walk_hole *h,
    const struct verify_deleted *why)
{
	struct verify_deleted *next = &r->deleted[r->n_deleted];

	r->deleted_records += h->last - h->first + 1;
	if (r->n_deleted > 0 && next[-1].last + 1 == h->first &&
	    next[-1].time / WALK_DAY == why->time / WALK_DAY &&
	    strcmp(next[-1].basis, why->basis) == 0)
		next[-1].last = h->last;
	else if (r->n_deleted < VERIFY_DELETED_MAX) {
		r->n_deleted++;
		*next = *why;
		next->first = h->first;
		next->last = h->last;
	}
}

/* What is proved ends at the last kept checkpoint that is not above size. */
static void
prove_less(struct walk *w, uint64_t size, uint64_t sealed_time)
{
	const struct folder_list *l = &w->dir.checkpoints;
	struct verify_result *r = w->result;
	struct signed_head h = { 0 };
	struct signed_note n;
	char path[48];

	while (w->kept > 0 && l->v[w->kept - 1] > size)
		w->kept--;
	if (w->kept > 0) {
		snprintf(path, sizeof(path), "checkpoints/%012" PRIu64,
		    l->v[w->kept - 1]);
		(void)signed_head_read(walk_read(w, &w->dir, path, w->bytes,
					   SIGNED_MAX),
		    &n, &h);
	}
	r->size = h.size;
	r->epoch = h.epoch;
	memcpy(r->root, h.root, SHA256_LEN);
	r->sealed_time = sealed_time;
}

bool
holes_promise(struct walk *w, uint64_t segment)
{
	struct walk_hole key = { .segment = (uint32_t)segment }, *h = NULL;

	if (w->n_holes > 0 && segment <= UINT32_MAX)
		h = bsearch(&key, w->holes, w->n_holes, sizeof(key),
		    by_segment);
	return h != NULL && (h->promised = true);
}

uint64_t
holes_of_package(struct walk *w)
{
	const struct verify_result *r = w->result;
	uint64_t lacking = 0;

	for (size_t i = 0; i < w->n_holes; i++) {
		const struct walk_hole *h = &w->holes[i];
		bool asked = h->promised ||
		    (r->package[0] == 'w' && h->first >= r->first &&
			h->last <= r->last);

		if (asked && h->deleted)
			report(w->result, h, &w->reasons[h->reason]);
		else if (asked)
			lacking += h->last - h->first + 1;
	}
	return lacking;
}

void
holes_end(struct walk *w)
{
	for (size_t i = 0; i < w->n_holes; i++) {
		const struct walk_hole *h = &w->holes[i];

		if (h->deleted) {
			report(w->result, h, &w->reasons[h->reason]);
			continue;
		}
		/* complete up to there at best */
		prove_less(w, h->first, h->sealed_time);
		walk_fault(w, w->cut ? VERIFY_INCOMPLETE : VERIFY_TAMPERED,
		    (struct walk_place){ "segments", UINT64_MAX, h->first, 0 },
		    say1(w->cut ? SAY_COPY_HOLE : SAY_SEGMENT_MISSING,
			h->first));
	}
}
