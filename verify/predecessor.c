/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "verify/walk.h"

/*
 * The file `predecessor` (FORMAT.md, 14) says which log this one follows, and
 * why.  It counts for nothing unless the log's first b1 record says the same;
 * behind a hole, that one may have been in it.
 */
void
predecessor_check(struct walk *w)
{
	struct match_words b1 = walk_words(w), found;
	uint8_t root[SHA256_LEN], same[SHA256_LEN];
	struct span in, origin, why, text;
	uint64_t uid, at, size;
	bool good;

	if (w->started || folder_lacks(&w->dir, "predecessor"))
		return;
	w->started = true;
	in = walk_read(w, &w->dir, "predecessor", w->bytes, PIN_MAX);
	good = match(&in,
		   "ev1 predecessor\norigin %o\nwhy %s\nuid %u\nat %u\n"
		   "size %u\nroot %x\nfound=%s\n",
		   &origin, &why, &uid, &at, &size, root, &text) &&
	    in.len == 0 && uid <= UINT32_MAX && at <= SCAN_RX_MAX &&
	    size <= MERKLE_SIZE_MAX &&
	    (span_is(why, "break") || span_is(why, "renewal") ||
		span_is(why, "rekey"));
	if (good) { /* a word as those of records are */
		found.body = span_make(text.p - strlen("found="),
		    text.len + strlen("found="));
		found.bad = false;
		good = match_word(&found, "found").len == text.len;
	}
	if (good && w->n_holes == 0) {
		match_word_hash(&b1, "root", same);
		good = span_eq(match_word(&b1, "successor"), origin) &&
		    span_eq(match_word(&b1, "why"), why) &&
		    match_word_u64(&b1, "size", MERKLE_SIZE_MAX) == size &&
		    memcmp(root, same, SHA256_LEN) == 0 && !b1.bad;
	}
	if (!good)
		walk_wrong_at(w, walk_at(w, "predecessor", w->fact->index),
		    say0(SAY_PREDECESSOR));
}
