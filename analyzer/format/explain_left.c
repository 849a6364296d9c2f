/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/explain_left.h"

#include <string.h>

bool
explain_at(struct span text, struct span part, size_t *from)
{
	if (part.len == 0 || part.p < text.p ||
	    part.p + part.len > text.p + text.len)
		return false;
	*from = (size_t)(part.p - text.p);
	return true;
}

/* Where the value ends if it stands here with escapes, or 0. */
static size_t
escaped_end(struct span text, size_t at, struct span value)
{
	size_t i = 0;

	while (i < value.len && at < text.len) {
		if (text.p[at] == value.p[i]) {
			if (text.p[at] == '"' && at + 1 < text.len &&
			    text.p[at + 1] == '"')
				at++;
			at++;
			i++;
		} else if (text.p[at] == '\\')
			at++;
		else
			return 0;
	}
	return i == value.len ? at : 0;
}

bool
explain_escaped(struct span text, struct span value, size_t *from, size_t *to)
{
	size_t at;

	for (at = 0; value.len > 0 && at < text.len; at++) {
		if (text.p[at] != value.p[0])
			continue;
		*to = escaped_end(text, at, value);
		*from = at;
		if (*to > 0)
			return true;
	}
	return false;
}

static void
cover(uint8_t *seen, struct span text, struct span part)
{
	size_t from;

	if (explain_at(text, part, &from))
		memset(seen + from, 1, part.len);
}

/* A pair from its key to its value; all of a document whose keys are paths. */
static void
cover_key(const struct explain *x, const struct trace_row *r, uint8_t *seen)
{
	const struct step *s = r->what;
	struct span text = x->trace.text;
	size_t from, to;

	if (s->kind == STEP_JSON || s->kind == STEP_XML ||
	    s->kind == STEP_CEF || s->kind == STEP_LEEF) {
		cover(seen, text, x->line->in[s->from]);
		return;
	}
	if (!explain_at(text, r->key, &from))
		return;
	if (!explain_at(text, r->value, &to))
		cover(seen, text, r->key);
	else if (to >= from)
		memset(seen + from, 1, to - from + r->value.len);
}

/* What the line had to begin with. */
static void
cover_start(const struct explain *x, struct span body, uint8_t *seen)
{
	size_t i;

	for (i = 0; i < x->by.n; i++)
		if (x->by.word[i].how == EXPLAIN_STARTS && x->by.word[i].holds)
			cover(seen, x->trace.text,
			    span_sub(body, 0, x->by.word[i].text.len));
}

/* Letters and digits, of any language; marks between values are nothing. */
static bool
is_word(uint8_t c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

static uint8_t
fold(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* Whether the expression has the word as a literal. */
static bool
is_written(struct span regex, struct span word)
{
	size_t i, k;

	for (i = 0; i + word.len <= regex.len; i++) {
		for (k = 0; k < word.len &&
		     fold(regex.p[i + k]) == fold(word.p[k]);
		     k++)
			;
		if (k == word.len)
			return true;
	}
	return false;
}

/*
 * What an expression ran over is read if a group has it or if it asked for
 * these very words; "\\S+" and ".*" without a name read nothing.
 */
static void
cover_match(const struct explain *x, const struct trace_row *r, uint8_t *seen)
{
	const struct rule_pattern *p = r->what;
	struct span regex = regex_text(p->pattern), m = r->value;
	size_t i, k;

	for (i = 0; i < m.len; i = k) {
		for (k = i; k < m.len && is_word(m.p[k]) == is_word(m.p[i]);
		     k++)
			;
		if (!is_word(m.p[i]) ||
		    is_written(regex, span_sub(m, i, k - i)))
			cover(seen, x->trace.text, span_sub(m, i, k - i));
	}
}

/* The head counts as read: its parts have inputs of their own. */
static void
cover_all(const struct explain *x, uint8_t *seen)
{
	struct span text = x->trace.text,
		    body = x->trace.head.body[x->format->header];
	size_t i, from;

	if (explain_at(text, body, &from))
		memset(seen, 1, from);
	cover_start(x, body, seen);
	for (i = 0; i < x->npiece; i++)
		if (x->piece[i].placed && x->piece[i].slot != SLOT_LINE &&
		    x->piece[i].slot != SLOT_MESSAGE)
			memset(seen + x->piece[i].from, 1,
			    x->piece[i].to - x->piece[i].from);
	for (i = 0; i < x->trace.n; i++) {
		const struct trace_row *r = &x->trace.row[i];

		if (r->kind == TRACE_MATCH)
			cover_match(x, r, seen);
		else if (r->kind == TRACE_KEY)
			cover_key(x, r, seen);
	}
}

static void
add_range(struct explain *x, size_t from, size_t to)
{
	const uint8_t *p = x->trace.text.p;

	while (from < to && !is_word(p[from]))
		from++;
	while (to > from && !is_word(p[to - 1]))
		to--;
	if (from < to && x->nleft < EXPLAIN_RANGES)
		x->left[x->nleft++] = (struct explain_range){ from, to };
	else if (from < to)
		x->more++;
}

void
explain_left(struct explain *x)
{
	struct span text = x->trace.text;
	uint8_t *seen = arena_alloc(x->trace.a, text.len + 1);
	size_t from, to;

	cover_all(x, seen);
	for (from = 0; from < text.len; from = to) {
		to = from + 1;
		if (seen[from])
			continue;
		while (to < text.len && !seen[to])
			to++;
		add_range(x, from, to);
	}
}
