/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/text.h"

#include <string.h>

#include "common/find.h"
#include "common/text_table.h"

/* RFC 3629, 4: which second bytes each first byte allows. */
size_t
text_step(struct span s)
{
	uint8_t a, lo = 0x80, hi = 0xBF;
	size_t n, i;

	if (s.len == 0)
		return 0;
	a = s.p[0];
	if (a < 0x80)
		return 1;
	if (a < 0xC2 || a > 0xF4)
		return 0;
	n = a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;
	if (a == 0xE0)
		lo = 0xA0;
	else if (a == 0xED)
		hi = 0x9F;
	else if (a == 0xF0)
		lo = 0x90;
	else if (a == 0xF4)
		hi = 0x8F;
	if (n > s.len || s.p[1] < lo || s.p[1] > hi)
		return 0;
	for (i = 2; i < n; i++)
		if ((s.p[i] & 0xC0) != 0x80)
			return 0;
	return n;
}

/* Eight at a time: most log lines are nothing else. */
size_t
text_ascii(struct span s)
{
	uint64_t eight, other;
	size_t i = 0;

	while (s.len - i >= 2 * sizeof(eight)) {
		memcpy(&eight, s.p + i, sizeof(eight));
		memcpy(&other, s.p + i + sizeof(eight), sizeof(other));
		if ((eight | other) & UINT64_C(0x8080808080808080))
			break;
		i += 2 * sizeof(eight);
	}
	while (s.len - i >= sizeof(eight)) {
		memcpy(&eight, s.p + i, sizeof(eight));
		if (eight & UINT64_C(0x8080808080808080))
			break;
		i += sizeof(eight);
	}
	while (i < s.len && s.p[i] < 0x80)
		i++;
	return i;
}

#ifdef __SSE2__
/* Thirty-two bytes from p on. */
static inline bool
block_is_plain(const uint8_t *p)
{
	const __m128i blank = _mm_set1_epi8(' '), esc = _mm_set1_epi8(0x1B),
		      nul = _mm_setzero_si128(), x = find_load(p),
		      y = find_load(p + 16);

	/* As signed bytes all that may be bad are below a blank. */
	if (_mm_movemask_epi8(_mm_or_si128(_mm_cmplt_epi8(x, blank),
		_mm_cmplt_epi8(y, blank))) == 0)
		return true;
	return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(x, y),
		   _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, nul),
				    _mm_cmpeq_epi8(y, nul)),
		       _mm_or_si128(_mm_cmpeq_epi8(x, esc),
			   _mm_cmpeq_epi8(y, esc))))) == 0;
}
#endif

#ifdef __SSE2__
/* Sixty-four, of which none is a control character: most lines have none. */
static inline bool
block_is_printed(const uint8_t *p)
{
	const __m128i blank = _mm_set1_epi8(' ');
	__m128i most;

	most = _mm_max_epu8(_mm_max_epu8(_mm_sub_epi8(find_load(p), blank),
				_mm_sub_epi8(find_load(p + 16), blank)),
	    _mm_max_epu8(_mm_sub_epi8(find_load(p + 32), blank),
		_mm_sub_epi8(find_load(p + 48), blank)));
	return _mm_movemask_epi8(_mm_adds_epu8(most, blank)) == 0;
}
#endif

bool
text_is_plain(struct span s)
{
	size_t i = 0;

#ifdef __SSE2__
	while (i + 64 <= s.len && block_is_printed(s.p + i))
		i += 64;
	if (s.len >= 32) {
		for (; i + 32 <= s.len; i += 32)
			if (!block_is_plain(s.p + i))
				return false;
		return block_is_plain(s.p + s.len - 32);
	}
#endif
	for (; i < s.len; i++)
		if (s.p[i] >= 0x80 || s.p[i] == 0 || s.p[i] == 0x1B)
			return false;
	return true;
}

size_t
text_well(struct span s)
{
	size_t i = 0, n;

	for (;;) {
		i += text_ascii(span_sub(s, i, s.len));
		if (i == s.len || (n = text_step(span_sub(s, i, 4))) == 0)
			return i;
		i += n;
	}
}

bool
text_is_utf8(struct span s)
{
	return text_well(s) == s.len;
}

/*
 * Whether all of s is text in a double-byte encoding; *kana = half-width
 * katakana that it would contain.
 */
static bool
fits(struct span s, bool euc, size_t *kana)
{
	size_t i, n;

	*kana = 0;
	for (i = 0; i < s.len; i += n) {
		i += text_ascii(span_sub(s, i, s.len));
		if (i == s.len)
			break;
		n = text_table_step(span_sub(s, i, 3), euc);
		if (n == 0 || text_table_rune(span_sub(s, i, n), euc) == 0)
			return false;
		if (euc ? s.p[i] == 0x8E : n == 1)
			(*kana)++;
	}
	return true;
}

/*
 * EUC-JP text nearly always fits CP932 too, as a row of half-width katakana;
 * the other way round it is rare.  So the reading with fewer of them wins.
 */
static enum text_encoding
guess_double_byte(struct span s)
{
	size_t cp932_kana, euc_kana;
	bool cp932 = fits(s, false, &cp932_kana);
	bool euc = fits(s, true, &euc_kana);

	if (cp932 && (!euc || cp932_kana <= euc_kana))
		return TEXT_CP932;
	return euc ? TEXT_EUC_JP : TEXT_UTF8;
}

/* RFC 1468: all of it ASCII, and JIS X 0208 is switched to somewhere. */
static bool
has_escapes(struct span s)
{
	const uint8_t *esc = s.len == 0 ? NULL : memchr(s.p, 0x1B, s.len);
	struct span rest;

	if (esc == NULL || text_ascii(s) < s.len)
		return false;
	rest = span_sub(s, (size_t)(esc - s.p), s.len);
	return memmem(rest.p, rest.len, "\x1B$B", 3) != NULL ||
	    memmem(rest.p, rest.len, "\x1B$@", 3) != NULL;
}

/* UTF-16 of a text that has ASCII in it; the first half a kibibyte tells. */
static bool
has_nuls(struct span s, enum text_encoding *e)
{
	size_t i, n = s.len < 512 ? s.len : 512, nul[2] = { 0, 0 };

	if (n < 4 || memchr(s.p, 0, n) == NULL)
		return false;
	for (i = 0; i < n; i++)
		nul[i % 2] += s.p[i] == 0;
	*e = nul[1] > 0 ? TEXT_UTF16LE : TEXT_UTF16BE;
	return (nul[0] == 0) != (nul[1] == 0) && (nul[0] + nul[1]) * 8 >= n &&
	    nul[0] + nul[1] >= 2;
}

bool
text_is_cut(struct span s)
{
	size_t n = text_well(s), i;
	uint8_t four[4] = { 0x80, 0x80, 0x80, 0x80 };
	struct span rest = span_sub(s, n, s.len);

	if (rest.len == 0 || rest.len > 3)
		return false;
	memcpy(four, rest.p, rest.len);
	if (rest.len == 1 && four[0] >= 0xE0) /* E0 and F0 begin otherwise */
		four[1] = four[0] == 0xED || four[0] == 0xF4 ? 0x80 : 0xA0;
	if (text_step(span_make(four, 4)) <= rest.len)
		return false;
	for (i = 0; i < n && s.p[i] < 0xE0; i++)
		;
	return i < n; /* three bytes in a row were right */
}

size_t
text_word(struct span s, size_t chars)
{
	size_t i, n, have = 0;

	for (i = 0; i < s.len && s.p[i] >= 0x80; i += n) {
		n = text_step(span_sub(s, i, 4));
		if (n == 0)
			return 0;
		have += n >= 3;
	}
	return have >= chars ? i : 0;
}

bool
text_is_mixed(struct span s)
{
	bool word = false, other = false;
	size_t i = 0, n;

	while (i < s.len && !(word && other)) {
		i += text_ascii(span_sub(s, i, s.len));
		word = word || text_word(span_sub(s, i, s.len), 2) > 0;
		n = text_word(span_sub(s, i, s.len), 0);
		other = other || (n == 0 && i < s.len);
		for (i += n; n == 0 && i < s.len && s.p[i] >= 0x80; i++)
			;
	}
	return word && other;
}

enum text_encoding
text_guess(struct span s, size_t *bom)
{
	enum text_encoding e;

	*bom = 0;
	if (span_starts(s, SPAN("\xEF\xBB\xBF"))) {
		*bom = 3;
		return TEXT_UTF8;
	}
	if (span_starts(s, SPAN("\xFF\xFE")) ||
	    span_starts(s, SPAN("\xFE\xFF"))) {
		*bom = 2;
		return s.p[0] == 0xFF ? TEXT_UTF16LE : TEXT_UTF16BE;
	}
	if (has_nuls(s, &e))
		return e;
	if (!text_is_utf8(s))
		return text_is_cut(s) ? TEXT_UTF8 : guess_double_byte(s);
	return has_escapes(s) ? TEXT_ISO_2022_JP : TEXT_UTF8;
}

uint32_t
text_rune(struct span s)
{
	switch (s.len) {
	case 1:
		return s.p[0];
	case 2:
		return (s.p[0] & 0x1Fu) << 6 | (s.p[1] & 0x3Fu);
	case 3:
		return (s.p[0] & 0x0Fu) << 12 | (s.p[1] & 0x3Fu) << 6 |
		    (s.p[2] & 0x3Fu);
	default:
		return (s.p[0] & 0x07u) << 18 | (s.p[1] & 0x3Fu) << 12 |
		    (s.p[2] & 0x3Fu) << 6 | (s.p[3] & 0x3Fu);
	}
}

size_t
text_put(uint32_t rune, uint8_t *p)
{
	if (rune < 0x80) {
		p[0] = (uint8_t)rune;
		return 1;
	}
	if (rune < 0x800) {
		p[0] = (uint8_t)(0xC0 | rune >> 6);
		p[1] = (uint8_t)(0x80 | (rune & 0x3F));
		return 2;
	}
	if (rune < 0x10000) {
		p[0] = (uint8_t)(0xE0 | rune >> 12);
		p[1] = (uint8_t)(0x80 | (rune >> 6 & 0x3F));
		p[2] = (uint8_t)(0x80 | (rune & 0x3F));
		return 3;
	}
	p[0] = (uint8_t)(0xF0 | rune >> 18);
	p[1] = (uint8_t)(0x80 | (rune >> 12 & 0x3F));
	p[2] = (uint8_t)(0x80 | (rune >> 6 & 0x3F));
	p[3] = (uint8_t)(0x80 | (rune & 0x3F));
	return 4;
}

void
text_append(uint32_t rune, struct buf *out)
{
	out->len += text_put(rune, buf_reserve(out, 4));
}

/* What could move the cursor, break the line, or turn the text around. */
static bool
is_control(uint32_t u)
{
	return u < 0x20 || (u >= 0x7F && u < 0xA0) ||
	    (u >= 0x200E && u <= 0x200F) || (u >= 0x2028 && u <= 0x202E) ||
	    (u >= 0x2066 && u <= 0x2069) || u == 0x061C;
}

void
text_escape(struct span s, struct buf *out)
{
	size_t i, j, n;

	for (i = 0; i < s.len; i += n) {
		n = text_step(span_sub(s, i, 4));
		if (n > 0 && !is_control(text_rune(span_sub(s, i, n)))) {
			buf_append(out, s.p + i, n);
			continue;
		}
		n = n == 0 ? 1 : n;
		for (j = i; j < i + n; j++)
			buf_printf(out, "\\x%02x", s.p[j]);
	}
}

/* Bytes of white space at the start of s, or at its end. */
static size_t
blank(struct span s, bool end)
{
	struct span three = span_sub(s, end && s.len > 3 ? s.len - 3 : 0, 3);
	uint8_t c;

	if (s.len == 0)
		return 0;
	if (three.p[0] == 0xE3 && span_eq(three, SPAN("\xE3\x80\x80")))
		return 3;
	c = s.p[end ? s.len - 1 : 0];
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span
text_trim(struct span s)
{
	size_t n;

	while ((n = blank(s, false)) > 0)
		s = span_sub(s, n, s.len);
	while ((n = blank(s, true)) > 0)
		s.len -= n;
	return s;
}

static const char *const names[] = {
	[TEXT_UTF8] = "utf-8",
	[TEXT_CP932] = "cp932",
	[TEXT_EUC_JP] = "euc-jp",
	[TEXT_UTF16LE] = "utf-16le",
	[TEXT_UTF16BE] = "utf-16be",
	[TEXT_ISO_2022_JP] = "iso-2022-jp",
};

const char *
text_encoding_name(enum text_encoding e)
{
	return names[e];
}

int
text_encoding_parse(struct span name, enum text_encoding *e)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(name, names[i])) {
			*e = (enum text_encoding)i;
			return 0;
		}
	return -1;
}
