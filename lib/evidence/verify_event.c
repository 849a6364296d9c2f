/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/hex.h"
#include "common/text.h"
#include "evidence/retention_act.h"
#include "evidence/verify_priv.h"

void
verify_times_init(struct verify_times *t)
{
	memset(t, 0, sizeof(*t));
	t->low = UINT64_MAX;
}

static void
times_bound(struct verify_times *t, uint64_t index, uint64_t rx)
{
	if (rx < t->low) {
		t->low = rx;
		t->low_index = index;
	}
	if (rx >= t->high) {
		t->high = rx;
		t->high_index = index;
	}
}

static void
times_first(struct verify_times *t, uint64_t rx, uint64_t offset)
{
	if (t->low <= t->high)
		return;
	t->first = rx;
	t->first_offset = offset;
}

void
verify_times_add(struct verify_times *t, uint64_t index, uint64_t rx,
    uint64_t offset)
{
	times_first(t, rx, offset);
	times_bound(t, index, rx);
}

void
verify_times_merge(struct verify_times *t, const struct verify_times *o)
{
	if (o->low > o->high)
		return;
	times_first(t, o->first, o->first_offset);
	times_bound(t, o->low_index, o->low);
	times_bound(t, o->high_index, o->high);
}

/* The words of one body, read one after the other; one check at the end. */
struct words {
	struct span body;
	struct buf value;
	bool bad;
};

static uint64_t
word_u64(struct words *w, const char *key, uint64_t max)
{
	uint64_t n = 0;

	if (record_word_get_u64(w->body, key, &n) != 1 || n > max)
		w->bad = true;
	return n;
}

static struct span
word_text(struct words *w, const char *key)
{
	w->value.len = 0;
	if (record_word_get(w->body, key, &w->value) != 1)
		w->bad = true;
	return buf_view(&w->value);
}

static void
word_hash(struct words *w, const char *key, uint8_t hash[SHA256_LEN])
{
	if (hex_parse(word_text(w, key), hash, SHA256_LEN) != 0)
		w->bad = true;
}

static void
parse_seal(struct words *w, struct verify_seal *s)
{
	struct span boot;

	s->wall = word_u64(w, "wall", RECORD_RX_MAX);
	s->mono = word_u64(w, "mono", UINT64_MAX);
	s->epoch = (uint32_t)word_u64(w, "epoch", CHECKPOINT_EPOCH_MAX);
	s->final = word_u64(w, "final", 1) == 1;
	word_hash(w, "previous", s->previous);
	boot = word_text(w, "boot");
	if (boot.len >= sizeof(s->boot))
		w->bad = true;
	else if (boot.len > 0)
		memcpy(s->boot, boot.p, boot.len);
}

static void
parse_epoch(struct words *w, struct epoch *e)
{
	size_t len = 0;

	e->number = (uint32_t)word_u64(w, "epoch", CHECKPOINT_EPOCH_MAX);
	if (base64_parse(word_text(w, "key"), e->key, KEY_LEN, &len) != 0 ||
	    len != KEY_LEN || epoch_path_parse(word_text(w, "path"), e) != 0)
		w->bad = true;
}

/* What follows the first d1 of a number in its segment, segment.c has checked.
 */
static int
parse_stream(const struct segment_record *rec, struct verify_event *e)
{
	e->u.stream.number = rec->stream->number;
	e->u.stream.first = rec->first;
	e->u.stream.end = rec->ended;
	e->u.stream.next = rec->stream->next;
	return rec->ended || rec->first;
}

/*
 * Gaps behind which receive times may leave the bounds of the seals: the clock
 * was set, or what was received waited while nothing could be written.
 */
static bool
gap_steps(struct span kind)
{
	return span_is(kind, "clock-step") || span_is(kind, "disk-full") ||
	    span_is(kind, "write-error") || span_is(kind, "reading-paused");
}

/* As many whole characters as there is room for; the rest is zero. */
static void
basis_copy(struct span basis, char out[VERIFY_BASIS])
{
	size_t n = 0, step;

	while (n < basis.len) {
		step = text_step(span_sub(basis, n, basis.len));
		if (n + step >= VERIFY_BASIS)
			break;
		n += step;
	}
	memset(out, 0, VERIFY_BASIS);
	memcpy(out, basis.p, n);
}

/* One that is not as it must be explains nothing. */
static int
parse_deletion(struct span body, struct verify_deletion *d)
{
	struct arena *arena = arena_new();
	struct retention_extra extra;
	struct retention_gone g;
	int rc;

	rc = retention_x1_parse(body, arena, &g, &extra) == 0;
	if (rc == 1) {
		d->segment = g.segment;
		d->first = g.first;
		d->last = g.last;
		d->since = extra.since;
		memcpy(d->manifest, g.manifest, SHA256_LEN);
		basis_copy(span_str(g.basis), d->basis);
	}
	arena_free(arena);
	return rc;
}

int
verify_event_parse(const struct segment_record *rec, struct verify_event *e)
{
	struct words w = { .body = rec->r.body };
	int rc = 1;

	e->record = rec->r.kind;
	memset(&e->u, 0, sizeof(e->u));
	buf_init(&w.value);
	switch (rec->r.kind) {
	case RECORD_SEGMENT:
		e->u.link.segment = word_u64(&w, "segment", UINT64_MAX);
		word_hash(&w, "previous", e->u.link.previous);
		break;
	case RECORD_EPOCH:
		parse_epoch(&w, &e->u.epoch);
		break;
	case RECORD_SEAL:
		parse_seal(&w, &e->u.seal);
		break;
	case RECORD_STREAM:
		rc = parse_stream(rec, e);
		break;
	case RECORD_GAP:
		rc = e->u.step = gap_steps(word_text(&w, "kind"));
		break;
	case RECORD_BOOT:
		break;
	case RECORD_DELETION:
		rc = parse_deletion(rec->r.body, &e->u.deletion);
		break;
	case RECORD_RECEIVED:
	case RECORD_CONFIG:
	case RECORD_OPERATOR:
	case RECORD_TOKEN:
	case RECORD_COSIGNATURE:
	case RECORD_KIND_COUNT:
		rc = 0;
	}
	buf_fini(&w.value);
	return w.bad ? -1 : rc;
}
