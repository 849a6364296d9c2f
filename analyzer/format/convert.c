/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/convert.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "analyzer/format/clock.h"
#include "analyzer/format/letters.h"
#include "common/find.h"
#include "common/num.h"
#include "common/utc.h"

static const struct span nothing = { NULL, 0 };

static const char *const names[CONVERT_COUNT] = {
#define CONVERT(id, name, doc) [CONVERT_##id] = name,
#include "analyzer/format/convert_tbl.h"
#undef CONVERT
};

int
convert_parse(struct span name, enum convert *c)
{
	int i;

	for (i = 0; i < CONVERT_COUNT; i++) {
		if (span_is(name, names[i])) {
			*c = (enum convert)i;
			return 0;
		}
	}
	return -1;
}

const char *
convert_name(enum convert c)
{
	return names[c];
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/*
 * A bit for each of 8 to 15 bytes that is a digit, or a dot, or, being the
 * first of three digits, begins a number beyond 255.
 */
struct classes {
	uint32_t digits, dots, large;
};

static void
classes(struct span s, struct classes *c)
{
#ifdef __SSE2__
	const __m128i two = _mm_set1_epi8(2), five = _mm_set1_epi8(5);
	uint64_t first, last;
	uint32_t is2, is5, over2, over5;
	__m128i x;

	memcpy(&first, s.p, 8);
	memcpy(&last, s.p + s.len - 8, 8);
	last = last >> 1 >> (127 - 8 * s.len); /* without those of the first */
	x = _mm_set_epi64x((long long)last, (long long)first);
	c->dots =
	    (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('.')));
	x = _mm_sub_epi8(x, _mm_set1_epi8('0'));
	c->digits = (uint32_t)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(9)), x));
	is2 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, two));
	is5 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, five));
	over2 = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(x, two));
	over5 = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(x, five));
	c->large = c->digits & c->digits >> 1 & c->digits >> 2 &
	    (over2 | (is2 & (over5 >> 1 | (is5 >> 1 & over5 >> 2))));
#else
	size_t i;

	*c = (struct classes){ 0 };
	for (i = 0; i < s.len; i++) {
		c->dots |= (uint32_t)(s.p[i] == '.') << i;
		c->digits |= (uint32_t)is_digit(s.p[i]) << i;
	}
	for (i = 0; i + 2 < s.len; i++)
		if ((c->digits >> i & 7) == 7 &&
		    memcmp(s.p + i, "255", 3) > 0)
			c->large |= UINT32_C(1) << i;
#endif
}

/*
 * Dotted quad; leading zeros are allowed, as old devices pad.  Where the
 * dots stand tells it but for numbers of three digits.
 */
static bool
is_ipv4(struct span s)
{
	struct classes c;
	uint32_t rest;

	if (s.len < 7 || s.len > 15)
		return false;
	if (s.len == 7)
		return is_digit(s.p[0]) && s.p[1] == '.' && is_digit(s.p[2]) &&
		    s.p[3] == '.' && is_digit(s.p[4]) && s.p[5] == '.' &&
		    is_digit(s.p[6]);
	classes(s, &c);
	if ((c.dots | c.digits) != (1u << s.len) - 1)
		return false;
	rest = c.dots & (c.dots - 1);
	rest &= rest - 1; /* the third of three */
	if (rest == 0 || (rest & (rest - 1)) != 0)
		return false;
	/* No number is empty, none has four digits. */
	return (c.dots & (c.dots << 1 | 1u << (s.len - 1) | 1)) == 0 &&
	    (c.digits & c.digits >> 1 & c.digits >> 2 & c.digits >> 3) == 0 &&
	    c.large == 0;
}

bool
convert_is_ip(struct span s)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr addr;
	const uint8_t *zone;

	if (s.len == 0)
		return false;
	if (s.len <= 15 && is_ipv4(s))
		return true;
	if (memchr(s.p, ':', s.len) == NULL)
		return false;
	if ((zone = memchr(s.p, '%', s.len)) != NULL)
		s.len = (size_t)(zone - s.p);
	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	return inet_pton(AF_INET6, text, &addr) == 1;
}

/* An IPv4 address that stands in one of IPv6 is that IPv4 address. */
struct span
convert_ip(struct span s)
{
	static const char mapped[] = "::ffff:", longer[] = "0:0:0:0:0:ffff:";
	struct span v4;

	if (is_ipv4(s))
		return s;
	if (!convert_is_ip(s))
		return nothing;
	if (s.len > sizeof(mapped) && s.p[1] == ':' && s.p[0] <= ':') {
		size_t n = s.p[0] == ':' ? sizeof(mapped) - 1
					 : sizeof(longer) - 1;

		v4 = span_sub(s, n, s.len);
		if (s.len > n && v4.len <= 15 &&
		    strncasecmp((const char *)s.p,
			s.p[0] == ':' ? mapped : longer, n) == 0 &&
		    is_ipv4(v4))
			return v4;
	}
	return s;
}

/* The canonical decimal, leading zeros taken off where they stand. */
static struct span
number(struct span s)
{
	uint64_t n;
	size_t i;

	if (convert_is_number(s))
		return s;
	for (i = 0; i < s.len && is_digit(s.p[i]); i++)
		;
	if (i < s.len || s.len == 0 ||
	    (s.len >= 20 && num_parse(s, UINT64_MAX, &n) != 0))
		return nothing;
	while (s.len > 1 && s.p[0] == '0')
		s = span_sub(s, 1, s.len);
	return s;
}

static struct span
print_number(uint64_t n, struct arena *a)
{
	char *out = arena_bytes(a, 20);

	return span_make(out, num_print(n, out));
}

/* Whole seconds, as firewalls write them, are so many with nine zeros. */
static struct span
whole_seconds(struct span s, struct arena *a)
{
	uint8_t *out;
	size_t i;

	if (!convert_is_number(s))
		s = number(s);
	if (s.len == 0 || s.len > 9)
		return nothing;
	if (s.p[0] == '0')
		return s;
	out = arena_bytes(a, 18);
	for (i = 0; i < s.len; i++)
		out[i] = s.p[i];
	memset(out + s.len, '0', 9);
	return span_make(out, s.len + 9);
}

/* "12" or "12.345" of a unit of ns nanoseconds. */
static struct span
duration(struct span s, uint64_t ns, struct arena *a)
{
	const uint8_t *dot = s.len ? memchr(s.p, '.', s.len) : NULL;
	struct span whole = s, part = nothing;
	uint64_t n, scale = ns;
	size_t i;

	if (dot != NULL) {
		whole = span_sub(s, 0, (size_t)(dot - s.p));
		part = span_sub(s, whole.len + 1, s.len);
	}
	if (num_parse(whole, UINT64_MAX / ns - 1, &n) != 0)
		return nothing;
	n *= ns;
	for (i = 0; i < part.len; i++) {
		if (!is_digit(part.p[i]))
			return nothing;
		scale /= 10;
		n += scale * (uint64_t)(part.p[i] - '0');
	}
	return print_number(n, a);
}

static struct span
seconds(struct span s, struct arena *a)
{
	struct span whole = whole_seconds(s, a);

	return whole.len > 0 ? whole : duration(s, UINT64_C(1000000000), a);
}

static uint64_t
unit_seconds(uint8_t c)
{
	switch (c) {
	case 'd':
		return 86400;
	case 'h':
		return 3600;
	case 'm':
		return 60;
	case 's':
		return 1;
	default:
		return 0;
	}
}

/* 1:02:03, 02:03, or numbers each followed by d, h, m or s. */
static struct span
hms(struct span s, struct arena *a)
{
	uint64_t sum = 0, v = 0, unit;
	bool digits = false, units = false, colons = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		uint8_t c = s.p[i];

		if (is_digit(c)) {
			v = v * 10 + (uint64_t)(c - '0');
			digits = true;
			if (v > 1000000000 || sum > 1000000000)
				return nothing;
		} else if ((unit = unit_seconds(c)) > 0 && digits && !colons) {
			sum += v * unit;
			v = 0;
			digits = false;
			units = true;
		} else if (c == ':' && digits) {
			sum = (sum + v) * 60;
			v = 0;
			digits = false;
			colons = true;
		} else if ((c != ' ' && c != ':') || digits)
			return nothing;
	}
	if (digits == units || (!digits && !units))
		return nothing;
	return print_number((sum + v) * UINT64_C(1000000000), a);
}

/*
 * Whether one mark parts it into six, three or two parts, or none does: 12
 * digits may also be an IPv4 address, or one with its port.
 */
static bool
has_mac_marks(struct span s)
{
	size_t i, n = 0, part = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] != ':' && s.p[i] != '-' && s.p[i] != '.')
			continue;
		if (n++ == 0)
			part = i;
		if (s.p[i] != s.p[part] || i + 1 != (part + 1) * n)
			return false;
	}
	return n == 0 || (part == 2 && n == 5) || (part == 4 && n == 2) ||
	    (part == 6 && n == 1);
}

static struct span
mac(struct span s, struct arena *a)
{
	uint8_t *out = arena_alloc(a, 17);
	size_t i, n = 0, digits = 0;

	if (!has_mac_marks(s))
		return nothing;
	for (i = 0; i < s.len; i++) {
		uint8_t c = s.p[i];

		if (c == ':' || c == '-' || c == '.')
			continue;
		if (c >= 'a' && c <= 'f')
			c = (uint8_t)(c - 0x20);
		if (!(is_digit(c) || (c >= 'A' && c <= 'F')) || digits == 12)
			return nothing;
		if (digits > 0 && digits % 2 == 0)
			out[n++] = '-';
		out[n++] = c;
		digits++;
	}
	return digits == 12 ? span_make(out, n) : nothing;
}

static struct span
trim(struct span s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = span_sub(s, 1, s.len);
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static int
hex_digit(uint8_t c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The audit records of Linux end each argument with a NUL. */
static struct span
hex(struct span s, struct arena *a)
{
	uint8_t *out;
	size_t i, n = 0;

	if (s.len == 0 || s.len % 2 != 0)
		return nothing;
	out = arena_alloc(a, s.len / 2);
	for (i = 0; i < s.len; i += 2) {
		int hi = hex_digit(s.p[i]), lo = hex_digit(s.p[i + 1]);

		if (hi < 0 || lo < 0)
			return nothing;
		out[n] = (uint8_t)(hi << 4 | lo);
		if (out[n] == '\0')
			out[n] = ' ';
		n++;
	}
	return trim(span_make(out, n));
}

/* Offset behind "scheme://", 0 if there is no scheme. */
static size_t
url_scheme(struct span s)
{
	size_t i;

	for (i = 0; i + 2 < s.len && i < 16; i++)
		if (s.p[i] == ':' && s.p[i + 1] == '/' && s.p[i + 2] == '/')
			return i + 3;
	return 0;
}

static size_t
find_any(struct span s, size_t from, const char *set)
{
	while (from < s.len &&
	    (s.p[from] == '\0' || strchr(set, s.p[from]) == NULL))
		from++;
	return from;
}

static struct span
url_domain(struct span s)
{
	size_t from = url_scheme(s), end = find_any(s, from, "/?#"), at;

	s = span_sub(s, from, end - from);
	if ((at = find_any(s, 0, "@")) < s.len)
		s = span_sub(s, at + 1, s.len);
	if (s.len > 0 && s.p[0] == '[')
		return span_sub(s, 1, find_any(s, 1, "]") - 1);
	return span_sub(s, 0, find_any(s, 0, ":"));
}

static struct span
url_path(struct span s)
{
	size_t from = find_any(s, url_scheme(s), "/?#"), end;

	end = find_any(s, from, "?#");
	return span_sub(s, from, end - from);
}

/* DOMAIN\name cut at its last backslash. */
static struct span
account(struct span s, bool domain)
{
	size_t i;

	for (i = s.len; i > 0; i--)
		if (s.p[i - 1] == '\\')
			return domain ? span_sub(s, 0, i - 1)
				      : span_sub(s, i, s.len);
	return domain ? nothing : s;
}

static struct span
epoch(struct span s, struct arena *a)
{
	char *out;
	int64_t usec;

	if (!clock_epoch(s, &usec))
		return nothing;
	out = arena_alloc(a, UTC_TEXT);
	return span_str(utc_print(usec, 0, out));
}

/* 0x1f; without 0x it is decimal. */
static struct span
hex_number(struct span s, struct arena *a)
{
	uint64_t n = 0;
	size_t i;
	uint8_t c;

	if (s.len < 3 || s.p[0] != '0' || (s.p[1] | 0x20) != 'x')
		return number(s);
	if (s.len > 18)
		return nothing;
	for (i = 2; i < s.len; i++) {
		c = s.p[i] | 0x20;
		if (!is_digit(s.p[i]) && (c < 'a' || c > 'f'))
			return nothing;
		n = n << 4 |
		    (uint64_t)(is_digit(s.p[i]) ? s.p[i] - '0' : c - 'a' + 10);
	}
	return print_number(n, a);
}

/* (3)www(7)example(3)com(0): lengths in brackets; (0) alone is the root. */
static struct span
labels(struct span s, struct arena *a)
{
	uint8_t *out = arena_alloc(a, s.len + 1);
	size_t i = 0, n = 0, len;

	while (i < s.len && s.p[i] == '(') {
		for (len = 0, i++; i < s.len && is_digit(s.p[i]); i++)
			if ((len = len * 10 + (size_t)(s.p[i] - '0')) > 63)
				return nothing;
		if (i == s.len || s.p[i] != ')')
			return nothing;
		i++;
		if (len == 0)
			return n > 0 ? span_make(out, n - 1)
				     : span_make((const uint8_t *)".", 1);
		if (len > s.len - i)
			return nothing;
		memcpy(out + n, s.p + i, len);
		n += len;
		out[n++] = '.';
		i += len;
	}
	return nothing;
}

struct span
convert_value(enum convert c, enum ecs_type type, struct span s,
    struct arena *a)
{
	switch (c) {
	case CONVERT_LOWER:
		return letters_turn(s, 'A', a);
	case CONVERT_UPPER:
		return letters_turn(s, 'a', a);
	case CONVERT_MAC:
		return mac(s, a);
	case CONVERT_NS:
		return number(s);
	case CONVERT_US:
		return duration(s, 1000, a);
	case CONVERT_MS:
		return duration(s, 1000000, a);
	case CONVERT_SECONDS:
		return seconds(s, a);
	case CONVERT_MINUTES:
		return duration(s, UINT64_C(60000000000), a);
	case CONVERT_HMS:
		return hms(s, a);
	case CONVERT_URL_DOMAIN:
		return url_domain(s);
	case CONVERT_URL_PATH:
		return url_path(s);
	case CONVERT_EPOCH:
		return epoch(s, a);
	case CONVERT_HEX_NUMBER:
		return hex_number(s, a);
	case CONVERT_LABELS:
		return labels(s, a);
	case CONVERT_ACCOUNT:
		return account(s, false);
	case CONVERT_DOMAIN:
		return account(s, true);
	case CONVERT_HEX:
		s = hex(s, a);
		break;
	case CONVERT_TRIM:
		s = trim(s);
		break;
	case CONVERT_NONE:
	case CONVERT_COUNT:
		break;
	}
	if (type == ECS_T_NUMBER)
		return number(s);
	return type == ECS_T_IP ? convert_ip(s) : s;
}
