/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

#include "common/text_table.h"

int
text_init(void)
{
	return text_table_init();
}

static size_t
decode_utf8(struct span s, struct buf *out)
{
	size_t n, bad = 0;

	while (s.len > 0) {
		n = text_well(s);
		buf_append(out, s.p, n);
		if (n < s.len) {
			text_append(TEXT_BAD, out);
			bad++;
			n++;
		}
		s = span_sub(s, n, s.len);
	}
	return bad;
}

static size_t
decode_utf16(struct span s, bool big, struct buf *out)
{
	size_t i, bad = 0;
	uint32_t u, low;

	for (i = 0; i + 1 < s.len; i += 2) {
		u = (uint32_t)s.p[i + big] | (uint32_t)s.p[i + !big] << 8;
		if (u >= 0xD800 && u < 0xDC00 && i + 3 < s.len) {
			low = (uint32_t)s.p[i + 2 + big] |
			    (uint32_t)s.p[i + 2 + !big] << 8;
			if (low >= 0xDC00 && low < 0xE000) {
				u = 0x10000 + ((u - 0xD800) << 10) + low -
				    0xDC00;
				i += 2;
			}
		}
		if (u >= 0xD800 && u < 0xE000) {
			u = TEXT_BAD;
			bad++;
		}
		text_append(u, out);
	}
	if (i < s.len) {
		text_append(TEXT_BAD, out);
		bad++;
	}
	return bad;
}

static size_t
decode_double_byte(struct span s, bool euc, struct buf *out)
{
	size_t n, i, bad = 0;
	uint32_t rune;

	for (i = 0; i < s.len; i += n) {
		n = text_ascii(span_sub(s, i, s.len));
		buf_append(out, s.p + i, n);
		if (n > 0)
			continue;
		n = text_table_step(span_sub(s, i, 3), euc);
		rune = n == 0 ? 0 : text_table_rune(span_sub(s, i, n), euc);
		if (rune == 0) {
			/* An ASCII trail byte may be the next field's. */
			rune = TEXT_BAD;
			bad++;
			n = n > 1 && s.p[i + 1] >= 0x80 ? n : 1;
		}
		text_append(rune, out);
	}
	return bad;
}

/* Sets of ISO-2022-JP, by what stands behind its ESC. */
enum jis { JIS_ASCII, JIS_KANA, JIS_0208, JIS_0212 };

/* Bytes of the escape sequence at the start of s, or 0; *set. */
static size_t
jis_escape(struct span s, enum jis *set)
{
	static const struct {
		const char *bytes;
		enum jis set;
	} escapes[] = { { "\x1B(B", JIS_ASCII }, { "\x1B(J", JIS_ASCII },
		{ "\x1B(I", JIS_KANA }, { "\x1B$@", JIS_0208 },
		{ "\x1B$B", JIS_0208 }, { "\x1B$(D", JIS_0212 } };
	size_t i;

	for (i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (span_starts(s, span_str(escapes[i].bytes))) {
			*set = escapes[i].set;
			return strlen(escapes[i].bytes);
		}
	return 0;
}

/* The character of that set at the start of s in EUC-JP: its bytes, or 0. */
static size_t
jis_rune(struct span s, enum jis set, uint32_t *rune)
{
	size_t n = set == JIS_KANA ? 1 : 2;
	uint8_t euc[3] = { 0x8F };
	struct span c = { euc, 3 };

	if (s.len < n || s.p[0] < 0x21 || s.p[0] > 0x7E || s.p[n - 1] < 0x21 ||
	    s.p[n - 1] > 0x7E)
		return 0;
	euc[1] = set == JIS_KANA ? 0x8E : s.p[0] | 0x80;
	euc[2] = s.p[n - 1] | 0x80;
	if (set != JIS_0212)
		c = span_sub(c, 1, 2);
	*rune =
	    text_table_step(c, true) == c.len ? text_table_rune(c, true) : 0;
	return *rune != 0 ? n : 0;
}

/* A control character, above all a line end, switches back to ASCII. */
static size_t
decode_jis(struct span s, struct buf *out)
{
	enum jis set = JIS_ASCII;
	uint32_t rune = 0;
	size_t n, bad = 0;

	for (; s.len > 0; s = span_sub(s, n, s.len)) {
		if ((n = jis_escape(s, &set)) > 0)
			continue;
		if (s.p[0] < 0x20)
			set = JIS_ASCII;
		if (s.p[0] < 0x80 && set == JIS_ASCII) {
			buf_byte(out, s.p[0]);
			n = 1;
			continue;
		}
		n = set == JIS_ASCII ? 0 : jis_rune(s, set, &rune);
		if (n == 0) {
			rune = TEXT_BAD;
			bad++;
			n = 1;
		}
		text_append(rune, out);
	}
	return bad;
}

size_t
text_decode(enum text_encoding from, struct span s, struct buf *out)
{
	switch (from) {
	case TEXT_UTF8:
		return decode_utf8(s, out);
	case TEXT_CP932:
		return decode_double_byte(s, false, out);
	case TEXT_EUC_JP:
		return decode_double_byte(s, true, out);
	case TEXT_UTF16LE:
		return decode_utf16(s, false, out);
	case TEXT_UTF16BE:
		return decode_utf16(s, true, out);
	case TEXT_ISO_2022_JP:
		return decode_jis(s, out);
	}
	abort();
}

size_t
text_decode_mixed(enum text_encoding from, struct span s, struct buf *out)
{
	size_t i = 0, start = 0, n, bad = 0;

	while (i < s.len) {
		i += text_ascii(span_sub(s, i, s.len));
		n = text_word(span_sub(s, i, s.len), 1);
		if (n > 0) {
			bad += text_decode(from, span_sub(s, start, i - start),
			    out);
			buf_append(out, s.p + i, n);
			start = i + n;
		}
		for (i += n; n == 0 && i < s.len && s.p[i] >= 0x80; i++)
			;
	}
	return bad + text_decode(from, span_sub(s, start, s.len), out);
}

size_t
text_to_cp932(struct span s, struct buf *out)
{
	size_t n, i, bad = 0;
	unsigned c;

	for (i = 0; i < s.len; i += n) {
		n = text_ascii(span_sub(s, i, s.len));
		buf_append(out, s.p + i, n);
		if (n > 0)
			continue;
		n = text_step(span_sub(s, i, 4));
		c = n == 0 ? 0 : text_table_cp932(text_rune(span_sub(s, i, n)));
		if (c == 0) {
			c = 0x81AC; /* U+3013, the printer's missing type */
			bad++;
		}
		if (c > 0xFF)
			buf_byte(out, (uint8_t)(c >> 8));
		buf_byte(out, (uint8_t)c);
		n = n == 0 ? 1 : n;
	}
	return bad;
}
