/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/retention_act.h"

#include <string.h>

#include "common/hex.h"
#include "evidence/record.h"

static const struct {
	const char *name, *words;
} actions[] = {
#define RETENTION_ACTION(id, name, words) { name, words },
#include "evidence/retention_action_tbl.h"
#undef RETENTION_ACTION
};

#define ORIGIN_SET "abcdefghijklmnopqrstuvwxyz0123456789./-"

/* Reading: one check at the end, the canonical form by printing again. */
struct reader {
	struct span body;
	struct arena *arena;
	struct buf value;
	bool bad;
};

static const char *
read_text(struct reader *r, const char *key, size_t max)
{
	r->value.len = 0;
	if (record_word_get(r->body, key, &r->value) != 1 ||
	    r->value.len == 0 || r->value.len > max ||
	    memchr(r->value.p, '\0', r->value.len) != NULL) {
		r->bad = true;
		return "";
	}
	return arena_str(r->arena, buf_view(&r->value));
}

static const char *
read_id(struct reader *r, const char *key)
{
	const char *id = read_text(r, key, RETENTION_ID_MAX);

	if (id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		r->bad = true;
	return id;
}

static uint64_t
read_u64(struct reader *r, const char *key, uint64_t max)
{
	uint64_t n = 0;

	if (record_word_get_u64(r->body, key, &n) != 1 || n > max)
		r->bad = true;
	return n;
}

static void
read_hash(struct reader *r, const char *key, uint8_t hash[SHA256_LEN])
{
	r->value.len = 0;
	if (record_word_get(r->body, key, &r->value) != 1 ||
	    hex_parse(buf_view(&r->value), hash, SHA256_LEN) != 0)
		r->bad = true;
}

/* A word that need not be there. */
static bool
read_sig(struct reader *r, uint8_t sig[KEY_SIG_LEN])
{
	size_t len = 0;
	int rc;

	r->value.len = 0;
	if ((rc = record_word_get(r->body, "sig", &r->value)) == 0)
		return false;
	if (rc != 1 ||
	    base64_parse(buf_view(&r->value), sig, KEY_SIG_LEN, &len) != 0 ||
	    len != KEY_SIG_LEN)
		r->bad = true;
	return true;
}

static void
read_word(struct reader *r, char letter, struct retention_act *a)
{
	bool segments = a->action == RETENTION_ASK_DELETE;

	switch (letter) {
	case 'i':
		a->id = read_id(r, "id");
		break;
	case 'f':
		a->first =
		    read_u64(r, segments ? "from" : "first", RECORD_RX_MAX);
		break;
	case 'l':
		a->last = read_u64(r, "last", RECORD_RX_MAX);
		break;
	case 't':
		a->last = read_u64(r, "to", RECORD_RX_MAX);
		break;
	case 'o':
		a->origin = read_text(r, "origin", RETENTION_ORIGIN_MAX);
		r->bad =
		    r->bad || a->origin[strspn(a->origin, ORIGIN_SET)] != '\0';
		break;
	case 'z':
		a->size = read_u64(r, "size", RECORD_RX_MAX);
		read_hash(r, "root", a->root);
		read_hash(r, "manifest", a->manifest);
		break;
	case 'b':
		a->basis = read_text(r, "basis", RETENTION_BASIS_MAX);
		a->by = read_text(r, "by", RETENTION_NAME_MAX);
		break;
	case 'n':
		a->by = read_text(r, "by", RETENTION_NAME_MAX);
		break;
	case 'a':
		a->also = read_text(r, "and", RETENTION_NAME_MAX);
		break;
	case '@':
		a->at = read_u64(r, "at", RECORD_RX_MAX);
		break;
	case 's':
		a->is_signed = read_sig(r, a->sig);
		break;
	}
}

static void
print_sig(const uint8_t sig[KEY_SIG_LEN], struct buf *out)
{
	char text[KEY_SIG_LEN * 2];

	base64_print(sig, KEY_SIG_LEN, text);
	record_word(out, "sig", span_make(text, base64_len(KEY_SIG_LEN)));
}

static void
print_word(const struct retention_act *a, char letter, struct buf *out)
{
	bool segments = a->action == RETENTION_ASK_DELETE;

	switch (letter) {
	case 'i':
		record_word(out, "id", span_str(a->id));
		break;
	case 'f':
		record_word_u64(out, segments ? "from" : "first", a->first);
		break;
	case 'l':
		record_word_u64(out, "last", a->last);
		break;
	case 't':
		record_word_u64(out, "to", a->last);
		break;
	case 'o':
		record_word(out, "origin", span_str(a->origin));
		break;
	case 'z':
		record_word_u64(out, "size", a->size);
		record_word_hash(out, "root", a->root);
		record_word_hash(out, "manifest", a->manifest);
		break;
	case 'b':
		record_word(out, "basis", span_str(a->basis));
		record_word(out, "by", span_str(a->by));
		break;
	case 'n':
		record_word(out, "by", span_str(a->by));
		break;
	case 'a':
		record_word(out, "and", span_str(a->also));
		break;
	case '@':
		record_word_u64(out, "at", a->at);
		break;
	case 's':
		if (a->is_signed)
			print_sig(a->sig, out);
		break;
	}
}

const char *
retention_action_name(enum retention_action a)
{
	return actions[a].name;
}

/* The action of words; RETENTION_ACTION_COUNT: none of ours. */
static enum retention_action
action_of(struct span words)
{
	enum retention_action i = RETENTION_HOLD;
	struct buf name;

	buf_init(&name);
	if (record_word_get(words, "action", &name) != 1)
		i = RETENTION_ACTION_COUNT;
	while (i < RETENTION_ACTION_COUNT &&
	    !span_is(buf_view(&name), actions[i].name))
		i++;
	buf_fini(&name);
	return i;
}

bool
retention_reserved(struct span words)
{
	return action_of(words) != RETENTION_ACTION_COUNT;
}

void
retention_act_print(const struct retention_act *a, struct buf *out)
{
	const char *w;

	record_word(out, "action", span_str(actions[a->action].name));
	for (w = actions[a->action].words; *w != '\0'; w++)
		print_word(a, *w, out);
}

static void
reader_act(struct reader *r, struct retention_act *a)
{
	const char *w;

	*a = (struct retention_act){ .action = action_of(r->body),
		.id = "",
		.origin = "",
		.basis = "",
		.by = "",
		.also = "" };
	if (a->action == RETENTION_ACTION_COUNT) {
		r->bad = true;
		return;
	}
	for (w = actions[a->action].words; *w != '\0'; w++)
		read_word(r, *w, a);
	if (a->first > a->last)
		r->bad = true;
}

/* 0 if what was read prints as what it was read from. */
static int
reader_end(struct reader *r, struct buf *again)
{
	bool same = !r->bad && span_eq(buf_view(again), r->body);

	buf_fini(again);
	buf_fini(&r->value);
	return same ? 0 : -1;
}

int
retention_act_parse(struct span words, struct arena *arena,
    struct retention_act *a)
{
	struct reader r = { .body = words, .arena = arena };
	struct buf again;

	buf_init(&r.value);
	buf_init(&again);
	reader_act(&r, a);
	if (!r.bad)
		retention_act_print(a, &again);
	return reader_end(&r, &again);
}

static void
print_since(const struct retention_extra *extra, struct buf *out)
{
	if (extra->since != 0)
		record_word_u64(out, "since", extra->since);
}

static void
read_since(struct reader *r, struct retention_extra *extra)
{
	struct buf text;

	buf_init(&text);
	if (record_word_get(r->body, "since", &text) != 0)
		extra->since = read_u64(r, "since", RECORD_RX_MAX);
	buf_fini(&text);
}

void
retention_o1_print(const struct retention_act *a,
    const struct retention_extra *extra, struct buf *out)
{
	record_word_u64(out, "uid", extra->uid);
	retention_act_print(a, out);
	print_since(extra, out);
}

int
retention_o1_parse(struct span body, struct arena *arena,
    struct retention_act *a, struct retention_extra *extra)
{
	struct reader r = { .body = body, .arena = arena };
	struct buf again;

	if (action_of(body) == RETENTION_ACTION_COUNT)
		return 0;
	*extra = (struct retention_extra){ 0 };
	buf_init(&r.value);
	buf_init(&again);
	extra->uid = (uint32_t)read_u64(&r, "uid", UINT32_MAX);
	reader_act(&r, a);
	read_since(&r, extra);
	if (!r.bad)
		retention_o1_print(a, extra, &again);
	return reader_end(&r, &again) == 0 ? 1 : -1;
}

void
retention_x1_print(const struct retention_gone *g,
    const struct retention_extra *extra, struct buf *out)
{
	char hex[2 * SHA256_LEN];

	hex_print(g->manifest, SHA256_LEN, hex);
	record_word_u64(out, "segment", g->segment);
	record_word_u64(out, "first", g->first);
	record_word_u64(out, "last", g->last);
	record_word(out, "manifest", span_make(hex, sizeof(hex)));
	record_word(out, "basis", span_str(g->basis));
	record_word(out, "by", span_str(g->by));
	record_word(out, "and", span_str(g->also));
	record_word(out, "request", span_str(g->request));
	print_since(extra, out);
}

int
retention_x1_parse(struct span body, struct arena *arena,
    struct retention_gone *g, struct retention_extra *extra)
{
	struct reader r = { .body = body, .arena = arena };
	struct buf again;

	*extra = (struct retention_extra){ 0 };
	buf_init(&r.value);
	buf_init(&again);
	g->segment = read_u64(&r, "segment", RECORD_RX_MAX);
	g->first = read_u64(&r, "first", RECORD_RX_MAX);
	g->last = read_u64(&r, "last", RECORD_RX_MAX);
	g->basis = read_text(&r, "basis", RETENTION_BASIS_MAX);
	g->by = read_text(&r, "by", RETENTION_NAME_MAX);
	g->also = read_text(&r, "and", RETENTION_NAME_MAX);
	g->request = read_id(&r, "request");
	read_hash(&r, "manifest", g->manifest);
	if (g->first > g->last)
		r.bad = true;
	read_since(&r, extra);
	if (!r.bad)
		retention_x1_print(g, extra, &again);
	return reader_end(&r, &again);
}

void
retention_signed_text(const struct retention_act *a, const char *origin,
    struct buf *out)
{
	struct retention_act plain = *a;
	struct buf words;

	plain.is_signed = false;
	buf_init(&words);
	retention_act_print(&plain, &words);
	buf_printf(out, "konseki retention\n%s\n", origin);
	buf_span(out, buf_view(&words));
	buf_byte(out, '\n');
	buf_fini(&words);
}
