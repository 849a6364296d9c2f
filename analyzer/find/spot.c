/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/spot.h"

#include <string.h>

enum { /* classes of bytes */
	DIGIT = 1,
	HEX = 2, /* a to f */
	LETTER = 4,
	JOIN = 8, /* - and _ */
	DOT = 16,
	COLON = 32,
};
#define LABEL (DIGIT | LETTER | JOIN)
#define WORD (LABEL | DOT | COLON)

static const uint8_t class[256] = {
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT,
#define EACH(upper, lower, bits) [upper] = bits, [lower] = bits
	EACH('A', 'a', LETTER | HEX), EACH('B', 'b', LETTER | HEX),
	EACH('C', 'c', LETTER | HEX), EACH('D', 'd', LETTER | HEX),
	EACH('E', 'e', LETTER | HEX), EACH('F', 'f', LETTER | HEX),
	EACH('G', 'g', LETTER), EACH('H', 'h', LETTER), EACH('I', 'i', LETTER),
	EACH('J', 'j', LETTER), EACH('K', 'k', LETTER), EACH('L', 'l', LETTER),
	EACH('M', 'm', LETTER), EACH('N', 'n', LETTER), EACH('O', 'o', LETTER),
	EACH('P', 'p', LETTER), EACH('Q', 'q', LETTER), EACH('R', 'r', LETTER),
	EACH('S', 's', LETTER), EACH('T', 't', LETTER), EACH('U', 'u', LETTER),
	EACH('V', 'v', LETTER), EACH('W', 'w', LETTER), EACH('X', 'x', LETTER),
	EACH('Y', 'y', LETTER), EACH('Z', 'z', LETTER),
#undef EACH
	['-'] = JOIN, ['_'] = JOIN, ['.'] = DOT, [':'] = COLON,
};

struct scan {
	spot_take *take;
	void *cookie;
	const uint8_t *begin, *end; /* of the text */
};

bool
spot_is_hash_len(size_t digits)
{
	return digits == 32 || digits == 40 || digits == 56 || digits == 64 ||
	    digits == 96 || digits == 128;
}

static bool
is_hex(uint8_t c)
{
	return (class[c] & (DIGIT | HEX)) != 0;
}

static void
give(const struct scan *s, enum spot_kind kind, const uint8_t *p,
    const uint8_t *end)
{
	struct spot spot = { .kind = kind,
		.text = span_make(p, (size_t)(end - p)) };

	s->take(s->cookie, &spot);
}

static void
hex_runs(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *start;

	while (p < end) {
		for (; p < end && !is_hex(*p); p++)
			;
		for (start = p; p < end && is_hex(*p); p++)
			;
		if (spot_is_hash_len((size_t)(p - start)))
			give(s, SPOT_HEX, start, p);
	}
}

/* ---- addresses ---- */

/* Up to three digits, at most 255; return those taken, or 0. */
static size_t
octet(const uint8_t *p, const uint8_t *end, uint8_t *out)
{
	unsigned v = 0;
	size_t n = 0;

	for (; p + n < end && (class[p[n]] & DIGIT) != 0; n++) {
		if (n == 3)
			return 0;
		v = v * 10 + (unsigned)(p[n] - '0');
	}
	*out = (uint8_t)v;
	return v > 255 ? 0 : n;
}

/* Numbers with single dots between: four, or five of which the last may be
 * anything. */
static void
quad(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	struct spot spot = { .kind = SPOT_ADDRESS };
	const uint8_t *at = p, *stop;
	unsigned dots = 0, i;
	size_t n;

	for (stop = p; stop < end; stop++)
		dots += *stop == '.';
	if (dots != 3 && dots != 4)
		return;
	spot.address.b[10] = spot.address.b[11] = 0xff;
	for (i = 0; i < 4; i++) {
		if (i > 0)
			at++; /* its dot */
		n = octet(at, end, &spot.address.b[12 + i]);
		if (n == 0 || (i < 3 && (at + n == end || at[n] != '.')))
			return;
		at += n;
	}
	if (at < end && *at != '.')
		return;
	spot.text = span_make(p, (size_t)(at - p));
	s->take(s->cookie, &spot);
}

/* A longest run of digits and dots, taken apart where dots meet. */
static void
quads(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *stop;

	while (p < end) {
		if (*p == '.') {
			p++;
			continue;
		}
		for (stop = p; stop < end &&
		     !(*stop == '.' && (stop + 1 == end || stop[1] == '.'));
		     stop++)
			;
		quad(s, p, stop);
		p = stop;
	}
}

static bool
try_six(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	struct spot spot = { .kind = SPOT_ADDRESS,
		.text = span_make(p, (size_t)(end - p)) };

	if (end - p < 2 || memchr(p, ':', (size_t)(end - p)) == NULL ||
	    address_parse(spot.text, &spot.address) != 0)
		return false;
	s->take(s->cookie, &spot);
	return true;
}

/* "src:2001:db8::1": c is a letter of what stands in front, not a group. */
static void
cut_words(const struct scan *s, const uint8_t **p, const uint8_t **end)
{
	if (*p > s->begin && (class[(*p)[-1]] & (LETTER | DIGIT)) != 0)
		while (*p < *end && **p != ':' && **p != '.')
			++*p;
	if (*end < s->end && (class[**end] & (LETTER | DIGIT)) != 0)
		while (*end > *p && (*end)[-1] != ':' && (*end)[-1] != '.')
			--*end;
}

/* A longest run of hex digits, colons and dots with two colons or more. */
static void
six(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *last;

	cut_words(s, &p, &end);
	if (end - p > 64) /* longer than one with a port can be */
		return;
	if (try_six(s, p, end))
		return;
	for (; end > p && (end[-1] == '.' ||
		 (end[-1] == ':' && (end - p < 2 || end[-2] != ':')));
	     end--)
		;
	if (end - p >= 2 && p[0] == ':' && p[1] != ':')
		p++;
	if (try_six(s, p, end))
		return;
	for (last = end; last > p && last[-1] != ':' && last[-1] != '.';
	     last--)
		;
	if (last > p + 1 && try_six(s, p, last - 1))
		return;
	/* "::" before the port may be the address's own end. */
	if (last > p)
		(void)try_six(s, p, last);
}

/* The runs of some classes in a word. */
static void
runs(const struct scan *s, const uint8_t *p, const uint8_t *end, uint8_t of,
    void (*each)(const struct scan *s, const uint8_t *p, const uint8_t *end))
{
	const uint8_t *start;

	while (p < end) {
		for (; p < end && (class[*p] & of) == 0; p++)
			;
		for (start = p; p < end && (class[*p] & of) != 0; p++)
			;
		if (p > start)
			each(s, start, p);
	}
}

/* A time of day has two colons, an address six or two together. */
static void
six_if(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	unsigned colons = 0;
	bool two = false;
	const uint8_t *at;

	for (at = p; at < end; at++) {
		colons += *at == ':';
		two |= at > p && at[0] == ':' && at[-1] == ':';
	}
	if (two || colons >= 6)
		six(s, p, end);
}

/* ---- words ---- */

static const uint8_t *
label(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *start = p;
	uint8_t all = 0;
	size_t len;

	for (; p < end && (class[*p] & LABEL) != 0; p++)
		all |= class[*p];
	len = (size_t)(p - start);
	if (len >= 32)
		hex_runs(s, start, p);
	if (len >= SPOT_LABEL_MIN && len <= SPOT_LABEL_MAX &&
	    (all & LETTER) != 0)
		give(s, SPOT_LABEL, start, p);
	return p;
}

void
spot_each(struct span text, spot_take *take, void *cookie)
{
	const struct scan s = { take, cookie, text.p, text.p + text.len };
	const uint8_t *p = s.begin, *end = s.end, *start;
	unsigned dots, colons;

	while (p < end) {
		if ((class[*p] & WORD) == 0) {
			p++;
			continue;
		}
		for (start = p, dots = colons = 0;
		     p < end && (class[*p] & WORD) != 0;) {
			if ((class[*p] & LABEL) != 0) {
				p = label(&s, p, end);
				continue;
			}
			dots += *p == '.';
			colons += *p == ':';
			p++;
		}
		if (dots >= 3)
			runs(&s, start, p, DIGIT | DOT, quads);
		if (colons >= 2)
			runs(&s, start, p, DIGIT | HEX | COLON | DOT, six_if);
	}
}

/* ---- keys ---- */

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	return h != 0 ? h : 1;
}

/* So many bytes, the first the lowest, on any machine. */
static inline uint64_t
load8(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

static inline uint64_t
load4(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}

/*
 * Of letters, digits, '-' and '_' without case: bit 0x20 is the case of a
 * letter, is set in digits and '-', and makes of '_' what none of them is.
 */
static inline uint64_t
fold(uint64_t h, uint64_t part)
{
	h = (h ^ (part | UINT64_C(0x2020202020202020))) *
	    UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/* Eight at a time; the last of them may have been in the ones before. */
static uint64_t
key_text(uint64_t h, struct span s)
{
	size_t i;

	if (s.len >= 8) {
		for (i = 0; i + 8 < s.len; i += 8)
			h = fold(h, load8(s.p + i));
		h = fold(h, load8(s.p + s.len - 8));
	} else if (s.len >= 4)
		h = fold(h, load4(s.p) | load4(s.p + s.len - 4) << 32);
	else if (s.len > 0)
		h = fold(h,
		    (uint64_t)s.p[0] | (uint64_t)s.p[s.len / 2] << 8 |
			(uint64_t)s.p[s.len - 1] << 16);
	return mix(h ^ s.len);
}

uint64_t
spot_key_address(const struct address *a, unsigned bits)
{
	uint64_t high, low;

	memcpy(&high, a->b, 8);
	memcpy(&low, a->b + 8, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	high = __builtin_bswap64(high);
	low = __builtin_bswap64(low);
#endif
	if (bits <= 64) {
		low = 0;
		high = bits == 0 ? 0 : high >> (64 - bits) << (64 - bits);
	} else
		low = low >> (128 - bits) << (128 - bits);
	high = (high ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
	high ^= high >> 29;
	return mix(high ^ low);
}

uint64_t
spot_key_label(struct span text)
{
	return key_text(1, text);
}

uint64_t
spot_key_hex(struct span digits)
{
	return key_text(2, digits);
}

/* The widths that are kept, the narrowest first. */
static const unsigned widths[2][SPOT_KEYS] = { { 128, 64, 48, 32 },
	{ 128, 120, 112, 104 } };

size_t
spot_keys(const struct spot *s, uint64_t key[SPOT_KEYS])
{
	const unsigned *w;
	size_t i;

	if (s->kind == SPOT_LABEL || s->kind == SPOT_HEX) {
		key[0] = s->kind == SPOT_HEX ? spot_key_hex(s->text)
					     : spot_key_label(s->text);
		return 1;
	}
	w = widths[address_is_v4(&s->address)];
	for (i = 0; i < SPOT_KEYS; i++)
		key[i] = spot_key_address(&s->address, w[i]);
	return SPOT_KEYS;
}

uint64_t
spot_key_network(const struct prefix *p)
{
	static const struct address none = { { [10] = 0xff, [11] = 0xff } };
	const unsigned *w =
	    widths[p->bits >= 96 && address_is_v4(&p->address)];
	size_t i;

	/* What holds all of IPv4 is wider than any that is kept of it. */
	if (p->bits <= 96 && prefix_holds(p, &none))
		return 0;
	for (i = 0; i < SPOT_KEYS; i++)
		if (w[i] <= p->bits)
			return spot_key_address(&p->address, w[i]);
	return 0;
}
