/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/draft_priv.h"
#include "common/find.h"

/* By which words the lines are recognised, and those of others are not. */

#define WORDS 400   /* that may be taken */
#define WORDS_MAX 4 /* that are taken */

struct detection {
	struct draft *d;
	size_t n;
	struct span word[WORDS];
	size_t ntaken;
	struct span taken[WORDS_MAX];
	struct span app;
	struct span *body, *name; /* of the lines of other formats */
};

static bool
has(struct span text, struct span part)
{
	return text.len >= part.len && part.len > 0 &&
	    find_part(text, part) != NULL;
}

/* Whether every line of the sample has the word. */
static bool
is_common(const struct draft *d, struct span word)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (!has(d->line[i].body, word))
			return false;
	return true;
}

/* How many lines of other formats have what was taken, and this word. */
static size_t
others(const struct detection *t, struct span word)
{
	size_t i, k, n = 0;

	for (i = 0; i < t->d->sample->nother; i++) {
		if (t->app.len > 0 && !span_eq(t->name[i], t->app))
			continue;
		if (word.len > 0 && !has(t->body[i], word))
			continue;
		for (k = 0; k < t->ntaken; k++)
			if (!has(t->body[i], t->taken[k]))
				break;
		n += k == t->ntaken;
	}
	return n;
}

static void
add(struct detection *t, struct span word)
{
	size_t i;

	for (i = 0; i < t->n && !span_eq(t->word[i], word); i++)
		;
	if (i == t->n && t->n < WORDS && is_common(t->d, word))
		t->word[t->n++] = arena_copy(t->d->a, word);
}

/* "key=", or "key" in JSON, or <Name or Name=' in XML, of each input. */
static void
add_keys(struct detection *t)
{
	const struct draft *d = t->d;
	struct buf word;
	size_t i;

	buf_init(&word);
	for (i = 0; i < d->ninput; i++) {
		struct span name = d->input[i]->name;
		size_t k = name.len;

		while (k > 0 && name.p[k - 1] != '.' && name.p[k - 1] != '@')
			k--;
		word.len = 0;
		if (d->how == DRAFT_JSON) {
			buf_byte(&word, '"');
			buf_span(&word, span_sub(name, k, name.len));
			buf_byte(&word, '"');
		} else if (d->how == DRAFT_XML) {
			buf_span(&word, span_sub(name, k, name.len));
		} else {
			buf_span(&word, name);
			buf_span(&word, d->form.pair);
		}
		add(t, buf_view(&word));
	}
	buf_fini(&word);
}

/* "|Vendor|Product|" of CEF and LEEF, with their mark. */
static void
add_product(struct detection *t)
{
	struct draft *d = t->d;
	const char *mark = d->how == DRAFT_CEF ? "CEF:" : "LEEF:";
	struct span body = d->line[0].body, from;
	const uint8_t *p = find_part(body, span_str(mark));
	const uint8_t *bar, *end;
	int i;

	if (p == NULL)
		return;
	from = span_sub(body, (size_t)(p - body.p), body.len);
	bar = end = memchr(from.p, '|', from.len);
	for (i = 0; end != NULL && i < 2; i++)
		end =
		    memchr(end + 1, '|', (size_t)(from.p + from.len - end - 1));
	if (bar == NULL || end == NULL)
		return;
	add(t, span_make(bar, (size_t)(end - bar) + 1));
}

static void
add_word(void *cookie, struct span word)
{
	add(cookie, word);
}

/* Cells that are the same in all lines, and are words. */
static void
add_cells(struct detection *t)
{
	struct draft *d = t->d;
	struct buf word;
	size_t i, k;

	buf_init(&word);
	for (i = 0; i < d->ninput; i++) {
		struct span v = d->input[i]->value[0];

		for (k = 0; k < v.len; k++)
			if ((v.p[k] >= '0' && v.p[k] <= '9') || v.p[k] == '.')
				break;
		if (v.len < 2 || v.len > 30 || k < v.len)
			continue;
		word.len = 0;
		buf_byte(&word, d->sep);
		buf_span(&word, v);
		buf_byte(&word, d->sep);
		add(t, buf_view(&word));
	}
	buf_fini(&word);
}

/* The lines of other formats, as this one would see them. */
static void
read_others(struct detection *t)
{
	const struct draft_sample *s = t->d->sample;
	struct header h;
	size_t i;

	t->body = arena_alloc(t->d->a, (s->nother + 1) * sizeof(*t->body));
	t->name = arena_alloc(t->d->a, (s->nother + 1) * sizeof(*t->name));
	for (i = 0; i < s->nother; i++) {
		header_parse(s->other[i], &h);
		t->body[i] = h.body[t->d->level];
		t->name[i] = h.app;
	}
}

/* The word that the fewest others have; of equal ones the longest. */
static void
take(struct detection *t)
{
	size_t i, n, best = SIZE_MAX, at = SIZE_MAX;

	for (i = 0; i < t->n; i++) {
		n = others(t, t->word[i]);
		if (at != SIZE_MAX &&
		    (n > best ||
			(n == best && t->word[i].len <= t->word[at].len)))
			continue;
		best = n;
		at = i;
	}
	if (at == SIZE_MAX)
		return;
	t->taken[t->ntaken++] = t->word[at];
	t->word[at] = t->word[--t->n];
}

static void
find_app(struct detection *t)
{
	const struct draft *d = t->d;
	size_t i;

	if (d->level < HEADER_TAG)
		return;
	t->app = d->line[0].h.app;
	for (i = 1; i < d->n; i++)
		if (!span_eq(d->line[i].h.app, t->app))
			t->app = SPAN("");
}

static void
put(struct draft *d, const struct detection *t)
{
	size_t i;

	buf_str(d->out, "detect: {");
	if (t->app.len > 0) {
		buf_str(d->out, "app: ");
		draft_quote(t->app, d->out);
	}
	if (t->ntaken > 0) {
		buf_str(d->out, t->app.len > 0 ? ", all: [" : "all: [");
		for (i = 0; i < t->ntaken; i++) {
			buf_str(d->out, i > 0 ? ", " : "");
			draft_quote(t->taken[i], d->out);
		}
		buf_byte(d->out, ']');
	}
	buf_str(d->out, "}\n");
}

/* Whether one of the words in the list stands in the text. */
static bool
has_any(struct span text, const struct span *word, size_t n)
{
	size_t i;

	for (i = 0; i < n && !has(text, word[i]); i++)
		;
	return i < n;
}

/* The first key of a line, as it stands there. */
static struct span
first_key(const struct draft *d, size_t line)
{
	struct span body = d->line[line].body, name, word;
	struct buf text;
	size_t i;

	for (i = 0; i < d->ninput && d->input[i]->value[line].len == 0; i++)
		;
	if (i == d->ninput)
		return SPAN("");
	name = draft_last(d->input[i]->name);
	buf_init(&text);
	if (d->how == DRAFT_CEF || d->how == DRAFT_LEEF)
		buf_str(&text, d->how == DRAFT_CEF ? "CEF:" : "LEEF:");
	else if (d->how == DRAFT_JSON)
		buf_printf(&text, "\"%.*s\"", (int)name.len,
		    (const char *)name.p);
	else {
		buf_span(&text, name);
		buf_span(&text, d->form.pair);
	}
	word = arena_copy(d->a, buf_view(&text));
	buf_fini(&text);
	return has(body, word) ? word : SPAN("");
}

/* No word is in all lines: one of some is. */
static void
put_any(struct draft *d)
{
	struct span word[DRAFT_LINES], one;
	size_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		if (has_any(d->line[i].body, word, n))
			continue;
		one = first_key(d, i);
		if (one.len > 0)
			word[n++] = one;
	}
	buf_str(d->out,
	    n > 0 ? "detect: {contains: ["
		  : "detect: {pattern: '.'}\nlast: yes\n");
	for (i = 0; i < n; i++) {
		buf_str(d->out, i > 0 ? ", " : "");
		draft_quote(word[i], d->out);
	}
	buf_str(d->out, n > 0 ? "]}\n" : "");
}

/* Cells without a word: what the first ones look like. */
static void
put_shape(struct draft *d)
{
	char sep[3] = { '\\', (char)d->sep, '\0' };
	size_t i, k;

	buf_str(d->out, "detect: {pattern: '^");
	for (i = 0; i < d->ninput && i < 4; i++) {
		bool digits = true;

		for (k = d->result->table; k < d->n && digits; k++)
			digits = draft_fits(DRAFT_COUNT, d->input[i]->value[k]);
		buf_printf(d->out, "%s%s",
		    i == 0		 ? ""
			: d->sep == '\t' ? "\\t"
					 : sep,
		    digits ? "\\d+" : "");
		if (!digits)
			buf_printf(d->out, "[^%s]*",
			    d->sep == '\t' ? "\\t" : sep);
	}
	buf_str(d->out, "'}\n");
}

void
draft_put_detect(struct draft *d)
{
	struct detection *t = arena_alloc(d->a, sizeof(*t));
	size_t least = d->how == DRAFT_KEYVALUE || d->how == DRAFT_JSON ? 2 : 1;

	t->d = d;
	read_others(t);
	find_app(t);
	if (d->how == DRAFT_CEF || d->how == DRAFT_LEEF)
		add_product(t);
	else if (d->how == DRAFT_CSV)
		add_cells(t);
	else if (d->how == DRAFT_PATTERN)
		draft_add_words(d, add_word, t);
	else
		add_keys(t);
	if (t->app.len > 0)
		least = 0;
	while (t->n > 0 && t->ntaken < WORDS_MAX &&
	    (t->ntaken < least || others(t, SPAN("")) > 0))
		take(t);
	/* draft_put_starts() has its own word on it. */
	d->result->sharp =
	    (t->app.len > 0 || t->ntaken > 0) && others(t, SPAN("")) == 0;
	if (t->app.len > 0 || t->ntaken > 0)
		put(d, t);
	else if (d->how == DRAFT_PATTERN || d->leads)
		draft_put_starts(d);
	else if (d->how == DRAFT_CSV)
		put_shape(d);
	else
		put_any(d);
}
