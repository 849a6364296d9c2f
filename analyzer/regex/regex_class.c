/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_class.h"

void
regex_set_add(struct regex_set *s, unsigned from, unsigned to)
{
	for (; from <= to && from < 256; from++)
		s->w[from / 64] |= UINT64_C(1) << from % 64;
}

void
regex_set_not(struct regex_set *s)
{
	int i;

	for (i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

struct regex_set
regex_set_less(struct regex_set a, struct regex_set b)
{
	int i;

	for (i = 0; i < 4; i++)
		a.w[i] &= ~b.w[i];
	return a;
}

struct regex_set
regex_set_both(struct regex_set a, struct regex_set b)
{
	int i;

	for (i = 0; i < 4; i++)
		a.w[i] &= b.w[i];
	return a;
}

/* All letters stand in the second word. */
void
regex_set_fold(struct regex_set *s)
{
	const uint64_t letters = (UINT64_C(1) << 26) - 1;
	uint64_t either =
	    (s->w[1] >> ('A' - 64) | s->w[1] >> ('a' - 64)) & letters;

	s->w[1] |= either << ('A' - 64) | either << ('a' - 64);
}

static void
add_all(struct regex_set *s, const struct regex_set *more)
{
	int i;

	for (i = 0; i < 4; i++)
		s->w[i] |= more->w[i];
}

/* \d and the like; false if c is no such letter. */
static bool
take_type(uint8_t c, struct regex_set *s)
{
	switch (c | 32) {
	case 'd':
		regex_set_add(s, '0', '9');
		break;
	case 'w':
		regex_set_add(s, '0', '9');
		regex_set_add(s, 'a', 'z');
		regex_set_add(s, 'A', 'Z');
		regex_set_add(s, '_', '_');
		break;
	case 's':
		regex_set_add(s, '\t', '\r');
		regex_set_add(s, ' ', ' ');
		break;
	case 'h':
		regex_set_add(s, '\t', '\t');
		regex_set_add(s, ' ', ' ');
		regex_set_add(s, 0xa0, 0xa0);
		break;
	case 'v':
		regex_set_add(s, '\n', '\r');
		regex_set_add(s, 0x85, 0x85);
		break;
	default:
		if (c != 'N')
			return false;
		regex_set_add(s, '\n', '\n');
	}
	if (c < 'a')
		regex_set_not(s);
	return true;
}

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Up to max digits at pos. */
static unsigned
take_number(struct span regex, size_t *pos, int base, int max)
{
	unsigned v = 0;

	for (; max > 0 && *pos < regex.len && digit(regex.p[*pos]) < base;
	     max--, (*pos)++)
		v = v * (unsigned)base + (unsigned)digit(regex.p[*pos]);
	return v & 0xfff;
}

/* \xhh, \x{hh}, \o{...}, \0oo, \cX: the byte, or 256 if it is none. */
static unsigned
take_code(struct span regex, size_t *pos, uint8_t c)
{
	unsigned v;

	if (c == '0')
		return take_number(regex, pos, 8, 2);
	if (c == 'c')
		return *pos < regex.len
		    ? ((regex.p[(*pos)++] & 0xdfu) ^ 0x40u) & 0xff
		    : 256;
	if (*pos >= regex.len || regex.p[*pos] != '{')
		return c == 'x' ? take_number(regex, pos, 16, 2) : 256;
	++*pos;
	v = take_number(regex, pos, c == 'x' ? 16 : 8, 3);
	if (*pos >= regex.len || regex.p[*pos] != '}')
		return 256;
	++*pos;
	return v;
}

/* The one byte of an escape such as \n, else c itself. */
static unsigned
plain_byte(uint8_t c)
{
	switch (c) {
	case 'a':
		return 7;
	case 'e':
		return 27;
	case 'f':
		return 12;
	case 'n':
		return 10;
	case 'r':
		return 13;
	case 't':
		return 9;
	default:
		return c;
	}
}

enum regex_escape
regex_escape_take(struct span regex, size_t *pos, struct regex_set *set)
{
	unsigned v;
	uint8_t c;

	memset(set, 0, sizeof(*set));
	if (++*pos >= regex.len)
		return REGEX_ESCAPE_OTHER;
	c = regex.p[(*pos)++];
	if (c == 0)
		regex_set_add(set, c, c);
	if (c == 0 || take_type(c, set))
		return REGEX_ESCAPE_SET;
	if (c == 'R') {
		take_type('v', set);
		return REGEX_ESCAPE_SET;
	}
	if (c == 'Q')
		return REGEX_ESCAPE_QUOTE;
	if (c == 'E' || c == 'K')
		return REGEX_ESCAPE_NONE;
	if (strchr("bBAG", c) != NULL)
		return REGEX_ESCAPE_ASSERT;
	if (strchr("zZ", c) != NULL)
		return REGEX_ESCAPE_END;
	if (strchr("pPXCkguULl123456789", c) != NULL)
		return REGEX_ESCAPE_OTHER;
	v = strchr("x0oc", c) != NULL ? take_code(regex, pos, c)
				       : plain_byte(c);
	if (v > 255)
		return REGEX_ESCAPE_OTHER;
	regex_set_add(set, v, v);
	return REGEX_ESCAPE_SET;
}

/* [:name:] at pos. */
static bool
take_posix(struct span regex, size_t *pos, struct regex_set *out)
{
	static const struct {
		const char *name, *ranges;
	} known[] = { { "alpha", "azAZ" }, { "digit", "09" },
		{ "alnum", "azAZ09" }, { "upper", "AZ" }, { "lower", "az" },
		{ "space", "\t\r  " }, { "blank", "\t\t  " },
		{ "punct", "!/:@[`{~" }, { "xdigit", "09afAF" },
		{ "word", "azAZ09__" }, { "graph", "!~" }, { "print", " ~" },
		{ "cntrl", "\001\037\177\177" }, { "ascii", "\001\177" } };
	struct span rest = span_sub(regex, *pos + 2, regex.len), name;
	const uint8_t *end;
	struct regex_set set = { { 0 } };
	bool not = rest.len > 0 && rest.p[0] == '^';
	size_t i;
	const char *r;

	rest = span_sub(rest, not, rest.len);
	if (rest.len == 0 || (end = memchr(rest.p, ':', rest.len)) == NULL)
		return false;
	name = span_make(rest.p, (size_t)(end - rest.p));
	if (name.len + 1 >= rest.len || end[1] != ']')
		return false;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!span_is(name, known[i].name))
			continue;
		for (r = known[i].ranges; *r != '\0'; r += 2)
			regex_set_add(&set, (uint8_t)r[0], (uint8_t)r[1]);
		if (span_is(name, "cntrl") || span_is(name, "ascii"))
			regex_set_add(&set, 0, 0);
		if (not)
			regex_set_not(&set);
		add_all(out, &set);
		*pos = (size_t)(end - regex.p) + 2;
		return true;
	}
	return false;
}

/* One member of a class: a byte (then *byte < 256), or a set. */
static bool
take_member(struct span regex, size_t *pos, struct regex_set *set,
    unsigned *byte)
{
	uint8_t c = regex.p[*pos];
	unsigned i;

	memset(set, 0, sizeof(*set));
	*byte = 256;
	if (c != '\\') {
		*byte = c;
		++*pos;
		regex_set_add(set, c, c);
		return true;
	}
	if (*pos + 1 < regex.len && regex.p[*pos + 1] == 'b') {
		*pos += 2;
		*byte = 8;
		regex_set_add(set, 8, 8);
		return true;
	}
	if (regex_escape_take(regex, pos, set) != REGEX_ESCAPE_SET)
		return false;
	for (i = 0; i < 256 && !regex_set_has(set, i); i++)
		;
	struct regex_set one = { { 0 } };
	regex_set_add(&one, i, i);
	if (memcmp(&one, set, sizeof(one)) == 0)
		*byte = i;
	return true;
}

/* A member, or a range of two. */
static bool
take_range(struct span regex, size_t *pos, struct regex_set *out)
{
	struct regex_set set;
	unsigned from, to;
	size_t at;

	if (!take_member(regex, pos, &set, &from))
		return false;
	add_all(out, &set);
	at = *pos + 1;
	if (from > 255 || at >= regex.len || regex.p[*pos] != '-' ||
	    regex.p[at] == ']' ||
	    (regex.p[at] == '[' && at + 1 < regex.len &&
		regex.p[at + 1] == ':'))
		return true;
	if (!take_member(regex, &at, &set, &to))
		return false;
	if (to > 255)
		return true; /* "a-\d": the hyphen is one */
	*pos = at;
	regex_set_add(out, from, to);
	return true;
}

bool
regex_class_take(struct span regex, size_t *pos, bool fold,
    struct regex_set *set)
{
	size_t at = *pos + 1, first;
	bool not = at < regex.len && regex.p[at] == '^';

	memset(set, 0, sizeof(*set));
	at += not;
	for (first = at; at < regex.len; ) {
		if (regex.p[at] == ']' && at > first) {
			if (fold)
				regex_set_fold(set);
			if (not)
				regex_set_not(set);
			*pos = at + 1;
			return true;
		}
		if (regex.p[at] == '[' && at + 1 < regex.len &&
		    regex.p[at + 1] == ':' && take_posix(regex, &at, set))
			continue;
		if (!take_range(regex, &at, set))
			return false;
	}
	return false;
}
