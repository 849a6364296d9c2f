/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "verify/walk.h"

/*
 * Seals (s1) and epochs (k1): each seal names the checkpoint before it, so a
 * change is found at the first seal behind it, not only at the end of the log.
 */
#define SEAL_EARLY UINT64_C(5000000) /* before the seal before */
#define SEAL_STEP UINT64_C(1000000)  /* back, or after the seal behind */

void
seals_proved(struct walk *w, struct walk_edge edge)
{
	if (edge.size > w->proved.size)
		w->proved = edge;
}

void
seals_edge(struct walk *w)
{
	struct walk_edge e = { 0, w->times.first_offset, w->times.first };

	if (w->times.low > w->times.high)
		return;
	if (w->n_seals > 0) {
		e.size = w->seals[w->n_seals - 1].edge.size;
		w->seals[w->n_seals - 1].edge = e;
	}
	if (w->proved.size == e.size)
		w->proved = e;
}

void
seals_changed(struct walk *w, uint64_t last, struct say known,
    enum say_what instead)
{
	const struct walk_edge *e = &w->proved;
	struct say what =
	    say2(last > e->size ? SAY_CHANGED : SAY_CHANGED_ONE, e->size, last);
	char path[FOLDER_PATH], how[128], records[128], text[256];
	size_t i = w->place;

	while (i > 0 && folder_first(&w->dir, i) > e->size)
		i--;
	walk_path(w, i, path);
	say_print(known, how, sizeof(how));
	say_print(what, records, sizeof(records));
	snprintf(text, sizeof(text), "%s%s%s", how, records, say_text(instead));
	walk_wrong_at(w,
	    (struct walk_place){ path, e->offset, e->size, e->time },
	    (struct say){ SAY_ERROR, .s = text });
}

/*
 * The seal names the checkpoint of an earlier seal: that of the last, or, if
 * that one got none (signing failed, or a crash), that of one before it.
 */
static void
seal_previous(struct walk *w, const struct walk_seal *s)
{
	static const uint8_t none[SHA256_LEN];
	size_t i = w->n_seals;
	uint64_t end = i > 0 ? w->seals[i - 1].edge.size : 0;
	bool first =
	    w->signed_size == 0 && memcmp(s->previous, none, SHA256_LEN) == 0;
	bool hidden = !w->have_seal && w->n_holes > 0; /* it was in a hole */

	while (
	    i > 0 && memcmp(s->previous, w->seals[i - 1].hash, SHA256_LEN) != 0)
		i--;
	if (i == 0 && !first && !hidden) {
		struct say foreign = say1(SAY_SEAL_FOREIGN, w->fact->index);

		if (end <= w->proved.size) /* the seal before is proved */
			seals_changed(w, w->fact->index, foreign, SAY_NONE);
		seals_changed(w, end - 1, foreign, SAY_SEAL_FOREIGN_OR);
	}
	if (i == 0)
		return;
	w->n_seals -= i - 1;
	memmove(w->seals, w->seals + i - 1, w->n_seals * sizeof(w->seals[0]));
	w->signed_size = w->seals[0].edge.size;
	seals_proved(w, w->seals[0].edge);
	walk_chain(w,
	    "seal of record %" PRIu64 ": names the checkpoint of size %" PRIu64
	    "\n",
	    w->fact->index, w->signed_size);
}

/* Remember the checkpoint that this seal asks for. */
static void
seal_push(struct walk *w, uint64_t size, const uint8_t root[SHA256_LEN])
{
	if (w->n_seals == WALK_SEALS) /* [0] stays: it is known to be signed */
		memmove(w->seals + 1, w->seals + 2,
		    (--w->n_seals - 1) * sizeof(w->seals[0]));
	w->seals[w->n_seals].edge = (struct walk_edge){ size, UINT64_MAX, 0 };
	signed_head_hash(w->pin.key.name, size, root,
	    w->seals[w->n_seals].hash);
	anchors_stamped(w, size, w->seals[w->n_seals++].hash);
}

static void
seal_clock(struct walk *w, const struct walk_seal *s)
{
	const struct scan_times *t = &w->times;
	struct walk_place low = walk_here(w), high = low;

	walk_must(w,
	    !w->have_seal || strcmp(s->boot, w->seal.boot) != 0 ||
		s->mono >= w->seal.mono,
	    say0(SAY_SEAL_MONO));
	if (w->stepped > 0 || t->low > t->high)
		return;
	walk_must(w, !w->have_seal || s->wall + SEAL_STEP >= w->seal.wall,
	    say0(SAY_SEAL_WALL));
	low.index = t->low_index, low.time = t->low;
	high.index = t->high_index, high.time = t->high;
	if (w->have_seal && t->low < w->late &&
	    t->low + SEAL_EARLY < w->seal.wall)
		walk_wrong_at(w, low, say0(SAY_RECORD_EARLY));
	if (t->high > s->wall + SEAL_STEP)
		walk_wrong_at(w, high, say0(SAY_RECORD_LATE));
}

/*
 * The next line of `epochs`, which is read along, for both rise; false at the
 * end.  A line is written before its k1, which a crash may prevent: a line
 * without k1 is fine, a k1 without line is not.  last: nothing needs it, so it
 * may be torn.
 */
static bool
next_line(struct walk *w, struct pin_epoch *e, bool last)
{
	char line[PIN_LINE_MAX];

	if (w->epochs == NULL || fgets(line, sizeof(line), w->epochs) == NULL)
		return false;
	if (last && feof(w->epochs)) {
		w->tail = true;
		walk_lacks(w, walk_file("epochs"), say0(SAY_EPOCHS_TORN));
		return false;
	}
	if (pin_epoch_parse(span_str(line), e) != 0 ||
	    !pin_epoch_ok(&w->pin, e))
		walk_wrong_at(w, walk_file("epochs"), say0(SAY_EPOCHS_LINE));
	return true;
}

void
seals_find(struct walk *w, uint64_t number)
{
	uint64_t want = w->have_epoch ? w->epoch.number + 1 : 0;
	struct pin_epoch line = { 0 };

	if (w->have_epoch && w->epoch.number == number)
		return;
	/*
	 * Whoever takes the machine over has the key of the open epoch and
	 * could write all of the past anew in its name, if the epochs before it
	 * might be passed over.  In a package they may: it has some of a log's
	 * checkpoints.
	 */
	walk_must(w, number <= want || w->result->package[0] != '\0' || w->cut,
	    say2(SAY_EPOCH_SKIPPED, number, want));
	while (next_line(w, &line, false) && line.number < number)
		;
	if (line.number != number || line.height == 0)
		walk_wrong_at(w, walk_at(w, "epochs", w->fact->index),
		    say1(SAY_EPOCHS_MISSING, number));
	w->epoch = line;
	w->have_epoch = true;
}

static void
seal_parse(struct walk *w, struct walk_seal *s)
{
	struct match_words words = walk_words(w);
	struct span boot = match_word(&words, "boot");

	memset(s, 0, sizeof(*s));
	s->wall = match_word_u64(&words, "wall", SCAN_RX_MAX);
	s->mono = match_word_u64(&words, "mono", UINT64_MAX);
	s->epoch = match_word_u64(&words, "epoch", SIGNED_EPOCH_MAX);
	s->final = match_word_u64(&words, "final", 1) == 1;
	match_word_hash(&words, "previous", s->previous);
	words.bad = words.bad || boot.len >= sizeof(s->boot);
	walk_must(w, !words.bad, say0(SAY_SYSTEM_BAD));
	memcpy(s->boot, boot.p, boot.len);
}

void
seals_take(struct walk *w)
{
	uint64_t size = w->fact->index + 1;
	uint8_t root[SHA256_LEN];
	struct walk_seal s;
	bool kept;

	seal_parse(w, &s);
	s.size = size;
	seal_previous(w, &s);
	/* Behind the newest checkpoint it names that one or an older, or there
	 * was a newer one: then the file `checkpoint` was put back, unless it
	 * was copied before the segment. */
	if (w->tail && w->signed_size > w->newest.size && !w->copy &&
	    !heads_grew(w)) {
		w->tail = false; /* this is certain */
		walk_wrong_at(w, walk_at(w, "checkpoint", w->fact->index),
		    say2(SAY_SEAL_BEHIND, w->fact->index, w->signed_size));
	}
	/* Behind a hole, its k1 may have been in it. */
	if (!w->have_seal && w->n_holes > 0 &&
	    (!w->have_epoch || s.epoch > w->epoch.number))
		seals_find(w, s.epoch);
	walk_must(w, w->have_epoch && s.epoch == w->epoch.number,
	    say1(SAY_SEAL_EPOCH, s.epoch));
	walk_must(w, w->final_size == 0 || !w->final_kept,
	    say1(SAY_SEAL_FINAL, s.epoch));
	seal_clock(w, &s);
	w->seal = s;
	w->have_seal = true;
	merkle_root(&w->tree, root);
	seal_push(w, size, root);
	kept = heads_check(w, size, root);
	if (s.final) {
		w->final_size = size;
		w->final_kept = kept;
	}
	w->stepped -= w->stepped > 0;
	w->late = UINT64_MAX;
	scan_times_init(&w->times);
}

/*
 * What stood in the hole is known by its manifest's hashes only; the
 * checkpoint at its end must be that of its last seal.
 */
void
seals_loose(struct walk *w)
{
	uint8_t root[SHA256_LEN];

	w->loose = w->booted = true;
	w->have_seal = false;
	w->n_seals = 0;
	w->final_size = 0;
	w->stepped = 1;
	scan_times_init(&w->times);
	live_clear(&w->live);
	merkle_root(&w->tree, root);
	seal_push(w, w->index, root);
}

void
seals_epoch(struct walk *w)
{
	struct match_words words = walk_words(w);
	uint64_t open = w->epoch.number;
	bool booted = w->booted;
	struct span key, path;
	struct pin_epoch e;

	memset(&e, 0, sizeof(e));
	e.number = match_word_u64(&words, "epoch", SIGNED_EPOCH_MAX);
	key = match_word(&words, "key");
	path = match_word(&words, "path");
	words.bad = words.bad || !match(&key, "%b", e.key) || key.len != 0 ||
	    pin_path_parse(path, &e) != 0;
	walk_must(w, !words.bad, say0(SAY_SYSTEM_BAD));
	w->booted = false;
	/* After a crash the k1 of the epoch that was open stands again. */
	if (booted && w->have_epoch && memcmp(&e, &w->epoch, sizeof(e)) == 0) {
		if (!w->final_kept)
			w->final_size = 0;
		return;
	}
	walk_must(w, !w->have_epoch || e.number > open,
	    say2(SAY_EPOCH_BACK, e.number, open));
	/* It ends with a final seal whose checkpoint is kept, or in a hole. */
	if (w->have_epoch && (w->have_seal || w->n_holes == 0)) {
		walk_must(w, w->final_size != 0, say1(SAY_EPOCH_UNENDED, open));
		if (!w->final_kept && !w->tail)
			walk_wrong_at(w,
			    walk_at(w, "checkpoints", w->final_size - 1),
			    say2(SAY_EPOCH_NOT_KEPT, open, w->final_size));
	}
	walk_must(w, pin_epoch_ok(&w->pin, &e), say1(SAY_EPOCH_KEY, e.number));
	seals_find(w, e.number); /* R has one key and path of a number */
	walk_chain(w, "epoch %" PRIu64 " begins at record %" PRIu64 "\n",
	    e.number, w->fact->index);
	w->final_size = 0;
}

void
seals_end(struct walk *w)
{
	struct pin_epoch e, last = w->epoch;

	/* A package has whole lines (FORMAT.md, 12). */
	for (; next_line(w, &e, w->package_size == 0); last = e)
		if (w->have_epoch && e.number <= last.number)
			walk_wrong_at(w, walk_file("epochs"),
			    say1(SAY_EPOCHS_ORDER, e.number));
}
