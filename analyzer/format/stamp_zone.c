/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/stamp.h"

/* Zones as they are written: offsets, names, names with an offset. */

#define STAMP_ZONE_HOURS 99 /* the name stands for several */
#define NAME_MAX_LEN 5	    /* of a name beside a time */

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t
upper(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c & ~0x20) : c;
}

static bool
is_letter(uint8_t c)
{
	return upper(c) >= 'A' && upper(c) <= 'Z';
}

struct zone {
	const char *name;
	size_t len;
	int hours, minutes;
	bool alone;
};

static const struct zone zones[] = {
#define ZONE(name, hours, minutes, alone) \
	{ name, sizeof(name) - 1, hours, minutes, alone },
#include "analyzer/format/zone_tbl.h"
#undef ZONE
};

static const struct zone *
find(struct span s)
{
	size_t i, k;

	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		const struct zone *z = &zones[i];

		if (z->len != s.len || (uint8_t)z->name[0] != upper(s.p[0]))
			continue;
		for (k = 1; k < s.len; k++)
			if ((uint8_t)z->name[k] != upper(s.p[k]))
				break;
		if (k == s.len)
			return z;
	}
	return NULL;
}

static int
two(const uint8_t *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* "+9", "-03", "+0930", "-5:00" at the start of s: its bytes, or 0. */
static size_t
offset_len(struct span s, int *zone)
{
	size_t n = 1, at;
	int h, m = 0;

	if (s.len < 2 || (s.p[0] != '+' && s.p[0] != '-'))
		return 0;
	while (n < s.len && n < 6 && is_digit(s.p[n]))
		n++;
	if (n == 5) {
		h = two(s.p + 1);
		m = two(s.p + 3);
	} else if (n == 2 || n == 3) {
		h = n == 2 ? s.p[1] - '0' : two(s.p + 1);
		at = n + 1;
		if (s.len >= n + 3 && s.p[n] == ':' && is_digit(s.p[at]) &&
		    is_digit(s.p[at + 1])) {
			m = two(s.p + at);
			n += 3;
		}
	} else
		return 0;
	if (h > 23 || m > 59 || (n < s.len && is_digit(s.p[n])))
		return 0;
	*zone = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
	return n;
}

/* "(+0800)" behind a name at s: its bytes, or 0. */
static size_t
bracket_len(struct span s, int *zone)
{
	size_t n;

	if (s.len < 4 || s.p[0] != '(')
		return 0;
	n = offset_len(span_sub(s, 1, s.len), zone);
	return n > 0 && n + 1 < s.len && s.p[n + 1] == ')' ? n + 2 : 0;
}

static bool
ends(struct span s, size_t n)
{
	return n == s.len ||
	    memchr(" \t:,;])", s.p[n], 7) != NULL;
}

/* A name, and what may stand behind it. */
static enum stamp_zone
take_name(struct span s, int *zone, size_t *len)
{
	const struct zone *z;
	size_t n = 0, more;

	while (n < s.len && n <= NAME_MAX_LEN && is_letter(s.p[n]))
		n++;
	if (n == 1 && upper(s.p[0]) == 'Z' && ends(s, 1)) {
		*len = 1;
		*zone = 0;
		return STAMP_ZONE_KNOWN;
	}
	if (n < 3 || n > NAME_MAX_LEN ||
	    (n < s.len &&
		memchr(" :(+-\t,;])", s.p[n], 10) == NULL) ||
	    (n < s.len && s.p[0] > 'Z' && s.p[n] != ':') ||
	    (z = find(span_sub(s, 0, n))) == NULL)
		return STAMP_ZONE_NONE;
	more = bracket_len(span_sub(s, n, s.len), zone);
	if (more == 0 && z->hours == 0 && z->minutes == 0)
		more = offset_len(span_sub(s, n, s.len), zone);
	if (!ends(s, n + more))
		return STAMP_ZONE_NONE;
	*len = n + more;
	if (more > 0)
		return STAMP_ZONE_KNOWN;
	/* A host may be called so too. */
	if (n < s.len && s.p[n] != ':' &&
	    !(z->alone && s.p[0] <= 'Z' && s.p[1] <= 'Z'))
		return STAMP_ZONE_NONE;
	if (z->hours == STAMP_ZONE_HOURS)
		return STAMP_ZONE_ODD;
	*zone = (z->hours * 60 + z->minutes) * 60;
	return STAMP_ZONE_KNOWN;
}

enum stamp_zone
stamp_zone_take(struct span s, int *zone, size_t *len)
{
	if (s.len == 0)
		return STAMP_ZONE_NONE;
	if (is_letter(s.p[0]))
		return take_name(s, zone, len);
	*len = offset_len(s, zone);
	return *len > 0 && ends(s, *len) ? STAMP_ZONE_KNOWN : STAMP_ZONE_NONE;
}

int
stamp_zone(struct span s, int *zone)
{
	const struct zone *z;
	const uint8_t *end;
	size_t len = 0, more;

	if (s.len == 0)
		return -1;
	if (s.p[0] == '(' && (end = memchr(s.p, ')', s.len)) != NULL)
		s = span_sub(s, 1, (size_t)(end - s.p) - 1); /* (GMT-5:00)... */
	switch (stamp_zone_take(s, zone, &len)) {
	case STAMP_ZONE_KNOWN:
		return len == s.len ? 0 : -1;
	case STAMP_ZONE_ODD:
		return -1;
	case STAMP_ZONE_NONE:
		break;
	}
	if (s.len > 0 && (z = find(s)) != NULL &&
	    z->hours != STAMP_ZONE_HOURS) {
		*zone = (z->hours * 60 + z->minutes) * 60;
		return 0;
	}
	/* "JST-9" is POSIX, where the sign is turned round. */
	if (s.len < 5 || (z = find(span_sub(s, 0, 3))) == NULL)
		return -1;
	more = offset_len(span_sub(s, 3, s.len), zone);
	if (3 + more != s.len || *zone != -(z->hours * 60 + z->minutes) * 60)
		return -1;
	*zone = -*zone;
	return 0;
}
