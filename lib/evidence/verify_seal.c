/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "evidence/verify_priv.h"

/*
 * Seals (s1) and epochs (k1): each seal names the checkpoint before it, so a
 * change is found at the first seal behind it, not only at the end of the log.
 */
#define SEAL_EARLY ((uint64_t)(5 * UTC_SECOND)) /* before the seal before */
#define SEAL_BACK ((uint64_t)UTC_SECOND) /* a step that needs no record */
#define SEAL_LATE ((uint64_t)UTC_SECOND) /* after the seal behind */

static const uint8_t seal_none[SHA256_LEN];

void
verify_proved(struct verify *v, struct verify_edge edge)
{
	if (edge.size > v->proved.size)
		v->proved = edge;
}

void
verify_edge(struct verify *v)
{
	struct verify_edge e = { 0, v->times.first_offset, v->times.first };

	if (v->times.low > v->times.high)
		return;
	if (v->n_seals > 0) {
		e.size = v->seals[v->n_seals - 1].edge.size;
		v->seals[v->n_seals - 1].edge = e;
	}
	if (v->proved.size == e.size)
		v->proved = e;
}

struct verify_place
verify_changed(struct verify *v, uint64_t last, struct verify_changed *c)
{
	const struct verify_edge *e = &v->proved;
	struct verify_place at = { c->file, e->offset, e->size, e->time };
	size_t i = v->segment;

	while (i > 0 && v->dir.segments[i].first > e->size)
		i--;
	logdir_path(&v->dir, i, c->file);
	if (last > e->size)
		snprintf(c->what, sizeof(c->what),
		    tr("one of the records %" PRIu64 " to %" PRIu64
		       " was changed",
			"記録%" PRIu64 "〜%" PRIu64
			"のいずれかが変更されています"),
		    e->size, last);
	else
		snprintf(c->what, sizeof(c->what),
		    tr("record %" PRIu64 " was changed",
			"記録%" PRIu64 "が変更されています"),
		    e->size);
	return at;
}

/* No seal before it gives the checkpoint that this one names. */
static int
seal_foreign(struct verify *v, const struct verify_event *e)
{
	uint64_t end = v->n_seals > 0 ? v->seals[v->n_seals - 1].edge.size : 0;
	struct verify_changed c;
	struct verify_place at;

	if (end <= v->proved.size) { /* all before the last seal is proved */
		at = verify_changed(v, e->index, &c);
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the seal of record %" PRIu64
		       " names another checkpoint before it: %s",
			"記録%" PRIu64
			"の封印が直前のチェックポイントと一致しません。%s"),
		    e->index, c.what);
	}
	at = verify_changed(v, end - 1, &c);
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("the seal of record %" PRIu64
	       " names another checkpoint before it: %s, or that seal",
		"記録%" PRIu64 "の封印が直前のチェックポイントと一致しません。"
		"%s(または封印の記録自体)"),
	    e->index, c.what);
}

/*
 * The seal names the checkpoint of an earlier seal: that of the last, or, if
 * that one got none (signing failed, or a crash), that of one before it.
 */
static int
seal_previous(struct verify *v, const struct verify_event *e)
{
	const uint8_t *previous = e->u.seal.previous;
	size_t i = v->n_seals;

	while (i > 0 && memcmp(previous, v->seals[i - 1].hash, SHA256_LEN) != 0)
		i--;
	if (i > 0) {
		v->n_seals -= i - 1;
		memmove(v->seals, v->seals + i - 1,
		    v->n_seals * sizeof(v->seals[0]));
		v->signed_size = v->seals[0].edge.size;
		verify_proved(v, v->seals[0].edge);
		v->unknown.seals = false;
		return 0;
	}
	if (v->unknown.seals) { /* it names one that is gone */
		v->unknown.seals = false;
		return 0;
	}
	if (v->signed_size == 0 && memcmp(previous, seal_none, SHA256_LEN) == 0)
		return 0;
	return seal_foreign(v, e);
}

void
verify_seal_push(struct verify *v, uint64_t size,
    const uint8_t root[SHA256_LEN])
{
	struct checkpoint c = { .origin = span_str(v->log.key.name),
		.size = size };
	size_t at = v->n_seals;

	if (at == VERIFY_SEALS) { /* [0] stays: it is known to be signed */
		at--;
		memmove(v->seals + 1, v->seals + 2,
		    (at - 1) * sizeof(v->seals[0]));
	} else
		v->n_seals++;
	memcpy(c.root, root, SHA256_LEN);
	v->seals[at].edge = (struct verify_edge){ size, UINT64_MAX, 0 };
	checkpoint_hash(&c, v->seals[at].hash);
}

static int
seal_clock(struct verify *v, const struct verify_event *e)
{
	const struct verify_seal *s = &e->u.seal;
	struct verify_place at = verify_at(v, e);

	if (v->have_seal && strcmp(s->boot, v->seal.boot) == 0 &&
	    s->mono < v->seal.mono)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the boot clock goes back from seal to seal",
			"封印の起動時計が逆行しています"));
	if (v->stepped > 0 || v->times.low > v->times.high)
		return 0;
	if (v->have_seal && s->wall + SEAL_BACK < v->seal.wall)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the wall clock goes back from seal to seal, and no "
		       "record says why",
			"封印の時刻が逆行していますが、理由の記録がありませ"
			"ん"));
	if (v->have_seal && v->times.low + SEAL_EARLY < v->seal.wall) {
		at.index = v->times.low_index;
		at.time = v->times.low;
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the record's time lies before the seal before it",
			"記録の受信時刻が直前の封印より前です"));
	}
	if (v->times.high > s->wall + SEAL_LATE) {
		at.index = v->times.high_index;
		at.time = v->times.high;
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the record's time lies behind the seal behind it",
			"記録の受信時刻が直後の封印より後です"));
	}
	return 0;
}

static int
seal_epoch(struct verify *v, const struct verify_event *e)
{
	const struct verify_seal *s = &e->u.seal;

	if (v->unknown.epoch && verify_epochs_find(v, e, s->epoch) != 0)
		return -1;
	v->unknown.epoch = false;
	if (!v->have_epoch || s->epoch != v->epoch.number)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the seal is of epoch %" PRIu32
		       ", which did not begin before it",
			"封印の鍵期間%" PRIu32 "は始まっていません"),
		    s->epoch);
	if (v->final_size != 0 && v->final_kept)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("a seal of epoch %" PRIu32 " after its final seal",
			"鍵期間%" PRIu32 "の最終封印の後に封印があります"),
		    s->epoch);
	return 0;
}

/*
 * A seal behind the newest checkpoint names it, unless there was a newer one.
 * That one is gone: the file `checkpoint` was put back.
 */
static int
seal_behind(struct verify *v, const struct verify_event *e)
{
	struct verify_place at = { "checkpoint", UINT64_MAX, e->index,
		e->time };

	if (v->signed_size <= v->newest.size || verify_note_grew(v))
		return v->live ? -1 : 0;
	v->tail = false; /* this is certain */
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("the seal of record %" PRIu64 " names a checkpoint of size "
	       "%" PRIu64 ", which is missing: the checkpoint was put back",
		"記録%" PRIu64 "の封印が示すサイズ%" PRIu64
		"のチェックポイントがありません。"
		"チェックポイントが古いものに戻されています"),
	    e->index, v->signed_size);
}

int
verify_seal_take(struct verify *v, const struct verify_event *e)
{
	uint64_t size = e->index + 1;
	uint8_t root[SHA256_LEN];
	bool kept = false;

	if (seal_previous(v, e) != 0 || (v->tail && seal_behind(v, e) != 0) ||
	    seal_epoch(v, e) != 0 || seal_clock(v, e) != 0)
		return -1;
	tree_range_root(&v->tree, root);
	if (verify_note_check(v, e, size, root, &kept) != 0)
		return -1;
	if (e->u.seal.final) {
		v->final_size = size;
		v->final_kept = kept;
	}
	verify_seal_push(v, size, root);
	v->seal = e->u.seal;
	v->have_seal = true;
	if (v->stepped > 0)
		v->stepped--;
	verify_times_init(&v->times);
	return 0;
}

/* An epoch ends with a final seal whose checkpoint is kept. */
static int
epoch_ended(struct verify *v, const struct verify_event *e)
{
	struct verify_place at = verify_at(v, e);

	if (!v->have_epoch || v->unknown.epoch)
		return 0;
	if (e->u.epoch.number <= v->epoch.number)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("epoch %" PRIu32 " begins after epoch %" PRIu32,
			"鍵期間%" PRIu32 "が鍵期間%" PRIu32
			"の後に始まっています"),
		    e->u.epoch.number, v->epoch.number);
	if (v->final_size == 0)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("epoch %" PRIu32 " has no final seal",
			"鍵期間%" PRIu32 "の最終封印がありません"),
		    v->epoch.number);
	if (!v->final_kept && !v->tail) {
		at.file = "checkpoints";
		at.index = v->final_size - 1;
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the final checkpoint of epoch %" PRIu32 ", of size "
		       "%" PRIu64 ", is missing",
			"鍵期間%" PRIu32 "の最終チェックポイント(サイズ%" PRIu64
			")がありません"),
		    v->epoch.number, v->final_size);
	}
	return 0;
}

/* After a crash the k1 of the epoch that was open stands again, as it was. */
static bool
epoch_goes_on(struct verify *v, const struct verify_event *e)
{
	bool booted = v->booted;
	struct buf a, b;
	bool same;

	v->booted = false;
	if (!booted || !v->have_epoch)
		return false;
	buf_init(&a);
	buf_init(&b);
	epoch_print(&v->epoch, &a);
	epoch_print(&e->u.epoch, &b);
	same = span_eq(buf_view(&a), buf_view(&b));
	buf_fini(&b);
	buf_fini(&a);
	return same;
}

int
verify_epoch_take(struct verify *v, const struct verify_event *e)
{
	if (epoch_goes_on(v, e)) {
		v->unknown.epoch = false;
		if (!v->final_kept)
			v->final_size = 0;
		return 0;
	}
	if (epoch_ended(v, e) != 0)
		return -1;
	if (epoch_verify(&e->u.epoch, v->log.height, v->log.r) != 0)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the key of epoch %" PRIu32
		       " does not lead to the pinned root",
			"鍵期間%" PRIu32
			"の鍵は固定されたルートにつながりません"),
		    e->u.epoch.number);
	if (verify_epochs_take(v, e) != 0)
		return -1;
	v->epoch = e->u.epoch;
	v->have_epoch = true;
	v->unknown.epoch = false;
	v->final_size = 0;
	v->final_kept = false;
	return 0;
}
