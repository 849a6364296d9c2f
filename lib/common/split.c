/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Every scan begins at the start of a piece and remembers nothing between two
 * calls, so that where the reader's blocks end makes no difference.  A scan
 * that needs what is not there yet answers 0 and is made again.
 */
#include "common/split.h"

#include <string.h>

#define WIDE 0xFFFFu   /* a character that is none of those that matter */
#define NOTHING 0x100u /* the text ends here, so far */

static const char *const names[] = { "line", "csv", "event", "raw" };

const char *
split_unit_name(enum split_unit unit)
{
	return names[unit];
}

int
split_unit_parse(struct span name, enum split_unit *unit)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(name, names[i])) {
			*unit = (enum split_unit)i;
			return 0;
		}
	return -1;
}

/* A way through the characters of a text. */
struct walk {
	struct span in;
	enum text_encoding encoding;
	size_t pos;
	bool last;    /* nothing follows in */
	bool shifted; /* ISO-2022-JP: two bytes a character */
};

static bool
is_utf16(enum text_encoding e)
{
	return e == TEXT_UTF16LE || e == TEXT_UTF16BE;
}

static size_t
step_utf16(const struct walk *w, unsigned *c)
{
	const uint8_t *p = w->in.p + w->pos;
	bool big = w->encoding == TEXT_UTF16BE;

	if (w->in.len - w->pos < 2)
		return 0;
	*c = (unsigned)p[big] | (unsigned)p[!big] << 8;
	if (*c >= 0x80)
		*c = WIDE;
	return 2;
}

/* A trail byte may look like a bracket, and never like a control or quote. */
static size_t
step_cp932(const struct walk *w, unsigned *c)
{
	const uint8_t *p = w->in.p + w->pos;
	bool lead =
	    (p[0] >= 0x81 && p[0] <= 0x9F) || (p[0] >= 0xE0 && p[0] <= 0xFC);

	*c = p[0] < 0x80 ? p[0] : WIDE;
	if (!lead || (w->last && w->in.len - w->pos == 1))
		return 1;
	if (w->in.len - w->pos == 1)
		return 0;
	return p[1] >= 0x40 && p[1] <= 0xFC && p[1] != 0x7F ? 2 : 1;
}

/* Between escape sequences every byte may be half of a character. */
static size_t
step_jis(struct walk *w, unsigned *c)
{
	const uint8_t *p = w->in.p + w->pos;
	size_t left = w->in.len - w->pos;

	if (p[0] == 0x1B && left < 4 && !w->last)
		return 0;
	if (p[0] == 0x1B && left >= 3 && (p[1] == '$' || p[1] == '(')) {
		w->shifted = p[1] == '$' || p[2] == 'I';
		*c = WIDE;
		return p[1] == '$' && p[2] == '(' && left > 3 ? 4 : 3;
	}
	if (p[0] < 0x20)
		w->shifted = false;
	*c = w->shifted || p[0] >= 0x80 ? WIDE : p[0];
	return 1;
}

/* The next character: below 0x80, WIDE, or NOTHING; *from = where it is. */
static unsigned
walk_next(struct walk *w, size_t *from)
{
	unsigned c = NOTHING;
	size_t n;

	*from = w->pos;
	if (w->pos >= w->in.len)
		return NOTHING;
	if (is_utf16(w->encoding))
		n = step_utf16(w, &c);
	else if (w->encoding == TEXT_CP932)
		n = step_cp932(w, &c);
	else if (w->encoding == TEXT_ISO_2022_JP)
		n = step_jis(w, &c);
	else {
		c = w->in.p[w->pos] < 0x80 ? w->in.p[w->pos] : WIDE;
		n = 1;
	}
	w->pos += n;
	return n == 0 ? NOTHING : c;
}

static unsigned
walk_peek(const struct walk *w)
{
	struct walk ahead = *w;
	size_t from;

	return walk_next(&ahead, &from);
}

/* Where the first line ends, its LF included; 0 if it does not. */
static size_t
line_end(enum text_encoding e, struct span in)
{
	const uint8_t *lf;
	size_t pos = 0, at;

	while (pos < in.len &&
	    (lf = memchr(in.p + pos, '\n', in.len - pos)) != NULL) {
		at = (size_t)(lf - in.p);
		if (!is_utf16(e))
			return at + 1;
		if (e == TEXT_UTF16LE && at % 2 == 0 && at + 1 < in.len &&
		    in.p[at + 1] == 0)
			return at + 2;
		if (e == TEXT_UTF16BE && at % 2 == 1 && in.p[at - 1] == 0)
			return at + 1;
		pos = at + 1;
	}
	return 0;
}

/* A byte order mark is no part of the first cell or tag. */
static size_t
bom(enum text_encoding e, struct span in)
{
	if (e == TEXT_UTF8 && span_starts(in, SPAN("\xEF\xBB\xBF")))
		return 3;
	if (is_utf16(e) &&
	    (span_starts(in, SPAN("\xFF\xFE")) ||
		span_starts(in, SPAN("\xFE\xFF"))))
		return 2;
	return 0;
}

enum found {
	FOUND,
	LAST, /* it ends where the text does */
	MORE, /* not in what is there yet */
	OPEN  /* it does not end */
};

/* Behind a quote in a quoted cell: whether it closes it. */
static enum found
quote_closes(struct walk *w, uint8_t separator, bool *closes)
{
	unsigned c = walk_peek(w);
	size_t from;

	if (c == NOTHING && !w->last)
		return MORE;
	if (c == '"')
		walk_next(w, &from); /* doubled: one quote of the text */
	*closes = c == separator || c == '\r' || c == '\n' || c == NOTHING;
	return FOUND;
}

/* The end of the CSV record; OPEN: its quote does not close. */
static enum found
csv_end(const struct split *s, struct walk *w)
{
	bool quoted = false, start = true;
	unsigned c, lines = 0;
	size_t from;

	while ((c = walk_next(w, &from)) != NOTHING) {
		if (c == '\n' && !quoted)
			return FOUND;
		if (c == '\n' && ++lines == SPLIT_OPEN_LINES)
			return OPEN;
		if (c == '"' && quoted) {
			bool closes;

			if (quote_closes(w, s->separator, &closes) == MORE)
				return MORE;
			quoted = !closes;
		} else if (c == '"' && start)
			quoted = true;
		start = !quoted && c == s->separator;
	}
	if (!w->last)
		return MORE;
	return quoted ? OPEN : LAST;
}

/* Up to and with what closes a comment and the like. */
static enum found
skip_until(struct walk *w, const char *close)
{
	size_t n = strlen(close), i, from;
	unsigned c, seen[3] = { 0 };

	while ((c = walk_next(w, &from)) != NOTHING) {
		memmove(seen, seen + 1, sizeof(seen) - sizeof(seen[0]));
		seen[2] = c;
		for (i = 0; i < n && seen[3 - n + i] == (uint8_t)close[i]; i++)
			continue;
		if (i == n)
			return FOUND;
	}
	return MORE;
}

struct tag {
	bool event;   /* its local name is Event */
	bool closing; /* </...> */
	bool empty;   /* <.../> */
};

/* The local name of a tag, *c its first character; *c = what ends it. */
static bool
name_is_event(struct walk *w, unsigned *c)
{
	static const char want[] = "Event";
	size_t n = 0, from;
	bool same = true;

	for (;; *c = walk_next(w, &from)) {
		if (*c == NOTHING || *c <= ' ' || *c == '/' || *c == '>')
			return same && n == sizeof(want) - 1;
		if (*c == ':') {
			n = 0;
			same = true;
			continue;
		}
		same = same && n < sizeof(want) - 1 && *c == (uint8_t)want[n];
		n++;
	}
}

/* A tag, behind its '<'; what is no element is skipped as such. */
static enum found
tag_read(struct walk *w, struct tag *t)
{
	unsigned c, quote = 0, before = 0;
	size_t from;

	*t = (struct tag){ 0 };
	c = walk_next(w, &from);
	if (c == '?')
		return skip_until(w, "?>");
	if (c == '!') {
		c = walk_peek(w);
		return skip_until(w, c == '-' ? "-->" : c == '[' ? "]]>" : ">");
	}
	t->closing = c == '/';
	if (t->closing)
		c = walk_next(w, &from);
	t->event = name_is_event(w, &c);
	for (; c != NOTHING; before = c, c = walk_next(w, &from)) {
		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>') {
			t->empty = before == '/' && !t->closing;
			return FOUND;
		}
	}
	return MORE;
}

/* Behind an event: the blanks that follow belong to it. */
static enum found
blanks_skip(struct walk *w)
{
	unsigned c;
	size_t from;

	for (;;) {
		c = walk_peek(w);
		if (c == NOTHING)
			return w->last ? FOUND : MORE;
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return FOUND;
		walk_next(w, &from);
	}
}

/*
 * The end of an event, or of what stands before it.  Behind a cut (inside)
 * nobody knows how deep it is: the next tag of an event decides.
 */
static enum found
event_end(const struct split *s, struct walk *w)
{
	unsigned depth = s->inside ? 1 : 0, c;
	bool blank = !s->inside; /* nothing but blanks so far */
	bool lost = s->inside;
	struct tag t;
	size_t from;

	while ((c = walk_next(w, &from)) != NOTHING) {
		if (c != '<') {
			blank = blank && (c == ' ' || (c >= '\t' && c <= '\r'));
			continue;
		}
		if (tag_read(w, &t) != FOUND)
			break;
		if (t.event && !t.closing && lost && from == 0)
			depth = 0;
		else if (t.event && !t.closing && (lost || depth == 0) &&
		    !blank) {
			w->pos = from;
			return FOUND;
		}
		blank = false;
		if (!t.event)
			continue;
		lost = false;
		if (!t.closing && !t.empty)
			depth++;
		else if (t.closing && depth > 0)
			depth--;
		if (depth == 0)
			return blanks_skip(w);
	}
	return !w->last ? MORE : depth > 0 ? OPEN : FOUND;
}

/* What the scan found, but never more than max. */
static size_t
piece(struct split *s, struct span in, bool last, size_t len,
    enum split_end *end)
{
	*end = SPLIT_WHOLE;
	if (len > s->max || (len == 0 && in.len > s->max)) {
		*end = SPLIT_CUT;
		return s->max;
	}
	if (len > 0 || !last)
		return len;
	*end = in.len > 0 ? SPLIT_PARTIAL : SPLIT_WHOLE;
	return in.len;
}

/* A record whose quote never closes is taken for the line that it begins. */
static size_t
csv_next(struct split *s, struct span in, bool last, enum split_end *end)
{
	struct walk w = { span_sub(in, 0, s->max + 1), s->encoding,
		bom(s->encoding, in), last && in.len <= s->max, false };
	size_t len = line_end(s->encoding, w.in);
	enum found found;

	/* Most records have no quote at all. */
	if (!is_utf16(s->encoding) && len > 0 && len <= s->max &&
	    memchr(in.p, '"', len) == NULL)
		return piece(s, in, last, len, end);
	found = csv_end(s, &w);
	if (found == MORE && in.len <= s->max)
		return 0;
	if (found == LAST)
		return piece(s, in, last, 0, end);
	if (found == FOUND && w.pos <= s->max)
		return piece(s, in, last, w.pos, end);
	if (len > 0 && len <= s->max)
		s->open++;
	return piece(s, in, last, len, end);
}

static size_t
event_next(struct split *s, struct span in, bool last, enum split_end *end)
{
	struct walk w = { span_sub(in, 0, s->max + 1), s->encoding,
		bom(s->encoding, in), last && in.len <= s->max, false };
	enum found found = event_end(s, &w);
	bool cut = found != FOUND || w.pos > s->max;
	size_t len;

	if (found == MORE && in.len <= s->max)
		return 0;
	len = piece(s, in, last, cut ? 0 : w.pos, end);
	s->inside = *end == SPLIT_CUT && (s->inside || found != FOUND);
	return len;
}

size_t
split_next(struct split *s, struct span in, bool last, enum split_end *end)
{
	*end = SPLIT_WHOLE;
	if (in.len == 0)
		return 0;
	switch (s->unit) {
	case SPLIT_LINE:
		return piece(s, in, last,
		    line_end(s->encoding, span_sub(in, 0, s->max + 1)), end);
	case SPLIT_CSV:
		return csv_next(s, in, last, end);
	case SPLIT_EVENT:
		return event_next(s, in, last, end);
	case SPLIT_RAW:
		break;
	}
	if (in.len < s->max && !last)
		return 0;
	return in.len < s->max ? in.len : s->max;
}
