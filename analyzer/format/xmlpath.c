/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/xmlpath.h"

#include <string.h>

#include "common/text.h"

static const char cut[] = "the XML ends before its end";

void
xmlpath_begin(struct xmlpath *x, struct span in)
{
	memset(x, 0, offsetof(struct xmlpath, path));
	x->p = in.p;
	x->end = in.len == 0 ? in.p : in.p + in.len;
}

static bool
stop(struct xmlpath *x, const char *why)
{
	x->done = true;
	x->fault = why;
	return false;
}

static struct span
rest(const struct xmlpath *x)
{
	return span_make(x->p, (size_t)(x->end - x->p));
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
append(struct xmlpath *x, struct span s)
{
	if (x->len < XMLPATH_MAX && s.len <= XMLPATH_MAX - x->len)
		memcpy(x->path + x->len, s.p, s.len);
	else if (s.len > 0)
		x->len = XMLPATH_MAX; /* too long: so are all below it */
	x->len += s.len;
}

/* The path as it stands, with joint and name behind it for this once. */
static struct span
path_with(struct xmlpath *x, struct span joint, struct span name)
{
	size_t len = x->len;
	struct span path;

	if (len > 0 || joint.p[0] != '.')
		append(x, joint);
	append(x, name);
	path = span_make(x->path, x->len <= XMLPATH_MAX ? x->len : 0);
	x->len = len;
	return path;
}

/* Behind the text that ends it.  Return false if it does not come. */
static bool
skip_past(struct xmlpath *x, struct span what)
{
	const uint8_t *at = memmem(x->p, (size_t)(x->end - x->p), what.p,
	    what.len);

	if (at == NULL)
		return stop(x, cut);
	x->p = at + what.len;
	return true;
}

static struct span
local_name(struct span name)
{
	const uint8_t *colon =
	    name.len == 0 ? NULL : memchr(name.p, ':', name.len);

	return colon == NULL
	    ? name
	    : span_sub(name, (size_t)(colon - name.p) + 1, name.len);
}

/* The next name="value" of *s.  Return false if there is none. */
static bool
take_attribute(struct span *s, struct span *name, struct span *value)
{
	const uint8_t *end;
	size_t i = 0, n;

	while (i < s->len && is_blank(s->p[i]))
		i++;
	for (n = i; n < s->len && s->p[n] != '=' && !is_blank(s->p[n]); n++)
		;
	*name = local_name(span_sub(*s, i, n - i));
	while (n < s->len && (is_blank(s->p[n]) || s->p[n] == '='))
		n++;
	if (n >= s->len || (s->p[n] != '"' && s->p[n] != '\'') ||
	    (end = memchr(s->p + n + 1, s->p[n], s->len - n - 1)) == NULL)
		return false;
	*value = span_make(s->p + n + 1, (size_t)(end - s->p) - n - 1);
	*s = span_sub(*s, (size_t)(end - s->p) + 1, s->len);
	return true;
}

/* The '>' of a tag; quoted ones do not count.  NULL: it does not come. */
static const uint8_t *
tag_end(const struct xmlpath *x)
{
	const uint8_t *p = x->p;
	uint8_t quote = 0;

	for (; p < x->end; p++) {
		if (quote != 0)
			quote = *p == quote ? 0 : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == '>')
			return p;
	}
	return NULL;
}

static void
close_element(struct xmlpath *x)
{
	x->named = span_make(NULL, 0);
	x->closing = false;
	if (x->depth == 0)
		return;
	x->len = x->level[--x->depth];
	x->done = x->depth == 0;
}

/* A start tag; x->p stands behind its '<'. */
static bool
open_element(struct xmlpath *x)
{
	struct span name, value, all;
	const uint8_t *end = tag_end(x), *p;

	if (end == NULL)
		return stop(x, cut);
	if (x->depth == XMLPATH_DEPTH)
		return stop(x, "the XML is too deep");
	for (p = x->p; p < end && !is_blank(*p) && *p != '/'; p++)
		;
	name = local_name(span_make(x->p, (size_t)(p - x->p)));
	x->attr = all = span_make(p, (size_t)(end - p));
	x->closing = end > x->p && end[-1] == '/';
	x->level[x->depth++] = x->len;
	if (x->depth > 1) {
		if (x->len > 0)
			append(x, SPAN("."));
		append(x, name);
	}
	x->named = span_make(NULL, 0);
	while (take_attribute(&all, &name, &value))
		if (span_is(name, "Name") || span_is(name, "name"))
			x->named = value;
	x->p = end + 1;
	return true;
}

/* An attribute that is still to be given; then the element may be over. */
static bool
next_attribute(struct xmlpath *x, struct xmlpath_value *v)
{
	struct span name;

	if (take_attribute(&x->attr, &name, &v->text)) {
		v->path = path_with(x, SPAN("@"), name);
		return true;
	}
	x->attr.len = 0;
	if (x->closing)
		close_element(x);
	return false;
}

static void
give_text(struct xmlpath *x, struct span text, struct xmlpath_value *v)
{
	size_t len = x->len;

	v->text = text;
	if (x->named.len == 0 || x->depth < 2) {
		v->path = span_make(x->path, len <= XMLPATH_MAX ? len : 0);
		return;
	}
	x->len = x->level[x->depth - 1];
	v->path = path_with(x, SPAN("."), x->named);
	x->len = len;
}

/* What stands at '<': return true if it is a text. */
static bool
take_markup(struct xmlpath *x, struct xmlpath_value *v, bool *cdata)
{
	const uint8_t *from;

	if (span_starts(rest(x), SPAN("<!--")))
		(void)skip_past(x, SPAN("-->"));
	else if (span_starts(rest(x), SPAN("<![CDATA["))) {
		from = x->p + 9;
		if (!skip_past(x, SPAN("]]>")))
			return false;
		give_text(x, span_make(from, (size_t)(x->p - 3 - from)), v);
		*cdata = true;
		return v->text.len > 0;
	} else if (span_starts(rest(x), SPAN("<?")))
		(void)skip_past(x, SPAN("?>"));
	else if (span_starts(rest(x), SPAN("<!")))
		return stop(x, "the XML has a DTD");
	else if (span_starts(rest(x), SPAN("</"))) {
		if (skip_past(x, SPAN(">")))
			close_element(x);
	} else {
		x->p++;
		(void)open_element(x);
	}
	return false;
}

static bool
next_text(struct xmlpath *x, struct xmlpath_value *v, bool *cdata)
{
	const uint8_t *from = x->p, *at;
	struct span text;

	if (from == x->end)
		return stop(x, x->depth > 0 ? cut : NULL);
	if ((at = memchr(from, '<', (size_t)(x->end - from))) == NULL)
		return stop(x, x->depth > 0 ? cut : NULL);
	x->p = at;
	text = text_trim(span_make(from, (size_t)(at - from)));
	if (x->depth == 0 || text.len == 0)
		return take_markup(x, v, cdata);
	give_text(x, text, v);
	return true;
}

bool
xmlpath_next(struct xmlpath *x, struct xmlpath_value *v)
{
	bool found, cdata;

	while (!x->done) {
		cdata = false;
		found = x->attr.len > 0 || x->closing
		    ? next_attribute(x, v)
		    : next_text(x, v, &cdata);
		if (!found)
			continue;
		v->escaped = !cdata && v->text.len > 0 &&
		    memchr(v->text.p, '&', v->text.len) != NULL;
		return true;
	}
	return false;
}

/* The character of "&name;" at s and its length, or 0. */
static size_t
take_entity(struct span s, uint32_t *rune)
{
	static const struct {
		const char *name;
		uint8_t c;
	} five[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	uint32_t v = 0, base = 10;
	size_t i;
	int digit;

	for (i = 0; i < sizeof(five) / sizeof(five[0]); i++) {
		if (!span_starts(s, span_str(five[i].name)))
			continue;
		*rune = five[i].c;
		return strlen(five[i].name);
	}
	if (s.len < 4 || s.p[1] != '#')
		return 0;
	i = 2;
	if ((s.p[i] | 0x20) == 'x') {
		base = 16;
		i++;
	}
	for (; i < s.len && s.p[i] != ';'; i++) {
		digit = s.p[i] >= '0' && s.p[i] <= '9' ? s.p[i] - '0'
		    : base == 16 && (s.p[i] | 0x20) >= 'a' &&
			(s.p[i] | 0x20) <= 'f'
		    ? (s.p[i] | 0x20) - 'a' + 10
		    : -1;
		if (digit < 0 || (v = v * base + (uint32_t)digit) > 0x10FFFF)
			return 0;
	}
	*rune = v;
	return i < s.len && v > 0 && (v < 0xD800 || v > 0xDFFF) ? i + 1 : 0;
}

size_t
xmlpath_unescape(struct span text, uint8_t *out)
{
	size_t i = 0, n = 0, len;
	uint32_t rune;

	while (i < text.len) {
		if (text.p[i] == '&' &&
		    (len = take_entity(span_sub(text, i, text.len), &rune)) >
			0) {
			n += text_put(rune, out + n);
			i += len;
		} else
			out[n++] = text.p[i++];
	}
	return n;
}
