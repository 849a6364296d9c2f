/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/header_word.h"

#include "common/find.h"

#define HOST_MAX 255
#define TAG_MAX 64

#define D (HEADER_WORD_DIGIT | HEADER_WORD_ALNUM | HEADER_WORD_HOST | \
    HEADER_WORD_TAG)
#define L (HEADER_WORD_LETTER | HEADER_WORD_ALNUM | HEADER_WORD_HOST | \
    HEADER_WORD_TAG)
#define U (L | HEADER_WORD_UPPER)
#define B (HEADER_WORD_HOST | HEADER_WORD_TAG)
#define H HEADER_WORD_HOST
#define T HEADER_WORD_TAG
#define S HEADER_WORD_SIGN

const uint8_t header_word_class[256] = {
	['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D,
	['5'] = D, ['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D,
	['A'] = U, ['B'] = U, ['C'] = U, ['D'] = U, ['E'] = U,
	['F'] = U, ['G'] = U, ['H'] = U, ['I'] = U, ['J'] = U,
	['K'] = U, ['L'] = U, ['M'] = U, ['N'] = U, ['O'] = U,
	['P'] = U, ['Q'] = U, ['R'] = U, ['S'] = U, ['T'] = U,
	['U'] = U, ['V'] = U, ['W'] = U, ['X'] = U, ['Y'] = U,
	['Z'] = U, ['a'] = L, ['b'] = L, ['c'] = L, ['d'] = L,
	['e'] = L, ['f'] = L, ['g'] = L, ['h'] = L, ['i'] = L,
	['j'] = L, ['k'] = L, ['l'] = L, ['m'] = L, ['n'] = L,
	['o'] = L, ['p'] = L, ['q'] = L, ['r'] = L, ['s'] = L,
	['t'] = L, ['u'] = L, ['v'] = L, ['w'] = L, ['x'] = L,
	['y'] = L, ['z'] = L, ['.'] = B, ['-'] = B, ['_'] = B,
	['@'] = B, ['/'] = B, [':'] = H, ['%'] = H, ['+'] = T,
	['('] = T, [')'] = T, ['#'] = T, ['='] = S, ['|'] = S,
	['"'] = S, ['<'] = S, ['{'] = S, ['['] = S,
};

bool
header_word_is_host(struct span t)
{
	size_t i;

	if (t.len == 0 || t.len > HOST_MAX ||
	    !(header_word_is(t.p[0], HEADER_WORD_ALNUM) || t.p[0] == ':' ||
		t.p[0] == '_'))
		return false;
	for (i = 1; i < t.len; i++)
		if (!header_word_is(t.p[i], HEADER_WORD_HOST))
			return false;
	return t.p[t.len - 1] != ':' || (t.len > 2 && t.p[t.len - 2] == ':');
}

/* "fw1.example.jp:514" without its port; an IPv6 address has more colons. */
static struct span
without_port(struct span t)
{
	const uint8_t *colon = memchr(t.p, ':', t.len);
	size_t n;

	if (colon == NULL || colon == t.p)
		return t;
	n = (size_t)(colon - t.p);
	if (header_word_digits(header_word_skip(t, n + 1)) != t.len - n - 1)
		return t;
	return span_sub(t, 0, n);
}

/* "[2001:db8::1]:514" */
static bool
bracketed(struct span t, struct span *host)
{
	const uint8_t *end = memchr(t.p, ']', t.len);
	struct span rest;

	if (end == NULL)
		return false;
	*host = span_sub(t, 1, (size_t)(end - t.p) - 1);
	rest = header_word_skip(t, host->len + 2);
	if (rest.len > 0 &&
	    (rest.p[0] != ':' ||
		header_word_digits(header_word_skip(rest, 1)) != rest.len - 1))
		return false;
	return header_word_is_host(*host) &&
	    (memchr(host->p, '.', host->len) != NULL ||
		memchr(host->p, ':', host->len) != NULL);
}

bool
header_word_host(struct span t, struct span *host, struct span *relay)
{
	const uint8_t *arrow;
	struct span to;

	if (t.len == 0)
		return false;
	*host = (struct span){ NULL, 0 };
	if (t.p[0] == '[')
		return bracketed(t, host);
	if (header_word_is_host(t)) {
		*host = without_port(t);
		return true;
	}
	if (span_is(t, "(none)") || span_is(t, "-") || span_is(t, "?"))
		return true;
	/* "2026 Jun 07 10:00:00 collector->192.0.2.1", or ->/var/log/x */
	arrow = memmem(t.p, t.len, "->", 2);
	if (arrow == NULL)
		return false;
	*relay = span_sub(t, 0, (size_t)(arrow - t.p));
	to = header_word_skip(t, relay->len + 2);
	if (!header_word_is_host(*relay))
		return false;
	*host = header_word_is_host(to) ? to : *relay;
	if (host->p == relay->p)
		*relay = (struct span){ NULL, 0 };
	return true;
}

/* A word, and what it counts in a priority; -1: syslog does not know it. */
struct word {
	const char *text;
	uint8_t len;
	int8_t value;
};

static const struct word severities[] = {
#define WORD(text, value) { text, sizeof(text) - 1, value }
	WORD("emerg", 0), WORD("panic", 0), WORD("alert", 1), WORD("crit", 2),
	WORD("critical", 2), WORD("err", 3), WORD("error", 3),
	WORD("warning", 4), WORD("warn", 4), WORD("notice", 5),
	WORD("info", 6), WORD("informational", -1), WORD("debug", 7),
	WORD("verbose", -1), WORD("trivia", -1), WORD("fatal", -1),
};

static const struct word facilities[] = {
	WORD("kern", 0), WORD("user", 1), WORD("mail", 2), WORD("daemon", 3),
	WORD("auth", 4), WORD("security", 4), WORD("syslog", 5),
	WORD("lpr", 6), WORD("news", 7), WORD("uucp", 8), WORD("cron", 9),
	WORD("authpriv", 10), WORD("ftp", 11), WORD("ntp", 12),
	WORD("audit", 13), WORD("clock", 15), WORD("local0", 16),
	WORD("local1", 17), WORD("local2", 18), WORD("local3", 19),
	WORD("local4", 20), WORD("local5", 21), WORD("local6", 22),
	WORD("local7", 23),
#undef WORD
};

/* The word that t is, in any case, or NULL. */
static const struct word *
among(struct span t, const struct word *words, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		const struct word *w = &words[i];

		if (w->len != t.len || (t.p[0] | 0x20) != w->text[0])
			continue;
		for (k = 1; k < t.len && (t.p[k] | 0x20) == w->text[k]; k++)
			;
		if (k == t.len)
			return w;
	}
	return NULL;
}

/* The priority of "local0.info", or -1. */
static int
priority(struct span t)
{
	const uint8_t *dot = t.len < 5 ? NULL : memchr(t.p, '.', t.len);
	const struct word *facility, *severity;
	size_t n;

	if (dot == NULL)
		return -1;
	n = (size_t)(dot - t.p);
	facility = among(span_sub(t, 0, n), facilities,
	    sizeof(facilities) / sizeof(facilities[0]));
	severity = among(header_word_skip(t, n + 1), severities,
	    sizeof(severities) / sizeof(severities[0]));
	if (facility == NULL || severity == NULL || severity->value < 0)
		return -1;
	return facility->value * 8 + severity->value;
}

size_t
header_word_priority(struct span s, int *pri, struct span *text)
{
	const uint8_t *end;
	struct span words;
	int n;

	if (s.len < 7 || s.p[0] != '<' ||
	    (end = memchr(s.p, '>', s.len < 24 ? s.len : 24)) == NULL)
		return 0;
	words = span_sub(s, 1, (size_t)(end - s.p) - 1);
	if ((n = priority(words)) < 0)
		return 0;
	*pri = n;
	*text = words;
	return words.len + 2;
}

bool
header_word_is_level(struct span t, int *pri)
{
	*pri = -1;
	if (t.len < 3 || t.len > 16 ||
	    !header_word_is(t.p[0], HEADER_WORD_LETTER) ||
	    !header_word_is(t.p[t.len - 1], HEADER_WORD_LETTER))
		return false;
	if (memchr(t.p, '.', t.len) != NULL)
		return (*pri = priority(t)) >= 0;
	if ((0x21F8u >> t.len & 1) == 0) /* lengths of the words */
		return false;
	return among(t, severities,
		   sizeof(severities) / sizeof(severities[0])) != NULL;
}

/* Bytes of "[...]" at s, 0 if it does not close before a blank. */
static size_t
bracket_len(struct span s)
{
	size_t i = 0;

	while (i < s.len && s.p[i] != ']' && s.p[i] != ' ')
		i++;
	return i < s.len && s.p[i] == ']' ? i + 1 : 0;
}

/* Whether the ':' at s ends a tag. */
static bool
is_closing(struct span s)
{
	if (s.len == 0 || s.p[0] != ':')
		return false;
	s = header_word_skip(s, 1);
	return s.len == 0 || s.p[0] == ' ' || span_starts(s, SPAN("CEF:")) ||
	    span_starts(s, SPAN("LEEF:"));
}

/* "polkitd(authority=local)": what is in parentheses belongs to the name. */
static size_t
name_len(struct span s)
{
	size_t n = 0, max = s.len < TAG_MAX ? s.len : TAG_MAX;

	while (n < max && header_word_is(s.p[n], HEADER_WORD_TAG))
		n++;
	if (n == max || s.p[n] != '=' || memchr(s.p, '(', n) == NULL)
		return n;
	while (n < max &&
	    (s.p[n] == '=' || header_word_is(s.p[n], HEADER_WORD_TAG)))
		n++;
	return n;
}

/* "Google Chrome[853]:", on Macs: the bytes of the name, or 0. */
static size_t
words_len(struct span s, size_t n)
{
	int words;

	for (words = 1; words < 4 && n + 2 < s.len && s.p[n] == ' ' &&
	     header_word_is(s.p[0], HEADER_WORD_UPPER) &&
	     header_word_is(s.p[n + 1], HEADER_WORD_UPPER);
	     words++) {
		n += 1 + name_len(header_word_skip(s, n + 1));
		if (n < s.len && s.p[n] == '[')
			return n;
	}
	return 0;
}

size_t
header_word_tag(struct span s, struct span *app, struct span *pid)
{
	struct span inside = { NULL, 0 }, rest, name;
	size_t n = name_len(s), bracket = 0, more;
	bool words = false;

	if (n == 0 || n == s.len || s.p[0] == '#')
		return 0;
	if (s.p[n] == ' ' && (more = words_len(s, n)) > 0) {
		words = true;
		n = more;
	}
	name = span_sub(s, 0, n);
	if (s.p[n] == ']' && n + 1 < s.len && s.p[n + 1] == '[')
		n++; /* "gdm-password][12]:", a fault of its own */
	if (s.p[n] == '[') {
		bracket = bracket_len(header_word_skip(s, n));
		if (bracket == 0)
			return 0;
		inside = span_sub(s, n + 1, bracket - 2);
	} else if (s.p[n] != ':' || header_word_digits(s) == n)
		return 0; /* none, or a counter */
	rest = header_word_skip(s, n + bracket);
	if ((words || !is_closing(rest)) &&
	    (inside.len == 0 || header_word_digits(inside) != inside.len ||
		(rest.len > 0 && rest.p[0] != (words ? ':' : ' '))))
		return 0;
	*app = name;
	*pid = inside;
	return n + bracket + (rest.len > 0 && rest.p[0] == ':');
}

/* "00:02:58", "295:34:52.730" */
static size_t
uptime_clock(struct span s)
{
	size_t n = header_word_digits(s);

	if (n < 2 || n > 6 || s.len < n + 7 || s.p[n] != ':' ||
	    header_word_digits(header_word_skip(s, n + 1)) != 2 ||
	    s.p[n + 3] != ':' ||
	    header_word_digits(header_word_skip(s, n + 4)) != 2)
		return 0;
	n += 6;
	if (s.p[n] == '.')
		n += 1 + header_word_digits(header_word_skip(s, n + 1));
	return n;
}

size_t
header_word_uptime(struct span s)
{
	size_t n = 0, digits, parts = 0;

	if (s.len < 5 || !header_word_is(s.p[0], HEADER_WORD_DIGIT))
		return 0;
	while ((digits = header_word_digits(header_word_skip(s, n))) > 0 &&
	    digits <= 4 && n + digits < s.len &&
	    memchr("ywdhm", s.p[n + digits], 5) != NULL) {
		n += digits + 1;
		parts++;
	}
	if (parts == 0)
		n = uptime_clock(s);
	else if (parts == 1)
		return 0;
	return n > 0 && n < s.len && s.p[n] == ':' ? n : 0;
}

size_t
header_word_key(struct span s)
{
	size_t n = 0;
#ifdef __SSE2__
	__m128i x, y;

	if (s.len >= 16) {
		x = find_load(s.p);
		y = _mm_sub_epi8(x, _mm_set1_epi8('a'));
		y = _mm_cmpeq_epi8(_mm_min_epu8(y, _mm_set1_epi8(25)), y);
		x = _mm_cmpeq_epi8(x, _mm_set1_epi8('_'));
		return (size_t)__builtin_ctz(
		    ~(unsigned)_mm_movemask_epi8(_mm_or_si128(x, y)));
	}
#endif
	while (n < s.len && n < 16 &&
	    ((s.p[n] >= 'a' && s.p[n] <= 'z') || s.p[n] == '_'))
		n++;
	return n;
}
