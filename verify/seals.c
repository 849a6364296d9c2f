/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "verify/match.h"
#include "verify/walk.h"

/*
 * Seals (s1) and epochs (k1): each seal names the checkpoint before it, so a
 * change is found at the first seal behind it, not only at the end of the log.
 */
#define SEAL_EARLY UINT64_C(5000000) /* before the seal before */
#define SEAL_BACK UINT64_C(1000000)  /* a step that needs no record */
#define SEAL_LATE UINT64_C(1000000)  /* after the seal behind */
#define EPOCH_MAX ((1u << 20) - 1)

static const uint8_t seal_none[SHA256_LEN];

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

struct walk_place
seals_changed(struct walk *w, uint64_t last, char path[FOLDER_PATH],
    char what[160])
{
	const struct walk_edge *e = &w->proved;
	struct walk_place at = { path, e->offset, e->size, e->time };
	size_t i = w->place;

	while (i > 0 && folder_first(&w->dir, i) > e->size)
		i--;
	folder_path(folder_first(&w->dir, i), folder_day(&w->dir, i), path);
	say_print(say2(last > e->size ? SAY_CHANGED : SAY_CHANGED_ONE, e->size,
		      last),
	    what, 160);
	return at;
}

/* No seal before it gives the checkpoint that this one names. */
static int
seal_foreign(struct walk *w)
{
	uint64_t end = w->n_seals > 0 ? w->seals[w->n_seals - 1].edge.size : 0;
	bool all = end <= w->proved.size; /* before the last seal is proved */
	uint64_t index = w->fact->index;
	char path[FOLDER_PATH], what[160];
	struct walk_place at =
	    seals_changed(w, all ? index : end - 1, path, what);

	return walk_wrong_at(w, at,
	    (struct say){ all ? SAY_SEAL_FOREIGN : SAY_SEAL_FOREIGN_OR, index,
		.s = what });
}

/*
 * The seal names the checkpoint of an earlier seal: that of the last, or, if
 * that one got none (signing failed, or a crash), that of one before it.
 */
static int
seal_previous(struct walk *w, const struct walk_seal *s)
{
	size_t i = w->n_seals;

	while (
	    i > 0 && memcmp(s->previous, w->seals[i - 1].hash, SHA256_LEN) != 0)
		i--;
	if (i > 0) {
		w->n_seals -= i - 1;
		memmove(w->seals, w->seals + i - 1,
		    w->n_seals * sizeof(w->seals[0]));
		w->signed_size = w->seals[0].edge.size;
		seals_proved(w, w->seals[0].edge);
		walk_chain(w,
		    "seal of record %" PRIu64
		    ": names the checkpoint of size %" PRIu64 "\n",
		    w->fact->index, w->signed_size);
		return 0;
	}
	/* Behind a hole, the seal before may have been in it. */
	if ((w->signed_size == 0 &&
		memcmp(s->previous, seal_none, SHA256_LEN) == 0) ||
	    (!w->have_seal && w->n_holes > 0))
		return 0;
	return seal_foreign(w);
}

/* Remember the checkpoint that this seal asks for. */
static void
seal_push(struct walk *w, uint64_t size, const uint8_t root[SHA256_LEN])
{
	size_t at = w->n_seals;

	if (at == WALK_SEALS) { /* [0] stays: it is known to be signed */
		at--;
		memmove(w->seals + 1, w->seals + 2,
		    (at - 1) * sizeof(w->seals[0]));
	} else
		w->n_seals++;
	w->seals[at].edge = (struct walk_edge){ size, UINT64_MAX, 0 };
	signed_head_hash(w->pin.key.name, size, root, w->seals[at].hash);
	anchors_stamped(w, size, w->seals[at].hash);
}

static int
seal_clock(struct walk *w, const struct walk_seal *s)
{
	struct walk_place at = walk_here(w);

	if (w->have_seal && strcmp(s->boot, w->seal.boot) == 0 &&
	    s->mono < w->seal.mono)
		return walk_wrong(w, say0(SAY_SEAL_MONO));
	if (w->stepped > 0 || w->times.low > w->times.high)
		return 0;
	if (w->have_seal && s->wall + SEAL_BACK < w->seal.wall)
		return walk_wrong(w, say0(SAY_SEAL_WALL));
	if (w->have_seal && w->times.low + SEAL_EARLY < w->seal.wall) {
		at.index = w->times.low_index;
		at.time = w->times.low;
		return walk_wrong_at(w, at, say0(SAY_RECORD_EARLY));
	}
	if (w->times.high > s->wall + SEAL_LATE) {
		at.index = w->times.high_index;
		at.time = w->times.high;
		return walk_wrong_at(w, at, say0(SAY_RECORD_LATE));
	}
	return 0;
}

static int
seal_epoch(struct walk *w, const struct walk_seal *s)
{
	/* Behind a hole, its k1 may have been in it. */
	if (!w->have_seal && w->n_holes > 0 &&
	    (!w->have_epoch || s->epoch > w->epoch.number) &&
	    epochs_find(w, s->epoch) != 0)
		return -1;
	if (!w->have_epoch || s->epoch != w->epoch.number)
		return walk_wrong(w, say1(SAY_SEAL_EPOCH, s->epoch));
	if (w->final_size != 0 && w->final_kept)
		return walk_wrong(w, say1(SAY_SEAL_FINAL, s->epoch));
	return 0;
}

/*
 * A seal behind the newest checkpoint names it, unless there was a newer one.
 * That one is gone: the file `checkpoint` was put back.
 */
static int
seal_behind(struct walk *w)
{
	struct walk_place at = walk_here(w);

	if (w->signed_size <= w->newest.size || heads_grew(w))
		return w->result->live ? -1 : 0;
	w->tail = false; /* this is certain */
	at.file = "checkpoint";
	at.offset = UINT64_MAX;
	return walk_wrong_at(w, at,
	    say2(SAY_SEAL_BEHIND, w->fact->index, w->signed_size));
}

static int
seal_parse(struct walk *w, struct walk_seal *s)
{
	struct match_words words = { w->fact->body, false };
	struct span boot = match_word(&words, "boot");

	memset(s, 0, sizeof(*s));
	s->wall = match_word_u64(&words, "wall", SCAN_RX_MAX);
	s->mono = match_word_u64(&words, "mono", UINT64_MAX);
	s->epoch = match_word_u64(&words, "epoch", EPOCH_MAX);
	s->final = match_word_u64(&words, "final", 1) == 1;
	match_word_hash(&words, "previous", s->previous);
	if (words.bad || boot.len >= sizeof(s->boot))
		return walk_wrong(w, say0(SAY_SYSTEM_BAD));
	memcpy(s->boot, boot.p, boot.len);
	return 0;
}

int
seals_take(struct walk *w)
{
	uint64_t size = w->fact->index + 1;
	uint8_t root[SHA256_LEN];
	struct walk_seal s;
	bool kept = false;

	if (seal_parse(w, &s) != 0 || seal_previous(w, &s) != 0 ||
	    (w->tail && seal_behind(w) != 0) || seal_epoch(w, &s) != 0 ||
	    seal_clock(w, &s) != 0)
		return -1;
	w->seal = s;
	merkle_root(&w->tree, root);
	seal_push(w, size, root);
	if (heads_check(w, size, root, &kept) != 0)
		return -1;
	if (s.final) {
		w->final_size = size;
		w->final_kept = kept;
	}
	w->have_seal = true;
	if (w->stepped > 0)
		w->stepped--;
	scan_times_init(&w->times);
	return 0;
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
	w->final_kept = false;
	w->stepped = 1;
	scan_times_init(&w->times);
	live_clear(&w->live);
	merkle_root(&w->tree, root);
	seal_push(w, w->index, root);
}

/* An epoch ends with a final seal whose checkpoint is kept. */
static int
epoch_ended(struct walk *w, const struct pin_epoch *e)
{
	struct walk_place at = walk_here(w);

	if (!w->have_epoch)
		return epochs_follow(w, e->number);
	if (e->number <= w->epoch.number)
		return walk_wrong(w,
		    say2(SAY_EPOCH_BACK, e->number, w->epoch.number));
	if (epochs_follow(w, e->number) != 0)
		return -1;
	if (!w->have_seal && w->n_holes > 0)
		return 0; /* it ended in the hole */
	if (w->final_size == 0)
		return walk_wrong(w, say1(SAY_EPOCH_UNENDED, w->epoch.number));
	if (!w->final_kept && !w->tail) {
		at.file = "checkpoints";
		at.index = w->final_size - 1;
		return walk_wrong_at(w, at,
		    say2(SAY_EPOCH_NOT_KEPT, w->epoch.number, w->final_size));
	}
	return 0;
}

int
seals_epoch(struct walk *w)
{
	struct match_words words = { w->fact->body, false };
	bool booted = w->booted;
	struct span key, path;
	struct pin_epoch e;

	memset(&e, 0, sizeof(e));
	e.number = match_word_u64(&words, "epoch", EPOCH_MAX);
	key = match_word(&words, "key");
	path = match_word(&words, "path");
	if (words.bad || !match(&key, "%b", e.key) || key.len != 0 ||
	    pin_path_parse(path, &e) != 0)
		return walk_wrong(w, say0(SAY_SYSTEM_BAD));
	w->booted = false;
	/* After a crash the k1 of the epoch that was open stands again. */
	if (booted && w->have_epoch && memcmp(&e, &w->epoch, sizeof(e)) == 0) {
		if (!w->final_kept)
			w->final_size = 0;
		return 0;
	}
	if (epoch_ended(w, &e) != 0)
		return -1;
	if (!pin_epoch_ok(&w->pin, &e))
		return walk_wrong(w, say1(SAY_EPOCH_KEY, e.number));
	if (epochs_take(w, &e) != 0)
		return -1;
	walk_chain(w, "epoch %" PRIu64 " begins at record %" PRIu64 "\n",
	    e.number, w->fact->index);
	w->epoch = e;
	w->have_epoch = true;
	w->final_size = 0;
	w->final_kept = false;
	return 0;
}
