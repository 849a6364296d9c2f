/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cluster_words.h"

#include <string.h>

/* Where a word ends. */
static bool
is_end(uint8_t c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '|' ||
	    c == '\r' || c == '\n';
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint8_t c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

/* The end of a word at pos: quoted text may have ends in it. */
static size_t
word_end(struct span line, size_t pos)
{
	uint8_t quote = 0;

	for (; pos < line.len; pos++) {
		uint8_t c = line.p[pos];

		if (quote != 0) {
			if (c == '\\')
				pos++;
			else if (c == quote)
				quote = 0;
		} else if (c == '"')
			quote = c;
		else if (is_end(c))
			break;
	}
	return pos < line.len ? pos : line.len;
}

/* Bytes of a key with its "=" or ":" at the start of a word, or 0. */
static size_t
key_len(struct span w)
{
	size_t i = 0;

	while (i < w.len && (w.p[i] == '{' || w.p[i] == '"' || w.p[i] == '['))
		i++; /* JSON */
	if (i == w.len || (!is_letter(w.p[i]) && w.p[i] != '_'))
		return 0;
	while (i < w.len &&
	    (is_letter(w.p[i]) || is_digit(w.p[i]) ||
		memchr("_.-@\"", w.p[i], 5) != NULL))
		i++;
	if (i == w.len || (w.p[i] != '=' && w.p[i] != ':') || i + 1 == w.len)
		return 0;
	/* C:\path, fe80::1, 12:30: no keys; http:// no key. */
	if (w.p[i] == ':' && w.p[i - 1] != '"')
		return 0;
	return i + 1 < CLUSTER_WORD ? i + 1 : 0;
}

/* Whether a word is of the kind that changes. */
static bool
changes(struct span w)
{
	size_t i;

	if (w.len > CLUSTER_WORD)
		return true;
	for (i = 0; i < w.len; i++)
		if (is_digit(w.p[i]) || w.p[i] == '"' || w.p[i] >= 0x80)
			return true;
	return false;
}

/* Bytes of "name[" at the start of a word, or 0. */
static size_t
name_len(struct span w)
{
	size_t i = 0;

	while (i < w.len && i < CLUSTER_WORD / 2 &&
	    (is_letter(w.p[i]) || w.p[i] == '-' || w.p[i] == '_'))
		i++;
	return i > 1 && i < w.len && (w.p[i] == '[' || w.p[i] == '(') ? i + 1
								      : 0;
}

/* A word of letters with its marks, or a star with the marks around it. */
static struct span
mask(struct span w, uint8_t *space)
{
	size_t key = key_len(w), n, from, to = w.len;

	if (key == 0 && !changes(w)) {
		memcpy(space, w.p, w.len);
		return span_make(space, w.len);
	}
	if (key > 0) {
		memcpy(space, w.p, key);
		space[key] = '*';
		return span_make(space, key + 1);
	}
	n = from = name_len(w);
	memcpy(space, w.p, n);
	while (from < to && memchr("([<", w.p[from], 3) != NULL && n < 2)
		space[n++] = w.p[from++];
	space[n++] = '*';
	while (to > from && w.len - to < 2 &&
	    memchr(")]>:", w.p[to - 1], 4) != NULL)
		to--;
	memcpy(space + n, w.p + to, w.len - to);
	n += w.len - to;
	return span_make(space, n);
}

size_t
cluster_words(struct span line, struct cluster_word *word, uint8_t *space)
{
	size_t pos = 0, end, n = 0, pairs = 0;

	while (pos < line.len) {
		while (pos < line.len &&
		    (line.p[pos] == ' ' || line.p[pos] == '\t' ||
			line.p[pos] == '\r'))
			pos++;
		if (pos == line.len)
			break;
		if (n == CLUSTER_WORDS - 1 || pairs == CLUSTER_PAIRS) {
			word[n++] = (struct cluster_word){ SPAN("..."), '\0' };
			break;
		}
		end = word_end(line, pos);
		word[n].text = mask(span_sub(line, pos, end - pos), space);
		word[n].end = end < line.len ? (char)line.p[end] : '\0';
		pairs += key_len(span_sub(line, pos, end - pos)) > 0;
		space += word[n].text.len;
		n++;
		pos = end + 1;
	}
	if (n > 0 && strchr(" \t\r\n", word[n - 1].end) != NULL)
		word[n - 1].end = '\0';
	return n;
}
