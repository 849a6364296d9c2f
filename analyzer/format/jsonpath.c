/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/jsonpath.h"

#include <string.h>

#include "common/num.h"
#include "common/text.h"

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_blanks(struct jsonpath *j)
{
	while (j->p < j->end && is_blank(*j->p))
		j->p++;
}

void
jsonpath_begin(struct jsonpath *j, struct span in)
{
	j->p = in.p;
	j->end = in.len == 0 ? in.p : in.p + in.len;
	j->fault = NULL;
	j->done = false;
	j->depth = 0;
	j->len = 0;
	skip_blanks(j);
	if (span_starts(span_make(j->p, (size_t)(j->end - j->p)),
		SPAN("@cee:"))) {
		j->p += 5;
		skip_blanks(j);
	}
	if (j->p == j->end || *j->p != '{')
		j->done = true;
}

static bool
stop(struct jsonpath *j, const char *why)
{
	j->done = true;
	j->fault = why;
	return false;
}

/* A string; j->p stands behind its opening quote. */
static bool
take_string(struct jsonpath *j, struct span *s, bool *escaped)
{
	const uint8_t *from = j->p, *p = from;

	*escaped = false;
	while (p < j->end && *p != '"') {
		if (*p == '\\' && j->end - p > 1) {
			*escaped = true;
			p++;
		}
		p++;
	}
	*s = span_make(from, (size_t)(p - from));
	if (p == j->end) {
		j->p = p;
		return false;
	}
	j->p = p + 1;
	return true;
}

static void
append(struct jsonpath *j, const void *p, size_t len)
{
	if (j->len < JSONPATH_MAX && len <= JSONPATH_MAX - j->len)
		memcpy(j->path + j->len, p, len);
	else if (len > 0)
		j->len = JSONPATH_MAX; /* too long: so are all below it */
	j->len += len;
}

/* Make the path that of a member or an element of the level. */
static void
name(struct jsonpath *j, struct span key)
{
	j->len = j->level[j->depth - 1].len;
	if (j->len > 0)
		append(j, ".", 1);
	append(j, key.p, key.len);
}

/* Stand before a value: name it.  Return false if the level is over. */
static bool
next_member(struct jsonpath *j)
{
	struct jsonpath_level *l = &j->level[j->depth - 1];
	char digits[20];
	struct span key;
	bool escaped;

	while (j->p < j->end && (is_blank(*j->p) || *j->p == ','))
		j->p++;
	if (j->p == j->end)
		return stop(j, "the JSON ends before its end");
	if (*j->p == (l->array ? ']' : '}')) {
		j->p++;
		j->depth--;
		j->done = j->depth == 0;
		return false;
	}
	if (l->array) {
		name(j, span_make(digits, num_print(l->index++, digits)));
		return true;
	}
	if (*j->p++ != '"')
		return stop(j, "the JSON has something else than a name");
	if (!take_string(j, &key, &escaped))
		return stop(j, "the JSON ends before its end");
	skip_blanks(j);
	if (j->p == j->end || *j->p != ':')
		return stop(j, "the JSON has a name without a value");
	j->p++;
	skip_blanks(j);
	name(j, key);
	return true;
}

static bool
open_level(struct jsonpath *j)
{
	if (j->depth == JSONPATH_DEPTH)
		return stop(j, "the JSON is too deep");
	j->level[j->depth++] =
	    (struct jsonpath_level){ j->len, 0, *j->p == '[' };
	j->p++;
	return true;
}

static bool
take_scalar(struct jsonpath *j, struct jsonpath_value *v)
{
	const uint8_t *from = j->p;

	v->escaped = false;
	v->path = span_make(j->path, j->len <= JSONPATH_MAX ? j->len : 0);
	if (*from == '"') {
		j->p++;
		if (take_string(j, &v->text, &v->escaped))
			return true;
		/* Half a name or an address is none. */
		return stop(j, "the JSON ends before its end");
	}
	while (j->p < j->end && !is_blank(*j->p) && *j->p != ',' &&
	    *j->p != '}' && *j->p != ']')
		j->p++;
	v->text = span_make(from, (size_t)(j->p - from));
	if (span_is(v->text, "null"))
		v->text.len = 0;
	if (j->p == from)
		return stop(j, "the JSON has a name without a value");
	if (j->p == j->end) /* "12" of "1234"? */
		return stop(j, "the JSON ends before its end");
	return true;
}

bool
jsonpath_next(struct jsonpath *j, struct jsonpath_value *v)
{
	while (!j->done) {
		if (j->depth > 0 && !next_member(j))
			continue;
		if (j->p == j->end)
			return stop(j, "the JSON ends before its end");
		if (*j->p != '{' && *j->p != '[')
			return take_scalar(j, v);
		if (!open_level(j))
			return false;
	}
	return false;
}

static int
hex4(const uint8_t *p)
{
	int i, v = 0, c;

	for (i = 0; i < 4; i++) {
		c = p[i];
		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v * 16 + (c | 0x20) - 'a' + 10;
		else
			return -1;
	}
	return v;
}

size_t
jsonpath_rune(struct span s, uint32_t *rune)
{
	int high, low;

	if (s.len < 6 || (high = hex4(s.p + 2)) < 0)
		return 0;
	*rune = (uint32_t)high;
	if (high < 0xD800 || high > 0xDFFF)
		return 6;
	*rune = 0xFFFD;
	if (high > 0xDBFF || s.len < 12 || s.p[6] != '\\' || s.p[7] != 'u' ||
	    (low = hex4(s.p + 8)) < 0xDC00 || low > 0xDFFF)
		return 6;
	*rune = 0x10000 + ((uint32_t)(high - 0xD800) << 10) +
	    (uint32_t)(low - 0xDC00);
	return 12;
}

size_t
jsonpath_unescape(struct span text, uint8_t *out)
{
	static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
	size_t i = 0, n = 0, len;
	const char *at;
	uint32_t rune;

	while (i < text.len) {
		uint8_t c = text.p[i];

		if (c != '\\' || i + 1 == text.len) {
			out[n++] = c;
			i++;
		} else if (text.p[i + 1] == 'u' &&
		    (len = jsonpath_rune(span_sub(text, i, text.len),
			 &rune)) > 0) {
			n += text_put(rune, out + n);
			i += len;
		} else if (text.p[i + 1] != '\0' &&
		    (at = strchr(from, text.p[i + 1])) != NULL) {
			out[n++] = (uint8_t)to[at - from];
			i += 2;
		} else { /* no escape of JSON: Windows paths, by bad senders */
			out[n++] = c;
			i++;
		}
	}
	return n;
}
