/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/epoch.h"

#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/tree.h"

void
epoch_path_print(const struct epoch *e, struct buf *out)
{
	unsigned i;

	for (i = 0; i < e->height; i++) {
		if (i > 0)
			buf_byte(out, ',');
		hex_print(e->path[i], SHA256_LEN,
		    (char *)buf_reserve(out, 2 * SHA256_LEN));
		out->len += 2 * SHA256_LEN;
	}
}

int
epoch_path_parse(struct span s, struct epoch *e)
{
	struct cursor c = cursor_make(s);

	e->height = 0;
	do {
		if (e->height > 0)
			cursor_expect(&c, SPAN(","));
		cursor_hex(&c, e->path[e->height++], SHA256_LEN);
	} while (!c.bad && !cursor_done(&c) && e->height < EPOCH_HEIGHT_MAX);
	return cursor_done(&c) ? 0 : -1;
}

void
epoch_print(const struct epoch *e, struct buf *out)
{
	char key[64];

	base64_print(e->key, KEY_LEN, key);
	buf_printf(out, "%u %.*s ", e->number, (int)base64_len(KEY_LEN), key);
	epoch_path_print(e, out);
	buf_byte(out, '\n');
}

int
epoch_parse(struct span line, struct epoch *e)
{
	struct cursor c = cursor_make(line);
	struct span key, path;
	size_t len;

	e->number = (uint32_t)cursor_decimal(&c, (1u << EPOCH_HEIGHT_MAX) - 1);
	cursor_expect(&c, SPAN(" "));
	key = cursor_until(&c, ' ');
	path = cursor_until(&c, '\n');
	if (!cursor_done(&c) || base64_parse(key, e->key, KEY_LEN, &len) != 0 ||
	    len != KEY_LEN || epoch_path_parse(path, e) != 0)
		return -1;
	return e->number >> e->height == 0 ? 0 : -1;
}

int
epoch_verify(const struct epoch *e, unsigned height,
    const uint8_t r[SHA256_LEN])
{
	uint8_t leaf[SHA256_LEN];

	if (e->height != height || height > EPOCH_HEIGHT_MAX)
		return -1;
	tree_leaf_hash(span_make(e->key, KEY_LEN), leaf);
	return tree_verify_inclusion(e->number, UINT64_C(1) << height, leaf,
	    e->path, e->height, r);
}

void
epoch_seeds_init(struct epoch_seeds *s, unsigned height,
    const uint8_t root[KEY_LEN])
{
	memset(s, 0, sizeof(*s));
	s->height = height;
	memcpy(s->seed[height], root, KEY_LEN);
}

void
epoch_seeds_fini(struct epoch_seeds *s)
{
	explicit_bzero(s, sizeof(*s));
}

/*
 * The leftmost subtree is opened: its left children lead to the seed, the
 * right ones stay for later.  2^height - next loses one, and its bits say
 * which subtrees remain.
 */
int
epoch_seeds_take(struct epoch_seeds *s, uint8_t seed[KEY_LEN])
{
	uint32_t left = (UINT32_C(1) << s->height) - s->next;
	uint8_t at[KEY_LEN];
	unsigned level;

	if (left == 0)
		return -1;
	level = (unsigned)__builtin_ctz(left);
	memcpy(at, s->seed[level], KEY_LEN);
	explicit_bzero(s->seed[level], KEY_LEN);
	while (level-- > 0) {
		epoch_child(at, 1, s->seed[level]);
		epoch_child(at, 0, at);
	}
	memcpy(seed, at, KEY_LEN);
	explicit_bzero(at, KEY_LEN);
	s->next++;
	return 0;
}

/* HMAC (RFC 2104) of a key that is shorter than a block of SHA-256. */
static void
epoch_hmac(const uint8_t key[KEY_LEN], struct span msg, uint8_t out[SHA256_LEN])
{
	uint8_t inner[64], outer[64];
	struct sha256 h;
	size_t i;

	memset(inner, 0x36, sizeof(inner));
	memset(outer, 0x5c, sizeof(outer));
	for (i = 0; i < KEY_LEN; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	sha256_init(&h);
	sha256_update(&h, inner, sizeof(inner));
	sha256_update(&h, msg.p, msg.len);
	sha256_final(&h, inner);
	sha256_init(&h);
	sha256_update(&h, outer, sizeof(outer));
	sha256_update(&h, inner, SHA256_LEN);
	sha256_final(&h, out);
	explicit_bzero(inner, sizeof(inner));
	explicit_bzero(outer, sizeof(outer));
	explicit_bzero(&h, sizeof(h));
}

void
epoch_child(const uint8_t seed[KEY_LEN], unsigned right, uint8_t child[KEY_LEN])
{
	epoch_hmac(seed, right ? SPAN("ev1 right") : SPAN("ev1 left"), child);
}

int
epoch_leaves(const uint8_t seed[KEY_LEN], unsigned level,
    uint8_t (*leaf)[SHA256_LEN])
{
	struct epoch_seeds s;
	uint8_t one[KEY_LEN], key[KEY_LEN];
	int rc = 0;

	epoch_seeds_init(&s, level, seed);
	while (rc == 0 && epoch_seeds_take(&s, one) == 0) {
		rc = key_public(one, key);
		tree_leaf_hash(span_make(key, KEY_LEN), *leaf++);
	}
	explicit_bzero(one, sizeof(one));
	epoch_seeds_fini(&s);
	return rc;
}
