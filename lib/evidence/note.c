/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/note.h"

#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/sha256.h"
#include "common/text.h"

#define NOTE_DASH SPAN("\xe2\x80\x94 ") /* U+2014 and a space */

const char *
note_strerror(enum note_err e)
{
	switch (e) {
#define NOTE_ERR(id, en, ja)                                                   \
	case NOTE_##id:                                                        \
		return tr(en, ja);
#include "evidence/note_err_tbl.h"
#undef NOTE_ERR
	}
	return "";
}

static bool
note_name_ok(struct span name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.p[i] <= ' ' || name.p[i] > '~' || name.p[i] == '+')
			return false;
	return name.len > 0 && name.len <= NOTE_NAME_MAX;
}

static uint32_t
note_u32(const uint8_t p[4])
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
note_put_u32(uint32_t v, uint8_t p[4])
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

int
note_key_init_type(struct note_key *k, enum note_type type, struct span name,
    const uint8_t key[KEY_LEN])
{
	const uint8_t lf_type[] = { '\n', (uint8_t)type };
	uint8_t hash[SHA256_LEN];
	struct sha256 h;

	memset(k, 0, sizeof(*k));
	if (!note_name_ok(name))
		return -1;
	memcpy(k->name, name.p, name.len);
	memcpy(k->key, key, KEY_LEN);
	k->type = type;
	sha256_init(&h);
	sha256_update(&h, name.p, name.len);
	sha256_update(&h, lf_type, sizeof(lf_type));
	sha256_update(&h, key, KEY_LEN);
	sha256_final(&h, hash);
	k->id = note_u32(hash);
	return 0;
}

int
note_key_init(struct note_key *k, struct span name, const uint8_t key[KEY_LEN])
{
	return note_key_init_type(k, NOTE_ED25519, name, key);
}

int
note_key_parse_type(struct span vkey, enum note_type type, struct note_key *k)
{
	uint8_t id[4], key[1 + KEY_LEN];
	struct cursor c = cursor_make(vkey);
	struct span name = cursor_until(&c, '+');
	size_t len;

	cursor_hex(&c, id, sizeof(id));
	cursor_expect(&c, SPAN("+"));
	if (base64_parse(cursor_take(&c, cursor_left(&c)), key, sizeof(key),
		&len) != 0 ||
	    !cursor_done(&c) || len != sizeof(key) || key[0] != type ||
	    note_key_init_type(k, type, name, key + 1) != 0)
		return -1;
	return k->id == note_u32(id) ? 0 : -1;
}

int
note_key_parse(struct span vkey, struct note_key *k)
{
	return note_key_parse_type(vkey, NOTE_ED25519, k);
}

static void
note_put_base64(const uint8_t *p, size_t len, struct buf *out)
{
	size_t n = base64_len(len);

	base64_print(p, len, (char *)buf_reserve(out, n));
	out->len += n;
}

void
note_key_print(const struct note_key *k, struct buf *out)
{
	uint8_t key[1 + KEY_LEN] = { (uint8_t)k->type };

	memcpy(key + 1, k->key, KEY_LEN);
	buf_printf(out, "%s+%08x+", k->name, k->id);
	note_put_base64(key, sizeof(key), out);
}

int
note_sig_parse(struct span *in, struct note_sig *s)
{
	struct cursor c = cursor_make(*in), line;
	uint8_t bytes[NOTE_SIG_MAX];
	size_t len;

	cursor_expect(&c, NOTE_DASH);
	line = cursor_make(cursor_until(&c, '\n'));
	s->name = cursor_until(&line, ' ');
	s->base64 = cursor_take(&line, cursor_left(&line));
	if (c.bad || !cursor_done(&line) || !note_name_ok(s->name) ||
	    base64_parse(s->base64, bytes, sizeof(bytes), &len) != 0 ||
	    len <= 4)
		return -1;
	s->id = note_u32(bytes);
	*in = cursor_take(&c, cursor_left(&c));
	return 0;
}

void
note_sig_print(const struct note_sig *s, struct buf *out)
{
	buf_span(out, NOTE_DASH);
	buf_span(out, s->name);
	buf_byte(out, ' ');
	buf_span(out, s->base64);
	buf_byte(out, '\n');
}

/* UTF-8 without control bytes other than LF, as C2SP asks. */
static bool
note_text_ok(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.p[i] < ' ' && text.p[i] != '\n')
			return false;
	return text_is_utf8(text);
}

static size_t
note_count_lines(struct span s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

/*
 * The signatures stand behind the last empty line: a text may have empty
 * lines of its own, a signature line never is one.
 */
enum note_err
note_parse(struct span in, struct note *n)
{
	size_t i = in.len;
	struct span rest;

	n->n = 0;
	if (in.len > NOTE_MAX || note_count_lines(in) > NOTE_LINES_MAX)
		return NOTE_TOO_BIG;
	while (i >= 2 && (in.p[i - 1] != '\n' || in.p[i - 2] != '\n'))
		i--;
	if (i < 2 || !note_text_ok(in))
		return NOTE_BAD_TEXT;
	n->text = span_sub(in, 0, i - 1);
	rest = span_sub(in, i, in.len);
	do {
		if (n->n == NOTE_SIGS_MAX ||
		    note_sig_parse(&rest, &n->sig[n->n]) != 0)
			return NOTE_BAD_LINE;
		n->n++;
	} while (rest.len > 0);
	return NOTE_OK;
}

void
note_print(const struct note *n, struct buf *out)
{
	size_t i;

	buf_span(out, n->text);
	buf_byte(out, '\n');
	for (i = 0; i < n->n; i++)
		note_sig_print(&n->sig[i], out);
}

enum note_err
note_verify(const struct note *n, size_t i, const struct note_key *k)
{
	uint8_t bytes[4 + KEY_SIG_LEN];
	const struct note_sig *s = &n->sig[i];
	size_t len;

	if (i >= n->n || k->type != NOTE_ED25519 ||
	    !span_is(s->name, k->name) || s->id != k->id)
		return NOTE_WRONG_KEY;
	if (base64_parse(s->base64, bytes, sizeof(bytes), &len) != 0 ||
	    len != sizeof(bytes) || key_verify(k->key, n->text, bytes + 4) != 0)
		return NOTE_BAD_SIGNATURE;
	return NOTE_OK;
}

int
note_sign(struct span text, struct span name, const uint8_t seed[KEY_LEN],
    struct buf *out)
{
	uint8_t key[KEY_LEN], bytes[4 + KEY_SIG_LEN];
	struct note_key k;

	if (key_public(seed, key) != 0 || note_key_init(&k, name, key) != 0 ||
	    key_sign(seed, text, bytes + 4) != 0)
		return -1;
	note_put_u32(k.id, bytes);
	buf_span(out, NOTE_DASH);
	buf_span(out, name);
	buf_byte(out, ' ');
	note_put_base64(bytes, sizeof(bytes), out);
	buf_byte(out, '\n');
	return 0;
}
