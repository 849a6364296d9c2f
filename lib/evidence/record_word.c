/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/num.h"
#include "evidence/record.h"

/* The words of system records' bodies (FORMAT.md, 4). */

static void
word_begin(struct buf *out, const char *key)
{
	if (out->len > 0)
		buf_byte(out, ' ');
	buf_str(out, key);
	buf_byte(out, '=');
}

void
record_word(struct buf *out, const char *key, struct span value)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;
	uint8_t c;

	word_begin(out, key);
	if (value.len == 0)
		buf_byte(out, '%');
	for (i = 0; i < value.len; i++) {
		c = value.p[i];
		if (c > ' ' && c < 0x7f && c != '%') {
			buf_byte(out, c);
			continue;
		}
		buf_byte(out, '%');
		buf_byte(out, (uint8_t)hex[c >> 4]);
		buf_byte(out, (uint8_t)hex[c & 15]);
	}
}

void
record_word_u64(struct buf *out, const char *key, uint64_t value)
{
	word_begin(out, key);
	out->len += num_print(value, (char *)buf_reserve(out, 20));
}

void
record_word_hash(struct buf *out, const char *key,
    const uint8_t hash[SHA256_LEN])
{
	word_begin(out, key);
	hex_print(hash, SHA256_LEN, (char *)buf_reserve(out, 2 * SHA256_LEN));
	out->len += 2 * SHA256_LEN;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Only the canonical writing is taken, so that print and get are inverse. */
static int
unescape(struct span s, struct buf *out)
{
	size_t i;
	int hi, lo;

	if (s.len == 0)
		return -1;
	if (span_is(s, "%"))
		return 0;
	for (i = 0; i < s.len; i++) {
		if (s.p[i] != '%') {
			if (s.p[i] <= ' ' || s.p[i] >= 0x7f)
				return -1;
			buf_byte(out, s.p[i]);
			continue;
		}
		if (s.len - i < 3 || (hi = hex_digit(s.p[i + 1])) < 0 ||
		    (lo = hex_digit(s.p[i + 2])) < 0)
			return -1;
		hi = hi << 4 | lo;
		if (hi > ' ' && hi < 0x7f && hi != '%')
			return -1;
		buf_byte(out, (uint8_t)hi);
		i += 2;
	}
	return 0;
}

/* The value of the first word with that key as it stands.  1, or 0. */
static int
word_find(struct span body, const char *key, struct span *value)
{
	struct cursor c = cursor_make(body);
	size_t len = strlen(key);
	struct span word;
	const uint8_t *sp;

	while (cursor_left(&c) > 0) {
		sp = memchr(c.p, ' ', cursor_left(&c));
		word = cursor_take(&c,
		    sp == NULL ? cursor_left(&c) : (size_t)(sp - c.p));
		if (sp != NULL)
			cursor_take(&c, 1);
		if (word.len <= len || word.p[len] != '=' ||
		    memcmp(word.p, key, len) != 0)
			continue;
		*value = span_sub(word, len + 1, word.len);
		return 1;
	}
	return 0;
}

int
record_word_get(struct span body, const char *key, struct buf *value)
{
	size_t start = value->len;
	struct span s;

	if (!word_find(body, key, &s))
		return 0;
	if (unescape(s, value) == 0)
		return 1;
	value->len = start;
	return -1;
}

int
record_word_get_u64(struct span body, const char *key, uint64_t *value)
{
	struct span s;

	if (!word_find(body, key, &s))
		return 0;
	return num_parse_canonical(s, UINT64_MAX, value) == 0 ? 1 : -1;
}
