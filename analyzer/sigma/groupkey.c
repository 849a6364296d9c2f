/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/groupkey.h"

#include "analyzer/sigma/detection_tree.h"
#include "common/hex.h"
#include "common/sha256.h"

struct span
groupkey_field(const struct groupkey_from *from, uint32_t field)
{
	const struct view *v = from->view;
	const struct view_value *o;

	if (v == NULL)
		return from->group[field];
	if (field >= v->nfield)
		return view_derive(v, field);
	for (o = view_first(v, field); o != NULL; o = view_next(v, o))
		if (!o->null)
			return o->text.p != NULL ? o->text : SPAN("");
	return span_make(NULL, 0);
}

/* In a key: 0 if it is missing, else 1 + length and the bytes. */
static void
put_value(struct buf *key, struct span v)
{
	uint8_t hash[SHA256_LEN], *to;
	size_t head = GROUPKEY_VALUE - 2 * sizeof(hash) - 1;
	size_t len = v.len > GROUPKEY_VALUE ? GROUPKEY_VALUE : v.len;
	uint32_t n = v.p == NULL ? 0 : 1 + (uint32_t)len;

	to = buf_reserve(key, sizeof(n) + len);
	memcpy(to, &n, sizeof(n));
	key->len += sizeof(n);
	if (v.len <= GROUPKEY_VALUE) {
		if (len > 0)
			memcpy(to + sizeof(n), v.p, len);
		key->len += len;
		return;
	}
	sha256(v, hash);
	buf_append(key, v.p, head);
	buf_byte(key, '#');
	hex_print(hash, sizeof(hash),
	    (char *)buf_reserve(key, 2 * sizeof(hash)));
	key->len += 2 * sizeof(hash);
}

void
groupkey_make(const struct correlation *c, const struct correlation_source *s,
    const struct groupkey_from *from, struct buf *key)
{
	size_t i;

	for (i = 0; i < c->ngroup; i++)
		put_value(key, groupkey_field(from, s->group[i]));
}

void
groupkey_values(const struct correlation *c, struct span key,
    struct span *values)
{
	size_t i, at = 0;
	uint32_t n;

	for (i = 0; i < c->ngroup; i++) {
		memcpy(&n, key.p + at, sizeof(n));
		at += sizeof(n);
		values[i] =
		    n == 0 ? span_make(NULL, 0) : span_make(key.p + at, n - 1);
		at += values[i].len;
	}
}

/*
 * The values themselves, where a mark has room for them: most are an address,
 * a port or a name, and need no hash to tell them apart.  The last byte is
 * never 0 then.  false: there is no room, or one is missing.
 */
static bool
mark_short(const struct correlation *c, const struct correlation_source *s,
    const struct groupkey_from *from, uint8_t *out)
{
	size_t i, len = 0, before = c->nfields > 1;
	struct span v;

	memset(out, 0, WINDOW_MARK);
	for (i = 0; i < c->nfields; i++) {
		v = groupkey_field(from, s->fields[i]);
		if (v.p == NULL || len + before + v.len > WINDOW_MARK - 1)
			return false;
		if (before > 0)
			out[len++] = (uint8_t)v.len;
		memcpy(out + len, v.p, v.len);
		len += v.len;
	}
	out[WINDOW_MARK - 1] = (uint8_t)(1 + len);
	return true;
}

/* Of several fields, which values stand together. */
static bool
mark(const struct correlation *c, const struct correlation_source *s,
    const struct groupkey_from *from, uint8_t *out)
{
	uint8_t hash[SHA256_LEN];
	struct sha256 h;
	struct span v;
	uint64_t len;
	size_t i;

	if (mark_short(c, s, from, out))
		return true;
	sha256_init(&h);
	for (i = 0; i < c->nfields; i++) {
		v = groupkey_field(from, s->fields[i]);
		if (v.p == NULL)
			break;
		len = v.len;
		sha256_update(&h, &len, sizeof(len));
		sha256_update(&h, v.p, v.len);
	}
	sha256_final(&h, hash);
	memcpy(out, hash, WINDOW_MARK - 1);
	out[WINDOW_MARK - 1] = 0;
	return i == c->nfields;
}

bool
groupkey_value(const struct correlation *c, const struct correlation_source *s,
    const struct groupkey_from *from, union window_value *value)
{
	struct span v;

	*value = (union window_value){ 0 };
	if (c->nfields == 0)
		return true;
	if (c->type == CORRELATION_VALUE_COUNT)
		return mark(c, s, from, value->mark);
	v = groupkey_field(from, s->fields[0]);
	return v.p != NULL && detection_number(v, &value->number) &&
	    value->number <= WINDOW_NUMBER && value->number >= -WINDOW_NUMBER;
}
