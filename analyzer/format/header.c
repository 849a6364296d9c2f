/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/header.h"

#include "analyzer/format/header_5424.h"
#include "analyzer/format/header_bsd.h"
#include "analyzer/format/header_word.h"

#define STACK_MAX 4 /* heads that relays may have put in front */

static bool
is_digit(uint8_t c)
{
	return header_word_is(c, HEADER_WORD_DIGIT);
}

/* Terminators, also as a relay escapes those that a device put into it. */
static struct span
strip_end(struct span s)
{
	while (s.len > 0) {
		uint8_t c = s.p[s.len - 1];

		if (c == '\n' || c == '\r' || c == '\0')
			s.len--;
		else if (s.len > 4 && s.p[s.len - 4] == '#' &&
		    s.p[s.len - 5] != ' ' &&
		    (memcmp(s.p + s.len - 3, "000", 3) == 0 ||
			memcmp(s.p + s.len - 3, "012", 3) == 0 ||
			memcmp(s.p + s.len - 3, "015", 3) == 0))
			s.len -= 4;
		else
			break;
	}
	return s;
}

static struct span
strip_bom(struct span s)
{
	return s.len >= 3 && s.p[0] == 0xEF && s.p[1] == 0xBB && s.p[2] == 0xBF
	    ? header_word_skip(s, 3)
	    : s;
}

/*
 * BOM, octet count left in by a receiver, terminators, and what is left of
 * those of the line before: some send LF and a blank (ASA), or LF and NUL.
 */
static struct span
strip(struct span s)
{
	size_t n;

	s = strip_bom(strip_end(s));
	n = header_word_digits(span_sub(s, 0, 7));
	if (n > 0 && n <= 6 && s.len > n + 1 && s.p[n] == ' ' &&
	    (s.p[n + 1] == '<' || s.p[n + 1] == 0xEF))
		s = strip_bom(header_word_skip(s, n + 1));
	for (n = 0; n < s.len && n < 4 &&
	     (s.p[n] == ' ' || s.p[n] == '\0' || s.p[n] == '\n' ||
		 s.p[n] == '\r');
	     n++)
		;
	if (n > 0 && s.len > n + 2 && s.p[n] == '<' && is_digit(s.p[n + 1]))
		s = header_word_skip(s, n);
	return s;
}

/* "<189>", with blanks in it, without its end, or with a fraction "<14.2>". */
static struct span
take_pri(struct span s, int *said, struct span *text)
{
	size_t n, i = 1, from;
	int pri = 0;

	if (s.len < 3 || s.p[0] != '<')
		return s;
	while (i < s.len && i < 4 && s.p[i] == ' ')
		i++;
	from = i;
	n = header_word_digits(span_sub(s, i, 5));
	if (n == 0) {
		n = header_word_priority(s, said, text);
		return header_word_skip(s, n);
	}
	for (; i < from + n; i++)
		pri = pri * 10 + (s.p[i] - '0');
	if (i + 1 < s.len && s.p[i] == '.' && is_digit(s.p[i + 1]))
		i += 1 + header_word_digits(span_sub(s, i + 1, 4));
	while (i < s.len && i < from + n + 3 && s.p[i] == ' ')
		i++;
	if (n > 4 || i == s.len)
		return s;
	if (s.p[i] == '>')
		i++;
	else if (pri > 191 || s.p[i - 1] != ' ' ||
	    !header_bsd_starts(header_word_skip(s, i)))
		return s;
	*text = span_sub(s, from, n);
	*said = pri <= 191 ? pri : -1;
	return header_word_skip(s, i);
}

/* Part by part, which is faster than to clear so many bytes. */
static inline void
header_none(struct header *h)
{
	const struct span none = { NULL, 0 };

	h->pri = -1;
	h->has_stamp = false;
	memset(&h->stamp, 0, sizeof(h->stamp));
	h->pri_text = h->stamp_text = h->uptime = none;
	h->host = h->app = h->pid = none;
	h->msgid = h->sd = h->level = none;
	h->sequence = h->relay = none;
	h->body[HEADER_NONE] = h->body[HEADER_PRI] = none;
	h->body[HEADER_TIME] = h->body[HEADER_HOST] = none;
	h->body[HEADER_TAG] = none;
}

/* One head at s; whole is the line. */
static void
parse_one(struct span s, struct span whole, struct header *h)
{
	header_none(h);
	h->body[HEADER_NONE] = whole;
	s = take_pri(s, &h->pri, &h->pri_text);
	if (s.len > 0 && s.p[0] == 0xEF)
		s = strip_bom(s);
	h->body[HEADER_PRI] = header_word_blanks(s);
	if (!header_5424_parse(h->body[HEADER_PRI], h))
		header_bsd_parse(h->body[HEADER_PRI], h);
}

static bool
starts_pri(struct span s)
{
	int pri = -1;
	struct span text = { NULL, 0 };

	(void)take_pri(s, &pri, &text);
	return text.len > 0;
}

static bool
starts_stamp(struct span s)
{
	struct stamp stamp = { 0 };

	return stamp_parse(s, &stamp);
}

/* Whether a head begins at s that says when, or how grave. */
static bool
starts_head(struct span s)
{
	if (s.len == 0)
		return false;
	if (s.p[0] == '<')
		return starts_pri(s);
	if (s.p[0] == '1' && s.len > 14 && s.p[1] == ' ')
		return s.p[12] == 'T' && starts_stamp(header_word_skip(s, 2));
	return header_bsd_starts(s);
}

/*
 * An inner head that lacks a name, a priority or a time takes them from the
 * outer: the outer one is then no relay but the way the device's line was
 * framed.
 */
static void
inherit(struct header *h, const struct header *outer)
{
	if (h->host.len == 0)
		h->host = outer->host;
	else if (!span_eq(h->host, outer->host))
		h->relay = outer->host;
	if (h->relay.len == 0)
		h->relay = outer->relay;
	if (h->sequence.len == 0)
		h->sequence = outer->sequence;
	if (h->pri_text.len == 0) {
		h->pri = outer->pri;
		h->pri_text = outer->pri_text;
	}
	if (!h->has_stamp) {
		h->has_stamp = true;
		h->stamp = outer->stamp;
		h->stamp_text = outer->stamp_text;
	}
}

/* It is a head only if it has all that belongs to one. */
static bool
parse_inner(struct span s, struct header *h, bool ios)
{
	struct header inner;

	parse_one(s, h->body[HEADER_NONE], &inner);
	s = inner.body[HEADER_HOST];
	if (!inner.has_stamp ||
	    (inner.pri_text.len == 0 && inner.sd.len == 0 &&
		!(ios && s.len > 0 && s.p[0] == '%')))
		return false;
	inherit(&inner, h);
	*h = inner;
	return true;
}

/*
 * A head behind a relay's own name for what it sends on ("junos: ..."): most
 * of what stands there is a message that happens to begin so.
 */
static bool
parse_tagged(struct header *h)
{
	struct span s = h->body[HEADER_TAG];
	bool ios = h->sequence.len > 0;

	return s.len > 0 && s.len != h->body[HEADER_HOST].len &&
	    (s.p[0] == '<' || is_digit(s.p[0]) || ios) &&
	    parse_inner(s, h, ios);
}

/* The head behind that of a relay. */
static void
parse_next(struct span whole, struct header *h)
{
	struct header outer = *h;

	parse_one(outer.body[HEADER_HOST], whole, h);
	inherit(h, &outer);
}

/* Whether strip() takes nothing off a line that begins with "<". */
static bool
is_stripped(struct span s)
{
	uint8_t c = s.p[s.len - 1];

	return c != '\n' && c != '\r' && c != '\0' && s.p[s.len - 4] != '#';
}

/* "<189>date=2026-06-07 ...", as firewalls write, is told at a glance. */
static bool
parse_pair(struct span s, struct header *h)
{
	size_t n = 1;
	int pri = 0;

	if (s.len < 16 || s.p[0] != '<' || !is_stripped(s))
		return false;
	for (; n < 4 && is_digit(s.p[n]); n++)
		pri = pri * 10 + (s.p[n] - '0');
	if (n == 1 || s.p[n] != '>' ||
	    !header_bsd_is_pair(span_sub(s, n + 1, s.len)))
		return false;
	header_none(h);
	h->pri = pri <= 191 ? pri : -1;
	h->pri_text = span_sub(s, 1, n - 1);
	h->body[HEADER_NONE] = s;
	h->body[HEADER_PRI] = h->body[HEADER_TIME] = h->body[HEADER_HOST] =
	    h->body[HEADER_TAG] = span_sub(s, n + 1, s.len);
	return true;
}

void
header_parse(struct span line, struct header *h)
{
	struct span whole;
	int i;

	if (parse_pair(line, h))
		return;
	whole = strip(line);
	parse_one(whole, whole, h);
	for (i = 1; i < STACK_MAX && h->has_stamp; i++) {
		if (!starts_head(h->body[HEADER_HOST])) {
			if (!parse_tagged(h))
				return;
			continue;
		}
		parse_next(whole, h);
	}
}
