/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify/walk.h"

#define DAY UINT64_C(86400000000) /* usec */

bool
holes_take(struct walk *w)
{
	const struct verify_result *r = w->result;
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
	if ((w->n_holes & (w->n_holes - 1)) == 0 && /* the array doubles */
	    (w->holes = realloc(w->holes,
		 2 * (w->n_holes + 1) * sizeof(*w->holes))) == NULL)
		abort();
	h = &w->holes[w->n_holes++];
	memset(h, 0, sizeof(*h));
	h->before.size = r->size;
	h->before.sealed_time = r->sealed_time;
	h->before.epoch = r->epoch;
	memcpy(h->before.root, r->root, SHA256_LEN);
	h->segment = w->number++;
	h->gone.first = m.range.begin;
	h->gone.last = m.range.end - 1;
	sha256(in, w->manifest);
	memcpy(h->manifest, w->manifest, SHA256_LEN);
	w->index = m.range.end;
	w->last_time = m.time_high;
	seals_loose(w);
	heads_check(w, w->index, NULL);
	walk_chain(w, "segment %" PRIu64 " is not here\n", m.segment);
	return true;
}

void
holes_deleted(struct walk *w)
{
	struct match_words words = walk_words(w);
	uint64_t segment = match_word_u64(&words, "segment", UINT64_MAX);
	uint64_t first = match_word_u64(&words, "first", UINT64_MAX);
	uint64_t last = match_word_u64(&words, "last", UINT64_MAX);
	struct span basis = match_word(&words, "basis");
	uint64_t time = w->fact->time;
	uint8_t manifest[SHA256_LEN];

	match_word_hash(&words, "manifest", manifest);
	if (match_word_has(&words, "since")) /* said again, later */
		time = match_word_u64(&words, "since", SCAN_RX_MAX);
	for (size_t i = 0; i < w->n_holes && !words.bad && !w->tail; i++) {
		struct walk_hole *h = &w->holes[i];

		if (h->segment != segment || h->gone.first != first ||
		    h->gone.last != last || h->deleted ||
		    memcmp(h->manifest, manifest, SHA256_LEN) != 0)
			continue;
		h->deleted = true;
		h->gone.time = time;
		match_unescape(basis, h->gone.basis, sizeof(h->gone.basis));
	}
}

/* One run with the last, if it was deleted on the same day for the same reason.
 */
static void
report(struct verify_result *r, const struct verify_deleted *gone)
{
	struct verify_deleted *next = &r->deleted[r->n_deleted];

	r->deleted_records += gone->last - gone->first + 1;
	if (r->n_deleted > 0 && next[-1].last + 1 == gone->first &&
	    next[-1].time / DAY == gone->time / DAY &&
	    strcmp(next[-1].basis, gone->basis) == 0)
		next[-1].last = gone->last;
	else if (r->n_deleted < VERIFY_DELETED_MAX)
		r->deleted[r->n_deleted++] = *gone;
}

void
holes_end(struct walk *w)
{
	struct verify_result *r = w->result;

	for (size_t i = 0; i < w->n_holes; i++) {
		const struct walk_hole *h = &w->holes[i];

		if (h->deleted) {
			report(r, &h->gone);
			continue;
		}
		/* complete up to there at best */
		r->size = h->before.size;
		r->sealed_time = h->before.sealed_time;
		r->epoch = h->before.epoch;
		memcpy(r->root, h->before.root, SHA256_LEN);
		walk_wrong_at(w,
		    (struct walk_place){ "segments", UINT64_MAX, h->gone.first,
			0 },
		    say1(SAY_SEGMENT_MISSING, h->gone.first));
	}
}
